"""Shapes of convolutions, and what layers cost, in integers only: no tensor is made here.

Pairs are (height, width). A single integer stands for both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from numbers import Integral
from typing import NamedTuple, TypeAlias

from coursekit.arguments import LARGEST, flag, integer, short

Pair: TypeAlias = int | tuple[int, int]

__all__ = [
    "Layer",
    "Pair",
    "conv_multiply_adds",
    "conv_parameters",
    "full_padding",
    "left_over",
    "linear_parameters",
    "output_size",
    "output_sizes",
    "pair",
    "receptive_field",
    "same_padding",
    "seen_by",
    "taps",
]


MOST_TAPS = 10_000_000  # that `taps` lists


class Layer(NamedTuple):
    """A sliding window along one axis: of a convolution or of a pooling."""

    kernel: int
    stride: int = 1
    dilation: int = 1
    padding: int = 0


def pair(value: Pair, name: str, *, minimum: int = 0) -> tuple[int, int]:
    """Return (height, width) from one integer or from two.

    Raises ValueError with the argument's name where it is neither, or out of range.

    >>> pair(3, "stride"), pair((3, 1), "stride")
    ((3, 3), (3, 1))
    """
    sizes = (value, value) if isinstance(value, Integral) else value
    fits = (
        isinstance(sizes, (tuple, list))
        and len(sizes) == 2
        and all(isinstance(size, Integral) and not isinstance(size, bool) for size in sizes)
        and all(minimum <= size <= LARGEST for size in sizes)
    )
    if not fits:
        raise ValueError(
            f"{name} is {short(value)}; expected an integer or a pair (height, width), "
            f"each at least {minimum} and at most {LARGEST}"
        )
    return int(sizes[0]), int(sizes[1])


def output_size(
    n: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """Return how many positions a window of `kernel` taps takes along `n` pixels.

    floor((n + 2*padding - dilation*(kernel - 1) - 1) / stride) + 1, where `padding` pixels are
    added at both ends. Source: the formula of torch.nn.Conv2d.

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
    goes before, as in the book's rule "ceil above, floor below".

    >>> same_padding(3), same_padding(5), same_padding(4)
    ((1, 1), (2, 2), (2, 1))
    """
    total = full_padding(kernel, dilation=dilation)
    return total - total // 2, total // 2


def full_padding(kernel: int, *, dilation: int = 1) -> int:
    """Return the padding at each end that lets the window touch the input by one tap.

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
    starts = (at * stride - padding for at in range(count))
    return tuple(tuple(start + tap * dilation for tap in range(kernel)) for start in starts)


def left_over(n: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Return how many pixels at the end of the padded input lie behind the last window.

    They are what the floor in `output_size` rounds away. Up to `padding` of them are padding,
    the others pixels of the input that have no part in the output.

    >>> left_over(8, 3, stride=3), left_over(9, 3, stride=3)
    (2, 0)
    """
    count = output_size(n, kernel, stride=stride, padding=padding, dilation=dilation)
    return n + 2 * padding - (count - 1) * stride - dilation * (kernel - 1) - 1


def receptive_field(layers: Sequence[Layer]) -> int:
    """Return how many neighbouring pixels of the input one pixel of the last output depends on.

    layers: from the input upwards. Each adds dilation*(kernel - 1) steps, and a step is as long as
    the product of the strides below it. Padding has no part in it.

    >>> receptive_field([Layer(3), Layer(3)]), receptive_field([Layer(3, stride=2), Layer(3)])
    (5, 7)
    """
    field, step = 1, 1
    for kernel, stride, dilation, _ in _checked(layers):
        field += dilation * (kernel - 1) * step
        step *= stride
    return field


def seen_by(layers: Sequence[Layer], at: int) -> range:
    """Return the pixels of the input that lie in the receptive field of pixel `at` of the output.

    Those below 0 or behind the input's last pixel are padding.

    >>> seen_by([Layer(3, padding=1), Layer(3, stride=2)], 1)
    range(1, 6)
    """
    first = last = integer("at", at)
    for kernel, stride, dilation, padding in reversed(list(_checked(layers))):
        first = first * stride - padding
        last = last * stride - padding + dilation * (kernel - 1)
    return range(first, last + 1)


def conv_parameters(
    in_channels: int, out_channels: int, kernel: Pair, *, groups: int = 1, bias: bool = True
) -> int:
    """Return how many numbers a convolutional layer learns.

    A filter holds kH·kW weights for each input channel that it sees, which is one group of them,
    and there are `out_channels` filters, each with a bias of its own.

    Raises ValueError where `groups` does not divide both numbers of channels.

    >>> conv_parameters(3, 28, 3), conv_parameters(64, 64, 3, groups=64, bias=False)
    (784, 576)
    """
    in_channels = integer("in_channels", in_channels, minimum=1)
    out_channels = integer("out_channels", out_channels, minimum=1)
    groups = integer("groups", groups, minimum=1)
    for name, channels in (("in_channels", in_channels), ("out_channels", out_channels)):
        if channels % groups:
            raise ValueError(f"groups is {groups}; expected a divisor of {name}, {channels}")
    kH, kW = pair(kernel, "kernel", minimum=1)
    return out_channels * (in_channels // groups * kH * kW + flag("bias", bias))


def conv_multiply_adds(
    in_channels: int,
    out_channels: int,
    kernel: Pair,
    out_size: Pair,
    *,
    groups: int = 1,
    bias: bool = True,
) -> int:
    """Return the multiply-adds of a convolutional layer for one image.

    Each weight is multiplied and added once at each position of the map, `out_size` of them. The
    bias, where each sum starts, counts as one too: so does torchinfo.

    >>> conv_multiply_adds(1, 6, 5, (28, 28))
    122304
    """
    H_out, W_out = pair(out_size, "out_size", minimum=1)
    return (
        H_out * W_out * conv_parameters(in_channels, out_channels, kernel, groups=groups, bias=bias)
    )


def linear_parameters(in_features: int, out_features: int, *, bias: bool = True) -> int:
    """Return how many numbers a fully connected layer learns: its multiply-adds for one image too.

    >>> linear_parameters(400, 120)
    48120
    """
    in_features = integer("in_features", in_features, minimum=1)
    return integer("out_features", out_features, minimum=1) * (in_features + flag("bias", bias))


def _checked(layers: Sequence[Layer]) -> Iterator[Layer]:
    """Yield each layer with all four fields, or raise: which layer does not fit, and why."""
    if not isinstance(layers, (list, tuple)):
        raise TypeError(f"layers is {short(layers)}; expected a list of Layer")
    for place, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            raise TypeError(f"layers[{place}] is {short(layer)}; expected a Layer")
        yield Layer(
            *(
                integer(f"{field} of layers[{place}]", value, minimum=int(field != "padding"))
                for field, value in layer._asdict().items()
            )
        )
