"""Which notebooks a class has handed in, and what is amiss with them; none is opened here."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.authoring.lesson import Lesson

__all__ = ["AGAIN", "MISNAMED", "NOTHING", "TWICE", "UNGRADED", "Class", "HandIn", "find"]

DEPTH = 4  # folders below a learner's
NUMBER = re.compile(r"(?<!\d)(\d\d)_")
DATED = re.compile(r"\d{4}-\d\d-\d\d")  # what `coursekit lab --fresh` calls the copy that it keeps
NOT_A_LEARNER = {"notebooks", "lessons", "build", "data", "source", "release", "feedback"}

NOTHING = "handed in nothing"
MISNAMED = "misnamed"
TWICE = "handed in twice"
UNGRADED = "not graded yet"
AGAIN = "handed in again after it was graded"


@dataclass(frozen=True)
class HandIn:
    """What one learner has handed in for one lesson.

    path: the notebook that counts, or None.
    troubles: what is amiss -> the names of the files that it concerns.
    """

    learner: str
    lesson: Lesson
    path: Path | None
    troubles: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Class:
    """The learners, in order; their hand-ins, one for each learner and lesson; how it was read."""

    folder: Path
    kind: str
    learners: tuple[str, ...]
    hand_ins: tuple[HandIn, ...]


def find(folder: Path, lessons: Sequence[Lesson]) -> Class:
    """Return what stands in nbgrader's folder of a course, or in a folder of learners' copies.

    A lesson of which nobody has a notebook is left out.

    Raises ValueError where there is no such folder, or no notebook of these lessons in it.
    """
    folder = folder.expanduser()
    if not folder.is_dir():
        what = "which is a file" if folder.exists() else "which does not exist"
        raise ValueError(f"DIR is {folder}, {what}; expected a folder of notebooks")
    graded = any((folder / step).is_dir() for step in ("autograded", "submitted"))
    found = _nbgraders(folder, lessons) if graded else _copies(folder, lessons)
    there = {hand_in.lesson.name for hand_in in found.hand_ins if NOTHING not in hand_in.troubles}
    kept = tuple(hand_in for hand_in in found.hand_ins if hand_in.lesson.name in there)
    if not kept:
        raise ValueError(
            f"DIR is {folder}, in which no notebook is one of {_listed(lessons)}; expected "
            "nbgrader's folder, with autograded/LEARNER/LESSON/LESSON.ipynb, or a folder with "
            "LEARNER/LESSON.ipynb"
        )
    return Class(folder, found.kind, found.learners, kept)


def _nbgraders(folder: Path, lessons: Sequence[Lesson]) -> Class:
    known = set(_students(folder / "gradebook.db"))
    for step in ("submitted", "autograded"):
        known |= {path.name for path in _folders(folder / step)}
    learners = tuple(sorted(known))
    found = (_graded(folder, learner, lesson) for lesson in lessons for learner in learners)
    return Class(folder, "nbgrader's folder", learners, tuple(found))


def _graded(folder: Path, learner: str, lesson: Lesson) -> HandIn:
    """Return a hand-in of nbgrader's: what it has graded counts."""
    submitted, autograded = (
        folder / step / learner / lesson.name for step in ("submitted", "autograded")
    )
    wanted = f"{lesson.name}.ipynb"
    files = [path for path in _notebooks(submitted, 0) if not DATED.search(path.name)]
    strange = tuple(path.name for path in files if path.name != wanted)
    path = autograded / wanted
    troubles: dict[str, tuple[str, ...]] = {}
    if strange:
        troubles[TWICE if len(strange) < len(files) else MISNAMED] = strange
    if not path.is_file():
        if len(strange) < len(files):
            troubles[UNGRADED] = (wanted,)
        elif not strange:
            troubles[NOTHING] = ()
        return HandIn(learner, lesson, None, troubles)
    stamps = [_stamp(step) for step in (submitted, autograded)]
    if all(stamps) and stamps[0] != stamps[1]:
        troubles[AGAIN] = (wanted,)
    return HandIn(learner, lesson, path, troubles)


def _copies(folder: Path, lessons: Sequence[Lesson]) -> Class:
    own = any(_of(path, lessons) for path in _notebooks(folder, 0))
    folders = [] if own else [f for f in _folders(folder) if f.name not in NOT_A_LEARNER]
    if own or not folders:
        folders = [folder]
    learners = {path.resolve().name if own else path.name: path for path in folders}
    files = {
        name: [file for file in _notebooks(path, DEPTH) if not DATED.search(file.name)]
        for name, path in learners.items()
    }
    found = tuple(
        _copy(name, lesson, [file for file in files[name] if _of(file, [lesson])])
        for lesson in lessons
        for name in sorted(learners)
    )
    return Class(folder, "a folder of learners' copies", tuple(sorted(learners)), found)


def _copy(learner: str, lesson: Lesson, files: list[Path]) -> HandIn:
    """Return a hand-in of a learner's copy: the notebook that has the right name counts."""
    named = [path for path in files if path.stem == lesson.name]
    strange = [path for path in files if path.stem != lesson.name]
    troubles: dict[str, tuple[str, ...]] = {}
    if len(files) > 1:
        counted = (named or strange)[0]
        troubles[TWICE] = tuple(path.name for path in files if path != counted)
    if not named and strange:
        troubles[MISNAMED] = (strange[0].name,)
    if not files:
        troubles[NOTHING] = ()
    return HandIn(learner, lesson, next(iter([*named, *strange]), None), troubles)


def _of(path: Path, lessons: Iterable[Lesson]) -> bool:
    """Return whether a file's name is, or was made from, that of one of these lessons."""
    numbers = {int(number) for number in NUMBER.findall(path.stem)[:1]}
    return any(lesson.name in path.stem or lesson.number in numbers for lesson in lessons)


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))


def _notebooks(folder: Path, depth: int) -> list[Path]:
    """Return the notebooks in a folder and so many below it; no link and no hidden one."""
    found = []
    for here, below, names in os.walk(folder):
        path = Path(here)
        deep = len(path.relative_to(folder).parts) >= depth
        below[:] = [] if deep else sorted(name for name in below if not name.startswith("."))
        files = (path / name for name in sorted(names) if not name.startswith("."))
        found += [file for file in files if file.suffix == ".ipynb" and not file.is_symlink()]
    return found


def _students(gradebook: Path) -> list[str]:
    """Return the class list that nbgrader keeps; none where there is no gradebook to be read."""
    if not gradebook.is_file():
        return []
    try:
        uri = f"{gradebook.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=1)) as database:
            return [str(id) for (id,) in database.execute("SELECT id FROM student")]
    except sqlite3.Error:
        return []


def _stamp(folder: Path) -> str:
    try:
        return (folder / "timestamp.txt").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _listed(lessons: Sequence[Lesson]) -> str:
    return ", ".join(lesson.name for lesson in lessons)
