"""The folder in which a learner's copy stands: whether it can be one, and who works on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coursekit.desk.update.given import MARK
from coursekit.machine.lock import held
from coursekit.machine.paths import course_folder

__all__ = ["alone_with", "check_folder", "not_allowed"]


def check_folder(folder: Path) -> None:
    """Raise ValueError where the folder is a file, or lies below one, or is the course's own."""
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"DIR is {folder}, which is a file; expected a folder, or a new name")
    if folder.resolve() == course_folder("notebooks").resolve():
        raise ValueError(f"DIR is {folder}, the course's own notebooks; expected a folder of yours")


@contextmanager
def alone_with(folder: Path) -> Iterator[None]:
    """Let no other `coursekit lab` copy or update lessons there while the block runs.

    What one that was killed has left half-written is cleaned away.
    """
    with held(folder / MARK / "lab.lock", f"DIR {folder}"):
        for place in (folder, folder / MARK, folder / MARK / "given", folder / MARK / "backups"):
            for left in place.glob(".*.partial"):
                left.unlink(missing_ok=True)
        yield


def not_allowed(error: PermissionError) -> str:
    """Return which of the files of a lesson may not be read or written."""
    name = Path(str(error.filename)).name if error.filename else "a file"
    return f"{name} may not be read or written ({error.strerror})"
