"""Small pictures, drawn in text: `#` is 1, everything else is -1."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import torch
from torch import Tensor

from coursekit.arguments import one_of
from coursekit.contracts import checks_arguments

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


@checks_arguments
def drawing(name: Annotated[str, partial(one_of, options=DRAWINGS)]) -> Tensor:
    """Return the drawing of that name: (H, W) float32 of 1 and -1.

    Raises ValueError with the names that there are, where there is none of that name.

    >>> int((drawing("X") == 1).sum())
    13
    """
    rows = DRAWINGS[name].split()
    # Not 0 for paper: then a match of paper with paper would count for nothing in a correlation.
    return torch.tensor([[1.0 if mark == "#" else -1.0 for mark in row] for row in rows])
