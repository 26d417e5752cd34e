"""A lesson that the learner has begun and the course has changed, brought together.

Three versions: `given`, what the learner was given; `mine`, what they made of it; `new`, what the
course has now. Cells are paired by id, or by equal text where a tool has lost or renewed the ids.

    the learner's cell          the course's cell    what becomes of it
    as given                    changed              the new version, without output
    changed                     as given             the learner's
    changed                     changed              the learner's, above the new one as text
    deleted                     as given, changed    stays deleted
    added, a copy, half of one  -                    stays, behind the cell that it follows
    as given                    taken out            taken out
    changed                     taken out            the learner's
    -                           new                  behind the one that it follows in the course

Running a cell, folding it or clearing its output does not change it. Where the course has put its
cells in another order, that order holds, unless the learner has moved cells: then theirs does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from coursekit.desk.update.notebook import Cell, bare, text
from coursekit.desk.update.offer import is_stale, offer
from coursekit.desk.update.pairing import pair, with_ids

__all__ = ["Change", "merge"]


@dataclass(frozen=True)
class Change:
    """What the course did to one cell of a lesson.

    what: updated, new, removed, offered, dropped (by the course, kept by the learner) or declined
    (changed by the course, deleted by the learner).
    """

    what: str
    cell: Cell


@dataclass
class _Group:
    """A cell of the course, and the learner's own cells that follow it.

    place: where the cell stands in `new`.
    """

    place: int
    cells: list[Cell] = field(default_factory=list)


def merge(
    given: Sequence[Cell], mine: Sequence[Cell], new: Sequence[Cell]
) -> tuple[list[Cell], list[Change]]:
    """Return the cells of the learner's new notebook, each with an id of its own, and the changes.

    No cell that the learner has written, changed or copied is left out. The arguments stay as
    they are.
    """
    return _Merge(given, mine, new).result()


class _Merge:
    def __init__(self, given: Sequence[Cell], mine: Sequence[Cell], new: Sequence[Cell]) -> None:
        self.given, self.new = given, new
        self.names = {cell.get("id") for cell in new}
        self.changes: list[Change] = []
        comes_from = pair(new, given)
        self.now = {place: index for index, place in enumerate(comes_from) if place is not None}
        self.added = [index for index, place in enumerate(comes_from) if place is None]
        was = pair(mine, given, by_place=True)
        replaced = {
            str(new[n].get("id")) for g, n in self.now.items() if g in was and self._differ(g, n)
        }
        current = [index for index, cell in enumerate(mine) if not is_stale(cell, replaced)]
        self.mine, self.was = [mine[i] for i in current], [was[i] for i in current]

    def result(self) -> tuple[list[Cell], list[Change]]:
        groups = self._groups()
        kept = [place for place in self.was if place in self.now]
        if kept == sorted(kept):
            groups[1:] = sorted(groups[1:], key=lambda group: group.place)
        self._insert(groups)
        self._declined()
        cells = [cell for group in groups for cell in group.cells]
        return with_ids(cells), self.changes

    def _groups(self) -> list[_Group]:
        """Return the learner's cells, each behind the cell of the course that it follows."""
        groups = [_Group(-1)]
        arrived = self._arrived()
        for index, cell in enumerate(self.mine):
            given = self.was[index]
            place = arrived.get(index) if given is None else self.now.get(given)
            if place is not None:
                groups.append(_Group(place))
            groups[-1].cells += self._versions(cell, given, place)
        return groups

    def _versions(self, cell: Cell, given: int | None, place: int | None) -> list[Cell]:
        """Return what stands for one of the learner's cells: itself, a new version, or both."""
        if given is None:
            return [self._own(cell) if place is None else self._named(cell, place)]
        changed = text(cell) != text(self.given[given])
        if place is None:
            self.changes.append(Change("dropped" if changed else "removed", cell))
            return [self._own(cell)] if changed else []
        new = self.new[place]
        if not self._differ(given, place) or text(new) == text(cell):
            return [self._named(cell, place)]
        self.changes.append(Change("offered" if changed else "updated", new))
        if changed:
            return [self._named(cell, place), offer(new)]
        return [_renewed(cell, self.given[given], new)]

    def _differ(self, given: int, place: int) -> bool:
        return text(self.given[given]) != text(self.new[place])

    def _named(self, cell: Cell, place: int) -> Cell:
        return {**cell, "id": self.new[place].get("id")}

    def _own(self, cell: Cell) -> Cell:
        """Return the learner's cell, without an id that the course uses for another."""
        return cell if cell.get("id") not in self.names else {**cell, "id": None}

    def _arrived(self) -> dict[int, int]:
        """Return which of the learner's cells are new ones of the course, there already."""
        own = [index for index, place in enumerate(self.was) if place is None]
        found = pair([self.mine[i] for i in own], [self.new[n] for n in self.added])
        pairs = ((own[i], self.added[n]) for i, n in enumerate(found) if n is not None)
        return {i: n for i, n in pairs if text(self.mine[i]) == text(self.new[n])}

    def _insert(self, groups: list[_Group]) -> None:
        there = {group.place for group in groups}
        for place in self.added:
            if place in there:
                continue
            before = max(group.place for group in groups if group.place < place)
            spot = next(i for i, group in enumerate(groups) if group.place == before)
            groups.insert(spot + 1, _Group(place, [bare(self.new[place])]))
            self.changes.append(Change("new", self.new[place]))

    def _declined(self) -> None:
        for given, place in self.now.items():
            if given not in self.was and self._differ(given, place):
                self.changes.append(Change("declined", self.new[place]))


def _renewed(cell: Cell, given: Cell, new: Cell) -> Cell:
    """Return the new version; what the learner changed in the metadata, such as a fold, stays."""
    before, after = given.get("metadata", {}), cell.get("metadata", {})
    theirs = {name: held for name, held in after.items() if before.get(name) != held}
    return {**bare(new), "metadata": {**new.get("metadata", {}), **theirs}}
