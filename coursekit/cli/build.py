"""`coursekit build`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from coursekit.cli.selection import add_lessons

HELP = "make notebooks/ from lessons/"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add lessons, and whether to build, to compare, or to build with solutions."""
    add_lessons(parser)
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--check", action="store_true", help="fail where the two differ; write nothing"
    )
    parser.add_argument("--no-execute", action="store_true", help="keep outputs that still hold")
    either.add_argument(
        "--instructor", action="store_true", help="with solutions, into build/instructor/"
    )


def run(options: argparse.Namespace) -> int:
    """Make the notebooks from the lessons, or compare the two; 1 where they differ."""
    if options.check:
        return check(options.lessons)
    return build(options.lessons, execute=not options.no_execute, solutions=options.instructor)


def check(numbers: Sequence[int]) -> int:
    """Return 1 where a notebook is not what its lesson builds, outputs apart; print which."""
    from coursekit.authoring.build import difference
    from coursekit.authoring.lesson import select_lessons
    from coursekit.machine.paths import course_folder

    lessons = select_lessons(course_folder("lessons"), list(numbers))
    found = [difference(lesson, course_folder("notebooks")) for lesson in lessons]
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
    from coursekit.authoring import build as builder
    from coursekit.authoring.execution import CellFailure
    from coursekit.authoring.lesson import AuthoringError, select_lessons
    from coursekit.machine.console import progress_bar
    from coursekit.machine.paths import course_folder

    failed, folder = 0, target(solutions)
    for lesson in select_lessons(course_folder("lessons"), list(numbers)):
        try:
            cells = len(lesson.notebook(solutions=False).cells)
            with progress_bar(lesson.name, cells) as advance:
                path = builder.build(
                    lesson, folder, solutions=solutions, run=execute, on_cell=advance
                )
            if solutions:
                print(f"written  {path}")
        except (AuthoringError, CellFailure) as error:
            failed += 1
            print(f"{lesson.name}: {error}", file=sys.stderr)
    return int(failed > 0)


def target(solutions: bool) -> Path:
    """Return the folder of the notebooks that are built, in a clone of the course.

    Of an installed package, those with solutions go where the instructor is: learners can read the
    package's own folder. Raises ValueError for the others, which are in the package already.
    """
    from coursekit.machine.paths import course_folder

    root = course_folder("lessons").parent
    installed = root.name == "_course"
    if installed and not solutions:
        raise ValueError(
            "this coursekit is installed, with its notebooks built; expected a clone of the course"
        )
    if solutions:
        return (Path.cwd() if installed else root) / "build" / "instructor"
    return root / "notebooks"
