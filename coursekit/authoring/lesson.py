"""A lesson's text source, and the notebook without outputs that it stands for.

The source is jupytext's py:percent. Every cell names itself: `# %% id="sliding-window"`; the name
becomes the cell's id, so ids are stable from build to build. A solution stands between the lines
`### BEGIN SOLUTION` and `### END SOLUTION`, nbgrader's markers.
"""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit.machine.paths import lesson_files

__all__ = ["AuthoringError", "Lesson", "find_lessons", "select_lessons"]

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LEAK_LENGTH = 16  # characters of a solution line that could not be there by chance
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class AuthoringError(ValueError):
    """A lesson's source breaks a rule. The message names the lesson and the cell."""


@dataclass(frozen=True)
class Lesson:
    """One lesson: its number, and its source `NN_topic.py`."""

    number: int
    source: Path

    @property
    def name(self) -> str:
        """Return the name of the lesson's files, without suffix."""
        return self.source.stem

    def notebook(self, *, solutions: bool, marked: bool = False) -> NotebookNode:
        """Return the notebook, not executed; for a learner each solution becomes a stub.

        marked: whether a solution follows its stub, between its markers; for nbgrader.

        Raises AuthoringError where a cell has no id of its own, a marker stands alone, or a line
        of a solution would reach a learner's notebook.
        """
        cells = [self._cell(cell, solutions, marked) for cell in self._read().cells]
        _hold_back(cells)
        names = [cell.id for cell in cells]
        for name in names:
            if names.count(name) > 1:
                raise AuthoringError(f"{self.name}: {names.count(name)} cells have the id {name!r}")
        notebook = nbformat.v4.new_notebook(cells=cells, metadata=METADATA)
        nbformat.validate(notebook)
        if not solutions:
            self.assert_no_leak(notebook)
        return notebook

    def solution_lines(self) -> set[str]:
        """Return the telling lines that stand in solutions only: what a learner must not see."""
        inside: set[str] = set()
        outside: set[str] = set()
        for cell in self._read().cells:
            parts = self._split(cell.source, cell.metadata.get("id", "?"))
            for place, part in enumerate(parts):
                lines = {line.strip() for line in part.splitlines()}
                (inside if place % 2 else outside).update(lines)
        return {line for line in inside - outside if len(line) >= LEAK_LENGTH}

    def assert_no_leak(self, notebook: NotebookNode) -> None:
        """Raise AuthoringError where a solution's line stands in any source or output."""
        lines = sorted(self.solution_lines())
        for cell in notebook.cells:
            text = json.dumps(cell, ensure_ascii=False)
            for line in lines:
                if json.dumps(line, ensure_ascii=False)[1:-1] in text:
                    raise AuthoringError(f"{self.name}: cell {cell.id} leaks a solution: {line}")

    def _read(self) -> NotebookNode:
        try:
            from jupytext import reads
        except ModuleNotFoundError as error:
            raise AuthoringError(
                f"{self.name}: reading a lesson's source needs jupytext; "
                "expected an author's set-up, by `uv sync` or `pip install jupytext`"
            ) from error
        return _parsed(reads, self.source.read_text(encoding="utf-8"))

    def _cell(self, cell: NotebookNode, solutions: bool, marked: bool) -> NotebookNode:
        metadata = dict(cell.metadata)
        name = metadata.pop("id", "")
        if not ID.fullmatch(name) or len(name) > 64:
            start = cell.source.splitlines()[:1]
            raise AuthoringError(
                f"{self.name}: the cell that starts with {start} has the id {name!r}; "
                'expected a name of its own, such as # %% id="sliding-window"'
            )
        parts = self._split(cell.source, name)
        shown = _marked if marked else (lambda part: part) if solutions else _stub
        parts[1::2] = map(shown, parts[1::2])
        source = "".join(parts)
        if kind := metadata.pop("slide", _slide_type(cell)):
            metadata["slideshow"] = {"slide_type": kind}
        source = source.rstrip("\n")
        # Not by nbformat's own functions, each of which validates: the notebook is, as a whole.
        made = {"id": name, "cell_type": cell.cell_type, "metadata": _tidy(metadata)}
        if cell.cell_type == "code":
            made |= {"execution_count": None, "outputs": []}
        return nbformat.from_dict({**made, "source": source})

    def _split(self, source: str, name: str) -> list[str]:
        """Return text outside and inside solutions, in turn; the markers' own lines are gone."""
        parts, inside = [""], False
        for line in source.splitlines(keepends=True):
            if line.strip() not in (BEGIN, END):
                parts[-1] += line
                continue
            if (line.strip() == BEGIN) == inside:
                raise AuthoringError(f"{self.name}: cell {name} has an unpaired {line.strip()}")
            inside = not inside
            parts.append("")
        if inside:
            raise AuthoringError(f"{self.name}: cell {name} has an unpaired {BEGIN}")
        return parts


@lru_cache(maxsize=16)  # each notebook asks twice, and most commands make several of a lesson
def _parsed(reads: Callable[..., NotebookNode], text: str) -> NotebookNode:
    """Return the cells of a lesson's text, which nobody changes."""
    return reads(text, fmt="py:percent")


def find_lessons(folder: Path) -> list[Lesson]:
    """Return the lessons of a folder, in order: its files NN_topic, text or notebook."""
    return [Lesson(int(source.name[:2]), source) for source in lesson_files(folder)]


def select_lessons(folder: Path, numbers: list[int]) -> list[Lesson]:
    """Return the lessons of these numbers, or all where there are none.

    Raises ValueError for a number that no lesson has.
    """
    lessons = find_lessons(folder)
    there = [lesson.number for lesson in lessons]
    for number in numbers:
        if number not in there:
            raise ValueError(f"lesson is {number}; expected one of {', '.join(map(str, there))}")
    return [lesson for lesson in lessons if not numbers or lesson.number in numbers]


def _slide_type(cell: NotebookNode) -> str | None:
    """Return "slide" for a heading, or None: all else goes on with the slide before.

    None has no metadata, and no heading makes a subslide: jupyterlab-deck 0.2 leaves out cells of
    the kind "-", and jumps over subslides before one that is alone in its cell.
    """
    if cell.cell_type == "markdown" and cell.source.startswith(("# ", "## ", "### ")):
        return "slide"
    return None


def _hold_back(cells: list[NotebookNode]) -> None:
    """Make what follows a guess a step of its own on its slide, so that it is seen after it."""
    for before, after in pairwise(cells):
        if before.cell_type == "code" and before.source.startswith("guess("):
            after.metadata.setdefault("slideshow", {"slide_type": "fragment"})


def _stub(solution: str) -> str:
    """Return what a learner finds instead: `...`, or `name = ...` for assignments of a cell."""
    code = textwrap.dedent(solution)
    indent = " " * (len(solution) - len(solution.lstrip(" ")))
    statements = ast.parse(code).body
    names = [
        statement.targets[0].id
        for statement in statements
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    ]
    end = "\n" if solution.endswith("\n") else ""
    if names and len(names) == len(statements) and not indent:
        return "\n".join(f"{name} = ..." for name in names) + end
    return f"{indent}...{end}"


def _marked(solution: str) -> str:
    """Return the stub, then the solution between its markers."""
    indent = " " * (len(solution) - len(solution.lstrip(" ")))
    return f"{_stub(solution)}{indent}{BEGIN}\n{solution}{indent}{END}\n"


def _tidy(metadata: dict[str, object]) -> dict[str, object]:
    return {key: metadata[key] for key in sorted(metadata) if key != "lines_to_next_cell"}
