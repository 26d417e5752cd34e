"""Whose function makes what an explorer shows, once it was seen to make the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from coursekit import ops, shapes
from coursekit.arguments import short
from coursekit.figures.canvas import Maker

__all__ = ["checked", "whose"]

Pair = tuple[int, int]


def whose(by: Callable[..., Any] | None) -> str:
    """Return "your corr2d" of a function that knows whose it is, else the empty string.

    by: what `coursekit.exercises.own` returned, after it was called. It may have changed hands.
    """
    return by.whose if isinstance(by, Maker) else ""


def checked(
    by: Callable[..., Any] | None,
    out: Tensor,
    *,
    mode: str,
    image: Tensor,
    kernel: Tensor,
    bias: Tensor,
    stride: Pair,
    padding: Pair,
    dilation: Pair,
) -> None:
    """Raise ValueError where `by` does not make `out`, the explorer's maps.

    by: (x, kernel) -> map, of (H, W) and (kH, kW), or of (C, H, W) and (C, kH, kW) where there are
    more channels; for pooling (x, window, stride) -> map, each channel for itself. Without stride
    and padding: the explorer pads before, and takes every stride-th row and column after.
    """
    if by is None:
        return
    if not callable(by):
        raise TypeError(f"by is {short(by)}; expected a function")
    if max(dilation) > 1 or (mode != "conv" and max(padding) > 0):
        raise ValueError(
            f"dilation is {dilation} and padding {padding} with by; expected a dilation of 1, and "
            "for pooling no padding: by takes neither"
        )
    if mode == "conv":
        made = _slid(by, ops.pad2d(image, padding), kernel, bias, stride)
    else:
        made = _pooled(by, image, tuple(kernel.shape[2:]), stride)
    if made.shape != out.shape or not torch.allclose(made.to(out), out, rtol=1e-4, atol=1e-4):
        name = getattr(by, "__name__", short(by))
        raise ValueError(f"by is {name}, which makes other maps; expected those of the explorer")


def _slid(
    by: Callable[..., Any], padded: Tensor, kernel: Tensor, bias: Tensor, stride: Pair
) -> Tensor:
    """Return the maps (C_out, H_out, W_out) that `by` makes of (C, H, W), filter by filter."""
    down, across = shapes.pair(stride, "stride")
    alone = len(padded) == 1
    maps = [
        torch.as_tensor(by(padded[0], weight[0]) if alone else by(padded, weight)) + start
        for weight, start in zip(kernel, bias, strict=True)
    ]
    return torch.stack(maps)[:, ::down, ::across]


def _pooled(by: Callable[..., Any], image: Tensor, window: Pair, stride: Pair) -> Tensor:
    """Return the maps (C, H_out, W_out) that `by` makes of (C, H, W), channel by channel."""
    sides = [pair[0] if pair[0] == pair[1] else pair for pair in (window, stride)]
    return torch.stack([torch.as_tensor(by(x, *sides)) for x in image])
