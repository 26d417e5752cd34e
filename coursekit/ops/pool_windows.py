"""Where the windows of a pooling stand on an image, padding and overhang included."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, NamedTuple, TypeAlias

import torch
from torch import Tensor

from coursekit.arguments import tensor
from coursekit.ops.sliding import every_window, framed
from coursekit.shapes import Pair, output_sizes, pair

__all__ = ["PoolWindows", "RealImage", "Stride", "pool_windows"]


def _stride(name: str, value: object) -> None:
    if value is not None and value != ():
        pair(value, name, minimum=1)


RealImage: TypeAlias = Annotated[Tensor, partial(tensor, axes="(..., H, W)", real=True)]
# None, or in PyTorch also (), is the window itself.
Stride: TypeAlias = Annotated[int | Sequence[int] | None, _stride]


class PoolWindows(NamedTuple):
    """The windows of one pooling, each field as (height, width)."""

    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]
    overhang: tuple[int, int]  # rows and columns behind the padding, for the windows of ceil_mode

    @property
    def all_inside(self) -> bool:
        """Whether no window can leave the image."""
        return not any((*self.padding, *self.overhang))

    def framed(self, x: Tensor, value: float) -> Tensor:
        """Return x (..., H, W) with its padding and overhang: (..., pH + H + pH + oH, …)."""
        if self.all_inside:
            return x
        (pH, pW), (oH, oW) = self.padding, self.overhang
        return framed(x, (pH, pH + oH), (pW, pW + oW), value)

    def of(self, room: Tensor) -> Tensor:
        """Return what each window holds of an image that is framed: (..., H_out, W_out, kH·kW)."""
        return every_window(room, self.kernel_size, self.stride, self.dilation).flatten(-2)

    def pixels(self, size: Sequence[int]) -> Tensor:
        """Return which pixel each tap of each window reads: (H_out, W_out, kH·kW).

        Pixels count row by row, row·W + column; H·W, one too many, stands for padding. Only what
        lies above the image, or before it, does not: there the first tap of a window that is real
        counts, as PyTorch gives it the gradient where a window holds nothing but the lowest value.
        """
        H, W = size
        if self.all_inside:
            return self.of(torch.arange(H * W).reshape(H, W))
        rows, columns = (
            _nearest(n, p, d, o)
            for n, p, d, o in zip(size, self.padding, self.dilation, self.overhang, strict=True)
        )
        places = rows[:, None] * W + columns  # (pH + H + pH + oH, pW + W + pW + oW)
        inside = (rows < H)[:, None] & (columns < W)
        return self.of(places.where(inside, H * W))


def pool_windows(
    x: Tensor,
    kernel_size: Pair,
    stride: Pair | Sequence[int] | None,
    padding: Pair,
    *,
    dilation: Pair = 1,
    ceil_mode: bool,
) -> PoolWindows:
    """Return the windows of a pooling on x (..., H, W).

    Raises ValueError where the padding is more than half of the window.
    """
    kernel, margins = pair(kernel_size, "kernel_size"), pair(padding, "padding")
    for size, margin in zip(kernel, margins, strict=True):
        if margin > size // 2:
            raise ValueError(
                f"padding is {padding}; expected at most half of the kernel {kernel_size}, "
                "or a window could hold padding alone"
            )
    steps = kernel if stride is None or stride == () else pair(stride, "stride")
    flush = PoolWindows(kernel, steps, margins, pair(dilation, "dilation"), (0, 0))
    return flush._replace(overhang=_overhang(x.shape[-2:], flush)) if ceil_mode else flush


def _overhang(size: Sequence[int], pool: PoolWindows) -> tuple[int, int]:
    """Return how many rows and columns the extra windows of `ceil_mode` hang over the end.

    There is one where pixels lie behind the last whole window, and it starts before the end of
    the image: one that started in the padding would hold padding alone.
    """
    kernel, stride, padding, dilation, _ = pool
    whole = output_sizes(size, kernel, stride=stride, padding=padding, dilation=dilation)
    over = []
    for count, n, k, s, p, d in zip(whole, size, kernel, stride, padding, dilation, strict=True):
        extent, start = d * (k - 1) + 1, count * s  # of one window more, in the padded image
        left_out = start - s + extent < n + 2 * p
        over.append(start + extent - n - 2 * p if left_out and start < n + p else 0)
    return over[0], over[1]


def _nearest(n: int, padding: int, dilation: int, overhang: int) -> Tensor:
    """Return, along a framed axis, the pixel at each place, or n where there is none.

    Before the image it is the one that a tap reaches first, going on in steps of `dilation`.
    """
    at = torch.arange(-padding, n + padding + overhang)
    return at.where(at >= 0, at % dilation).clamp(max=n)
