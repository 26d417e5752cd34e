"""Pooling and its gradients, equal to torch.nn.functional down to the breaking of ties.

Each function takes x (N, C, H, W), or anything that ends in (H, W): channels never mix.
The stride defaults to the window. With `ceil_mode` a last window may hang over the end of the
input, as long as it starts inside; what hangs over counts for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit.arguments import flag, tensor
from coursekit.ops.windows import pad2d, windows
from coursekit.shapes import Pair, output_sizes, pair

__all__ = ["avg_pool2d", "avg_pool2d_backward", "max_pool2d", "max_pool2d_backward", "winners"]


def max_pool2d(
    x: Tensor,
    kernel: Pair,
    *,
    stride: Pair | None = None,
    padding: Pair = 0,
    dilation: Pair = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """Return the largest value of each window, channel by channel.

    x: (..., H, W). Returns (..., H_out, W_out). Padding counts as minus infinity.

    >>> max_pool2d(torch.arange(16.0).reshape(4, 4), 2)
    tensor([[ 5.,  7.],
            [13., 15.]])
    """
    places = winners(
        x, kernel, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )
    return x.flatten(-2).gather(-1, places.flatten(-2)).reshape(places.shape)


def winners(
    x: Tensor,
    kernel: Pair,
    *,
    stride: Pair | None = None,
    padding: Pair = 0,
    dilation: Pair = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """Return where the largest value of each window lies: row·W + column, as `return_indices` does.

    x: (..., H, W). Returns int64 (..., H_out, W_out). Among equals the first in reading order wins.

    >>> winners(torch.tensor([[1.0, 5, 0, 0], [5, 2, 0, 7]]), 2)
    tensor([[1, 7]])
    """
    H, W = tensor("x", x, "(..., H, W)", real=True).shape[-2:]
    _check_settings(kernel, padding, ceil_mode=ceil_mode)
    stride = kernel if stride is None else stride
    pH, pW = pair(padding, "padding")
    eH, eW = _overhang((H, W), kernel, stride, padding, dilation) if ceil_mode else (0, 0)
    lowest = float("-inf") if x.is_floating_point() else torch.iinfo(x.dtype).min
    padded = F.pad(x, (pW, pW + eW, pH, pH + eH), value=lowest)
    rows = torch.arange(-pH, H + pH + eH, device=x.device).clamp(0, H - 1)
    columns = torch.arange(-pW, W + pW + eW, device=x.device).clamp(0, W - 1)
    places = rows[:, None] * W + columns  # of each padded pixel, the nearest real one
    how = {"stride": stride, "dilation": dilation}
    best = windows(padded, kernel, **how).flatten(-2).argmax(-1, keepdim=True)
    choices = windows(places, kernel, **how).flatten(-2).expand(*best.shape[:-1], -1)
    return choices.gather(-1, best).squeeze(-1)


def max_pool2d_backward(
    grad_out: Tensor,
    x: Tensor,
    kernel: Pair,
    *,
    stride: Pair | None = None,
    padding: Pair = 0,
    dilation: Pair = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """Return dL/dX for max_pool2d: each window's gradient goes to its winner, nothing elsewhere.

    grad_out: dL/dY (..., H_out, W_out). x: (..., H, W). Returns (..., H, W).

    >>> max_pool2d_backward(torch.tensor([[3.0]]), torch.tensor([[1.0, 5], [4, 2]]), 2)
    tensor([[0., 3.],
            [0., 0.]])
    """
    places = winners(
        x, kernel, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )
    _check_gradient(grad_out, x, places.shape)
    grad = torch.zeros_like(x).flatten(-2)
    return grad.scatter_add(-1, places.flatten(-2), grad_out.flatten(-2)).reshape(x.shape)


def avg_pool2d(
    x: Tensor,
    kernel: Pair,
    *,
    stride: Pair | None = None,
    padding: Pair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """Return the mean of each window, channel by channel.

    x: (..., H, W). Returns (..., H_out, W_out). The zeros of the padding count as pixels unless
    `count_include_pad` is False.

    >>> avg_pool2d(torch.arange(16.0).reshape(4, 4), 2)
    tensor([[ 2.5000,  4.5000],
            [10.5000, 12.5000]])
    """
    size = tuple(tensor("x", x, "(..., H, W)", real=True).shape[-2:])
    _check_settings(kernel, padding, ceil_mode=ceil_mode, count_include_pad=count_include_pad)
    stride = kernel if stride is None else stride
    eH, eW = _overhang(size, kernel, stride, padding, 1) if ceil_mode else (0, 0)
    room = F.pad(pad2d(x, padding), (0, eW, 0, eH))
    total = windows(room, kernel, stride=stride).sum(dim=(-2, -1))
    return total / _counts(x, kernel, stride, padding, (eH, eW), count_include_pad)


def avg_pool2d_backward(
    grad_out: Tensor,
    x: Tensor,
    kernel: Pair,
    *,
    stride: Pair | None = None,
    padding: Pair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """Return dL/dX for avg_pool2d: each window's gradient is shared equally by its pixels.

    grad_out: dL/dY (..., H_out, W_out). x: (..., H, W), for its shape. Returns (..., H, W).

    >>> avg_pool2d_backward(torch.tensor([[4.0]]), torch.zeros(2, 2), 2)
    tensor([[1., 1.],
            [1., 1.]])
    """
    H, W = tensor("x", x, "(..., H, W)", real=True).shape[-2:]
    _check_settings(kernel, padding, ceil_mode=ceil_mode, count_include_pad=count_include_pad)
    stride = kernel if stride is None else stride
    (kH, kW), (sH, sW) = pair(kernel, "kernel", minimum=1), pair(stride, "stride", minimum=1)
    pH, pW = pair(padding, "padding")
    eH, eW = _overhang((H, W), kernel, stride, padding, 1) if ceil_mode else (0, 0)
    counts = _counts(x, kernel, stride, padding, (eH, eW), count_include_pad)
    H_out, W_out = counts.shape
    _check_gradient(grad_out, x, (*x.shape[:-2], H_out, W_out))
    share = grad_out / counts
    room = x.new_zeros((*x.shape[:-2], H + 2 * pH + eH, W + 2 * pW + eW))
    for a in range(kH):  # pixel (a, b) of every window at once
        for b in range(kW):
            room[..., a : a + sH * H_out : sH, b : b + sW * W_out : sW] += share
    return room[..., pH : pH + H, pW : pW + W]


def _counts(
    x: Tensor, kernel: Pair, stride: Pair, padding: Pair, over: tuple[int, int], count_pad: bool
) -> Tensor:
    """Return by how much each window's sum is divided: (H_out, W_out)."""
    real = torch.ones(x.shape[-2:], dtype=x.dtype, device=x.device)
    counted = F.pad(pad2d(real, padding, float(count_pad)), (0, over[1], 0, over[0]))
    return windows(counted, kernel, stride=stride).sum(dim=(-2, -1))


