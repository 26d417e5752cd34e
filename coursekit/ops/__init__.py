"""Convolution and pooling, short and vectorised, equal to torch.nn.functional.

Where PyTorch has a function of the same name, ours takes the same arguments in the same order; the
first one is called x.

Every function slides a window: `windows` makes all of them visible as one view of the input, and
what follows is a sum, a mean or a maximum over the window's axes.
Shapes are (N, C, H, W), weights (C_out, C_in, kH, kW), pairs (height, width).
"""

from coursekit.ops.convolution import conv2d, convolve2d, corr2d, im2col
from coursekit.ops.pooling import avg_pool2d, max_pool2d, winners
from coursekit.ops.pooling_gradients import avg_pool2d_backward, max_pool2d_backward
from coursekit.ops.sliding import pad2d, windows

__all__ = [
    "avg_pool2d",
    "avg_pool2d_backward",
    "conv2d",
    "convolve2d",
    "corr2d",
    "im2col",
    "max_pool2d",
    "max_pool2d_backward",
    "pad2d",
    "windows",
    "winners",
]
