"""Exercises that have got another number: the learner's record of them goes along."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coursekit.desk.update.notebook import Cell, source
from coursekit.desk.update.pairing import pair
from coursekit.exercises import answers, progress
from coursekit.exercises.calls import calls

__all__ = ["exercises", "renumber"]


def exercises(cells: Sequence[Cell]) -> list[str]:
    """Return the ids of the exercises that these cells check, in order, each once."""
    found = (calls(source(cell)) for cell in cells if cell["cell_type"] == "code")
    return list(dict.fromkeys(call.id for in_cell in found for call in in_cell))


def renumber(home: Path, given: Sequence[Cell], new: Sequence[Cell]) -> list[str]:
    """Return a line for each exercise that has another number now; its record is moved there.

    home: the `.coursekit` folder. The record of an exercise whose number has gone to another, and
    that is no more, is kept under the name of the old one.
    """
    moved = _moved(given, new)
    if not moved:
        return []
    lost = {id: f"{id} (before)" for id in moved.values() if id not in moved}
    known = set(exercises(given))
    names = {**{id: name for id, name in lost.items() if id in known}, **moved}
    progress.rename(names, home)
    answers.rename(names, home)
    return [f"  exercise {old} is {now} now" for old, now in moved.items()]


def _moved(given: Sequence[Cell], new: Sequence[Cell]) -> dict[str, str]:
    moved = {}
    for cell, place in zip(new, pair(new, given), strict=True):
        if place is None:
            continue
        before, after = exercises([given[place]]), exercises([cell])
        if len(before) == len(after) == 1 and before != after:
            moved[before[0]] = after[0]
    return moved
