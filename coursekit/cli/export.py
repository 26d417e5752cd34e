"""`coursekit export`."""

from __future__ import annotations

import argparse

from coursekit.cli.selection import add_lessons

HELP = "the lessons as a course for nbgrader"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the format, the course's folder, and lessons."""
    parser.add_argument("format", choices=["nbgrader"])
    parser.add_argument("folder", metavar="DIR", help="what is there is kept")
    add_lessons(parser)
    parser.add_argument(
        "--variants",
        action="store_true",
        help="other numbers for each learner, in 15 questions",
    )


def run(options: argparse.Namespace) -> int:
    """Write the lessons as a course for nbgrader; print its files."""
    from coursekit.authoring.lesson import select_lessons
    from coursekit.classroom.export import export
    from coursekit.machine.paths import course_folder

    lessons = select_lessons(course_folder("lessons"), options.lessons)
    print(*export(lessons, options.folder, variants=options.variants), sep="\n")
    return 0
