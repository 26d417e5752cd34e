"""The exercises of lesson 4 on keeping the largest number of a window."""

from __future__ import annotations

from random import Random

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit import ops
from coursekit.exercises.model import (
    Explanation,
    FunctionExercise,
    Misconception,
    ValueExercise,
    cells,
)
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import number
from coursekit.exercises.windows import not_square


def max_pool2d(x: Tensor, window: int, stride: int) -> Tensor:
    """Return the largest number of each window; windows lie `stride` pixels apart.

    x: (H, W). window: the side of the square window. A window has to fit inside x.

    >>> max_pool2d(torch.tensor([[1.0, 5.0, 2.0], [0.0, 3.0, 4.0]]), window=2, stride=1)
    tensor([[5., 5.]])
    """
    H, W = x.shape
    rows, columns = (H - window) // stride + 1, (W - window) // stride + 1
    pooled = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            pooled[i, j] = x[top : top + window, left : left + window].max()
    return pooled


def _image_window_stride(pick: Pick) -> tuple[Tensor, int, int]:
    window, stride = pick.integer(1, 3), pick.integer(1, 3)
    height, width = window + pick.integer(0, 3), window + pick.integer(0, 3)
    return pick.tensor(height, width, low=-4, high=5), window, stride


def _explain_max(index: tuple[int, int], x: Tensor, window: int, stride: int) -> Explanation:
    top, left = index[0] * stride, index[1] * stride
    seen = x[top : top + window, left : left + window]
    said = f"largest of {', '.join(number(value) for value in seen.flatten())}"
    block = cells(range(top, top + window), range(left, left + window))
    return Explanation(f"{said} = {number(seen.max())}", {"x": block})


def _explain_pool_size(x: Tensor, window: int, stride: int) -> str:
    (H, W), (rows, columns) = x.shape, max_pool2d(x, window, stride).shape
    return (
        f"Windows of {window}×{window}, {stride} apart: ({H} − {window}) // {stride} + 1 = {rows} "
        f"down, ({W} − {window}) // {stride} + 1 = {columns} across."
    )


def _with_python(x: Tensor, window: int, stride: int) -> list[list[float]]:
    rows = x.tolist()
    tops = range(0, len(rows) - window + 1, stride)
    lefts = range(0, len(rows[0]) - window + 1, stride)
    return [
        [max(max(row[left : left + window]) for row in rows[top : top + window]) for left in lefts]
        for top in tops
    ]


def _with_torch(x: Tensor, window: int, stride: int) -> Tensor:
    return F.max_pool2d(x[None, None].double(), window, stride)[0, 0]


