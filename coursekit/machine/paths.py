"""Where the course keeps its files: in a clone beside the package, in a wheel inside it."""

from __future__ import annotations

from pathlib import Path

__all__ = ["cache_folder", "course_folder", "lesson_files"]

PACKAGE = Path(__file__).resolve().parents[1]  # the folder coursekit/


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