def _overhang(
    size: Pair, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair
) -> tuple[int, int]:
    """Return how many rows and columns the extra windows of `ceil_mode` hang over the end."""
    whole = output_sizes(size, kernel, stride=stride, padding=padding, dilation=dilation)
    values = (size, kernel, stride, padding, dilation)
    axes = zip(whole, *(pair(value, "size") for value in values), strict=True)
    over = []
    for count, n, k, s, p, d in axes:
        start, end = count * s, count * s + d * (k - 1) + 1  # of one window more
        left_out = start - s + d * (k - 1) + 1 < n + 2 * p
        over.append(end - n - 2 * p if left_out and start < n + p else 0)
    return over[0], over[1]


def _check_settings(kernel: Pair, padding: Pair, **flags: bool) -> None:
    for name, value in flags.items():
        flag(name, value)
    sizes, margins = pair(kernel, "kernel", minimum=1), pair(padding, "padding")
    for size, margin in zip(sizes, margins, strict=True):
        if margin > size // 2:
            raise ValueError(
                f"padding is {padding}; expected at most half of the kernel {kernel}, "
                "or a window could hold padding alone"
            )


def _check_gradient(grad_out: Tensor, x: Tensor, shape: Sequence[int]) -> None:
    if tensor("grad_out", grad_out).shape != tuple(shape):
        raise ValueError(
            f"grad_out has shape {tuple(grad_out.shape)}; expected {tuple(shape)}, the output's"
        )
    if grad_out.dtype != x.dtype:
        raise ValueError(f"grad_out is {grad_out.dtype}, x is {x.dtype}; expected the same")
