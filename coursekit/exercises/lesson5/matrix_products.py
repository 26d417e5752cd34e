"""The exercises of lesson 5 on two kernels in one, and on convolution as a matrix product."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit import ops
from coursekit.exercises.model import Explanation, FunctionExercise, Misconception, cells
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import count, number
from coursekit.exercises.windows import not_square, terms


def compose(first: Tensor, second: Tensor) -> Tensor:
    """Return the one kernel that does what sliding `first` and then `second` does.

    first: (kH, kW). second: (lH, lW). Returns (kH + lH - 1, kW + lW - 1).

    >>> compose(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]]))
    tensor([[ 3., 10.,  8.]])
    """
    lH, lW = second.shape
    with_room = ops.pad2d(first, (lH - 1, lW - 1))
    return ops.convolve2d(with_room, second)


def _two_kernels(pick: Pick) -> tuple[Tensor, Tensor]:
    sides = [pick.integer(1, 3) for _ in range(4)]
    return pick.tensor(*sides[:2]), pick.tensor(*sides[2:])


def _by_fourier(first: Tensor, second: Tensor) -> Tensor:
    size = [m + n - 1 for m, n in zip(first.shape, second.shape, strict=True)]
    product = torch.fft.rfft2(first, size) * torch.fft.rfft2(second, size)
    return torch.fft.irfft2(product, size)


def _explain_composed(index: tuple[int, int], first: Tensor, second: Tensor) -> Explanation:
    (i, j), (kH, kW), (lH, lW) = index, first.shape, second.shape
    pairs = [
        ((a, b), (i - a, j - b))
        for a in range(kH)
        for b in range(kW)
        if 0 <= i - a < lH and 0 <= j - b < lW
    ]
    ours, theirs = [first[one] for one, _ in pairs], [second[other] for _, other in pairs]
    total = number(sum(a * b for a, b in zip(ours, theirs, strict=True)))
    return Explanation(
        f"all pairs whose places add up to ({i}, {j}): {terms(ours, theirs)} = {total}",
        {
            "first": frozenset(one for one, _ in pairs),
            "second": frozenset(other for _, other in pairs),
        },
    )


def _with_scipy(first: Tensor, second: Tensor) -> np.ndarray:
    import scipy.signal  # 600 modules: no check waits for them, only its test

    return scipy.signal.convolve2d(first.double(), second.double())


def _by_adding_shifted_copies(first: Tensor, second: Tensor) -> Tensor:
    (kH, kW), (lH, lW) = first.shape, second.shape
    out = torch.zeros(kH + lH - 1, kW + lW - 1)
    for a in range(lH):
        for b in range(lW):
            out[a : a + kH, b : b + kW] += second[a, b] * first
    return out


def _as_large_as_the_first(first: Tensor, second: Tensor) -> Tensor:
    (kH, kW), (lH, lW) = first.shape, second.shape
    top, left = (lH - 1) // 2, (lW - 1) // 2
    return _by_adding_shifted_copies(first, second)[top : top + kH, left : left + kW]


def _from_an_impulse(first: Tensor, second: Tensor) -> Tensor:
    H, W = (a + b - 1 for a, b in zip(first.shape, second.shape, strict=True))
    impulse = torch.zeros(2 * H - 1, 2 * W - 1)
    impulse[H - 1, W - 1] = 1
    return ops.corr2d(ops.corr2d(impulse, first), second).flip(0, 1)


def _correlated(first: Tensor, second: Tensor) -> Tensor:
    lH, lW = second.shape
    return ops.corr2d(ops.pad2d(first, (lH - 1, lW - 1)), second)


COMPOSE = FunctionExercise(
    id="5.4",
    title="Two kernels in one",
    minutes=10,
    reference=compose,
    examples=(
        (torch.tensor([[1.0, -1.0]]), torch.tensor([[1.0, -1.0]])),
        (torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0], [3.0]])),
    ),
    inputs=_two_kernels,
    alternatives=(_with_scipy, _by_adding_shifted_copies, _from_an_impulse, _by_fourier),
    explain=_explain_composed,
    explain_shape=lambda first, second: (
        "The second kernel touches the first by one weight at least: its "
        f"{first.shape[0]} + {second.shape[0]} − 1 rows and "
        f"{first.shape[1]} + {second.shape[1]} − 1 columns are what both together can see."
    ),
    signed=("first", "second"),
    facts={
        "the second kernel has more than one cell": lambda first, second: second.numel() > 1,
        "both kernels have more than one cell": lambda first, second: (
            first.numel() > 1 and second.numel() > 1
        ),
        "the second kernel is not square": lambda first, second: not_square(second),
        "the kernels differ in shape": lambda first, second: first.shape != second.shape,
    },
    hints=(
        "Work it out in one row: first = (u₀, u₁), second = (v₀, v₁). How often does x₁ count in "
        "the end, and with which products?",
        "Weight c of the answer is the sum of u_a·v_b over all pairs with a + b = c: one index "
        "runs "
        "up while the other runs down. Which operation of lesson 2 does that?",
        "It is the full convolution: pad the first kernel by one less than the second's size on "
        "each side, then ops.convolve2d.",
    ),
    reasons=(
        "Pixel x[i + a + b] is reached along every path with the same a + b, so the composed "
        "kernel "
        "sums u[a]·v[b] over those. Its indices add up to a constant, which is a convolution, and "
        "the room around the first kernel lets every pair meet: that makes it full."
    ),
    misconceptions={
        "the kernels correlated": Misconception(
            _correlated,
            "The places have to add up, so one kernel runs backwards: that is a convolution, with "
            "a kernel turned by half a turn.",
        ),
        "the answer turned by half a turn": Misconception(
            lambda first, second: _by_adding_shifted_copies(first, second).flip(0, 1),
            "Sliding the answer by correlation needs it as it is: weight c belongs to pixel i + c.",
        ),
        "the product cell by cell": Misconception(
            lambda first, second: first * second,
            "Every weight of one meets every weight of the other, not only the one at its place.",
        ),
        "the sum of the kernels": Misconception(
            lambda first, second: first + second,
            "A sum of kernels makes the sum of two maps, side by side; here one comes after the "
            "other.",
        ),
        "the matrix product": Misconception(
            lambda first, second: first @ second,
            "@ composes matrices that act on vectors; kernels slide, and compose by convolution.",
        ),
        "the Kronecker product": Misconception(
            torch.kron,
            "All the right products are there, but those whose places add up to the same pixel "
            "have "
            "to be summed.",
        ),
        "only where one kernel fits into the other": Misconception(
            ops.convolve2d,
            "That is the valid part; two kernels together see further than either, so the result "
            "is larger.",
        ),
        "the size of the first kernel": Misconception(
            _as_large_as_the_first,
            "Together the two see k + l − 1 pixels: mode same cuts the ends off.",
        ),
        "a border of zeros too many": Misconception(
            lambda first, second: ops.convolve2d(ops.pad2d(first, tuple(second.shape)), second),
            "The room is one less than the second kernel's size: they have to touch by one weight.",
        ),
        "a border of one, whatever the second kernel": Misconception(
            lambda first, second: ops.convolve2d(ops.pad2d(first, 1), second),
            "The room depends on the second kernel: none for 1×1, one for 2×2, two for 3×3.",
        ),
        "rows and columns of the room swapped": Misconception(
            lambda first, second: ops.convolve2d(
                ops.pad2d(first, (second.shape[1] - 1, second.shape[0] - 1)), second
            ),
            "A shape is (rows, columns), and so is the padding: the rows come from shape[0].",
        ),
    },
)


def im2col(x: Tensor, kernel_size: int) -> Tensor:
    """Return every window as a column.

    x: (C, H, W). kernel_size: k, the side of a square window.
    Returns (C·k·k, positions). A column holds one window: all of channel 0, row by row, then
    channel 1. The columns follow the window's positions, left to right, then down.

    >>> im2col(torch.tensor([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]), 2)
    tensor([[1., 2.],
            [2., 3.],
            [4., 5.],
            [5., 6.]])
    """
    _, H, W = x.shape
    k = kernel_size
    places = [(i, j) for i in range(H - k + 1) for j in range(W - k + 1)]
    columns = [x[:, i : i + k, j : j + k].flatten() for i, j in places]
    return torch.stack(columns, dim=1)


def _image_and_side(pick: Pick) -> tuple[Tensor, int]:
    k = pick.integer(1, 2)
    size = pick.integer(1, 2), k + pick.integer(0, 2), k + pick.integer(0, 2)
    return pick.tensor(*size, low=0, high=9), k


def _explain_column(index: tuple[int, int], x: Tensor, kernel_size: int) -> Explanation:
    (row, place), k = index, kernel_size
    i, j = divmod(place, x.shape[2] - k + 1)
    c, rest = divmod(row, k * k)
    a, b = divmod(rest, k)
    value = number(x[c, i + a, j + b])
    return Explanation(
        f"column {place} is the window at ({i}, {j}); its number {row} is channel {c}, row {a}, "
        f"column {b} of that window = {value}",
        {"x": cells(range(len(x)), range(i, i + k), range(j, j + k))},
    )


def _explain_columns(x: Tensor, kernel_size: int) -> str:
    (C, H, W), k = x.shape, kernel_size
    down, across = H - k + 1, W - k + 1
    return (
        f"A window holds {C}·{k}·{k} = {count(C * k * k, 'number')}, and there are {down}·{across} "
        f"= {count(down * across, 'position')}."
    )


def _views(x: Tensor, k: int) -> Tensor:
    """Return all windows: (C, H_out, W_out, k, k)."""
    return ops.windows(x, k)


def _stops_too_early(x: Tensor, kernel_size: int) -> Tensor:
    k = kernel_size
    places = [(i, j) for i in range(x.shape[1] - k) for j in range(x.shape[2] - k)]
    return torch.stack([x[:, i : i + k, j : j + k].flatten() for i, j in places], dim=1)


IM2COL = FunctionExercise(
    id="5.7",
    title="Windows as columns",
    minutes=8,
    reference=im2col,
    examples=(
        (torch.tensor([[[1.0]]]), 1),
        (torch.arange(1.0, 10).reshape(1, 3, 3), 2),
        (torch.arange(1.0, 13).reshape(2, 2, 3), 2),
    ),
    inputs=_image_and_side,
    alternatives=(
        lambda x, kernel_size: F.unfold(x[None].double(), kernel_size)[0],
        lambda x, kernel_size: ops.im2col(x[None], kernel_size)[0],
        lambda x, kernel_size: (
            np.lib.stride_tricks.sliding_window_view(x.numpy(), (kernel_size, kernel_size), (1, 2))
            .transpose(0, 3, 4, 1, 2)
            .reshape(len(x) * kernel_size**2, -1)
        ),
    ),
    explain=_explain_column,
    explain_shape=_explain_columns,
    signed=(),
    facts={
        "there is more than one channel": lambda x, kernel_size: len(x) > 1,
        "the window has more than one pixel": lambda x, kernel_size: kernel_size > 1,
        "there is more than one position": lambda x, kernel_size: (
            x.shape[1:] != (kernel_size, kernel_size)
        ),
        "the image is not square": lambda x, kernel_size: x.shape[1] != x.shape[2],
    },
    hints=(
        "How many numbers are in one window, over all channels, and how many windows are there?",
        "x[:, i : i + k, j : j + k].flatten() is one column: channel by channel, row by row.",
        "Collect these for all positions, rows i outside and columns j inside, and stack them with "
        "dim=1, so that each is a column.",
    ),
    reasons=(
        "A filter flattened in the same order, channel by channel and row by row, meets its "
        "numbers "
        "in every column. So a row of weights times the matrix gives the filter's map, position "
        "after position, and several rows give several maps in one product."
    ),
    misconceptions={
        "windows as rows": Misconception(
            lambda x, kernel_size: im2col(x, kernel_size).T,
            "stack with dim=1 makes columns; with dim=0 each window becomes a row.",
        ),
        "positions column by column": Misconception(
            lambda x, kernel_size: (
                _views(x, kernel_size).permute(0, 3, 4, 2, 1).reshape(len(x) * kernel_size**2, -1)
            ),
            "Positions run row by row, so the loop over rows is the outer one.",
        ),
        "windows read column by column": Misconception(
            lambda x, kernel_size: (
                _views(x, kernel_size).permute(0, 4, 3, 1, 2).reshape(len(x) * kernel_size**2, -1)
            ),
            "A window is read row by row, as flatten does, or the filter's weights meet wrong "
            "pixels.",
        ),
        "channels innermost": Misconception(
            lambda x, kernel_size: (
                _views(x, kernel_size).permute(3, 4, 0, 1, 2).reshape(len(x) * kernel_size**2, -1)
            ),
            "A column holds the whole window of channel 0, then that of channel 1: channels are "
            "outermost, as in the weight.",
        ),
        "a reshape without moving the axes": Misconception(
            lambda x, kernel_size: _views(x, kernel_size).reshape(len(x) * kernel_size**2, -1),
            "reshape keeps the order of the numbers: the window's axes have to come before the "
            "positions first.",
        ),
        "the channels summed": Misconception(
            lambda x, kernel_size: im2col(x.sum(dim=0, keepdim=True), kernel_size),
            "Each channel has its own weights, so nothing may be summed before the product.",
        ),
        "the first channel alone": Misconception(
            lambda x, kernel_size: im2col(x[:1], kernel_size),
            "A window reaches through all channels: x[:, i : i + k, j : j + k].",
        ),
        "channels on an axis of their own": Misconception(
            lambda x, kernel_size: torch.stack([im2col(c[None], kernel_size) for c in x]),
            "One column holds all channels, so that the product can sum over them.",
        ),
        "the last row and column of positions left out": Misconception(
            _stops_too_early,
            "range(n - k) stops before n − k, and the window still fits there: range(n - k + 1).",
        ),
        "windows side by side": Misconception(
            lambda x, kernel_size: (
                _views(x, kernel_size)[:, ::kernel_size, ::kernel_size]
                .permute(0, 3, 4, 1, 2)
                .reshape(len(x) * kernel_size**2, -1)
            ),
            "The window moves by one pixel, so neighbouring windows overlap and pixels repeat.",
        ),
    },
)

EXERCISES = (COMPOSE, IM2COL)
