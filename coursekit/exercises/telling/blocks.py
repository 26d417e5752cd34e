"""The parts of a page: paragraphs, code, tensors drawn as grids, and what is folded away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from coursekit.exercises.telling.numbers import number, shape

if TYPE_CHECKING:
    from torch import Tensor

    from coursekit.exercises.model import Index


@dataclass(frozen=True)
class Words:
    """A paragraph, and below it a line of arithmetic.

    strong: the parts that are set in bold where there is bold: the names of misconceptions.
    """

    text: str
    line: str = ""
    strong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Code:
    """Lines of code, or what was printed."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A tensor of up to two axes, with some cells marked.

    size: the shape of the whole, where only a part is drawn.
    window: cells that take part in the arithmetic.
    wrong: the first cell that differs.
    signed: draw + and − before every number.
    """

    label: str
    tensor: Tensor
    size: tuple[int, ...] = ()
    window: frozenset[Index] = frozenset()
    wrong: Index | None = None
    signed: bool = False
    note: str = ""


@dataclass(frozen=True)
class Drawing:
    """Grids side by side."""

    grids: tuple[Grid, ...]


@dataclass(frozen=True)
class Fold:
    """What is folded in HTML and left out of text."""

    summary: str
    blocks: tuple[Block, ...]


Block: TypeAlias = Words | Code | Drawing | Fold


@dataclass(frozen=True)
class Cell:
    """One cell of a grid, as it is drawn."""

    text: str
    window: bool
    wrong: bool


def cell_words(grid: Grid) -> list[list[Cell]]:
    """Return the rows of a grid, as they are drawn."""
    rows = grid.tensor if grid.tensor.ndim == 2 else grid.tensor.reshape(1, -1)
    everything = len(grid.window) >= rows.numel()
    drawn = []
    for i, row in enumerate(rows.tolist()):
        drawn.append([])
        for j, value in enumerate(row):
            index = (i, j)[2 - grid.tensor.ndim :] if grid.tensor.ndim else ()
            window = index in grid.window and not everything
            drawn[-1].append(Cell(number(value, grid.signed), window, index == grid.wrong))
    return drawn


def label(grid: Grid) -> str:
    """Return the grid's name and shape."""
    return f"{grid.label}  {shape(grid.size)}" if grid.size else grid.label
