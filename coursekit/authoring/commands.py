"""What `coursekit run`, `coursekit build` and `coursekit export` do."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from coursekit.authoring import build as builder
from coursekit.authoring import gate
from coursekit.authoring.execution import CellFailure, execute
from coursekit.authoring.lesson import AuthoringError, Lesson, select_lessons
from coursekit.console import print_table
from coursekit.paths import course_folder

__all__ = ["build", "check", "export", "run"]


def check(numbers: Sequence[int]) -> int:
    """Return 1 where a notebook is not what its lesson builds, outputs apart; print which."""
    lessons = select_lessons(course_folder("lessons"), list(numbers))
    found = [builder.difference(lesson, course_folder("notebooks")) for lesson in lessons]
    differences = [difference for difference in found if difference]
    for line in differences:
        print(f"{line}; run `coursekit build`")
    if not differences:
        print(f"{len(lessons)} notebooks are what their lessons build")
    return int(bool(differences))


def build(numbers: Sequence[int], *, execute: bool = True, solutions: bool = False) -> int:
    """Return 1 where a lesson could not be built; print the lesson, the cell and why.

    solutions: build what an instructor reads, with solutions, in build/instructor/.
    """
    failed = 0
    root = course_folder("lessons").parent
    folder = root / "build" / "instructor" if solutions else root / "notebooks"
    for lesson in select_lessons(course_folder("lessons"), list(numbers)):
        try:
            cells = len(lesson.notebook(solutions=False).cells)
            with _progress(lesson.name, cells) as advance:
                builder.build(lesson, folder, solutions=solutions, run=execute, on_cell=advance)
        except (AuthoringError, CellFailure) as error:
            failed += 1
            print(f"{lesson.name}: {error}", file=sys.stderr)
    return int(failed > 0)


def export(folder: Path, numbers: Sequence[int]) -> int:
    """Return 0 when the lessons are a course for nbgrader in the folder; print its files."""
    from coursekit.authoring.grading.export import export as write_course

    lessons = select_lessons(course_folder("lessons"), list(numbers))
    print(*write_course(lessons, folder), sep="\n")
    return 0


def run(numbers: Sequence[int], *, solutions: bool, offline: bool) -> int:
    """Return 1 where a cell fails, or a check does not call the lesson's own solution correct.

    Prints a table of lesson, cells, seconds and result.
    """
    table = Table("lesson", "cells", "seconds", "result", box=None, pad_edge=False)
    failures: list[CellFailure] = []
    unproved: list[str] = []
    for lesson in select_lessons(_sources(solutions), list(numbers)):
        notebook = _notebook(lesson, solutions)
        cells = sum(cell.cell_type == "code" for cell in notebook.cells)
        began, result = time.perf_counter(), "passed"
        try:
            with _progress(lesson.name, cells) as advance:
                environment = {"COURSEKIT_OFFLINE": "1"} if offline else {}
                folder = course_folder("notebooks")
                execute(notebook, folder, environment=environment, on_cell=advance)
            if solutions and (found := gate.unproved(notebook)):
                unproved += [f"{lesson.name}: {line}" for line in found]
                result = "a check fails"
        except CellFailure as failure:
            failures.append(failure)
            result = f"failed in cell {failure.cell}"
        table.add_row(lesson.name, str(cells), f"{time.perf_counter() - began:.1f}", result)
    print_table(table)
    for failure in failures:
        print(f"\ncell {failure.cell}:\n{failure.source}\n\n{failure.error}", file=sys.stderr)
    print(*unproved, sep="\n", end="\n" if unproved else "", file=sys.stderr)
    return int(bool(failures or unproved))


def _sources(solutions: bool) -> Path:
    return course_folder("lessons" if solutions else "notebooks")


def _notebook(lesson: Lesson, solutions: bool) -> NotebookNode:
    if solutions:
        return lesson.notebook(solutions=True)
    return nbformat.read(lesson.source, as_version=4)


@contextmanager
def _progress(name: str, cells: int) -> Iterator[object]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task(name, total=cells)
        yield lambda: bar.advance(task)
