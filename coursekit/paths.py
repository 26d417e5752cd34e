"""Where the course keeps its files: in a clone beside the package, in a wheel inside it."""

from __future__ import annotations

from pathlib import Path

__all__ = ["course_folder"]

PACKAGE = Path(__file__).resolve().parent


def course_folder(name: str) -> Path:
    """Return the course's folder of that name: `data`, `lessons` or `notebooks`.

    Raises FileNotFoundError where this installation of coursekit lacks it.
    """
    for root in (PACKAGE.parent, PACKAGE / "_course"):
        if (root / name).is_dir():
            return root / name
    raise FileNotFoundError(f"coursekit's folder {name!r} is missing; install the course again")
