"""Augmentations for `fit`: each takes a batch (N, C, H, W) and returns another, in one go.

They draw from PyTorch's own random numbers, which `fit` seeds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit.arguments import LARGEST, function, integer, number, tensor

__all__ = ["Chain", "RandomErasing", "RandomFlip", "RandomShift"]


@dataclass(frozen=True)
class RandomShift:
    """Move each image by up to `pixels` rows and columns, each image on its own.

    What comes in at the border is the darkest value of the batch, the background of a gray image.
    """

    pixels: int = 2

    def __post_init__(self) -> None:
        integer("pixels", self.pixels, minimum=0, maximum=LARGEST)

    def __call__(self, x: Tensor) -> Tensor:
        """Return the moved batch, of the same shape."""
        N, _, H, W = _batch(x).shape
        if self.pixels >= max(H, W):
            raise ValueError(f"x is {H}×{W}, and pixels {self.pixels}; expected fewer pixels")
        padded = F.pad(x, [self.pixels] * 4, value=x.min().item())
        windows = padded.unfold(2, H, 1).unfold(3, W, 1)  # (N, C, moves, moves, H, W), a view
        down, right = torch.randint(2 * self.pixels + 1, (2, N), device=x.device)
        return windows[torch.arange(N, device=x.device), :, down, right]


@dataclass(frozen=True)
class RandomFlip:
    """Mirror left and right, in this share of the images."""

    share: float = 0.5

    def __post_init__(self) -> None:
        number("share", self.share, minimum=0, maximum=1)

    def __call__(self, x: Tensor) -> Tensor:
        """Return the batch with some of its images mirrored."""
        chosen = torch.rand(len(_batch(x)), 1, 1, 1, device=x.device) < self.share
        return torch.where(chosen, x.flip(3), x)


@dataclass(frozen=True)
class RandomErasing:
    """Cover a square of `size` pixels, somewhere in each image, with the darkest value.

    Source: DeVries and Taylor, Improved regularization of convolutional neural networks with
    cutout, 2017.
    """

    size: int = 8

    def __post_init__(self) -> None:
        integer("size", self.size, minimum=1, maximum=LARGEST)

    def __call__(self, x: Tensor) -> Tensor:
        """Return the batch with a square covered in each image, cut off at the border."""
        N, _, H, W = _batch(x).shape
        rows = self._covered(N, H, x.device).view(N, 1, H, 1)
        columns = self._covered(N, W, x.device).view(N, 1, 1, W)
        return torch.where(rows & columns, x.min(), x)

    def _covered(self, count: int, length: int, device: torch.device) -> Tensor:
        """Return which places of an axis are covered: (count, length) bool."""
        first = torch.randint(1 - self.size, length, (count, 1), device=device)
        places = torch.arange(length, device=device)
        return (places >= first) & (places < first + self.size)


class Chain:
    """Several augmentations, one after the other."""

    def __init__(self, *steps: Callable[[Tensor], Tensor]) -> None:
        self.steps = tuple(function(f"steps[{i}]", step) for i, step in enumerate(steps))

    def __call__(self, x: Tensor) -> Tensor:
        """Return the batch after all steps."""
        for step in self.steps:
            x = step(x)
        return x

    def __repr__(self) -> str:
        return f"Chain({', '.join(map(repr, self.steps))})"


def _batch(x: Tensor) -> Tensor:
    if tensor("x", x, "(N, C, H, W)").numel() == 0:
        raise ValueError(f"x has shape {tuple(x.shape)}; expected at least one image")
    return x
