"""Files that are at every moment the old one or the new one, whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["replaced", "write_text"]


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Give an empty file to write, which takes the path's place when the block has ended well.

    Where the block raises, the path is as it was, and nothing is left beside it. Folders that are
    missing on the way are made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Beside its place, for only within one file system is a rename one step.
    partial = path.with_name(f".{path.name}.partial")
    try:
        yield partial
        with partial.open("rb") as written:
            os.fsync(written.fileno())  # or a crash could keep the new name and lose the bytes
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write the text in UTF-8, with the line ends that it has: the same bytes on every system."""
    with replaced(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="")
