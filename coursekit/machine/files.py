"""Files that are at every moment the old one or the new one, whole."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["replaced", "write_text"]


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Give an empty file to write, which takes the path's place when the block has ended well.

    Where the block raises, the path is as it was, and nothing is left beside it. Folders that are
    missing on the way are made. A link stays one: what it leads to is replaced. Permissions stay.
    Raises PermissionError for a file that is marked as read-only.
    """
    path = path.resolve() if path.is_symlink() else path
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = _mode(path)
    # Beside its place, for only within one file system is a rename one step; with a name that no
    # other process takes.
    partial = path.with_name(f".{path.name[:60]}.{secrets.token_hex(4)}.partial")
    try:
        yield partial
        with partial.open("rb") as written:
            os.fsync(written.fileno())  # or a crash could keep the new name and lose the bytes
        if mode is not None:
            partial.chmod(mode)
        partial.replace(path)
    except OSError as error:
        if error.errno is not None and error.filename is None:
            error.filename = str(path)  # a full disk does not say of which file
        raise
    finally:
        partial.unlink(missing_ok=True)


def _mode(path: Path) -> int | None:
    """Return the permissions of the file that is there, or None where there is none."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None
    if not mode & 0o222:  # for an administrator too, who could write all the same
        raise PermissionError(errno.EACCES, "marked as read-only", str(path))
    return mode


def write_text(path: Path, text: str) -> None:
    """Write the text in UTF-8, with the line ends that it has: the same bytes on every system."""
    with replaced(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="")
