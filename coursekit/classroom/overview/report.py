"""From a folder of notebooks to the page, the table of counts, and the grades."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from coursekit.classroom.overview.counts import counts
from coursekit.classroom.overview.found import Class
from coursekit.classroom.overview.page import page
from coursekit.classroom.overview.tally import Tally, tally
from coursekit.machine.files import write_text

__all__ = ["checked_target", "write_report"]

NAME = "class-report"


def checked_target(folder: str) -> Path:
    """Return the folder to write into.

    Raises ValueError where it has no name or is a file.
    """
    if not folder.strip():
        raise ValueError("-o is empty; expected a folder, or a new name")
    target = Path(folder).expanduser()
    if target.exists() and not target.is_dir():
        raise ValueError(f"-o is {target}, which is a file; expected a folder, or a new name")
    return target


def write_report(
    of: Class, target: Path, *, names: bool = False, step: Callable[[], None] = lambda: None
) -> tuple[Tally, list[Path]]:
    """Write the page and the table of counts; return what was counted, and the two files."""
    found = tally(of, step)
    files = [target / f"{NAME}.html", target / f"{NAME}.csv"]
    write_text(files[0], page(found, names=names))
    write_text(files[1], counts(found))
    return found, files
