"""The answers without a name that stand in many learners' copies; their files are only read."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from coursekit.exercises.judging.source import AT_MOST
from coursekit.exercises.progress import FILE, FOLDER

__all__ = ["Collected", "collect"]

DEPTH = 6  # folders below DIR
ROWS = 5000  # answers of one copy
BYTES = 1_000_000  # of one value, of which a few in one row could take minutes to compute
SECONDS = 5.0  # for reading one copy: a file from elsewhere may hold a view without an end
TABLE = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'unnamed'"
QUERY = (
    "SELECT exercise, status, source FROM unnamed WHERE typeof(exercise) = 'text' AND "
    f"typeof(status) = 'text' AND typeof(source) = 'text' AND length(source) <= {AT_MOST} "
    f"ORDER BY rowid LIMIT {ROWS}"
)


@dataclass(frozen=True)
class Collected:
    """What was found: (exercise, status, source) -> the copies that hold it, and the files.

    damaged: those that cannot be read.
    """

    answers: dict[tuple[str, str, str], list[Path]]
    files: list[Path]
    damaged: list[Path]


def collect(folders: Iterable[Path]) -> Collected:
    """Return the answers in all copies in these folders, each a copy or a folder of copies.

    Raises ValueError where a folder does not exist or holds no copy.
    """
    files = sorted({file for folder in folders for file in _files_in(folder)})
    answers: dict[tuple[str, str, str], list[Path]] = {}
    damaged = []
    for file in files:
        try:
            for answer in _read(file):
                answers.setdefault(answer, []).append(file)
        except (sqlite3.Error, OSError):
            damaged.append(file)
    return Collected(dict(sorted(answers.items())), files, damaged)


def _files_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise ValueError(f"DIR is {folder}; there is no such folder")
    found = list(_progress_files(folder.resolve()))
    if not found:
        raise ValueError(
            f"DIR is {folder}, in which no copy of the lessons keeps progress; "
            f"expected a learner's folder, or one that holds such folders at most {DEPTH} deep"
        )
    return found


def _progress_files(folder: Path) -> Iterator[Path]:
    """Give each progress file below a folder, without following a link."""
    for here, folders, _ in os.walk(folder):
        path = Path(here)
        file = path / FOLDER / FILE
        if FOLDER in folders and not file.parent.is_symlink() and not file.is_symlink():
            yield from [file] if file.is_file() else []
        deep = len(path.relative_to(folder).parts) >= DEPTH
        folders[:] = [] if deep else [name for name in folders if not name.startswith(".")]


def _read(file: Path) -> list[tuple[str, str, str]]:
    """Return (exercise, status, source) of each answer; none where the course kept none yet."""
    until = time.monotonic() + SECONDS
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=1)) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        database.set_progress_handler(lambda: time.monotonic() > until, 100)  # a few rows
        if hasattr(database, "setlimit"):  # of Python 3.11 and later
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, BYTES)
        there = database.execute(TABLE).fetchone()[0]
        return database.execute(QUERY).fetchall() if there else []
