"""What a layer costs: the numbers that it learns, and its multiply-adds."""

from __future__ import annotations

from coursekit.arguments import flag, integer
from coursekit.shapes.pairs import Pair, pair

__all__ = ["conv_multiply_adds", "conv_parameters", "linear_parameters"]


def conv_parameters(
    in_channels: int, out_channels: int, kernel_size: Pair, *, groups: int = 1, bias: bool = True
) -> int:
    """Return how many numbers a convolutional layer learns.

    A filter holds kH·kW weights for each input channel that it sees, which is one group of them,
    and there are `out_channels` filters, each with a bias of its own: the weight has the shape
    (C_out, C_in / groups, kH, kW), the bias (C_out,).

    The window is one side, or (height, width), in pixels; all numbers count from 1.
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
    kH, kW = pair(kernel_size, "kernel_size", minimum=1)
    return out_channels * (in_channels // groups * kH * kW + flag("bias", bias))


def conv_multiply_adds(
    in_channels: int,
    out_channels: int,
    kernel_size: Pair,
    out_size: Pair,
    *,
    groups: int = 1,
    bias: bool = True,
) -> int:
    """Return the multiply-adds of a convolutional layer for one image.

    Each weight is multiplied and added once at each position of the map, `out_size` of them. The
    bias, where each sum starts, counts as one too: so does torchinfo.

    out_size: one side, or (height, width), in pixels. Raises ValueError as `conv_parameters` does.

    >>> conv_multiply_adds(1, 6, 5, (28, 28))
    122304
    """
    H_out, W_out = pair(out_size, "out_size", minimum=1)
    weights = conv_parameters(in_channels, out_channels, kernel_size, groups=groups, bias=bias)
    return H_out * W_out * weights


def linear_parameters(in_features: int, out_features: int, *, bias: bool = True) -> int:
    """Return how many numbers a fully connected layer learns: its multiply-adds for one image too.

    The weight has the shape (out_features, in_features), the bias (out_features,).
    >>> linear_parameters(400, 120)
    48120
    """
    in_features = integer("in_features", in_features, minimum=1)
    return integer("out_features", out_features, minimum=1) * (in_features + flag("bias", bias))