def their_max_pool2d(x: Tensor, window: int, stride: int) -> Tensor:
    """Return what comes out where the maximum starts at zero."""
    H, W = x.shape
    pooled = torch.zeros((H - window) // stride + 1, (W - window) // stride + 1)
    for i in range(pooled.shape[0]):
        for j in range(pooled.shape[1]):
            for a in range(window):
                for b in range(window):
                    pooled[i, j] = max(pooled[i, j], x[i * stride + a, j * stride + b])
    return pooled


def _place_not_times_stride(x: Tensor, window: int, stride: int) -> Tensor:
    rows, columns = max_pool2d(x, window, stride).shape
    return ops.max_pool2d(x, window, stride=1)[:rows, :columns]


def _swapped_unpacking(x: Tensor, window: int, stride: int) -> Tensor:
    W, H = x.shape
    rows, columns = (H - window) // stride + 1, (W - window) // stride + 1
    pooled = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            pooled[i, j] = x[top : top + window, left : left + window].max()
    return pooled


def _stride_down_only(x: Tensor, window: int, stride: int) -> Tensor:
    return ops.max_pool2d(x, window, stride=(stride, 1))


def _every_stride(x: Tensor, window: int, stride: int) -> Tensor:
    rows, columns = -(-x.shape[0] // stride), -(-x.shape[1] // stride)
    pooled = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            pooled[i, j] = x[top : top + window, left : left + window].max()
    return pooled


MAX = FunctionExercise(
    id="4.1",
    title="Keep the largest",
    minutes=8,
    reference=max_pool2d,
    examples=(
        (torch.tensor([[-3.0, -1.0]]), 1, 1),
        (torch.tensor([[1.0, 5.0, 2.0], [0.0, 3.0, 4.0]]), 2, 1),
        (torch.arange(16.0).reshape(4, 4), 2, 2),
    ),
    inputs=_image_window_stride,
    alternatives=(
        _with_python,
        _with_torch,
        lambda x, window, stride: ops.max_pool2d(x, window, stride=stride),
    ),
    explain=_explain_max,
    explain_shape=_explain_pool_size,
    signed=(),
    facts={
        "the stride is not 1": lambda x, window, stride: stride != 1,
        "the stride is not the window": lambda x, window, stride: stride != window,
        "a whole window is negative": lambda x, window, stride: bool(
            (max_pool2d(x, window, stride) < 0).any()
        ),
        "the image is not square": lambda x, window, stride: not_square(x),
        "the last window does not end at the edge": lambda x, window, stride: bool(
            any((n - window) % stride for n in x.shape)
        ),
    },
    hints=(
        "How does this differ from sliding a kernel? What replaces the sum of products?",
        "The windows start at rows 0, stride, 2·stride, ... How many of them fit? Lesson 3 knows.",
        "pooled[i, j] is the max of x[i * stride : i * stride + window, ...], the columns alike.",
    ),
    reasons=(
        "Pooling slides a window as a convolution does, so size and positions follow the same "
        "formula. There are no weights: the window's largest number is kept as it is, negative "
        "ones included."
    ),
    misconceptions={
        "the mean of the window": Misconception(
            lambda x, window, stride: ops.avg_pool2d(x, window, stride=stride),
            "That is average pooling; max pooling keeps one number of the window and drops the "
            "others.",
        ),
        "the smallest of the window": Misconception(
            lambda x, window, stride: -ops.max_pool2d(-x, window, stride=stride),
            "The largest number is kept: in a feature map it says how clearly the feature is seen.",
        ),
        "a maximum that starts at zero": Misconception(
            their_max_pool2d,
            "Zero is not in the window. Where all its numbers are negative, the largest one is "
            "negative too.",
        ),
        "the largest size regardless of sign": Misconception(
            lambda x, window, stride: ops.max_pool2d(x.abs(), window, stride=stride),
            "−4 is smaller than 1: max compares the numbers themselves, not their sizes.",
        ),
        "windows one pixel apart": Misconception(
            lambda x, window, stride: ops.max_pool2d(x, window, stride=1),
            "The window moves by stride pixels at a time, down and across.",
        ),
        "windows side by side, whatever the stride": Misconception(
            lambda x, window, stride: ops.max_pool2d(x, window),
            "The stride equals the window only by default; here it is given, and windows may "
            "overlap or leave gaps.",
        ),
        "a window that starts at (i, j)": Misconception(
            _place_not_times_stride,
            "i counts windows, not pixels: the window's first row is i · stride.",
        ),
        "the stride for the rows alone": Misconception(
            _stride_down_only, "The stride counts across as well as down."
        ),
        "unpacking width before height": Misconception(
            _swapped_unpacking,
            "A shape is (height, width): rows first. Square inputs cannot tell the difference.",
        ),
        "windows that hang over the edge": Misconception(
            _every_stride,
            "A window has to fit inside x, so the last one starts no later than H − window.",
        ),
        "the largest of each row of the window": Misconception(
            lambda x, window, stride: (
                x.unfold(0, window, stride).unfold(1, window, stride).amax(dim=-1)
            ),
            "A window has two axes: take the maximum over its rows and over its columns.",
        ),
        "one pixel of each window": Misconception(
            lambda x, window, stride: x[
                : x.shape[0] - window + 1 : stride, : x.shape[1] - window + 1 : stride
            ],
            "That keeps the window's first pixel and looks at no other; take the max of all.",
        ),
    },
)


def _size(N: int, C: int, H: int, W: int) -> ValueExercise:
    """Return the question for a pool of 3 that leaves two rows over, and one column."""
    down, across = H // 3, W // 3
    return ValueExercise(
        id="4.2",
        title="What shape leaves the pool?",
        minutes=3,
        question=(
            f"A batch of shape ({N}, {C}, {H}, {W}) goes through nn.MaxPool2d(3). What shape comes "
            "out?"
        ),
        answer=(N, C, down, across),
        vary=_other_size,
        hints=(
            "Only one number is given, the window. What does the stride default to?",
            f"Windows of 3×3 lie side by side. How many fit into {H} rows, and how many into {W} "
            "columns?",
            "Images and channels keep their numbers: pooling looks at each map on its own.",
        ),
        reasons=(
            f"The stride defaults to the window, 3. ({H} − 3) // 3 + 1 = {down} rows and "
            f"({W} − 3) // 3 + 1 = {across} columns of windows; two rows and one column are left "
            f"over. The {N} images and their {C} channels are pooled one by one."
        ),
        misconceptions={
            "a stride of 1": Misconception(
                (N, C, H - 2, W - 2),
                "nn.Conv2d's stride defaults to 1, a pool's to its window, here 3.",
            ),
            "a stride of 2": Misconception(
                (N, C, (H - 3) // 2 + 1, (W - 3) // 2 + 1),
                "2 is usual because windows of 2×2 are; the default is the window, 3.",
            ),
            "rounded up": Misconception(
                (N, C, down + 1, across + 1),
                "Without ceil_mode a window that does not fit is dropped: round down.",
            ),
            "rounded to the nearest": Misconception(
                (N, C, down + 1, across),
                f"{H} / 3 is {H / 3:.2f}, but a window with two rows of three does not fit.",
            ),
            "without the + 1": Misconception(
                (N, C, down - 1, across - 1), "The first window counts too: (n − k) // s + 1."
            ),
            "channels pooled as well": Misconception(
                (N, C // 3, down, across),
                f"The window lies in one map; channels never mix, so {C} stay {C}.",
            ),
            "one map for all channels": Misconception(
                (N, 1, down, across), "A filter sums over channels; a pool treats each on its own."
            ),
            "width before height": Misconception(
                (N, C, across, down),
                f"The axes are (N, C, H, W): {H} is the height and comes first.",
            ),
            "the map alone": Misconception(
                (down, across),
                f"That is each map's size; the output still has {N} images of {C} channels.",
            ),
        },
    )


def _other_size(random: Random) -> ValueExercise:
    N, C = random.choice([4, 5, 8, 10, 16, 32]), random.choice([6, 9, 12, 15])
    down, across = random.sample(range(5, 16), 2)
    return _size(N, C, 3 * down + 2, 3 * across + 1)


SIZE = _size(8, 6, 29, 40)


EXERCISES = (MAX, SIZE)
