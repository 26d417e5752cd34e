"""Puts the instructor's own cells back into a submission, whatever became of them in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, Notebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

__all__ = ["Restore"]


class Restore(NbGraderPreprocessor):
    """nbgrader's DeduplicateIds and OverwriteCells, for submissions that would break those.

    Cells are known by their grade id, or else by their cell id, which the export made the same.
    The last of several counts. All other marks are taken away, a locked cell gets back its source
    and metadata, and a graded cell that is missing is put back after the cell that it followed.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the submission with the instructor's own cells."""
        named = resources["nbgrader"]
        with Gradebook(named["db_url"]) as gradebook:
            own = _own_cells(gradebook.find_notebook(named["notebook"], named["assignment"]))
        claimed = _claims(nb.cells, own)
        for place, cell in enumerate(nb.cells):
            cell.metadata.pop("nbgrader", None)
            if place in claimed:
                nb.cells[place] = _restored(cell, own[claimed[place]])
        order = self._order(named["assignment"], named["notebook"])
        for name in sorted(set(own) - set(claimed.values()), key=_place_in(order)):
            if own[name].metadata.nbgrader.grade:
                self.log.warning("Missing cell %s is put back", name)
                _put_back(nb.cells, own[name], order)
        return nb, resources

    def _order(self, assignment: str, notebook: str) -> list[str]:
        """Return the ids of the cells of the instructor's notebook, in order; [] without one."""
        course = CourseDirectory(parent=self)
        folder = course.format_path(course.source_directory, ".", assignment)
        path = Path(folder) / f"{notebook}.ipynb"
        if not path.exists():
            return []
        return [cell.id for cell in nbformat.read(path, as_version=4).cells]


def _own_cells(notebook: Notebook) -> dict[str, NotebookNode]:
    """Return the cells that nbgrader recorded when it made the assignment, by grade id."""
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    answers = {cell.name for cell in notebook.solution_cells}
    return {cell.name: _own_cell(cell, points, answers) for cell in notebook.source_cells}


def _own_cell(recorded: Any, points: dict[str, float], answers: set[str]) -> NotebookNode:
    name, kind = recorded.name, str(recorded.cell_type)
    new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    marks = {
        "schema_version": 3,
        "grade_id": name,
        "grade": name in points,
        "solution": name in answers,
        "locked": recorded.locked,
        "checksum": recorded.checksum,
        "cell_type": kind,
    }
    if name in points:
        marks["points"] = points[name]
    metadata = {"nbgrader": marks, "deletable": False, "editable": not recorded.locked}
    return new(recorded.source, id=name, metadata=metadata)


def _claims(cells: list[NotebookNode], own: dict[str, NotebookNode]) -> dict[int, str]:
    """Return which cell of a submission, by its place, is which of the instructor's."""
    claimed: dict[str, int] = {}
    by_grade_id = (cell.metadata.get("nbgrader") for cell in cells)
    ids = [marks.get("grade_id") if isinstance(marks, dict) else None for marks in by_grade_id]
    for names in (ids, [cell.get("id") for cell in cells]):
        found = {name: place for place, name in enumerate(names) if name in own}
        claimed = {
            **{name: place for name, place in found.items() if place not in claimed.values()},
            **claimed,
        }
    return {place: name for name, place in claimed.items()}


def _restored(cell: NotebookNode, own: NotebookNode) -> NotebookNode:
    """Return the instructor's cell; with what the learner wrote, where that is theirs to write."""
    restored = nbformat.from_dict(own)
    if not own.metadata.nbgrader.locked:
        restored.source = cell.source
    return restored


def _place_in(order: list[str]) -> Any:
    return lambda name: (order.index(name) if name in order else len(order), name)


def _put_back(cells: list[NotebookNode], own: NotebookNode, order: list[str]) -> None:
    before = set(order[: order.index(own.id)]) if own.id in order else set()
    places = [place for place, cell in enumerate(cells) if cell.get("id") in before]
    cells.insert(max(places) + 1 if places else len(cells), own)
