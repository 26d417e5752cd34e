"""A drawn detector, and how much a map changes when its input moves."""

from __future__ import annotations

import torch
from torch import Tensor

from coursekit import ops
from coursekit.drawings import drawing

__all__ = ["change", "detect", "scene"]

THRESHOLD = 20  # of 49: below the perfect match, above everything else in the scenes


def scene(row: int, column: int, *, size: tuple[int, int] = (14, 18)) -> Tensor:
    """Return paper (-1) with a cat's face (7, 7) whose top left pixel is at (row, column).

    Raises ValueError where the face would not lie inside.

    >>> scene(0, 1, size=(7, 8)).shape
    torch.Size([7, 8])
    """
    face = drawing("cat face")
    (H, W), (kH, kW) = size, face.shape
    if not (0 <= row <= H - kH and 0 <= column <= W - kW):
        raise ValueError(
            f"row, column is {(row, column)}; expected at most {(H - kH, W - kW)} in {H}×{W}"
        )
    paper = -torch.ones(H, W)
    paper[row : row + kH, column : column + kW] = face
    return paper


def detect(image: Tensor) -> Tensor:
    """Return the response of the face detector: its match score less a threshold, through ReLU.

    image: (H, W) of 1 and -1. Returns (H - 6, W - 6): 29 where a face begins, 0 elsewhere.

    >>> int(detect(scene(3, 4)).sum())
    29
    """
    return (ops.corr2d(image, drawing("cat face")) - THRESHOLD).clamp(min=0)


def change(before: Tensor, after: Tensor) -> float:
    """Return how much two maps without negative numbers differ: 0 if equal, 1 if disjoint.

    The sum of |before - after|, divided by the sum of both maps.

    >>> change(torch.tensor([1.0, 0, 3]), torch.tensor([0.0, 1, 3]))
    0.25
    """
    total = (before + after).sum()
    return ((before - after).abs().sum() / total).item() if total else 0.0
