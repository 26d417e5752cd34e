"""Convolution as the lessons build it up: one channel, then whole layers.

Shapes are (N, C, H, W), weights (C_out, C_in, kH, kW), pairs (height, width).
"""

from __future__ import annotations

import torch

from coursekit.arguments import tensor
from coursekit.ops.windows import pad2d, windows
from coursekit.shapes import Pair, output_sizes, pair

__all__ = ["conv2d", "convolve2d", "corr2d", "im2col"]


def corr2d(x: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    """Return the cross-correlation of one channel with one kernel, where the kernel fits.

    x: (H, W). kernel: (kH, kW). Returns (H - kH + 1, W - kW + 1).
    Raises ValueError where either is not a matrix, or the kernel is larger than x.

    >>> x = torch.arange(9).reshape(3, 3)
    >>> corr2d(x, torch.arange(4).reshape(2, 2))
    tensor([[19, 25],
            [37, 43]])
    """
    tensor("x", x, "(H, W)")
    kH, kW = tensor("kernel", kernel, "(kH, kW)").shape
    return (windows(x, (kH, kW)) * kernel).sum(dim=(-2, -1))


def convolve2d(x: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    """Return the convolution of mathematics: the kernel is turned by half a turn, then slid.

    x: (H, W). kernel: (kH, kW). Returns (H - kH + 1, W - kW + 1), scipy's mode "valid".

    >>> x = torch.arange(9).reshape(3, 3)
    >>> convolve2d(x, torch.arange(4).reshape(2, 2))
    tensor([[ 5, 11],
            [23, 29]])
    """
    return corr2d(x, tensor("kernel", kernel, "(kH, kW)").flip(0, 1))


def conv2d(
    x: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
) -> torch.Tensor:
    """Return the feature maps of a convolutional layer: torch.nn.functional.conv2d.

    x: (N, C_in, H, W). weight: (C_out, C_in, kH, kW). bias: (C_out,).
    Returns (N, C_out, H_out, W_out).
    Raises ValueError where a rank or a channel count does not fit.

    >>> x = torch.arange(9.0).reshape(1, 1, 3, 3)
    >>> conv2d(x, torch.ones(1, 1, 2, 2), torch.tensor([100.0]))
    tensor([[[[108., 112.],
              [120., 124.]]]])
    """
    _check_layer(x, weight, bias)
    N, _, H, W = x.shape
    C_out, _, kH, kW = weight.shape
    H_out, W_out = output_sizes((H, W), (kH, kW), stride=stride, padding=padding, dilation=dilation)
    columns = im2col(x, (kH, kW), stride=stride, padding=padding, dilation=dilation)
    out = weight.flatten(1) @ columns  # (C_out, C·kH·kW) @ (N, C·kH·kW, H_out·W_out)
    if bias is not None:
        out = out + bias[:, None]
    return out.reshape(N, C_out, H_out, W_out)


def im2col(
    x: torch.Tensor, kernel: Pair, *, stride: Pair = 1, padding: Pair = 0, dilation: Pair = 1
) -> torch.Tensor:
    """Return every window as a column, so that convolution is one matrix product.

    x: (N, C, H, W). Returns (N, C·kH·kW, H_out·W_out), the layout of torch.nn.functional.unfold.

    >>> im2col(torch.arange(6).reshape(1, 1, 2, 3), 2)
    tensor([[[0, 1],
             [1, 2],
             [3, 4],
             [4, 5]]])
    """
    N, C, _, _ = tensor("x", x, "(N, C, H, W)").shape
    kH, kW = pair(kernel, "kernel", minimum=1)
    view = windows(pad2d(x, padding), (kH, kW), stride=stride, dilation=dilation)
    H_out, W_out = view.shape[2:4]
    return view.permute(0, 1, 4, 5, 2, 3).reshape(N, C * kH * kW, H_out * W_out)


def _check_layer(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None) -> None:
    tensor("x", x, "(N, C_in, H, W)")
    tensor("weight", weight, "(C_out, C_in, kH, kW)")
    if x.shape[1] != weight.shape[1]:
        raise ValueError(
            f"weight has {weight.shape[1]} input channels, x has {x.shape[1]}; expected the same"
        )
    if weight.dtype != x.dtype:
        raise ValueError(f"weight is {weight.dtype}, x is {x.dtype}; expected the same")
    if bias is not None and tensor("bias", bias, "(C_out,)").shape != weight.shape[:1]:
        raise ValueError(
            f"bias has shape {tuple(bias.shape)}; expected ({weight.shape[0]},), one a filter"
        )
