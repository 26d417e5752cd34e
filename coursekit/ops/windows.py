"""The sliding window itself: every window of an image at once, and room around the image."""

from __future__ import annotations

import math

import torch
from torch.nn import functional as F

from coursekit.arguments import number, tensor
from coursekit.shapes import Pair, output_sizes, pair

__all__ = ["pad2d", "windows"]

MOST_NUMBERS = 2**30  # of a padded image: 4 GiB of float32


def pad2d(x: torch.Tensor, padding: Pair, value: float = 0.0) -> torch.Tensor:
    """Return x (..., H, W) with `padding` rows and columns of `value` on each side.

    Raises ValueError where the result would hold more than 2³⁰ numbers.

    >>> pad2d(torch.ones(1, 2), (1, 0))
    tensor([[0., 0.],
            [1., 1.],
            [0., 0.]])
    """
    *batch, H, W = tensor("x", x, "(..., H, W)").shape
    pH, pW = pair(padding, "padding")
    count = math.prod((*batch, H + 2 * pH, W + 2 * pW))
    if count > MOST_NUMBERS:
        raise ValueError(f"padding is {padding}, for {count:,} numbers; expected less of it")
    value = number("value", value, infinite=True)
    if not x.is_floating_point() and not value.is_integer():
        raise ValueError(f"value is {value}, and x {x.dtype}; expected a whole number there")
    return F.pad(x, (pW, pW, pH, pH), value=value)


def windows(x: torch.Tensor, kernel: Pair, *, stride: Pair = 1, dilation: Pair = 1) -> torch.Tensor:
    """Return every window as a view of x: no pixel is copied.

    x: (..., H, W). Returns (..., H_out, W_out, kH, kW).

    >>> windows(torch.arange(3).reshape(1, 3), (1, 2))
    tensor([[[[0, 1]],
             [[1, 2]]]])
    """
    *batch, H, W = tensor("x", x, "(..., H, W)").shape
    H_out, W_out = output_sizes((H, W), kernel, stride=stride, dilation=dilation)
    kH, kW = pair(kernel, "kernel", minimum=1)
    sH, sW = pair(stride, "stride", minimum=1)
    dH, dW = pair(dilation, "dilation", minimum=1)
    *batch_steps, row, column = x.stride()
    return x.as_strided(
        (*batch, H_out, W_out, kH, kW),
        (*batch_steps, row * sH, column * sW, row * dH, column * dW),
        x.storage_offset(),
    )
