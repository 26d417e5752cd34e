"""Where a window stands along an axis, and how often it fits."""

from __future__ import annotations

from coursekit.arguments import integer
from coursekit.shapes.pairs import Pair, pair

__all__ = ["full_padding", "left_over", "output_size", "output_sizes", "same_padding", "taps"]

MOST_TAPS = 10_000_000  # that `taps` lists


def output_size(
    n: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """Return how many positions a window of `kernel` taps takes along `n` pixels.

    floor((n + 2*padding - dilation*(kernel - 1) - 1) / stride) + 1, where `padding` pixels are
    added at both ends. Source: the formula of torch.nn.Conv2d.

    n, padding: pixels, from 0. kernel, stride, dilation: from 1.
    Raises ValueError where an argument is out of range, or the window does not fit.

    >>> output_size(5, 3), output_size(7, 3, stride=2), output_size(28, 5, padding=2)
    (3, 3, 28)
    """
    n, kernel = integer("n", n, minimum=0), integer("kernel", kernel, minimum=1)
    stride, padding = integer("stride", stride, minimum=1), integer("padding", padding, minimum=0)
    dilation = integer("dilation", dilation, minimum=1)
    extent = dilation * (kernel - 1) + 1
    if extent > n + 2 * padding:
        raise ValueError(
            f"kernel is {kernel}, which covers {extent} pixels with dilation {dilation}, but the "
            f"padded input has only {n + 2 * padding}; use a smaller kernel or more padding"
        )
    return (n + 2 * padding - extent) // stride + 1


def output_sizes(
    size: Pair, kernel: Pair, *, stride: Pair = 1, padding: Pair = 0, dilation: Pair = 1
) -> tuple[int, int]:
    """Return (height, width) of a feature map: `output_size` along each axis.

    size: (H, W) of the input. Each argument is one integer for both axes, or (height, width).
    Raises ValueError as `output_size` does.
    >>> output_sizes((6, 8), (3, 2))
    (4, 7)
    """
    H, W = pair(size, "size", minimum=0)
    kH, kW = pair(kernel, "kernel", minimum=1)
    sH, sW = pair(stride, "stride", minimum=1)
    pH, pW = pair(padding, "padding")
    dH, dW = pair(dilation, "dilation", minimum=1)
    return (
        output_size(H, kH, stride=sH, padding=pH, dilation=dH),
        output_size(W, kW, stride=sW, padding=pW, dilation=dW),
    )


def same_padding(kernel: int, *, dilation: int = 1) -> tuple[int, int]:
    """Return (before, after), the padding that keeps the size at stride 1.

    The total is dilation*(kernel - 1). An even kernel cannot split it evenly: the larger half
    goes before, as in the book's rule "ceil above, floor below". kernel, dilation: from 1.
    >>> same_padding(3), same_padding(5), same_padding(4)
    ((1, 1), (2, 2), (2, 1))
    """
    total = full_padding(kernel, dilation=dilation)
    return total - total // 2, total // 2


def full_padding(kernel: int, *, dilation: int = 1) -> int:
    """Return the padding at each end that lets the window touch the input by one tap.

    It is dilation*(kernel - 1), the largest that is of use: with more, a window sees padding alone.

    >>> full_padding(3)
    2
    """
    return integer("dilation", dilation, minimum=1) * (integer("kernel", kernel, minimum=1) - 1)


def taps(
    n: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> tuple[tuple[int, ...], ...]:
    """Return, for each position of the window, the pixels that it reads.

    Pixels of the input count from 0 to n - 1; others are padding.
    Raises ValueError as `output_size` does, and for more than ten million pixels in all.

    >>> taps(4, 3, stride=2, padding=1)
    ((-1, 0, 1), (1, 2, 3))
    """
    count = output_size(n, kernel, stride=stride, padding=padding, dilation=dilation)
    if count * kernel > MOST_TAPS:
        raise ValueError(f"n is {n}; expected fewer, for at most {MOST_TAPS:,} pixels read in all")
    starts = (at * stride - padding for at in range(count))  # in the input's own count
    return tuple(tuple(start + tap * dilation for tap in range(kernel)) for start in starts)


def left_over(n: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Return how many pixels at the end of the padded input lie behind the last window.

    They are what the floor in `output_size` rounds away. Up to `padding` of them are padding,
    the others pixels of the input that have no part in the output.

    >>> left_over(8, 3, stride=3), left_over(9, 3, stride=3)
    (2, 0)
    """
    count = output_size(n, kernel, stride=stride, padding=padding, dilation=dilation)
    # The padded length, less the last window's start, less what it covers.
    return n + 2 * padding - (count - 1) * stride - dilation * (kernel - 1) - 1
