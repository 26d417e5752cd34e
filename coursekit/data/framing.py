"""The middle of a picture at the size that a network takes: one way of it, wherever one is read."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

__all__ = ["framed"]


def framed(images: Tensor, resize: int, size: int) -> Tensor:
    """Return the images with a shorter edge of `resize` pixels, of which the middle is cut out.

    images: uint8 (N, C, H, W). Returned: uint8 (N, C, size, size), with resize at least size.
    Bilinear, each new pixel a mean over all the old ones that it covers, as torchvision resizes.

    >>> import torch
    >>> framed(torch.zeros(2, 3, 80, 100, dtype=torch.uint8), 32, 28).shape
    torch.Size([2, 3, 28, 28])
    """
    images = _resized(images, resize)
    top, left = (round((edge - size) / 2) for edge in images.shape[-2:])
    return images[..., top : top + size, left : left + size]


def _resized(images: Tensor, shorter: int) -> Tensor:
    height, width = images.shape[-2:]
    longer = int(shorter * max(height, width) / min(height, width))  # cut off, as torchvision does
    size = (shorter, longer) if height < width else (longer, shorter)
    if size == (height, width):
        return images
    # On bytes, in whole numbers: eight times as fast as in floats, and never off by more than 1.
    return F.interpolate(images, size, mode="bilinear", antialias=True)
