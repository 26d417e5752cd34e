"""What an explorer takes: tensors brought to their ranks, and settings that fit them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import traitlets
from torch import Tensor

from coursekit import shapes
from coursekit.arguments import short

__all__ = [
    "MODES",
    "Choice",
    "PairOf",
    "as_bias",
    "as_cursor",
    "as_image",
    "as_kernel",
    "as_names",
    "check_fit",
    "from_bytes",
]

MODES = ("conv", "max", "average")
SIDE, CHANNELS, TAPS = 64, 4, 7  # beyond these, no screen shows it and no hover is smooth


class PairOf(traitlets.TraitType):
    """A trait [height, width] of whole numbers, which may be given as one number or a pair."""

    def __init__(self, default: int, *, minimum: int) -> None:
        super().__init__([default, default])
        self.minimum = minimum

    def validate(self, obj: Any, value: Any) -> list[int]:
        """Return the pair as a list. Raises ValueError with the trait's name."""
        given = tuple(value) if isinstance(value, list) else value
        return list(shapes.pair(given, self.name, minimum=self.minimum))


class Choice(traitlets.TraitType):
    """A trait that is one of a few words."""

    def __init__(self, options: Sequence[str]) -> None:
        super().__init__(options[0])
        self.options = tuple(options)

    def validate(self, obj: Any, value: Any) -> str:
        """Return the word. Raises ValueError with the words that there are."""
        if value not in self.options:
            raise ValueError(f"{self.name} is {value!r}; expected one of {', '.join(self.options)}")
        return value


def as_image(image: Any) -> Tensor:
    """Return an image (H, W) or (C, H, W) as (C, H, W) float32.

    Raises ValueError where it has another rank, is too large to be shown, or holds no numbers.
    """
    x = _finite("image", image)
    x = x[None] if x.dim() == 2 else x
    fits = x.dim() == 3 and 1 <= x.shape[0] <= CHANNELS and all(1 <= n <= SIDE for n in x.shape[1:])
    if not fits:
        raise ValueError(
            f"image has shape {tuple(x.shape)}; expected (H, W) or (C, H, W) with at most "
            f"{CHANNELS} channels of {SIDE}×{SIDE}"
        )
    return x


def as_kernel(kernel: Any, channels: int, mode: str) -> Tensor:
    """Return a kernel as (C_out, C, kH, kW) float32.

    kernel: (kH, kW), (C, kH, kW) or (C_out, C, kH, kW). For pooling also the window's size, one
    number or (kH, kW); None is a 3×3 copy, or a window of 2×2.
    Raises ValueError where it does not fit `channels` or is too large to be shown.
    """
    if kernel is None or (mode != "conv" and isinstance(kernel, (int, tuple, list))):
        kernel = _stand_in(kernel, channels, mode)
    w = _finite("kernel", kernel)
    w = w.expand(1, channels, *w.shape).clone() if w.dim() == 2 else w
    w = w[None] if w.dim() == 3 else w
    fits = w.dim() == 4 and w.shape[1] == channels and 1 <= w.shape[0] <= CHANNELS
    if not (fits and all(1 <= k <= TAPS for k in w.shape[2:])):
        raise ValueError(
            f"kernel has shape {tuple(w.shape)}; expected (kH, kW), ({channels}, kH, kW) or "
            f"(C_out, {channels}, kH, kW), with at most {CHANNELS} filters and {TAPS}×{TAPS} taps"
        )
    return w


def as_bias(bias: Any, filters: int) -> Tensor:
    """Return the bias as (C_out,) float32, zeros for None; C_out is the number of `filters`.

    Raises ValueError where it holds another count of numbers.
    """
    b = torch.zeros(filters) if bias is None else _finite("bias", bias).reshape(-1)
    if len(b) != filters:
        raise ValueError(f"bias has {len(b)} numbers; expected {filters}, one a filter")
    return b


def as_cursor(cursor: Any) -> list[int]:
    """Return the output pixel (map, row, column) as a list; (row, column) is of map 0.

    Raises ValueError where it is neither, or one of them is below 0.
    """
    places = list(cursor) if isinstance(cursor, (list, tuple)) else []
    if len(places) not in (2, 3) or not all(type(at) is int and at >= 0 for at in places):
        raise ValueError(f"cursor is {cursor!r}; expected (row, column) or (map, row, column)")
    return [0, *places][-3:]


def as_names(hide: Any) -> list[str]:
    """Return the names of controls as a list. Raises TypeError where they are none."""
    if not isinstance(hide, (list, tuple)) or not all(isinstance(name, str) for name in hide):
        raise TypeError(f"hide is {short(hide)}; expected a list of names of controls")
    return list(hide)


def check_fit(
    image: Sequence[int],
    kernel: Sequence[int],
    *,
    stride: Any,
    padding: Any,
    dilation: Any,
    mode: str,
) -> None:
    """Raise ValueError where the window of `kernel` (…, kH, kW) does not fit `image` (C, H, W)."""
    steps = {"stride": tuple(stride), "padding": tuple(padding), "dilation": tuple(dilation)}
    shapes.output_sizes(tuple(image[1:]), tuple(kernel[2:]), **steps)
    half = [k // 2 for k in kernel[2:]]  # as in torch.nn.functional.max_pool2d
    if mode != "conv" and any(p > h for p, h in zip(padding, half, strict=True)):
        raise ValueError(
            f"padding is {tuple(padding)}; expected at most half the window, {tuple(half)}, as a "
            f"window that holds nothing but padding has no {mode}"
        )


def from_bytes(data: bytes, shape: Sequence[int]) -> Tensor:
    """Return the float32 tensor of that shape, with any axes, whose bytes these are.

    It is a copy: nobody who writes into it changes the explorer's own bytes.
    """
    return torch.frombuffer(bytearray(data), dtype=torch.float32).reshape(tuple(shape))


def _stand_in(size: Any, channels: int, mode: str) -> Tensor:
    """Return weights (1, C, kH, kW) that average a pool's window, or copy the mean of channels."""
    if mode != "conv":
        kH, kW = shapes.pair(
            tuple(size) if isinstance(size, list) else size or 2, "kernel", minimum=1
        )
        return torch.full((1, channels, kH, kW), 1 / (kH * kW))
    copy = torch.zeros(1, channels, 3, 3)
    copy[:, :, 1, 1] = 1 / channels
    return copy


def _finite(name: str, value: Any) -> Tensor:
    """Return the value as a float32 tensor with any axes, all of its numbers finite."""
    try:
        given = torch.as_tensor(value).detach()
        if given.is_complex():
            raise TypeError
        tensor = given.to("cpu", torch.float32)
    except (TypeError, ValueError, RuntimeError):
        raise ValueError(
            f"{name} is {type(value).__name__}; expected a tensor of real numbers"
        ) from None
    if not tensor.isfinite().all():
        raise ValueError(f"{name} holds numbers that are not finite; expected none")
    return tensor.contiguous()
