"""Which cell is which, between two versions of a notebook."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from coursekit.desk.update.notebook import Cell, text

__all__ = ["pair", "with_ids"]

ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")  # what the notebook format allows


def pair(cells: Sequence[Cell], others: Sequence[Cell]) -> list[int | None]:
    """Return for each cell the index of its counterpart among the others, or None.

    By id; of several cells with one id, the one whose text is the same, or else the first. Then by
    equal text, in order, for what is left: tools lose ids, or give new ones.
    """
    found: list[int | None] = [None] * len(cells)
    there = {other["id"]: index for index, other in enumerate(others) if _id(other)}
    claims: dict[int, list[int]] = defaultdict(list)
    for index, cell in enumerate(cells):
        if _id(cell) in there:
            claims[there[cell["id"]]].append(index)
    for other, claimants in claims.items():
        same = [i for i in claimants if text(cells[i]) == text(others[other])]
        found[(same or claimants)[0]] = other
    free: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for other in reversed(range(len(others))):
        if other not in claims:
            free[text(others[other])].append(other)
    for index, cell in enumerate(cells):
        if found[index] is None and free[text(cell)]:
            found[index] = free[text(cell)].pop()
    return found


def with_ids(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells, each with an id of its own; the first of several with one id keeps it."""
    named, used = [], set()
    taken = {_id(cell) for cell in cells}
    for cell in cells:
        name = _id(cell)
        if not name or name in used:
            name = next(f"yours-{n}" for n in range(1, len(taken) + 2) if f"yours-{n}" not in taken)
        used.add(name)
        taken.add(name)
        named.append({**cell, "id": name})
    return named


def _id(cell: Cell) -> str | None:
    name = cell.get("id")
    return name if isinstance(name, str) and ID.fullmatch(name) else None
