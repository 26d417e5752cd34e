"""The sliding window itself: every window of an image at once, and room around the image."""

from __future__ import annotations

import math
from functools import partial
from typing import Annotated, TypeAlias

import torch
from torch.nn import functional as F

from coursekit.arguments import number, tensor
from coursekit.contracts import checks_arguments
from coursekit.shapes import Pads, Steps, output_size, pair

__all__ = ["every_window", "framed", "pad2d", "windows"]

MOST_NUMBERS = 2**30  # of a padded image: 4 GiB of float32

Image: TypeAlias = Annotated[torch.Tensor, partial(tensor, axes="(..., H, W)")]
Value: TypeAlias = Annotated[float, partial(number, infinite=True)]


@checks_arguments
def pad2d(x: Image, padding: Pads, value: Value = 0.0) -> torch.Tensor:
    """Return x with `padding` rows and columns of `value` on each side.

    x: (..., H, W). Returns (..., H + 2·pH, W + 2·pW).
    Raises ValueError where the result would hold more than 2³⁰ numbers.

    >>> pad2d(torch.ones(1, 2), (1, 0))
    tensor([[0., 0.],
            [1., 1.],
            [0., 0.]])
    """
    pH, pW = pair(padding, "padding")
    if not (x.is_floating_point() or x.is_complex()) and not float(value).is_integer():
        raise ValueError(f"value is {value}, and x {x.dtype}; expected a whole number there")
    return framed(x, (pH, pH), (pW, pW), float(value))


def framed(
    x: torch.Tensor, rows: tuple[int, int], columns: tuple[int, int], value: float = 0.0
) -> torch.Tensor:
    """Return x with so many rows above and below it, and columns before and behind, of `value`.

    x: (..., H, W). Returns (..., above + H + below, before + W + behind).
    Raises ValueError, of the padding, where the result would hold more than 2³⁰ numbers.
    """
    *batch, H, W = x.shape
    count = math.prod((*batch, H + sum(rows), W + sum(columns)))
    if count > MOST_NUMBERS:
        raise ValueError(
            f"padding is {rows} rows and {columns} columns, for {count:,} numbers; "
            f"expected less of it, for at most {MOST_NUMBERS:,}"
        )
    return F.pad(x, (*columns, *rows), value=value)  # F.pad begins with the last axis


@checks_arguments
def windows(
    x: Image, kernel_size: Steps, *, stride: Steps = 1, dilation: Steps = 1
) -> torch.Tensor:
    """Return every window as a view of x: no pixel is copied.

    x: (..., H, W). Returns (..., H_out, W_out, kH, kW).
    Raises ValueError where not even one window fits.

    >>> windows(torch.arange(3).reshape(1, 3), (1, 2))
    tensor([[[[0, 1]],
             [[1, 2]]]])
    """
    kernel_size, stride = pair(kernel_size, "kernel_size"), pair(stride, "stride")
    return every_window(x, kernel_size, stride, pair(dilation, "dilation"))


def every_window(
    x: torch.Tensor,
    kernel_size: tuple[int, int],
    stride: tuple[int, int] = (1, 1),
    dilation: tuple[int, int] = (1, 1),
) -> torch.Tensor:
    """Return `windows` of what is known to be an image (..., H, W) and pairs.

    Raises ValueError where not even one window fits.
    """
    *batch, H, W = x.shape
    (kH, kW), (sH, sW), (dH, dW) = kernel_size, stride, dilation
    H_out = output_size(H, kH, stride=sH, dilation=dH)
    W_out = output_size(W, kW, stride=sW, dilation=dW)
    *batch_steps, row, column = x.stride()  # in memory, from one row or column to the next
    return x.as_strided(
        (*batch, H_out, W_out, kH, kW),
        # A window starts `stride` pixels behind the last one; its taps are `dilation` pixels apart.
        (*batch_steps, row * sH, column * sW, row * dH, column * dW),
        x.storage_offset(),
    )
