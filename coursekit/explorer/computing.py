"""What an explorer computes: a convolution, or a pooling channel by channel."""

from __future__ import annotations

from torch import Tensor

from coursekit import ops

__all__ = ["computed"]

Size = tuple[int, int]


def computed(
    mode: str,
    image: Tensor,
    kernel: Tensor,
    bias: Tensor,
    *,
    stride: Size,
    padding: Size,
    dilation: Size,
) -> Tensor:
    """Return what comes out: (C_out, H_out, W_out), or (C, H_out, W_out) of a pool.

    mode: "conv", "max" or "average". image: (C, H, W). kernel: (C_out, C, kH, kW), of which a pool
    takes the size alone. bias: (C_out,), which a pool has none of. stride, padding, dilation:
    (height, width).
    """
    kH, kW = kernel.shape[2:]
    steps = {"stride": stride, "padding": padding, "dilation": dilation}
    if mode == "conv":
        return ops.conv2d(image[None], kernel, bias, **steps)[0]
    if mode == "max":
        return ops.max_pool2d(image, (kH, kW), **steps)
    share = image.new_full((1, 1, kH, kW), 1 / (kH * kW))  # zeros of the padding count
    return ops.conv2d(image[:, None], share, **steps)[:, 0]  # channels as a batch: (C, 1, H, W)
