"""The learner's own copy of the lessons: filled, kept, and brought up to date with the course.

What the learner is given holds no outputs: a lesson's questions stand above their answers.

A notebook that the learner has begun is never written over: what changed in the course is merged
into it (`coursekit.desk.update.merge` has the rules), and the notebook as it was is kept.
"""

from __future__ import annotations

import os
import shutil
import stat
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from coursekit.desk.update import given, notebook
from coursekit.desk.update.given import MARK
from coursekit.desk.update.merge import Change, merge
from coursekit.desk.update.place import check_folder, not_allowed
from coursekit.desk.update.renumbering import renumber
from coursekit.machine.files import replaced, write_text
from coursekit.machine.paths import course_folder, lesson_files

__all__ = ["check_number", "copy_lessons", "course_lessons", "renew", "unrun", "update_lessons"]

SHOWN = 12  # changes listed of one lesson
WORDS = {
    "updated": "brought up to date",
    "new": "new",
    "removed": "taken out by the course",
    "offered": "yours is kept; the course's new version stands below it",
    "dropped": "taken out by the course; you had changed it, so it is kept",
    "declined": "changed in the course; you had deleted it, so it is left out",
}


def course_lessons() -> list[Path]:
    """Return the course's notebooks, in order."""
    return lesson_files(course_folder("notebooks"))


def unrun(lesson: Path) -> notebook.Notebook:
    """Return a lesson as learners get it: the course's notebook, nothing run, answers folded."""
    course = notebook.read(lesson)
    return {**course, "cells": [notebook.bare(cell) for cell in notebook.folded(course["cells"])]}


def has_lessons(folder: Path) -> bool:
    """Return whether a lesson stands in the folder already."""
    return any((folder / lesson.name).is_file() for lesson in course_lessons())


def copy_lessons(folder: Path) -> list[str]:
    """Return one line for each lesson copied to the folder: only those that it lacks.

    Raises ValueError where the folder is a file, or is the course's own `notebooks`.
    """
    folder = folder.expanduser()
    check_folder(folder)
    (folder / MARK).mkdir(parents=True, exist_ok=True)
    lines = []
    for lesson in course_lessons():
        if not os.path.lexists(folder / lesson.name):  # a broken link of the learner's is theirs
            _copy_whole(lesson, folder / lesson.name)
            lines.append(f"new in {folder}: {lesson.name}")
    return lines


def renew(folder: Path, number: int) -> str:
    """Return a line saying where the old copy of a lesson went; a new one stands in its place.

    Raises ValueError for a number that no lesson has.
    """
    lesson = check_number(number)
    mine = folder.expanduser() / lesson.name
    if not mine.exists():
        return f"no copy of {lesson.name} to keep"
    kept = _free(mine.parent, f"{mine.stem}_until")
    mine.rename(kept)
    return f"your {lesson.name} is kept as {kept.name}"


def check_number(number: int) -> Path:
    """Return the course's lesson of that number; raises ValueError where there is none."""
    there = {int(lesson.name[:2]): lesson for lesson in course_lessons()}
    if number not in there:
        raise ValueError(f"--fresh is {number}; expected one of {', '.join(map(str, there))}")
    return there[number]


def update_lessons(folder: Path) -> list[str]:
    """Return what changed in the learner's lessons, in lines, after merging it into them.

    A lesson that cannot be read is named and left alone. The one saved last is merged last, so the
    order in which they were saved can still be seen from the files.
    """
    folder = folder.expanduser()
    pairs = [(folder / lesson.name, lesson) for lesson in course_lessons()]
    pairs = [(mine, lesson) for mine, lesson in pairs if mine.exists()]  # no broken links
    lines = []
    for mine, lesson in sorted(pairs, key=lambda pair: pair[0].stat().st_mtime_ns):
        try:
            lines += _update(mine, lesson)
        except notebook.UnreadableError as error:
            lines.append(f"{mine.name} is left as it is: {error}")
        except PermissionError as error:
            lines.append(f"{mine.name} is left as it is: {not_allowed(error)}")
    return lines


