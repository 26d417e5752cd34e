"""What a learner has done: in memory, and in a small private file beside their lessons.

The file is `.coursekit/progress.sqlite3` in the nearest folder upwards that holds a `.coursekit`
folder; without such a folder nothing is written. It stays on the learner's machine. Where nbgrader
runs a submission, or a lesson is built, the file of whoever does that is not touched.

Beside what was tried stands the text of the last answers to which `check` had no name to give.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TypeVar

FOLDER, FILE = ".coursekit", "progress.sqlite3"
PROGRESS = "COURSEKIT_PROGRESS"  # in the environment; "off": no file is read or written
TABLES = (
    "CREATE TABLE IF NOT EXISTS attempts "
    "(exercise TEXT NOT NULL, status TEXT NOT NULL, answer TEXT NOT NULL, at TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS unnamed "
    "(exercise TEXT NOT NULL, source TEXT NOT NULL, status TEXT NOT NULL, at TEXT NOT NULL)",
)
GUESSED = "guessed"  # the status of a guess
ASKED, FINISHED = "asked", "finished"  # of a lesson's warm-up
RECALLED, MISSED = "recalled", "missed"  # of one of its questions
NO_ATTEMPT = {GUESSED, ASKED, FINISHED, RECALLED, MISSED}  # at no exercise
UNNAMED = 20  # different answers that are kept for each exercise
DAMAGED = "Your progress file was damaged; a new one is begun, and the old one is set aside."
NOT_WRITTEN = "Your progress cannot be written to this folder; it is kept until the kernel stops."
LOCKED = (
    "Your progress file is locked by another program, so this is kept until the kernel stops. "
    "Is the course open twice?"
)
WAIT = 5.0  # seconds for another program to be done with the file
T = TypeVar("T")


@dataclass(frozen=True)
class Attempt:
    """One recorded answer.

    answer: the value or letter that was locked in, or "" for a function.
    at: when, in UTC, as ISO 8601.
    """

    exercise: str
    status: str
    answer: str
    at: str


_memory: list[Attempt] = []
_troubles: list[str] = []
_said: set[str] = set()
_locked: set[Path] = set()  # `.coursekit` folders whose file was locked the last time


def folder(start: Path | None = None) -> Path | None:
    """Return the nearest `.coursekit` folder from here upwards, or None."""
    if "NBGRADER_EXECUTION" in os.environ or os.environ.get(PROGRESS) == "off":
        return None
    try:
        here = (start or Path.cwd()).resolve()
        found = (parent / FOLDER for parent in (here, *here.parents))
        return next((path for path in found if path.is_dir()), None)
    except OSError:
        return None


def record(exercise: str, status: str, answer: str = "", unnamed: str = "") -> str:
    """Remember an attempt; return a sentence for the learner where something is amiss, or "".

    unnamed: the text of a function whose mistake has no name, or "". It goes into the file alone.
    """
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    attempt = Attempt(exercise, status, answer, now)
    _memory.append(attempt)
    home = folder()
    if home is None:
        return ""
    _with_file(home, lambda file: _insert(file, attempt, unnamed))
    return _due()


def _insert(file: sqlite3.Connection, attempt: Attempt, unnamed: str) -> None:
    exercise, status, at = attempt.exercise, attempt.status, attempt.at
    insert = "INSERT INTO attempts VALUES (?, ?, ?, ?)"
    file.execute(insert, (exercise, status, attempt.answer, at))
    if not unnamed:
        return
    file.execute("DELETE FROM unnamed WHERE exercise = ? AND source = ?", (exercise, unnamed))
    file.execute("INSERT INTO unnamed VALUES (?, ?, ?, ?)", (exercise, unnamed, status, at))
    last = "SELECT rowid FROM unnamed WHERE exercise = ? ORDER BY rowid DESC LIMIT ?"
    file.execute(
        f"DELETE FROM unnamed WHERE exercise = ? AND rowid NOT IN ({last})",
        (exercise, exercise, UNNAMED),
    )


def attempts(exercise: str | None = None, home: Path | None = None) -> list[Attempt]:
    """Return what was recorded, oldest first: from the file if there is one, else from memory.

    home: a `.coursekit` folder; without it, the nearest one upwards.
    """
    home = home or folder()
    read = None
    if home is not None and (home / FILE).exists():
        query = "SELECT exercise, status, answer, at FROM attempts ORDER BY rowid"
        read = _with_file(home, lambda file: file.execute(query).fetchall(), reads=True)
    # SQLite holds any kind of value in any column; a damaged page brings some.
    whole = [row for row in read or () if all(isinstance(part, str) for part in row)]
    known = _memory if read is None else [Attempt(*row) for row in whole]
    missing = [attempt for attempt in _memory if attempt not in known] if home is None else []
    return [a for a in (*known, *missing) if exercise in (None, a.exercise)]


def is_done(exercise: str) -> bool:
    """Return whether a correct answer was given, in this kernel or in the file."""
    return any(a.status == "correct" for a in (*attempts(exercise), *_in_memory(exercise)))


def locked(exercise: str) -> list[str]:
    """Return the different answers that were locked in, in the order in which they were given."""
    both = (*attempts(exercise), *_in_memory(exercise))
    return list(dict.fromkeys(a.answer for a in both if a.answer))


def guessed(guess: str) -> str | None:
    """Return the last guess, as it was recorded, or None."""
    both = (*attempts(guess), *_in_memory(guess))
    return next((a.answer for a in reversed(both) if a.status == GUESSED), None)


def summary(home: Path | None = None) -> dict[str, tuple[int, bool]]:
    """Return for each exercise tried how many attempts there were, and whether it is done.

    Guesses and warm-ups are no attempts at an exercise, and are left out.
    """
    found: dict[str, tuple[int, bool]] = {}
    for attempt in (a for a in attempts(home=home) if a.status not in NO_ATTEMPT):
        tries, done = found.get(attempt.exercise, (0, False))
        found[attempt.exercise] = tries + 1, done or attempt.status == "correct"
    return found


def rename(new: dict[str, str], home: Path) -> None:
    """Give what is kept of each of these exercises the exercise's new id, all in one step.

    home: the `.coursekit` folder whose file it is; without a file there is nothing to do.
    """
    if not (home / FILE).exists():
        return
    cases = " ".join("WHEN ? THEN ?" for _ in new)
    change = f"SET exercise = CASE exercise {cases} ELSE exercise END"
    pairs = [id for pair in new.items() for id in pair]

    def update(file: sqlite3.Connection) -> None:
        for table in ("attempts", "unnamed"):
            file.execute(f"UPDATE {table} {change}", pairs)

    _with_file(home, update)


def forget() -> None:
    """Forget what is kept in memory; the file is left as it is."""
    _memory.clear()
    _said.clear()
    _locked.clear()
    _troubles.clear()


def _in_memory(exercise: str) -> list[Attempt]:
    return [attempt for attempt in _memory if attempt.exercise == exercise]


def _due() -> str:
    """Return what went wrong with the file and was not said yet in this kernel."""
    due = " ".join(trouble for trouble in dict.fromkeys(_troubles) if trouble not in _said)
    _said.update(_troubles)
    _troubles.clear()
    return due


def _with_file(
    home: Path, use: Callable[[sqlite3.Connection], T], *, reads: bool = False, again: bool = True
) -> T | None:
    """Return what `use` made of the file, or None; what went wrong is kept to be said.

    reads: it changes nothing, and needs no permission to. A file that another program has locked is
    waited for once in a kernel: after that, not at all.
    """
    path = home / FILE
    try:
        with _opened(path, reads) as file:
            return use(file)
    except sqlite3.OperationalError as error:
        if reads and "no such table" in str(error):
            return None
        if "locked" in str(error):
            _locked.add(home)
        _troubles.append(LOCKED if "locked" in str(error) else NOT_WRITTEN)
        return None
    except OSError:
        _troubles.append(NOT_WRITTEN)
        return None
    except sqlite3.DatabaseError:
        if again and _set_aside(path):
            return _with_file(home, use, reads=reads, again=False)
    _troubles.append(NOT_WRITTEN)
    return None


def _set_aside(path: Path) -> bool:
    try:
        path.replace(path.with_name("progress-damaged.sqlite3"))
    except OSError:
        return False
    _troubles.append(DAMAGED)
    return True


@contextmanager
def _opened(path: Path, reads: bool) -> Iterator[sqlite3.Connection]:
    """Open the file, readable by its owner only, for one transaction."""
    wait = 0.0 if path.parent in _locked else WAIT
    if reads:
        name = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(name, uri=True, timeout=wait, isolation_level=None)) as file:
            yield file
        return
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(path, timeout=wait, isolation_level=None)) as file:
        file.execute("BEGIN IMMEDIATE")
        for table in TABLES:
            file.execute(table)
        yield file
        file.execute("COMMIT")
    _locked.discard(path.parent)
