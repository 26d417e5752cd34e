"""A folder that one program at a time works on; who that is, can be read."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

__all__ = ["LockedError", "held"]

PATIENCE = 30.0  # seconds for another program to be done: an update takes one or two
STALE = 600.0  # seconds after which a lock has been left behind, whatever process has its number
POLL = 0.1


class LockedError(ValueError):
    """Another program works on it, and the message names it."""


@contextmanager
def held(path: Path, what: str, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock, a file at the path, while the block runs.

    what: what is locked, for the error. A lock is taken over where its owner is no more. Raises
    LockedError where it is still held when patience is over, OSError where no file can be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + patience
    while not _made(path):
        if _left_behind(path):
            _take_away(path)
        elif time.monotonic() > until:
            raise LockedError(
                f"{what} is being worked on by {_owner(path)}; try again when it is done"
            )
        else:
            time.sleep(POLL)
    try:
        for left in path.parent.glob(f"{path.name}.*.left"):  # by one killed while it took over
            left.unlink(missing_ok=True)
        yield
    finally:
        path.unlink(missing_ok=True)


def _made(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    try:
        os.write(handle, f"{os.getpid()} {platform.node()}".encode())
    finally:
        os.close(handle)
    return True


def _read(path: Path) -> tuple[int, str]:
    """Return the owner's process number, 0 where it is not known, and machine."""
    try:
        number, _, node = path.read_text(encoding="utf-8", errors="replace").partition(" ")
        return int(number), node
    except (OSError, ValueError):
        return 0, ""


def _owner(path: Path) -> str:
    number, node = _read(path)
    return f"process {number} on {node}" if number else "another program"


def _left_behind(path: Path) -> bool:
    try:
        made = path.stat().st_mtime
    except OSError:
        return False  # gone in this moment: the next attempt will have it
    number, node, age = *_read(path), time.time() - made
    if age > STALE or (not number and age > 5):  # a moment passes before the owner is written
        return True
    if not number or node != platform.node():
        return False
    return not _lives(number) or _is_younger(number, made)


def _lives(number: int) -> bool:
    if os.name == "nt":
        return True  # a signal would end it there; a lock left behind is known by its age
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


@cache
def _is_younger(number: int, made: float) -> bool:
    """Return whether a process began after a lock was made: it has the number of the one before.

    Asked once of each: who waits looks ten times a second, and the answer starts a program.
    """
    return _seconds_of(number) < time.time() - made - 2


def _seconds_of(number: int) -> float:
    """Return for how long a process has been running; infinity where nobody says."""
    command = ["ps", "-o", "etime=", "-p", str(number)]  # [[days-]hours:]minutes:seconds
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True).stdout
        days, _, clock = told.strip().rpartition("-")
        parts = [0, 0, 0, *map(int, clock.split(":"))][-3:]
        return int(days or 0) * 86400 + parts[0] * 3600 + parts[1] * 60 + parts[2]
    except (OSError, ValueError, subprocess.SubprocessError):
        return float("inf")


def _take_away(path: Path) -> None:
    # Renamed first: of two programs that see it, one alone takes it away.
    aside = path.with_name(f"{path.name}.{os.getpid()}.left")
    try:
        path.rename(aside)
    except OSError:
        return
    aside.unlink(missing_ok=True)
