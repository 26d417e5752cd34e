"""Small pictures, drawn in text: `#` is 1, everything else is -1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.arguments import one_of

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["DRAWINGS", "drawing"]

DRAWINGS = {
    "X": """
        .........
        .#.....#.
        ..#...#..
        ...#.#...
        ....#....
        ...#.#...
        ..#...#..
        .#.....#.
        .........""",
    "deformed X": """
        .........
        ......#..
        .#...#...
        ..##.#...
        ....#....
        ...#.##..
        ...#...#.
        ..#......
        .........""",
    "plus": """
        .........
        ....#....
        ....#....
        ....#....
        .#######.
        ....#....
        ....#....
        ....#....
        .........""",
    "cat face": """
        #.....#
        ##...##
        #######
        #..#..#
        #######
        ##.#.##
        .#####.""",
}


def drawing(name: str) -> Tensor:
    """Return the drawing of that name: (H, W) float32 of 1 and -1.

    Raises ValueError with the names that there are, where there is none of that name.

    >>> int((drawing("X") == 1).sum())
    13
    """
    import torch

    rows = DRAWINGS[one_of("name", name, DRAWINGS)].split()
    return torch.tensor([[1.0 if mark == "#" else -1.0 for mark in row] for row in rows])
