"""The exercises of lesson 4 on average pooling: with a border, and over a whole map."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit import ops
from coursekit.exercises.model import Explanation, FunctionExercise, Misconception, cells
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import count, number


def avg_pool2d(x: Tensor, window: int, padding: int) -> Tensor:
    """Return the mean of the pixels of x in each window; windows lie side by side.

    x: (H, W), gets `padding` rows and columns of room on each side, which do not count.
    Rows and columns of the padded map that do not fill a window are dropped.

    >>> avg_pool2d(torch.tensor([[2.0, 4.0], [6.0, 8.0]]), window=2, padding=1)
    tensor([[2., 4.],
            [6., 8.]])
    """
    room = ops.pad2d(x, padding)
    real = ops.pad2d(torch.ones_like(x), padding)
    H, W = room.shape
    pooled = torch.zeros(H // window, W // window)
    for i in range(H // window):
        for j in range(W // window):
            block = (slice(i * window, (i + 1) * window), slice(j * window, (j + 1) * window))
            pooled[i, j] = room[block].sum() / real[block].sum()
    return pooled


def _image_window_padding(pick: Pick) -> tuple[Tensor, int, int]:
    window = pick.integer(1, 3)
    padding = pick.integer(0, window // 2)
    least = max(1, window - 2 * padding)
    height, width = least + pick.integer(0, 3), least + pick.integer(0, 3)
    return pick.tensor(height, width, low=-2, high=6), window, padding


def _explain_mean(index: tuple[int, int], x: Tensor, window: int, padding: int) -> Explanation:
    top, left = (place * window - padding for place in index)
    rows = range(max(top, 0), min(top + window, x.shape[0]))
    columns = range(max(left, 0), min(left + window, x.shape[1]))
    seen = x[rows.start : rows.stop, columns.start : columns.stop].flatten()
    said = ", ".join(number(value) for value in seen)
    return Explanation(f"mean of {said} = {number(seen.mean())}", {"x": cells(rows, columns)})


def _with_torch(x: Tensor, window: int, padding: int) -> Tensor:
    pixels = x[None, None].double()
    return F.avg_pool2d(pixels, window, padding=padding, count_include_pad=False)[0, 0]


def _one_side(x: Tensor, window: int, padding: int) -> Tensor:
    room = F.pad(x, (padding, 0, padding, 0))
    real = F.pad(torch.ones_like(x), (padding, 0, padding, 0))
    return ops.avg_pool2d(room, window) / ops.avg_pool2d(real, window)


def _nonzero_only(x: Tensor, window: int, padding: int) -> Tensor:
    room = ops.pad2d(x, padding)
    return ops.avg_pool2d(room, window) / ops.avg_pool2d((room != 0).float(), window)


def _hanging_over(x: Tensor, window: int, padding: int) -> Tensor:
    room = ops.pad2d(x, padding)
    H, W = room.shape
    means = [
        room[i : i + window, j : j + window].mean()
        for i in range(0, H, window)
        for j in range(0, W, window)
    ]
    return torch.stack(means).reshape(-(-H // window), -(-W // window))


def _hanging_over_real(x: Tensor, window: int, padding: int) -> Tensor:
    ones = torch.ones_like(x)
    return _hanging_over(x, window, padding) / _hanging_over(ones, window, padding)


AVERAGE = FunctionExercise(
    id="4.3",
    title="Average what is really there",
    minutes=8,
    reference=avg_pool2d,
    examples=(
        (torch.tensor([[2.0, 4.0], [6.0, 8.0]]), 2, 1),
        (torch.tensor([[1.0, 2.0], [3.0, 6.0]]), 2, 0),
    ),
    inputs=_image_window_padding,
    alternatives=(
        _with_torch,
        lambda x, window, padding: ops.avg_pool2d(
            x, window, padding=padding, count_include_pad=False
        ),
    ),
    explain=_explain_mean,
    explain_shape=lambda x, window, padding: (
        f"Room for {padding} on each side makes {count(x.shape[0] + 2 * padding, 'row')} and "
        f"{count(x.shape[1] + 2 * padding, 'column')}, in which windows of {window} lie side by "
        "side."
    ),
    signed=(),
    facts={
        "there is padding": lambda x, window, padding: padding > 0,
        "the window is larger than one pixel": lambda x, window, padding: window > 1,
        "rows or columns are left over": lambda x, window, padding: any(
            (size + 2 * padding) % window for size in x.shape
        ),
        "the image holds a zero": lambda x, window, padding: bool((x == 0).any()),
    },
    hints=(
        "In a corner window of 2×2 with padding 1, how many of the four places are pixels of x?",
        "Add up over the padded window: the zeros change nothing. Then divide by the right number.",
        "Pad a picture of ones with zeros in the same way: its window sums are the counts.",
    ),
    reasons=(
        "The zeros of the padding add nothing to the sum, so the only question is by how much to "
        "divide. A padded picture of ones has the answer in each of its windows. PyTorch counts "
        "the zeros by default; count_include_pad=False gives what you wrote."
    ),
    misconceptions={
        "counting the zeros of the padding": Misconception(
            lambda x, window, padding: ops.avg_pool2d(x, window, padding=padding),
            "Dividing by window² counts the padding too, which darkens the border; divide by the "
            "number of real pixels.",
        ),
        "no padding": Misconception(
            lambda x, window, padding: ops.avg_pool2d(x, window),
            "The room around x moves the windows: the first one starts `padding` pixels outside.",
        ),
        "padding above and on the left alone": Misconception(
            _one_side, "Padding adds room on all four sides, so a size grows by 2 · padding."
        ),
        "sums": Misconception(
            lambda x, window, padding: ops.avg_pool2d(x, window, padding=padding) * window**2,
            "A mean is the sum divided by the number of pixels.",
        ),
        "dividing by the side of the window": Misconception(
            lambda x, window, padding: ops.avg_pool2d(x, window, padding=padding) * window,
            "A window of side 3 has nine places, not three: the count goes with the area.",
        ),
        "the largest": Misconception(
            lambda x, window, padding: ops.max_pool2d(x, window, padding=padding),
            "That is max pooling; here all pixels of the window have a say.",
        ),
        "windows one pixel apart": Misconception(
            lambda x, window, padding: ops.avg_pool2d(
                x, window, stride=1, padding=padding, count_include_pad=False
            ),
            "The windows lie side by side: each starts where the one before ends.",
        ),
        "windows that hang over the end": Misconception(
            _hanging_over,
            "A slice past the end is cut without an error; only H // window windows fit.",
        ),
        "windows that hang over the end, with real pixels counted": Misconception(
            _hanging_over_real,
            "The means are right, but what does not fill a window is dropped: H // window windows.",
        ),
        "leaving out pixels that are zero": Misconception(
            _nonzero_only,
            "A pixel of x that happens to be 0 is a pixel and counts; only the padding does not.",
        ),
    },
)


def global_average(x: Tensor) -> Tensor:
    """Return one number for each channel: the mean of its whole map.

    x: (C, H, W). Returns (C,).

    >>> global_average(torch.tensor([[[1.0, 3.0]], [[5.0, 5.0]]]))
    tensor([2., 5.])
    """
    return x.mean(dim=(-2, -1))


def _maps(pick: Pick) -> tuple[Tensor]:
    return (pick.tensor(pick.integer(1, 3), pick.integer(1, 3), pick.integer(1, 3)),)


def _explain_global(index: tuple[int], x: Tensor) -> Explanation:
    channel, (_, H, W) = index[0], x.shape
    seen = x[channel].flatten()
    said = " + ".join(number(value) for value in seen).replace("+ −", "− ")
    return Explanation(
        f"channel {channel}: ({said}) / {seen.numel()} = {number(seen.mean())}",
        {"x": cells([channel], range(H), range(W))},
    )


GLOBAL = FunctionExercise(
    id="4.5",
    title="One number for a whole map",
    minutes=3,
    reference=global_average,
    examples=(
        (torch.tensor([[[4.0]]]),),
        (torch.tensor([[[1.0, 3.0]], [[5.0, 5.0]]]),),
    ),
    inputs=_maps,
    alternatives=(
        lambda x: x.double().flatten(1).mean(dim=1),
        lambda x: [float(map_.sum()) / map_.numel() for map_ in x],
        lambda x: F.adaptive_avg_pool2d(x[None], 1).flatten(),
    ),
    explain=_explain_global,
    explain_shape=lambda x: f"x has {count(x.shape[0], 'channel')}, and each makes one number.",
    signed=("x",),
    facts={
        "there is more than one channel": lambda x: x.shape[0] > 1,
        "a map has more than one row": lambda x: x.shape[1] > 1,
        "a map has more than one column": lambda x: x.shape[2] > 1,
    },
    hints=(
        "Which of the three axes (C, H, W) should still be there in the answer?",
        "The mean runs over H and W together and leaves C alone.",
        "x.mean(dim=...) takes a pair of axes; counted from the end they are −2 and −1.",
    ),
    reasons=(
        "The mean runs over the two axes of place, H and W, and leaves the axis of channels. "
        "Counted from the end the axes are −2 and −1, so the same line serves a batch (N, C, H, W)."
    ),
    misconceptions={
        "one number for all channels": Misconception(
            lambda x: x.mean(),
            "Each channel looks for something else; averaged together, nobody knows what was seen.",
        ),
        "the mean over the channels": Misconception(
            lambda x: x.mean(dim=0),
            "dim=0 is the channels: that leaves a map (H, W). Here places go and channels stay.",
        ),
        "the mean of each row": Misconception(
            lambda x: x.mean(dim=-1), "dim=−1 alone averages across; the rows, dim=−2, remain."
        ),
        "the mean of each column": Misconception(
            lambda x: x.mean(dim=1), "dim=1 alone averages down; the columns, dim=2, remain."
        ),
        "sums": Misconception(
            lambda x: x.sum(dim=(-2, -1)),
            "A sum grows with the size of the map; the mean does not, which is its point.",
        ),
        "the largest": Misconception(
            lambda x: x.amax(dim=(-2, -1)),
            "Global max pooling asks whether a feature is there; the mean asks how much of it.",
        ),
        "keeping axes of length 1": Misconception(
            lambda x: x.mean(dim=(-2, -1), keepdim=True),
            "nn.AdaptiveAvgPool2d(1) leaves (C, 1, 1); a fully connected layer wants (C,).",
        ),
        "dividing by the height alone": Misconception(
            lambda x: x.sum(dim=(-2, -1)) / x.shape[1],
            "A map has H · W pixels, so both sizes stand under the fraction.",
        ),
        "dividing by the channels as well": Misconception(
            lambda x: x.sum(dim=(-2, -1)) / x.numel(),
            "x.numel() counts the pixels of all channels; one map has H · W of them.",
        ),
    },
)


EXERCISES = (AVERAGE, GLOBAL)
