"""What the course has given the learner: kept in the hidden folder beside their lessons.

`.coursekit/given/NN_topic.json` holds the cells of a lesson as they were given, without outputs,
and digests of what the course wrote last. It is what an update compares the learner's lesson with.
Without it nothing of theirs is ever changed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from coursekit.desk.update.notebook import Cell, Notebook, check_cells, read, source, text
from coursekit.machine.files import write_text

__all__ = ["MARK", "Given", "load", "of_content", "of_file", "store"]

MARK = ".coursekit"  # the folder that makes a copy a copy; progress is kept in it


@dataclass(frozen=True)
class Given:
    """A lesson as it was given.

    file: digest of the file as the course wrote it; where it holds, nothing was saved since.
    content: digest of its ids, texts and outputs; where it holds, nothing was done since, though
    JupyterLab may have saved what it adds to a notebook that is opened.
    begun: whether the learner had done anything before that.
    """

    cells: list[Cell]
    file: str
    content: str
    begun: bool


def load(lesson: Path) -> Given | None:
    """Return what was given in the place of this lesson, or None where that is not known."""
    try:
        held = json.loads(_path(lesson).read_text(encoding="utf-8"))
        check_cells(held["cells"])
        return Given(held["cells"], held["file"], held["content"], bool(held["begun"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def store(lesson: Path, notebook: Notebook, *, begun: bool) -> None:
    """Keep that this version was given; the lesson's file is as the course has just written it."""
    cells = [_without_output(cell) for cell in notebook["cells"]]
    digests = {"file": of_file(lesson), "content": of_content(read(lesson))}
    held = {"cells": cells, **digests, "begun": begun}
    write_text(_path(lesson), json.dumps(held, ensure_ascii=False))


def of_file(path: Path) -> str:
    """Return what tells the bytes of a file from others."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def of_content(notebook: Notebook) -> str:
    """Return what tells the cells of a notebook from others: ids, texts and outputs."""
    cells = [(cell.get("id"), *text(cell), cell.get("outputs")) for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()


def _path(lesson: Path) -> Path:
    return lesson.parent / MARK / "given" / f"{lesson.stem}.json"


def _without_output(cell: Cell) -> Cell:
    kept = ("id", "cell_type", "metadata", "attachments")
    return {**{name: cell[name] for name in kept if name in cell}, "source": source(cell)}