def _update(mine: Path, lesson: Path) -> list[str]:
    if not mine.is_file():
        raise notebook.UnreadableError("it is not a file")
    if not stat.S_IMODE(mine.stat().st_mode) & 0o222:
        raise notebook.UnreadableError("it is marked as read-only")
    known, theirs, course = given.load(mine), notebook.read(mine), unrun(lesson)
    if known is None:
        return _adopt(mine, theirs, course)
    same = _named_texts(known.cells) == _named_texts(course["cells"])
    if known.begun or given.of_content(theirs) != known.content:
        return [] if same else _merge(mine, theirs, known.cells, course)
    if given.of_content(course) != known.content:
        renumber(mine.parent / MARK, known.cells, course["cells"])
        _copy_whole(lesson, mine)
    return [] if same else [f"{mine.name}, not begun yet, is the course's new version now"]


def _merge(
    mine: Path, theirs: notebook.Notebook, before: list[notebook.Cell], course: notebook.Notebook
) -> list[str]:
    cells, changes = merge(before, theirs["cells"], course["cells"])
    merged = {**theirs, "cells": cells, "nbformat_minor": max(5, _minor(theirs))}
    content = notebook.dumps(merged)
    kept = _back_up(mine)
    write_text(mine, content)
    moved = renumber(mine.parent / MARK, before, course["cells"])
    given.store(mine, course, begun=True)
    if not changes and _texts(cells) == _texts(theirs["cells"]):
        return moved
    return [*_told(mine, changes, course["cells"]), *moved, f"  as it was before: {kept}"]


def _adopt(mine: Path, theirs: notebook.Notebook, course: notebook.Notebook) -> list[str]:
    """Take the course of today for what was given; what differs counts as the learner's."""
    there = set(_texts(theirs["cells"]))
    differing = sum(text not in there for text in _texts(course["cells"]))
    given.store(mine, course, begun=given.of_content(theirs) != given.of_content(course))
    if not differing:
        return []
    cells = "1 cell that is" if differing == 1 else f"{differing} cells that are"
    return [
        f"{mine.name}: what you were given is not known; the course has {cells} not in yours.",
        f"  Yours is left as it is, and all in it counts as yours. `coursekit lab --fresh "
        f"{int(mine.name[:2])}` gives you a new copy and keeps this one.",
    ]


def _told(mine: Path, changes: list[Change], course: list[notebook.Cell]) -> list[str]:
    lines = [f"{mine.name} has changed in the course since you began it:"]
    lines += [f"  - {_place(c.cell, course)}: {WORDS[c.what]}" for c in changes[:SHOWN]]
    if len(changes) > SHOWN:
        lines.append(f"  - and {len(changes) - SHOWN} more")
    return lines if changes else [*lines, "  only the order of its cells"]


def _place(cell: notebook.Cell, course: list[notebook.Cell]) -> str:
    """Return where a reader finds the cell: the heading above it, and how it begins."""
    until = next((i for i, other in enumerate(course) if other is cell), -1)
    above = (other for other in course[: until + 1] if other["cell_type"] == "markdown")
    headings = [first for first in map(_first_line, above) if first.startswith("#")]
    heading = headings[-1].lstrip("# ") if headings else ""
    begins = _first_line(cell).lstrip("# ")[:50]
    return f"under “{heading}”, “{begins}”" if heading and heading != begins else f"“{begins}”"


def _first_line(cell: notebook.Cell) -> str:
    return notebook.source(cell).strip().partition("\n")[0]


def _texts(cells: list[notebook.Cell]) -> list[tuple[str, str, str]]:
    return [notebook.text(cell) for cell in cells]


def _named_texts(cells: list[notebook.Cell]) -> list[tuple[str, ...]]:
    return [(str(cell.get("id")), *notebook.text(cell)) for cell in cells]


def _minor(found: notebook.Notebook) -> int:
    minor = found.get("nbformat_minor")
    return minor if isinstance(minor, int) else 0


def _back_up(mine: Path) -> Path:
    folder = mine.parent / MARK / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    kept = _free(folder, mine.stem)
    with replaced(kept) as partial:
        shutil.copy2(mine, partial)
        partial.chmod(0o644)
    return kept


def _free(folder: Path, stem: str) -> Path:
    """Return a dated name that no notebook in the folder has."""
    name = f"{stem}_{datetime.now().astimezone():%Y-%m-%d_%H%M%S}"
    names = chain([name], (f"{name}_{n}" for n in count(2)))
    return next(path for path in (folder / f"{n}.ipynb" for n in names) if not path.exists())


def _copy_whole(lesson: Path, mine: Path) -> None:
    course = unrun(lesson)
    write_text(mine, notebook.dumps(course))
    given.store(mine, course, begun=False)
