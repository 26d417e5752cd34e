"""After a restart of the kernel: which cells of a lesson make the names that a cell lacks.

Lessons are one program from top to bottom. Who goes on from the middle meets a NameError; under it
stands which cells to run first.
"""

from __future__ import annotations

import ast
import builtins
import json
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from coursekit.exercises.unrun.needs import names
from coursekit.machine import paths

__all__ = ["Cell", "lacking", "names", "tell_which_cells"]

ANSWERING = ("check", "guess", "warm_up")
LISTED = 6  # cells, above which a list of them helps nobody


class Cell(NamedTuple):
    """A lesson's code cell, and the heading that it stands under."""

    id: str
    source: str
    heading: str


def lacking(cells: Sequence[Cell], at: int, source: str, have: Collection[str]) -> list[Cell]:
    """Return the cells that make what a cell needs and `have` lacks, in the order to run them.

    at: where the cell stands among the lesson's. source: what it says, changed by a learner or not.
    Of several cells that make a name, the nearest one above counts.
    """
    known = [names(cell.source) for cell in cells]
    found: set[int] = set()
    asked = [(at, names(source)[0])]
    while asked:
        place, needs = asked.pop()
        for name in needs.difference(have, dir(builtins)):
            above = [i for i in range(place) if name in known[i][1]]
            below = [i for i in range(place + 1, len(cells)) if name in known[i][1]]
            maker = above[-1] if above else below[0] if below else at
            if maker != at and maker not in found:
                found.add(maker)
                asked.append((maker, known[maker][0]))
    return [cells[place] for place in sorted(found)]


def tell_which_cells() -> None:
    """From now on, let a NameError in this notebook say which cells of the lesson to run first."""
    known = sys.modules.get("IPython")
    shell = None if known is None else known.get_ipython()
    if shell is not None and not shell.custom_exceptions:  # else somebody looks after them
        shell.set_custom_exc((NameError,), _show)


def _show(shell: Any, kind: type, error: NameError, trace: Any, tb_offset: Any = None) -> None:
    if kind is NameError:
        with suppress(Exception):  # help that fails must not hide what it was to help with
            said = _said(shell, error.name)
            error.__notes__ = [*getattr(error, "__notes__", []), *said]  # type: ignore[attr-defined]
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def _said(shell: Any, name: str) -> list[str]:
    """Return what helps with a name that is missing, in no or one piece."""
    run = [source.strip() for source in shell.history_manager.input_hist_raw]
    if _is_letter(run[-1], name):
        return [f'A letter stands in quotes: "{name}".']
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    id = parent.get("metadata", {}).get("cellId", "")
    cells = max(_lessons(), key=lambda cells: sum(c.source.strip() in run for c in cells))
    here = [i for i, cell in enumerate(cells) if id == cell.id or run[-1] == cell.source.strip()]
    at = here[0] if here else len(cells)
    first = lacking(cells, at, f"{run[-1]}\n{name}", shell.user_ns)
    if not any(name in names(cell.source)[1] for cell in first):
        return []
    return [_told(name, first)]


def _is_letter(source: str, name: str) -> bool:
    """Return whether a name is what a question was answered with: guess("2.level", B)."""
    if len(name) != 1 or not name.isupper():
        return False
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    answers = (
        argument.id
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in ANSWERING
        for argument in call.args[1:]
        if isinstance(argument, ast.Name)
    )
    return name in answers


def _told(name: str, first: list[Cell]) -> str:
    where = [f"  under {cell.heading!r}: {cell.source.strip().splitlines()[0]}" for cell in first]
    every = "everything above: menu Run, Run All Above Selected Cell"
    if len(first) == 1:
        return f"Another cell of this lesson makes {name}. Run it first, or {every}.\n{where[0]}"
    if len(first) > LISTED:
        return f"{len(first)} other cells of this lesson make what is lacking here. Run {every}."
    others = "Other cells of this lesson make what is lacking here."
    return "\n".join([f"{others} Run them first, in this order, or {every}.", *where])


def _lessons() -> Iterator[list[Cell]]:
    """Yield each lesson's code cells, as the course has them."""
    for path in sorted(paths.course_folder("notebooks").glob("*.ipynb")):
        heading, found = "", []
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code":
                found.append(Cell(cell["id"], source, heading))
            else:
                titles = [line for line in source.splitlines() if line.startswith("#")]
                heading = titles[-1].lstrip("# ") if titles else heading
        yield found
