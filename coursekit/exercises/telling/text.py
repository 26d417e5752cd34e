"""A page as plain text, the same on every machine and every run."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from coursekit.exercises.telling.blocks import (
    Block,
    Cell,
    Code,
    Drawing,
    Grid,
    Words,
    cell_words,
    label,
)

WIDTH = 88
GAP = "    "


def render(headline: str, blocks: Iterable[Block]) -> str:
    """Return the blocks below their headline, as text."""
    return "\n\n".join([headline, *filter(None, map(block, blocks))])


def block(part: Block) -> str:
    """One block as text; what is folded is left out."""
    match part:
        case Words(text, line):
            return "\n".join([_wrapped(text), *([_wrapped(line, "  ")] if line else [])])
        case Code(text):
            return textwrap.indent(text, "    ")
        case Drawing(grids):
            return drawing(grids)
    return ""


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def drawing(grids: tuple[Grid, ...]) -> str:
    """Grids side by side, as many as fit on a line."""
    lines: list[list[list[str]]] = [[]]
    for columns in map(grid, grids):
        used = sum(len(other[0]) + len(GAP) for other in lines[-1])
        if lines[-1] and used + len(columns[0]) > WIDTH:
            lines.append([])
        lines[-1].append(columns)
    return "\n\n".join(_side_by_side(line) for line in lines)


def _side_by_side(columns: list[list[str]]) -> str:
    height = max(map(len, columns))
    padded = [column + [" " * len(column[0])] * (height - len(column)) for column in columns]
    rows = ("  " + GAP.join(row) for row in zip(*padded, strict=True))
    return "\n".join(row.rstrip() for row in rows)


def grid(part: Grid) -> list[str]:
    """Return a grid as lines of equal length: its label, then its rows."""
    rows = cell_words(part)
    marked = any(cell.window for row in rows for cell in row)
    words = [[_cell(cell, marked) for cell in row] for row in rows]
    width = max((len(word) for row in words for word in row), default=0)
    lines = [label(part), *("".join(word.rjust(width + 1) for word in row) for row in words)]
    if part.note:
        lines.append(part.note)
    longest = max(map(len, lines))
    return [line.ljust(longest) for line in lines]


def _cell(cell: Cell, marked: bool) -> str:
    left, right = ("[", "]") if cell.window else (" ", " ") if marked else ("", "")
    return f"{left}{cell.text}{right}{' ✗' if cell.wrong else ''}"
