"""The gradients of pooling, by hand: where autograd sends what comes from above.

The arguments are those of the pooling, after the gradient: see `coursekit.ops.pooling`.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from coursekit.contracts import checks_arguments
from coursekit.ops.pool_windows import RealImage, Stride, pool_windows
from coursekit.ops.pooling import Divisor, share_counts, winners
from coursekit.shapes import Pads, Steps

__all__ = ["avg_pool2d_backward", "max_pool2d_backward"]


@checks_arguments
def max_pool2d_backward(
    grad_out: Tensor,
    x: RealImage,
    kernel_size: Steps,
    stride: Stride = None,
    padding: Pads = 0,
    dilation: Steps = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """Return dL/dX for max_pool2d: each window's gradient goes to its winner, nothing elsewhere.

    grad_out: dL/dY (..., H_out, W_out). x: (..., H, W), of the same dtype. Returns (..., H, W).
    Raises ValueError as `max_pool2d` does, and where grad_out is not like the output.

    >>> max_pool2d_backward(torch.tensor([[3.0]]), torch.tensor([[1.0, 5], [4, 2]]), 2)
    tensor([[0., 3.],
            [0., 0.]])
    """
    places = winners(x, kernel_size, stride, padding, dilation, ceil_mode)
    _check_gradient(grad_out, x, places.shape)
    H, W = x.shape[-2:]
    grad = x.new_zeros(*x.shape[:-2], H * W + 1)  # the last takes what falls on padding
    grad = grad.scatter_add(-1, places.flatten(-2), grad_out.flatten(-2))
    return grad[..., :-1].reshape(x.shape)


@checks_arguments
def avg_pool2d_backward(
    grad_out: Tensor,
    x: RealImage,
    kernel_size: Steps,
    stride: Stride = None,
    padding: Pads = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: Divisor | None = None,
) -> Tensor:
    """Return dL/dX for avg_pool2d: each window's gradient is shared equally by its pixels.

    grad_out: dL/dY (..., H_out, W_out). x: (..., H, W), of the same dtype, for its shape.
    Returns (..., H, W).
    Raises ValueError as `avg_pool2d` does, and where grad_out is not like the output.

    >>> avg_pool2d_backward(torch.tensor([[4.0]]), torch.zeros(2, 2), 2)
    tensor([[1., 1.],
            [1., 1.]])
    """
    pool = pool_windows(x, kernel_size, stride, padding, ceil_mode=ceil_mode)
    room = pool.framed(torch.zeros_like(x), 0.0)  # (..., pH + H + pH + oH, pW + W + pW + oW)
    shape = pool.of(room).shape[:-1]  # (..., H_out, W_out)
    _check_gradient(grad_out, x, shape)
    H_out, W_out = shape[-2:]
    share = grad_out / (divisor_override or share_counts(x, pool, count_include_pad))
    (kH, kW), (sH, sW), (pH, pW) = pool.kernel_size, pool.stride, pool.padding
    for a in range(kH):  # pixel (a, b) of every window at once
        for b in range(kW):
            room[..., a : a + sH * H_out : sH, b : b + sW * W_out : sW] += share
    return room[..., pH : pH + x.shape[-2], pW : pW + x.shape[-1]]


def _check_gradient(grad_out: Tensor, x: Tensor, shape: Sequence[int]) -> None:
    if grad_out.shape != tuple(shape):
        raise ValueError(
            f"grad_out has shape {tuple(grad_out.shape)}; expected {tuple(shape)}, the output's"
        )
    if grad_out.dtype != x.dtype:
        raise ValueError(f"grad_out is {grad_out.dtype}, x is {x.dtype}; expected the same")
