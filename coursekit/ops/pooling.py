"""Pooling, equal to torch.nn.functional down to the breaking of ties.

Each function takes x (N, C, H, W) or (C, H, W), or anything that ends in (H, W): channels never
mix. The stride defaults to the window. With `ceil_mode` a last window may hang over the end of the
input, as long as it starts inside; what hangs over counts for nothing.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit.arguments import integer
from coursekit.contracts import checks_arguments
from coursekit.ops.pool_windows import PoolWindows, RealImage, Stride, pool_windows
from coursekit.shapes import Pads, Steps

__all__ = ["avg_pool2d", "max_pool2d", "share_counts", "winners"]


def _divisor(name: str, value: object) -> None:
    if integer(name, value) == 0:
        raise ValueError(f"{name} is 0; expected an integer other than 0")


Divisor: TypeAlias = Annotated[int, _divisor]


@checks_arguments
def max_pool2d(
    x: RealImage,
    kernel_size: Steps,
    stride: Stride = None,
    padding: Pads = 0,
    dilation: Steps = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Return the largest value of each window, channel by channel.

    x: (..., H, W). Returns (..., H_out, W_out), and with `return_indices` also their `winners`.
    Padding counts as minus infinity, or as the lowest of integers.
    Raises ValueError where no window fits, or the padding is more than half of one.

    >>> max_pool2d(torch.arange(16.0).reshape(4, 4), 2)
    tensor([[ 5.,  7.],
            [13., 15.]])
    """
    pool = pool_windows(x, kernel_size, stride, padding, dilation=dilation, ceil_mode=ceil_mode)
    places = _winners(x, pool)  # (..., H_out, W_out)
    pixels = F.pad(x.flatten(-2), (0, 1), value=_lowest(x))  # (..., H·W + 1): padding comes last
    largest = pixels.gather(-1, places.flatten(-2)).reshape(places.shape)
    return (largest, places) if return_indices else largest


@checks_arguments
def winners(
    x: RealImage,
    kernel_size: Steps,
    stride: Stride = None,
    padding: Pads = 0,
    dilation: Steps = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """Return where the largest value of each window lies: row·W + column, as `return_indices` does.

    x: (..., H, W). Returns int64 (..., H_out, W_out). Among equals the first in reading order wins;
    H·W, one too many, stands for a window of padding alone, as a large dilation can make.
    Raises ValueError as `max_pool2d` does.

    >>> winners(torch.tensor([[1.0, 5, 0, 0], [5, 2, 0, 7]]), 2)
    tensor([[1, 7]])
    """
    pool = pool_windows(x, kernel_size, stride, padding, dilation=dilation, ceil_mode=ceil_mode)
    return _winners(x, pool)


@checks_arguments
def avg_pool2d(
    x: RealImage,
    kernel_size: Steps,
    stride: Stride = None,
    padding: Pads = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: Divisor | None = None,
) -> Tensor:
    """Return the mean of each window, channel by channel.

    x: (..., H, W). Returns (..., H_out, W_out). The zeros of the padding count as pixels unless
    `count_include_pad` is False. With `divisor_override` each sum is divided by that instead.
    The means of integers are float32, where PyTorch cuts their decimals off.
    Raises ValueError where no window fits, or the padding is more than half of one.

    >>> avg_pool2d(torch.arange(16.0).reshape(4, 4), 2)
    tensor([[ 2.5000,  4.5000],
            [10.5000, 12.5000]])
    """
    pool = pool_windows(x, kernel_size, stride, padding, ceil_mode=ceil_mode)
    total = pool.of(pool.framed(x, 0.0)).sum(dim=-1)  # (..., H_out, W_out)
    return total / (divisor_override or share_counts(x, pool, count_include_pad))


def share_counts(x: Tensor, pool: PoolWindows, include_pad: bool) -> Tensor | int:
    """Return among how many pixels a window's mean is shared: a number for all, or (H_out, W_out).

    x: (..., H, W), of which only size, dtype and device count.
    """
    if pool.all_inside:
        kH, kW = pool.kernel_size
        return kH * kW
    flush = pool._replace(overhang=(0, 0))
    real = torch.ones(x.shape[-2:], dtype=x.dtype, device=x.device)  # (H, W)
    counted = flush.framed(real, float(include_pad))  # 1 where a pixel counts
    over = pool._replace(padding=(0, 0))
    return pool.of(over.framed(counted, 0.0)).sum(dim=-1)


def _winners(x: Tensor, pool: PoolWindows) -> Tensor:
    taps = pool.of(pool.framed(x, _lowest(x)))  # (..., H_out, W_out, kH·kW)
    best = taps.argmax(-1, keepdim=True)  # the first of equals: (..., H_out, W_out, 1)
    pixels = pool.pixels(x.shape[-2:]).to(x.device)  # (H_out, W_out, kH·kW)
    return pixels.expand(*best.shape[:-1], -1).gather(-1, best).squeeze(-1)


def _lowest(x: Tensor) -> float:
    return float("-inf") if x.is_floating_point() else torch.iinfo(x.dtype).min
