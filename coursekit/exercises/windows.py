"""Inputs, arithmetic and facts that the exercises with a sliding window share."""

from __future__ import annotations

from collections.abc import Iterable

from torch import Tensor

from coursekit.exercises.model import Explanation, cells
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import count, factor, number

TERMS = 9


def image_and_kernel(pick: Pick) -> tuple[Tensor, Tensor]:
    """Return an image (H, W), and a kernel (kH, kW) of up to 3×3 that fits into it."""
    height, width = pick.integer(1, 3), pick.integer(1, 3)
    x = pick.tensor(height + pick.integer(0, 2), width + pick.integer(0, 2))
    return x, pick.tensor(height, width)


def terms(left: Iterable[Tensor], right: Iterable[Tensor]) -> str:
    """Return a sum of products in words; a long one loses its middle.

    >>> terms([1.0, 2.0], [3.0, -4.0])
    '1·3 + 2·(−4)'
    """
    words = [f"{factor(a)}·{factor(b)}" for a, b in zip(left, right, strict=True)]
    if len(words) > TERMS:
        words = [*words[: TERMS - 2], "…", words[-1]]
    return " + ".join(words)


def explain_window(index: tuple[int, int], x: Tensor, kernel: Tensor) -> Explanation:
    """Return the arithmetic of one cell of a feature map, with the window that it looks at.

    index: (row, column) of the cell. x: (H, W). kernel: (kH, kW).
    """
    (i, j), (height, width) = index, kernel.shape
    window = x[i : i + height, j : j + width]
    said = f"window × kernel = {terms(window.flatten(), kernel.flatten())}"
    return Explanation(
        f"{said} = {number((window * kernel).sum())}",
        {"x": cells(range(i, i + height), range(j, j + width))},
    )


def explain_positions(x: Tensor, kernel: Tensor) -> str:
    """Return how often a window (kH, kW) fits into x (H, W), down and across, in words."""
    (H, W), (height, width) = x.shape, kernel.shape
    return (
        f"A window of {height}×{width} fits {H} − {height} + 1 = "
        f"{count(H - height + 1, 'time')} down and {W} − {width} + 1 = "
        f"{count(W - width + 1, 'time')} across."
    )


def not_square(tensor: Tensor) -> bool:
    """Return whether a matrix has sides of different length."""
    return tensor.shape[0] != tensor.shape[1]


KERNEL_FACTS = {
    "the kernel is not square": lambda x, kernel: not_square(kernel),
    "the image is not square": lambda x, kernel: not_square(x),
    "the kernel has more than one cell": lambda x, kernel: kernel.numel() > 1,
    "the kernel has more than one row": lambda x, kernel: kernel.shape[0] > 1,
    "the kernel has more than one column": lambda x, kernel: kernel.shape[1] > 1,
    "the window fits at more than one position": lambda x, kernel: kernel.shape != x.shape,
    "the kernel holds a negative number": lambda x, kernel: bool((kernel < 0).any()),
    "the image holds a negative number": lambda x, kernel: bool((x < 0).any()),
}
