"""`coursekit run`."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from coursekit.cli.selection import add_lessons

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from coursekit.authoring.lesson import Lesson

HELP = "execute lessons; a table of the results"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add lessons, and how to execute them."""
    add_lessons(parser)
    parser.add_argument(
        "--instructor", action="store_true", help="with solutions, from the sources"
    )
    parser.add_argument("--offline", action="store_true", help="never try the network")


def run(options: argparse.Namespace) -> int:
    """Execute lessons and print a table of lesson, cells, seconds and result.

    1 where a cell fails, or a check does not call the lesson's own solution correct.
    """
    from rich.table import Table

    from coursekit.authoring import gate
    from coursekit.authoring.execution import CellFailure, execute
    from coursekit.authoring.lesson import select_lessons
    from coursekit.machine.console import print_table, progress_bar
    from coursekit.machine.paths import course_folder

    table = Table("lesson", "cells", "seconds", "result", box=None, pad_edge=False)
    failures: list[CellFailure] = []
    unproved: list[str] = []
    sources = course_folder("lessons" if options.instructor else "notebooks")
    for lesson in select_lessons(sources, options.lessons):
        notebook = _notebook(lesson, options.instructor)
        cells = sum(cell.cell_type == "code" for cell in notebook.cells)
        began, result = time.perf_counter(), "passed"
        try:
            with progress_bar(lesson.name, cells) as advance:
                environment = {"COURSEKIT_OFFLINE": "1"} if options.offline else {}
                folder = course_folder("notebooks")
                execute(notebook, folder, environment=environment, on_cell=advance)
            if options.instructor and (found := gate.unproved(notebook)):
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


def _notebook(lesson: Lesson, solutions: bool) -> NotebookNode:
    if solutions:
        return lesson.notebook(solutions=True)

    import nbformat

    return nbformat.read(lesson.source, as_version=4)
