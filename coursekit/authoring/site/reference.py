"""Pages for the public rooms of the package, from their docstrings."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["ROOMS", "register", "write_reference"]

ROOMS = (
    "shapes", "ops", "kernels", "descent", "data", "models", "training", "transfer", "figures",
    "explorer", "exercises",
)  # fmt: skip
TICKED = re.compile(r"(`[^`]+`)")
SPECIAL = re.compile(r"([*|\\]|_(?=\W|$))")


def write_reference(source: Path) -> list[str]:
    """Write a page for each room into the folder of sources, and return their names."""
    folder = source / "reference"
    folder.mkdir(parents=True, exist_ok=True)
    for room in ROOMS:
        title = f"coursekit.{room}"
        members = "   :members:\n   :exclude-members: set"  # matplotlib's, which it writes anew
        text = f"# {title}\n\n```{{eval-rst}}\n.. automodule:: {title}\n{members}\n```\n"
        (folder / f"{room}.md").write_text(text, encoding="utf-8")
    return [f"reference/{room}" for room in ROOMS]


def register(app: Sphinx) -> None:
    """Make autodoc read docstrings as the course writes them: prose, not a markup language."""
    app.connect("autodoc-process-docstring", _as_prose)


def _as_prose(
    app: object, what: str, name: str, documented: object, options: object, lines: list[str]
) -> None:
    """Escape what reStructuredText would take for marks, and set names of arguments as code."""
    names = _arguments(documented)
    example, shown = False, []
    for line in lines:
        example = line.lstrip().startswith(">>>") or (example and bool(line.strip()))
        said = line if example else _named(_plain(line.strip()), names)
        if said.startswith("`") and said != line:  # an argument begins a paragraph
            shown.append("")
        shown.append(said)
    lines[:] = shown


def _plain(line: str) -> str:
    parts = TICKED.split(line)
    return "".join(part if n % 2 else SPECIAL.sub(r"\\\1", part) for n, part in enumerate(parts))


def _named(line: str, names: set[str]) -> str:
    """Return the line with "x: (H, W)." as "`x`: (H, W)." where x is an argument.

    >>> _named("x: (H, W). kernel: (kH, kW).", {"x", "kernel"})
    '`x`: (H, W). `kernel`: (kH, kW).'
    """
    pattern = r"(^|(?<=\. ))(\w+): "
    return re.sub(pattern, lambda m: f"`{m[2]}`: " if m[2] in names else m[0], line)


def _arguments(documented: object) -> set[str]:
    try:
        return set(inspect.signature(documented).parameters)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return set()
