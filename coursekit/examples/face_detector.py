"""A drawn detector, and how much a map changes when its input moves."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import torch
from torch import Tensor

from coursekit import ops
from coursekit.arguments import tensor
from coursekit.contracts import Index, checks_arguments
from coursekit.examples.drawings import drawing
from coursekit.shapes import Pads, pair

__all__ = ["change", "detect", "scene"]

THRESHOLD = 20  # of 49: below the perfect match, above everything else in the scenes


def _no_negative(name: str, value: object) -> None:
    if not bool((tensor(name, value, real=True) >= 0).all()):
        raise ValueError(f"{name} holds numbers below 0, or none; expected 0 or more")


@checks_arguments
def scene(row: Index, column: Index, *, size: Pads = (14, 18)) -> Tensor:
    """Return paper (-1) with a cat's face (7, 7) whose top left pixel is at (row, column).

    size: (H, W), the shape that comes back, float32 of 1 and -1. row, column: from 0.
    Raises ValueError where the face would not lie inside.

    >>> scene(0, 1, size=(7, 8)).shape
    torch.Size([7, 8])
    """
    face = drawing("cat face")
    (H, W), (kH, kW) = pair(size, "size"), face.shape
    if min(H - kH, W - kW) < 0:
        raise ValueError(f"size is {size}; expected at least {(kH, kW)}, as the face has")
    if not (row <= H - kH and column <= W - kW):
        raise ValueError(
            f"row, column is {(row, column)}; expected at most {(H - kH, W - kW)} in {H}×{W}"
        )
    paper = -torch.ones(H, W)
    paper[row : row + kH, column : column + kW] = face
    return paper


@checks_arguments
def detect(image: Annotated[Tensor, partial(tensor, axes="(H, W)")]) -> Tensor:
    """Return the response of the face detector: its match score less a threshold, through ReLU.

    image: (H, W) of 1 and -1. Returns (H - 6, W - 6): 29 where a face begins, 0 elsewhere.
    Raises ValueError for an image smaller than the face.

    >>> int(detect(scene(3, 4)).sum())
    29
    """
    H, W = image.shape
    if min(H, W) < 7:
        raise ValueError(f"image has shape {(H, W)}; expected at least (7, 7), as the face has")
    return (ops.corr2d(image, drawing("cat face")) - THRESHOLD).clamp(min=0)


@checks_arguments
def change(
    before: Annotated[Tensor, _no_negative], after: Annotated[Tensor, _no_negative]
) -> float:
    """Return how much two maps without negative numbers differ: 0 if equal, 1 if disjoint.

    The sum of |before - after|, divided by the sum of both maps; 0 where both are empty of heat.
    before, after: of the same shape, whatever it is.
    Raises ValueError for numbers below 0, or two shapes.

    >>> change(torch.tensor([1.0, 0, 3]), torch.tensor([0.0, 1, 3]))
    0.25
    """
    if before.shape != after.shape:
        raise ValueError(
            f"after has shape {tuple(after.shape)}; expected {tuple(before.shape)}, as before has"
        )
    total = (before + after).sum()
    return ((before - after).abs().sum() / total).item() if total else 0.0
