"""Tables of the exercises and of a learner's progress; every number is measured when asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from coursekit.exercises import progress, registry
from coursekit.exercises.checking import examine
from coursekit.exercises.model import Exercise

__all__ = ["Row", "progress_table", "rows", "selected", "table"]


@dataclass(frozen=True)
class Row:
    """One exercise, and how its check does on the misconceptions that it knows.

    killed: how many of them check does not take for correct.
    diagnosed: how many of them check names, alone or together with one that is documented.
    """

    id: str
    title: str
    minutes: int
    known: int
    killed: int
    diagnosed: int

    @property
    def kill_rate(self) -> float:
        """The share of misconceptions that are not taken for correct, from 0 to 1."""
        return self.killed / self.known if self.known else 0.0


def rows(lesson: int | None = None) -> list[Row]:
    """Return a row for each exercise, or for each of one lesson.

    Raises ValueError when there is no exercise in that lesson.
    """
    return [_row(exercise) for exercise in selected(lesson)]


def selected(lesson: int | None = None) -> list[Exercise]:
    """Return all exercises, or those of one lesson.

    Raises ValueError when there is no exercise in that lesson.
    """
    chosen = [e for e in registry.catalogue() if lesson in (None, e.lesson)]
    if not chosen:
        lessons = sorted({e.lesson for e in registry.catalogue()})
        raise ValueError(f"lesson is {lesson}; there are exercises in lesson {_listed(lessons)}")
    return chosen


def table(lesson: int | None = None) -> tuple[Table, bool]:
    """Return the exercises as a table, and whether every misconception is killed and named."""
    shown = Table(title="Exercises", show_footer=True)
    found = rows(lesson)
    known, killed = sum(row.known for row in found), sum(row.killed for row in found)
    shown.add_column("id", footer=str(len(found)))
    shown.add_column("title")
    numbers = {
        "minutes": sum(row.minutes for row in found),
        "misconceptions": known,
        "diagnosed": sum(row.diagnosed for row in found),
        "kill rate": f"{killed / known:.0%}",
    }
    for name, total in numbers.items():
        shown.add_column(name, justify="right", footer=str(total))
    for row in found:
        counts = (row.minutes, row.known, row.diagnosed, f"{row.kill_rate:.0%}")
        shown.add_row(row.id, row.title, *map(str, counts))
    return shown, all(row.killed == row.known == row.diagnosed for row in found)


def progress_table(folder: Path | None = None) -> Table:
    """Return which exercises are done in a learner's copy.

    folder: the learner's copy, or a folder in it; without it, the current one.
    """
    done = progress.summary(progress.folder(folder)) if progress.folder(folder) else {}
    shown = Table(title="Progress")
    for name in ("id", "title"):
        shown.add_column(name)
    shown.add_column("tries", justify="right")
    shown.add_column("done")
    for exercise in registry.catalogue():
        tries, solved = done.get(exercise.id, (0, False))
        mark = "✓ yes" if solved else "not yet" if tries else "–"
        shown.add_row(exercise.id, exercise.title, str(tries or ""), mark)
    return shown


def _row(exercise: Exercise) -> Row:
    bank = exercise.misconceptions
    found = {name: examine(exercise, known.wrong) for name, known in bank.items()}
    killed = [outcome for outcome in found.values() if outcome.status != "correct"]
    named = [name for name, outcome in found.items() if name in outcome.misconceptions]
    return Row(exercise.id, exercise.title, exercise.minutes, len(bank), len(killed), len(named))


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
