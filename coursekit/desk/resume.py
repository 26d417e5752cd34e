"""How far the learner is, and the lesson at which they stopped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coursekit.desk.update import given, notebook
from coursekit.desk.update.copies import course_lessons
from coursekit.desk.update.given import MARK
from coursekit.desk.update.renumbering import exercises
from coursekit.exercises import progress

__all__ = ["Place", "places", "stopped_at", "told"]


@dataclass(frozen=True)
class Place:
    """A lesson in the learner's copy.

    done, total: exercises. saved: when the learner last saved it, in seconds; 0 if never.
    """

    path: Path
    title: str
    done: int
    total: int
    saved: float


def places(folder: Path) -> list[Place]:
    """Return the lessons of the learner's copy, in order, as far as they are there."""
    folder = folder.expanduser()
    tried = progress.summary(folder / MARK)
    found = []
    for lesson in course_lessons():
        mine = folder / lesson.name
        if not mine.is_file():
            continue
        cells = notebook.read(lesson)["cells"]
        ids = exercises(cells)
        done = sum(tried.get(id, (0, False))[1] for id in ids)
        title = notebook.source(cells[0]).partition("\n")[0].lstrip("# ")
        found.append(Place(mine, title, done, len(ids), _saved(mine)))
    return found


def stopped_at(lessons: list[Place]) -> Place | None:
    """Return the lesson saved last; where it is done, or none was saved, the first unfinished."""
    last = max(lessons, key=lambda lesson: lesson.saved, default=None)
    if last is None or (last.saved and last.done < last.total):
        return last
    return next((lesson for lesson in lessons if lesson.done < lesson.total), last)


def told(lessons: list[Place]) -> list[str]:
    """Return a line for each lesson: its number and title, and how many exercises are done."""
    if not any(lesson.done for lesson in lessons):
        return []
    return [f"  {p.path.name[1:2]}  {p.title}: {p.done} of {p.total} done" for p in lessons]


def _saved(mine: Path) -> float:
    known = given.load(mine)
    try:
        begun = known is None or known.begun or given.of_file(mine) != known.file
    except PermissionError:  # it may not be read: then it is not where the learner stopped
        return 0.0
    return mine.stat().st_mtime if begun else 0.0
