"""Which cell is which, between two versions of a notebook."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from coursekit.desk.update.notebook import Cell, text

__all__ = ["pair", "with_ids"]

ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")  # what the notebook format allows


def pair(
    cells: Sequence[Cell], others: Sequence[Cell], *, by_place: bool = False
) -> list[int | None]:
    """Return for each cell the index of its counterpart among the others, or None.

    By id; of several cells with one id, the one whose text is the same, or else the first. Then by
    equal text, in order, for what is left: tools lose ids, or give new ones.
    by_place: what has lost its id and was changed is then paired by its place, where between two
        cells that are paired there are as many on both sides, of the same types.
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
    return _placed(cells, others, found) if by_place else found


def _placed(
    cells: Sequence[Cell], others: Sequence[Cell], found: list[int | None]
) -> list[int | None]:
    """Return the pairs, and those that the places between them leave no doubt about."""
    there = {_id(other) for other in others}
    # An editor that gives new ids gives them to all cells; without one, a cell has lost its own.
    all_new = not any(_id(cell) in there for cell in cells)
    placed, start, before = list(found), 0, -1
    for end, other in enumerate([*found, len(others)]):
        if other is None:
            continue
        gap, missing = cells[start:end], range(before + 1, other)
        kinds = [cell["cell_type"] for cell in gap]
        if (
            kinds == [others[place]["cell_type"] for place in missing]
            and not set(missing) & set(found)
            and all(all_new or not _id(cell) for cell in gap)
        ):
            placed[start:end] = missing
        start, before = end + 1, other
    return placed


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
