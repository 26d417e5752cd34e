"""The board: one picture for each thing that may happen to an X, and some that are no X.

Every lesson ends by showing it to the detector that the lesson has built.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit.examples.drawings import drawing

__all__ = ["PAPER", "SIZE", "board", "copies", "is_x", "survives"]

SIZE = 13  # pixels, height and width: an X of 7 with room to move
PAPER = -1.0
NOISE = 8  # pixels of 169 that turn over
X_LIKE = ("X", "deformed", "shifted", "shrunk", "rotated", "thick", "noisy")


@cache
def board() -> dict[str, Tensor]:
    """Return the pictures by name: (13, 13) float32 of 1 for ink and -1 for paper.

    The first seven are an X: as it is, deformed, shifted, shrunk, rotated, thick, noisy. The others
    are none: a plus, an O, a triangle, a single diagonal, and the parts of an X, apart.
    """
    X = _on_paper("X")
    return {
        "X": X,
        "deformed": _on_paper("deformed X"),
        "shifted": X.roll((2, 3), (0, 1)),  # it stays whole: three rows and columns are free
        "shrunk": _on_paper("shrunk X"),
        "rotated": _on_paper("rotated X"),
        "thick": torch.maximum(X, X.roll(1, 1)),
        "noisy": copies(X, 1, noise=NOISE)[0],
        "plus": _on_paper("plus"),
        "O": _on_paper("O"),
        "triangle": _on_paper("triangle"),
        "diagonal": _on_paper("diagonal"),
        "parts": _on_paper("parts of an X"),
    }


def is_x(name: str) -> bool:
    """Return whether the picture of that name shows an X."""
    return name in X_LIKE


def copies(picture: Tensor, count: int, *, noise: int, seed: int = 3) -> Tensor:
    """Return noisy copies (count, H, W) of a picture (H, W) of ±1: in each, `noise` pixels turn."""
    generator = torch.Generator().manual_seed(seed)
    result = picture.repeat(count, 1, 1)
    for copy in result:
        turned = torch.randperm(picture.numel(), generator=generator)[:noise]
        copy.view(-1)[turned] *= -1
    return result


def survives(detector: Callable[[Tensor], bool]) -> dict[str, bool]:
    """Return for each picture whether the detector is right about it.

    detector: (13, 13) -> whether it takes the picture for an X.
    """
    return {
        name: bool(detector(picture.clone())) == is_x(name) for name, picture in board().items()
    }


def _on_paper(name: str) -> Tensor:
    small = drawing(name)  # (9, 9) or, as it is, (13, 13)
    return F.pad(small, [(SIZE - small.shape[0]) // 2] * 4, value=PAPER)
