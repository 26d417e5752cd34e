"""A learner's notebook as plain JSON: nothing that a tool put into it is lost or made to fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coursekit.exercises.calls import readings

__all__ = [
    "Cell",
    "Notebook",
    "UnreadableError",
    "bare",
    "check_cells",
    "dumps",
    "folded",
    "read",
    "source",
    "text",
]

FOLD = "<details><summary>What that means, once the cell above has run</summary>"

Cell = dict[str, Any]
Notebook = dict[str, Any]


class UnreadableError(ValueError):
    """What is there is no notebook of format 4, or cannot be written again."""


def read(path: Path) -> Notebook:
    """Return the notebook in the file.

    Raises UnreadableError where the file is no JSON, or no notebook of format 4.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError, IsADirectoryError) as error:
        raise UnreadableError("it is damaged: no JSON can be read from it") from error
    if not isinstance(found, dict) or found.get("nbformat") != 4:
        raise UnreadableError("it is not a notebook of format 4")
    check_cells(found.get("cells"))
    return found


def folded(cells: list[Cell]) -> list[Cell]:
    """Return the cells, with what reads out the answer of a guess folded, until it is opened."""
    reads = readings((cell["cell_type"], source(cell)) for cell in cells)
    return [_fold(cell) if told else cell for cell, told in zip(cells, reads, strict=True)]


def bare(cell: Cell) -> Cell:
    """Return the cell as if nobody had run it."""
    unrun = {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}
    return {**cell, **unrun}


def check_cells(cells: object) -> None:
    """Raise UnreadableError where these are not a notebook's cells."""
    if not isinstance(cells, list) or not all(map(_is_cell, cells)):
        raise UnreadableError("it is damaged: its cells are not cells")


def dumps(notebook: Notebook) -> str:
    """Return the file's text, as JupyterLab writes it.

    Raises UnreadableError for a text that no file can hold (half a surrogate pair).
    """
    written = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    try:
        written.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UnreadableError("it holds characters that cannot be written") from error
    return written


def source(cell: Cell) -> str:
    """Return what stands in the cell; the file may hold it as a list of lines."""
    held = cell["source"]
    return held if isinstance(held, str) else "".join(held)


def text(cell: Cell) -> tuple[str, str, str]:
    """Return all that an author or a learner puts into a cell: outputs and metadata are none."""
    attachments = json.dumps(cell.get("attachments") or {}, sort_keys=True)
    return cell["cell_type"], source(cell), attachments


def _fold(cell: Cell) -> Cell:
    # Markdown inside of HTML is read as such behind an empty line.
    return {**cell, "source": f"{FOLD}\n\n{source(cell)}\n\n</details>"}


def _is_cell(cell: object) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        return False
    if not isinstance(cell.get("metadata", {}), dict):
        return False
    held = cell.get("source")
    whole = isinstance(held, str)
    return whole or (isinstance(held, list) and all(isinstance(line, str) for line in held))
