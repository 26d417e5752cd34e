"""`coursekit class`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.cli.selection import add_lessons

if TYPE_CHECKING:
    from coursekit.authoring.lesson import Lesson
    from coursekit.classroom.overview.found import Class

HELP = "what a class misunderstood, from its notebooks, on one page"
FORMS = ("moodle", "canvas")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the class's folder, lessons, where to write, and what."""
    parser.add_argument(
        "folder",
        metavar="DIR",
        help="nbgrader's folder of the course, or a folder with a copy of the lessons a learner",
    )
    add_lessons(parser)
    parser.add_argument("-o", dest="target", default=".", metavar="DIR", help="where to write")
    parser.add_argument(
        "--names", action="store_true", help="call learners by their folders' names on the page"
    )
    parser.add_argument(
        "--grades", choices=FORMS, help="write grades for this system, in place of the page"
    )


def run(options: argparse.Namespace) -> int:
    """Write a page on what a class misunderstood, and its counts as CSV; print their paths."""
    from coursekit.authoring.lesson import select_lessons
    from coursekit.classroom.overview.found import find
    from coursekit.classroom.overview.report import checked_target
    from coursekit.machine.paths import course_folder, folder

    there = folder("DIR", options.folder)
    lessons = select_lessons(course_folder("lessons"), options.lessons)
    target = checked_target(options.target)
    found = find(there, lessons)
    if options.grades:
        return _grades(found, lessons, target, options.grades)
    return _page(found, target, options.names)


def _page(found: Class, target: Path, names: bool) -> int:
    from coursekit.classroom.overview.report import write_report
    from coursekit.machine.console import progress_bar

    with progress_bar("notebooks", len(found.hand_ins)) as step:
        counted, files = write_report(found, target, names=names, step=step)
    read = sum(lesson.read for lesson in counted.lessons)
    print(f"read     {read} notebooks of {len(found.learners)} learners, from {found.kind}")
    for file in files:
        print(f"written  {file}")
    return 0


def _grades(found: Class, lessons: list[Lesson], target: Path, form: str) -> int:
    from coursekit.classroom.overview.marks import as_csv, marks
    from coursekit.machine.files import write_text

    graded = marks(found, lessons)
    file = target / f"grades-{form}.csv"
    write_text(file, as_csv(graded, form))
    print(f"written  {file}  {len(graded.points)} grades of {len(graded.people)} learners")
    if graded.by_hand:
        print(f"of these {len(graded.by_hand)} are still to be graded by hand, in part")
    return 0
