"""Convolution as the lessons build it up: one channel, then whole layers.

Shapes are (N, C, H, W), weights (C_out, C_in, kH, kW), pairs (height, width).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Literal, TypeAlias

import torch

from coursekit.arguments import LARGEST, integer, short, tensor
from coursekit.contracts import checks_arguments
from coursekit.ops.sliding import every_window, framed, pad2d
from coursekit.shapes import Pads, Pair, Steps, full_padding, pair

__all__ = ["conv2d", "convolve2d", "corr2d", "im2col"]

Channel: TypeAlias = Annotated[torch.Tensor, partial(tensor, axes="(H, W)")]
Kernel: TypeAlias = Annotated[torch.Tensor, partial(tensor, axes="(kH, kW)")]
Images: TypeAlias = Annotated[torch.Tensor, partial(tensor, axes="(N, C, H, W) or (C, H, W)")]
Maps: TypeAlias = Annotated[torch.Tensor, partial(tensor, axes="(N, C_in, H, W) or (C_in, H, W)")]
Weight: TypeAlias = Annotated[torch.Tensor, partial(tensor, axes="(C_out, C_in, kH, kW)")]
Bias: TypeAlias = Annotated[torch.Tensor, partial(tensor, axes="(C_out,)")]
Groups: TypeAlias = Annotated[int, partial(integer, minimum=1, maximum=LARGEST)]


def _padding(name: str, value: object) -> None:
    if isinstance(value, str) and value not in ("same", "valid"):
        expected = 'an integer, a pair (height, width), "same" or "valid"'
        raise ValueError(f"{name} is {short(value)}; expected {expected}")
    if not isinstance(value, str):
        pair(value, name)


Room: TypeAlias = Annotated[Pair | Literal["same", "valid"], _padding]


@checks_arguments
def corr2d(x: Channel, kernel: Kernel) -> torch.Tensor:
    """Return the cross-correlation of one channel with one kernel, where the kernel fits.

    x: (H, W). kernel: (kH, kW). Returns (H - kH + 1, W - kW + 1).
    Raises ValueError where either is not a matrix, or the kernel is larger than x.

    >>> x = torch.arange(9).reshape(3, 3)
    >>> corr2d(x, torch.arange(4).reshape(2, 2))
    tensor([[19, 25],
            [37, 43]])
    """
    (H, W), (kH, kW) = x.shape, kernel.shape
    if kH > H or kW > W:
        raise ValueError(f"kernel {(kH, kW)} is larger than x {(H, W)}; expected one that fits")
    return (every_window(x, (kH, kW)) * kernel).sum(dim=(-2, -1))


@checks_arguments
def convolve2d(x: Channel, kernel: Kernel) -> torch.Tensor:
    """Return the convolution of mathematics: the kernel is turned by half a turn, then slid.

    x: (H, W). kernel: (kH, kW). Returns (H - kH + 1, W - kW + 1), scipy's mode "valid".
    Raises ValueError as `corr2d` does.

    >>> x = torch.arange(9).reshape(3, 3)
    >>> convolve2d(x, torch.arange(4).reshape(2, 2))
    tensor([[ 5, 11],
            [23, 29]])
    """
    return corr2d(x, kernel.flip(0, 1))


@checks_arguments
def conv2d(
    x: Maps,
    weight: Weight,
    bias: Bias | None = None,
    stride: Steps = 1,
    padding: Room = 0,
    dilation: Steps = 1,
    groups: Groups = 1,
) -> torch.Tensor:
    """Return the feature maps of a convolutional layer: torch.nn.functional.conv2d.

    x: (N, C_in, H, W), or one image (C_in, H, W). weight: (C_out, C_in / groups, kH, kW), all of
    one dtype. bias: (C_out,). Returns (N, C_out, H_out, W_out), or (C_out, H_out, W_out).
    padding: as integers, "valid" for none, or "same" for maps of x's size, at stride 1.
    groups: each group of output channels sees its own group of input channels alone.
    Raises ValueError where a shape, a number of channels or a dtype does not fit.

    >>> x = torch.arange(9.0).reshape(1, 3, 3)
    >>> conv2d(x, torch.ones(1, 1, 2, 2), torch.tensor([100.0]))
    tensor([[[108., 112.],
             [120., 124.]]])
    """
    _check_layer(x, weight, bias, groups)
    C_out, _, *kernel_size = weight.shape
    stride, dilation = pair(stride, "stride"), pair(dilation, "dilation")
    room = _with_room(x, kernel_size, stride, padding, dilation)
    view = every_window(room, kernel_size, stride, dilation)
    columns = _columns(view)  # (N, C_in·kH·kW, H_out·W_out)
    filters = weight.flatten(1)  # (C_out, C_in / groups·kH·kW)
    if groups > 1:  # one product for each group
        columns = columns.unflatten(-2, (groups, -1))  # (N, groups, C_in / groups·kH·kW, …)
        filters = filters.unflatten(0, (groups, -1))  # (groups, C_out / groups, …)
    out = (filters @ columns).reshape(*x.shape[:-3], C_out, *view.shape[-4:-2])
    return out if bias is None else out + bias[:, None, None]


@checks_arguments
def im2col(
    x: Images, kernel_size: Steps, dilation: Steps = 1, padding: Pads = 0, stride: Steps = 1
) -> torch.Tensor:
    """Return every window as a column, so that convolution is one matrix product.

    x: (N, C, H, W) or (C, H, W). Returns (N, C·kH·kW, H_out·W_out) or (C·kH·kW, H_out·W_out):
    torch.nn.functional.unfold, whose order of arguments it has.
    Raises ValueError where not even one window fits.

    >>> im2col(torch.arange(6).reshape(1, 2, 3), 2)
    tensor([[0, 1],
            [1, 2],
            [3, 4],
            [4, 5]])
    """
    size, stride = pair(kernel_size, "kernel_size"), pair(stride, "stride")
    return _columns(every_window(pad2d(x, padding), size, stride, pair(dilation, "dilation")))


def _columns(view: torch.Tensor) -> torch.Tensor:
    """Return windows (N, C, H_out, W_out, kH, kW) as columns (N, C·kH·kW, H_out·W_out)."""
    *batch, C, H_out, W_out, kH, kW = view.shape
    view = view.movedim((-2, -1), (-4, -3))  # (N, C, kH, kW, H_out, W_out)
    return view.reshape(*batch, C * kH * kW, H_out * W_out)


def _with_room(
    x: torch.Tensor,
    kernel_size: Sequence[int],
    stride: tuple[int, int],
    padding: Pair | str,
    dilation: tuple[int, int],
) -> torch.Tensor:
    """Return x with the layer's padding around it."""
    if padding in ("valid", 0):
        return x
    if padding != "same":
        return pad2d(x, padding)
    if stride != (1, 1):
        raise ValueError(f'padding is "same" and stride {stride}; expected stride 1 with it')
    totals = (full_padding(k, dilation=d) for k, d in zip(kernel_size, dilation, strict=True))
    # PyTorch adds the odd pixel at the end; the book, and `same_padding`, at the beginning.
    rows, columns = ((total // 2, total - total // 2) for total in totals)
    return framed(x, rows, columns)


def _check_layer(
    x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, groups: int
) -> None:
    C_in, (C_out, channels_seen) = x.shape[-3], weight.shape[:2]
    for name, channels in (("x", C_in), ("weight", C_out)):
        if channels % groups:
            raise ValueError(
                f"groups is {groups}; expected a divisor of {name}'s channels, {channels}"
            )
    if channels_seen * groups != C_in:
        of_each = "the same" if groups == 1 else f"{C_in // groups}, a group's"
        raise ValueError(
            f"weight has {channels_seen} input channels, x has {C_in}; expected {of_each}"
        )
    if weight.dtype != x.dtype:
        raise ValueError(f"weight is {weight.dtype}, x is {x.dtype}; expected the same")
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError(f"bias has shape {tuple(bias.shape)}; expected ({C_out},), one a filter")
