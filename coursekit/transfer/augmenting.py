"""Colour images changed at random, a batch at a time, so that a network sees none of them twice.

For `fit` and `fine_tune`: drawn from PyTorch's own random numbers, which these seed.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit.contracts import checks_arguments
from coursekit.transfer.preprocessing import Batch

__all__ = ["augment"]


@checks_arguments
def augment(batch: Batch) -> Tensor:
    """Return the batch, each image moved, mirrored, recoloured, some blurred, on its own.

    batch: float32 (N, 3, H, W), normalised, so that 0 is a middle gray. The same shape comes back.
    Raises ValueError for bytes, which `preprocess` has not seen yet.
    """
    if not batch.is_floating_point():
        raise ValueError(f"batch is {batch.dtype}; expected torch.float32, normalised")
    return _recolour(_blur(_move(batch)))


def _move(batch: Tensor) -> Tensor:
    """Turn by up to 15°, scale by 0.85 to 1.18, shift by up to 8 % of the size, mirror half."""
    count = len(batch)
    turn = _even(count, -15, 15) * math.pi / 180  # (N,), in radians
    scale = torch.exp(_even(count, math.log(0.85), math.log(1.18)))  # as often up as down
    mirror = torch.where(_even(count, 0, 1) < 0.5, -1.0, 1.0)
    sine, cosine = torch.sin(turn) * scale, torch.cos(turn) * scale
    shift = _even(2 * count, -0.16, 0.16).view(count, 2)  # the image spans -1 to 1
    # Where in the old image each pixel of the new one comes from: (N, 2, 3), shifts last.
    rows = (
        torch.stack([mirror * cosine, -sine, shift[:, 0]], dim=1),
        torch.stack([mirror * sine, cosine, shift[:, 1]], dim=1),
    )
    grid = F.affine_grid(torch.stack(rows, dim=1), list(batch.shape), align_corners=False)
    # The grid is (N, H, W, 2). Reflected: a border of one colour would tell how far it was moved.
    return F.grid_sample(batch, grid, padding_mode="reflection", align_corners=False)


def _blur(batch: Tensor) -> Tensor:
    """Blend a quarter of the images with a 3×3 mean of themselves."""
    share = _even(len(batch), -3, 1).clamp_min(0).view(-1, 1, 1, 1)  # 0 for three in four
    smooth = F.avg_pool2d(batch, 3, stride=1, padding=1, count_include_pad=False)
    return torch.lerp(batch, smooth, share)


def _recolour(batch: Tensor) -> Tensor:
    """Change brightness, contrast and cast; take the colour from an eleventh of the images."""
    count = len(batch)
    gray = batch.mean(dim=1, keepdim=True).expand_as(batch)  # (N, 1, H, W) -> (N, 3, H, W)
    colour = _even(count, -0.1, 1).view(-1, 1, 1, 1)  # below 0 for one in eleven
    batch = torch.where(colour < 0, gray, torch.lerp(gray, batch, 0.5 + colour))
    contrast = torch.exp(_even(count, -0.4, 0.4)).view(-1, 1, 1, 1)
    cast = _even(3 * count, -0.3, 0.3).view(count, 3, 1, 1)  # one number for each channel
    return batch * contrast + cast + _even(count, -0.4, 0.4).view(-1, 1, 1, 1)


def _even(count: int, low: float, high: float) -> Tensor:
    return low + (high - low) * torch.rand(count)
