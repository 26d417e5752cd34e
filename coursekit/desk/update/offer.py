"""The cell that offers the course's new version of a cell that the learner has changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Set

from coursekit.desk.update.notebook import Cell, source

__all__ = ["is_stale", "offer"]

KEY = "coursekit_offer"
WORDS = """\
> **The course has a new version of the cell above.** You changed that cell, so yours is kept.
> Take from the new version what you like, then delete this cell.

{fence}{language}
{source}
{fence}"""


def offer(new: Cell) -> Cell:
    """Return a Markdown cell that shows the new version, and says why it is there."""
    runs = re.findall(r"`{3,}", source(new))
    fence = "`" * (max(map(len, runs), default=2) + 1)
    language = {"code": "python", "markdown": "markdown"}.get(new["cell_type"], "")
    words = WORDS.format(fence=fence, language=language, source=source(new))
    note = {"of": str(new.get("id")), "digest": _digest(words)}
    return {"cell_type": "markdown", "metadata": {KEY: note}, "source": words}


def is_stale(cell: Cell, replaced: Set[str]) -> bool:
    """Return whether this is an offer, untouched, of a version that there is a newer one of."""
    note = cell.get("metadata", {}).get(KEY)
    if not isinstance(note, dict):
        return False
    return note.get("of") in replaced and note.get("digest") == _digest(source(cell))


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]
