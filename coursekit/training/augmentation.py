"""Augmentations for `fit`: each takes a batch (N, C, H, W) and returns another, in one go.

They draw from PyTorch's own random numbers, which `fit` seeds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit.arguments import LARGEST, function, integer, number
from coursekit.contracts import Images, checks_arguments

__all__ = ["Chain", "RandomErasing", "RandomFlip", "RandomShift"]


@dataclass(frozen=True)
class RandomShift:
    """Move each image by up to `pixels` rows and columns, each image on its own.

    What comes in at the border is the darkest value of the batch, the background of a gray image.

    >>> x = torch.zeros(1, 1, 2, 3)
    >>> torch.equal(RandomShift(pixels=0)(x), x)
    True
    """

    pixels: int = 2

    def __post_init__(self) -> None:
        integer("pixels", self.pixels, minimum=0, maximum=LARGEST)

    @checks_arguments
    def __call__(self, x: Images) -> Tensor:
        """Return the moved batch: (N, C, H, W) -> (N, C, H, W).

        Raises ValueError where an image could leave its frame altogether.
        """
        N, _, H, W = x.shape
        if self.pixels >= max(H, W):
            raise ValueError(f"x is {H}×{W}, and pixels {self.pixels}; expected fewer pixels")
        # All positions are views of one padded batch: one gather, no loop over the images.
        padded = F.pad(x, [self.pixels] * 4, value=x.min().item())
        windows = padded.unfold(2, H, 1).unfold(3, W, 1)  # (N, C, moves, moves, H, W), a view
        down, right = torch.randint(2 * self.pixels + 1, (2, N), device=x.device)  # (N,) each
        return windows[torch.arange(N, device=x.device), :, down, right]


@dataclass(frozen=True)
class RandomFlip:
    """Mirror left and right, in this share of the images, from 0 to 1.

    >>> RandomFlip(share=1)(torch.tensor([[[[1, 2, 3]]]])).tolist()
    [[[[3, 2, 1]]]]
    """

    share: float = 0.5

    def __post_init__(self) -> None:
        number("share", self.share, minimum=0, maximum=1)

    @checks_arguments
    def __call__(self, x: Images) -> Tensor:
        """Return the batch with some of its images mirrored: (N, C, H, W) -> (N, C, H, W)."""
        chosen = torch.rand(len(x), 1, 1, 1, device=x.device) < self.share
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

    @checks_arguments
    def __call__(self, x: Images) -> Tensor:
        """Return the batch with a square covered in each image: (N, C, H, W) -> (N, C, H, W).

        At the border the square is cut off, so that corners are covered as often as the middle.
        """
        N, _, H, W = x.shape
        rows = self._covered(N, H, x.device).view(N, 1, H, 1)
        columns = self._covered(N, W, x.device).view(N, 1, 1, W)
        return torch.where(rows & columns, x.min(), x)

    def _covered(self, count: int, length: int, device: torch.device) -> Tensor:
        """Return which places of an axis are covered: (count, length) bool."""
        # From one pixel inside at the one end to one pixel inside at the other.
        first = torch.randint(1 - self.size, length, (count, 1), device=device)
        places = torch.arange(length, device=device)
        return (places >= first) & (places < first + self.size)


class Chain:
    """Several augmentations, one after the other."""

    def __init__(self, *steps: Callable[[Tensor], Tensor]) -> None:
        self.steps = tuple(function(f"steps[{i}]", step) for i, step in enumerate(steps))

    def __call__(self, x: Tensor) -> Tensor:
        """Return the batch after all steps: (N, C, H, W) -> (N, C, H, W)."""
        for step in self.steps:
            x = step(x)
        return x

    def __repr__(self) -> str:
        return f"Chain({', '.join(map(repr, self.steps))})"
