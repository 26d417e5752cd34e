"""Learner's and instructor's notebooks from the lessons' sources."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit.authoring import gate
from coursekit.authoring.execution import execute
from coursekit.authoring.lesson import AuthoringError, Lesson
from coursekit.exercises.progress import PROGRESS
from coursekit.machine.files import write_text

__all__ = ["build", "difference", "write"]

# What everyone who builds has: no data, no weights and no answers of one's own, no network.
REPRODUCIBLE = {
    "COURSEKIT_DATA": "", "COURSEKIT_OFFLINE": "1", "TORCH_HOME": os.devnull, PROGRESS: "off",
}  # fmt: skip


def build(
    lesson: Lesson,
    folder: Path,
    *,
    solutions: bool = False,
    run: bool = True,
    on_cell: Callable[[], None] = lambda: None,
) -> Path:
    """Return the path of the lesson's notebook, built and written whole, or not at all.

    With `run`, the notebook is executed offline on the course's own data. Without, it keeps the
    outputs of the notebook that it replaces, down to the first code cell that changed.
    Raises AuthoringError where the source or the result breaks a rule, or a check does not call
    the lesson's own solution correct; CellFailure where a cell fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{lesson.name}.ipynb"
    notebook = lesson.notebook(solutions=solutions)
    if run:
        execute(notebook, folder, environment=REPRODUCIBLE, on_cell=on_cell)
        _forget_views(notebook)
        faults = gate.faults(notebook) + (gate.unproved(notebook) if solutions else [])
        if faults:
            raise AuthoringError(f"{lesson.name}: " + "; ".join(faults))
    elif path.exists():
        _keep_outputs(nbformat.read(path, as_version=4), notebook)
    if not solutions:
        lesson.assert_no_leak(notebook)
    write(notebook, path)
    return path


def write(notebook: NotebookNode, path: Path) -> None:
    """Write the notebook in one step: a reader never sees half of it."""
    write_text(path, nbformat.writes(notebook) + "\n")


def difference(lesson: Lesson, folder: Path) -> str | None:
    """Return what differs between the lesson and its committed notebook, outputs apart, or None."""
    path = folder / f"{lesson.name}.ipynb"
    if not path.exists():
        return f"{path.name} is missing"
    committed, built = nbformat.read(path, as_version=4), lesson.notebook(solutions=False)
    if committed.metadata != built.metadata:
        return f"{path.name}: the notebook's metadata differ"
    for ours, theirs in zip(built.cells, committed.cells, strict=False):
        for part in ("id", "cell_type", "source", "metadata"):
            if ours[part] != theirs.get(part):
                return f"{path.name}: cell {ours.id} differs in its {part}"
    if len(built.cells) != len(committed.cells):
        return f"{path.name}: {len(committed.cells)} cells, the lesson has {len(built.cells)}"
    return None


def _forget_views(notebook: NotebookNode) -> None:
    """Leave a widget its text: its view names a kernel's object, and without it shows an error."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(gate.WIDGET_VIEW, None)


def _keep_outputs(old: NotebookNode, new: NotebookNode) -> None:
    kept = {cell.id: cell for cell in old.cells if cell.cell_type == "code"}
    for cell in new.cells:
        if cell.cell_type != "code":
            continue
        if cell.id not in kept or kept[cell.id].source != cell.source:
            return
        cell.outputs = kept[cell.id].outputs
        cell.execution_count = kept[cell.id].execution_count
