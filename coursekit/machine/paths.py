"""Paths: those that people give, and where the course keeps its files.

Whatever takes a path sends it through here, before it does any work: `given`, and `to_write` or
`folder_to_write` where something will be written there.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

__all__ = [
    "cache_folder", "course_folder", "folder", "folder_to_write", "given", "lesson_files",
    "to_read", "to_write",
]  # fmt: skip

PACKAGE = Path(__file__).resolve().parents[1]  # the folder coursekit/


def given(name: str, value: object) -> Path:
    """Return a path that somebody gave, a string or a Path; ~ at its beginning is a home folder.

    Raises TypeError for what is no path, ValueError for an empty one and for a home that is not
    known; the message has the argument's name.
    """
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"{name} is {_short(value)}; expected a path")
    held = os.fspath(value)
    if isinstance(held, bytes):
        raise TypeError(f"{name} is {_short(value)}; expected a path as text")
    if not held.strip():  # Path("") is the current folder, which nobody means by it
        raise ValueError(f"{name} is empty; expected the path of a file or a folder")
    if "\0" in held:
        raise ValueError(f"{name} is {_short(held)}, with a character in it that no path can have")
    try:
        return Path(held).expanduser()
    except RuntimeError as error:
        raise ValueError(f"{name} is {held!r}, and no such home folder is known") from error


def folder(name: str, value: object) -> Path:
    """Return the path of a folder; of one that is missing, its reader says what it was to be.

    Raises ValueError for a file, and for what cannot be reached: a link that leads to itself.
    """
    path = given(name, value)
    if not stat.S_ISDIR(_mode(name, value, path) or stat.S_IFDIR):
        raise ValueError(f"{name} is {str(value)!r}, which is a file; expected a folder")
    above = next((above for above in path.parents if _is(above, "exists")), path)
    if not _is(above, "is_dir") and above != path:
        raise ValueError(
            f"{name} is {str(value)!r}, and {above} on the way is a file; expected a folder there"
        )
    _check_link(name, value, path)
    return path


def to_read(name: str, value: object) -> Path:
    """Return the path of a file; of one that is missing, its reader says what it was to be.

    Raises ValueError for a folder, and for what could be waited for without end, such as a pipe.
    """
    path = given(name, value)
    mode = _mode(name, value, path) or stat.S_IFREG
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "no regular file"
        raise ValueError(f"{name} is {str(value)!r}, {what}; expected the path of a file")
    return path


def _check_link(name: str, value: object, path: Path) -> None:
    """Raise ValueError for a link that leads nowhere: no folder can be made in its place."""
    if path.is_symlink() and not path.exists():
        raise ValueError(f"{name} is {str(value)!r}, a link to what is not there")


def _mode(name: str, value: object, path: Path) -> int | None:
    """Return what kind of thing is there, or None where nothing is."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ValueError(
            f"{name} is {str(value)!r}, which cannot be reached: {error.strerror}"
        ) from error


def to_write(name: str, value: object) -> Path:
    """Return the path of a file that can be written, or made with the folders on the way to it.

    Raises ValueError for a folder, for what lies below a file, and where writing is not allowed.
    """
    path = given(name, value)
    if str(value).endswith(("/", os.sep)) or _is(path, "is_dir"):
        raise ValueError(f"{name} is {str(value)!r}, a folder; expected the path of a file")
    if not stat.S_ISREG(_mode(name, value, path) or stat.S_IFREG):  # such as /dev/null
        raise ValueError(f"{name} is {str(value)!r}, no regular file; expected another path")
    if _is(path, "exists") and not _writable(path):
        raise ValueError(f"{name} is {str(value)!r}, which may only be read; expected another path")
    _check_way(name, value, path.parent)
    return path


def folder_to_write(name: str, value: object) -> Path:
    """Return the path of a folder in which files can be made, or which can be made itself.

    Raises ValueError for a file, for what lies below one, and where writing is not allowed.
    """
    path = given(name, value)
    if not stat.S_ISDIR(_mode(name, value, path) or stat.S_IFDIR):
        raise ValueError(
            f"{name} is {str(value)!r}, which is a file; expected a folder, or a new name"
        )
    _check_link(name, value, path)
    _check_way(name, value, path)
    return path


def _check_way(name: str, value: object, folder: Path) -> None:
    """Raise ValueError where nothing can be written into the folder, once it is made."""
    there = next((above for above in (folder, *folder.parents) if _is(above, "exists")), None)
    if there is None:
        return
    if not _is(there, "is_dir"):
        raise ValueError(
            f"{name} is {str(value)!r}, and {there} on the way is a file; expected a folder there"
        )
    if not _writable(there):
        raise ValueError(
            f"{name} is {str(value)!r}, and nothing may be written into {there}; "
            "expected another folder"
        )


def _writable(path: Path) -> bool:
    # An administrator may write everywhere; a file that is marked as read-only is meant so.
    marked = path.is_file() and not stat.S_IMODE(path.stat().st_mode) & 0o222
    return os.access(path, os.W_OK) and not marked


def _is(path: Path, question: str) -> bool:
    """Return whether the path exists, or is a folder; a name that is too long is and does not."""
    try:
        return getattr(path, question)()
    except OSError:
        return False


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def course_folder(name: str) -> Path:
    """Return the course's folder of that name: `data`, `lessons` or `notebooks`.

    Raises FileNotFoundError where this installation of coursekit lacks it.
    """
    for root in (PACKAGE.parent, PACKAGE / "_course"):
        if (root / name).is_dir():
            return root / name
    raise FileNotFoundError(f"coursekit's folder {name!r} is missing; install the course again")


def lesson_files(folder: Path) -> list[Path]:
    """Return the lessons in a folder, in order: its files NN_topic, text source or notebook."""
    found = folder.glob("[0-9][0-9]_*")
    return sorted(path for path in found if path.suffix in (".py", ".ipynb"))


def cache_folder() -> Path:
    """Return the user's cache folder for data sets, on this system. It may not exist yet."""
    from platformdirs import user_cache_path

    return user_cache_path("coursekit") / "data"
