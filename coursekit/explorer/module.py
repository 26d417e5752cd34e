"""The explorer's script: the parts in `js`, joined to the one module that a page takes."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

__all__ = ["PARTS", "module"]

FOLDER = Path(__file__).parent / "js"
# In this order each part stands behind those that it imports.
PARTS = (
    "numbers", "arithmetic", "colours", "pixels", "markup", "state", "view", "telling", "lens",
    "drawing", "moving", "changing", "input", "explorer",
)  # fmt: skip
IMPORT = re.compile(r'^import \{[^}]*\} from "\./\w+\.js";\n+', re.M)


@cache
def module() -> str:
    """Return one ES module: the parts without the lines in which they import each other.

    What they declare stands in one scope, so no name is declared twice.
    """
    parts = [(FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in PARTS]
    return "\n".join(IMPORT.sub("", part) for part in parts)
