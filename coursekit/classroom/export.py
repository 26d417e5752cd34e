"""Writes the lessons as a course for nbgrader: points, locked tests, hidden tests, solutions."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path

from nbformat import NotebookNode

from coursekit.authoring.build import write
from coursekit.authoring.lesson import BEGIN, AuthoringError, Lesson
from coursekit.classroom import own_numbers
from coursekit.classroom.drawing import SECRET, draws, secret
from coursekit.desk.update.notebook import folded
from coursekit.exercises import registry
from coursekit.exercises.calls import only_call
from coursekit.machine import paths
from coursekit.machine.files import write_text

__all__ = ["assignment", "export", "released"]

CONFIG = "nbgrader_config.py"
HIDDEN = re.compile(r"grade\(.*seed=")
SEEDS = 2**31
# The hidden part imports the course anew, so that nothing a cell above has put in its place counts.
# All of that goes again before the old modules come back: were some of both to stay, the old ones
# would not know the new ones' paragraphs and drawings, and leave them out of what they say.
TESTS = """\
from coursekit.exercises import grade

grade("{id}", {answer}{own})
### BEGIN HIDDEN TESTS
import sys

_names = [name for name in sys.modules if name.split(".")[0] == "coursekit"]
_kept = {{name: sys.modules.pop(name) for name in _names}}
try:
    from coursekit.exercises import grade

    grade("{id}", {answer}{own}, seed={seed})
finally:
    for _name in [name for name in sys.modules if name.split(".")[0] == "coursekit"]:
        del sys.modules[_name]
    sys.modules.update(_kept)
### END HIDDEN TESTS"""
VALUE = (
    "In this assignment nothing is locked in: what stands in the cell when you hand in is graded, "
    "and the answer comes with the feedback."
)


def export(lessons: Sequence[Lesson], folder: Path, *, variants: bool = False) -> list[str]:
    """Return a line for each file of the course; what is there already is kept as it is.

    variants: whether questions with numbers are drawn anew for each learner.

    Raises ValueError where the folder is a file, or what the numbers were drawn by is lost;
    AuthoringError where a solution or a hidden test would reach the learners.
    """
    folder = paths.folder_to_write("DIR", folder)
    lines = []
    if variants:
        there = (folder / SECRET).exists()
        known = secret(folder)
        lines.append(f"{'kept   ' if there else 'written'}  {SECRET}  keep it to yourself")
    for lesson in lessons:
        path = Path("source") / lesson.name / f"{lesson.name}.ipynb"
        if (folder / path).exists():
            lines.append(f"kept     {path}")
            continue
        notebook = assignment(lesson, draw=draws(known, lesson.name) if variants else "")
        released(lesson, notebook)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        write(notebook, folder / path)
        lines.append(f"written  {path}  {_points(notebook)} points")
    return [*lines, _write_config(folder)]


def assignment(
    lesson: Lesson,
    draw_seed: Callable[[], int] = lambda: secrets.randbelow(SEEDS),
    draw: str = "",
) -> NotebookNode:
    """Return the lesson as nbgrader's source notebook: solutions, points, hidden tests.

    An exercise is worth a point for each of its minutes. Grade ids are the lesson's cell ids.
    draw: what learners' own numbers are drawn by, or "" for the lesson's own.
    """
    notebook = lesson.notebook(solutions=True, marked=True)
    if draw:
        notebook.cells = own_numbers.asked(notebook.cells, draw)
    for cell, given in zip(notebook.cells, folded(notebook.cells), strict=True):
        cell.source = given["source"]
        if call := only_call(cell.source):
            points, own = registry.exercise(call.id).minutes, own_numbers.argument(call.id, draw)
            cell.source = TESTS.format(id=call.id, answer=call.answer, own=own, seed=draw_seed())
            cell.metadata["nbgrader"] = _metadata(cell, grade=True, locked=True, points=points)
        elif cell.cell_type == "code" and BEGIN in cell.source:
            cell.metadata["nbgrader"] = _metadata(cell, solution=True)
        elif own_numbers.asks(cell.source):
            cell.metadata["nbgrader"] = _metadata(cell, locked=True)
        elif found := own_numbers.STATEMENT.match(cell.source):
            cell.source += f"\n\n{_worth(found['id'])}"
            cell.metadata["nbgrader"] = _metadata(cell, locked=True)
    return notebook


def released(lesson: Lesson, notebook: NotebookNode) -> NotebookNode:
    """Return what nbgrader makes of a source notebook for the learners.

    Raises AuthoringError where it shows a solution or a seed, or a cell is no Python any more;
    ValueError where nbgrader is not installed.
    """
    clear_solutions, clear_tests = _nbgraders_own_steps()
    shown = deepcopy(notebook)
    for step in (clear_solutions, clear_tests):
        shown, _ = step.preprocess(shown, {})
    lesson.assert_no_leak(shown)
    for cell in shown.cells:
        if cell.cell_type != "code":
            continue
        if "HIDDEN TESTS" in cell.source or HIDDEN.search(cell.source):
            raise AuthoringError(f"{lesson.name}: cell {cell.id} shows a hidden test")
        try:
            compile(cell.source, cell.id, "exec")
        except SyntaxError as error:
            raise AuthoringError(f"{lesson.name}: cell {cell.id}, released: {error}") from error
    return shown


def _nbgraders_own_steps() -> tuple:
    try:
        from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions
    except ModuleNotFoundError as error:
        raise ValueError(
            "nbgrader is missing; expected an author's set-up, by `uv sync` or "
            "`pip install nbgrader`"
        ) from error
    return ClearSolutions(code_stub={"python": ""}), ClearHiddenTests()


def _metadata(cell: NotebookNode, **marks: bool | int) -> dict[str, object]:
    none = {"grade": False, "locked": False, "solution": False, "task": False}
    return {"schema_version": 3, "grade_id": cell.id, **none, **marks}


def _worth(id: str) -> str:
    exercise = registry.exercise(id)
    points = f"{exercise.minutes} point{'' if exercise.minutes == 1 else 's'}."
    return f"*{points} {VALUE}*" if exercise.locks_in else f"*{points}*"


def _points(notebook: NotebookNode) -> int:
    return sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in notebook.cells)


def _write_config(folder: Path) -> str:
    if (folder / CONFIG).exists():
        return f"kept     {CONFIG}"
    text = Path(__file__).with_name("nbgrader_config.txt").read_text(encoding="utf-8")
    write_text(folder / CONFIG, text)
    return f"written  {CONFIG}"
