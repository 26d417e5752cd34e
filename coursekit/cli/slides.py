"""`coursekit slides`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from coursekit.cli.selection import add_lessons

if TYPE_CHECKING:
    from coursekit.authoring.lesson import Lesson
    from coursekit.authoring.slides.inserting import Insert
    from coursekit.authoring.slides.theme import Theme

HELP = "one offline HTML file of slides for each lesson"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add lessons, where their slides go, and what else is wanted."""
    add_lessons(parser)
    parser.add_argument("-o", dest="folder", default="build/slides", metavar="DIR")
    parser.add_argument("--solutions", action="store_true", help="a solution after each exercise")
    parser.add_argument("--theme", metavar="FILE", help="colours and a logo of your own")
    parser.add_argument(
        "--insert", metavar="FILE", help="slides of your own, in Markdown; one lesson"
    )
    parser.add_argument("--pdf", action="store_true", help="a PDF beside it; needs Chromium")
    parser.add_argument("--notes", action="store_true", help="with --pdf, notes below the slides")
    parser.add_argument(
        "--contact-sheet", action="store_true", help="all slides on a picture; needs Chromium"
    )


def run(options: argparse.Namespace) -> int:
    """Write each lesson as one HTML file of slides; 1 where one could not be written."""
    from rich.table import Table

    from coursekit.authoring.lesson import AuthoringError, select_lessons
    from coursekit.machine.console import print_table
    from coursekit.machine.paths import course_folder, folder_to_write, to_read

    options.folder = folder_to_write("-o", options.folder)
    for name in ("theme", "insert"):
        if getattr(options, name) is not None:
            setattr(options, name, to_read(f"--{name}", getattr(options, name)))
    lessons = select_lessons(course_folder("lessons"), options.lessons)
    table = Table("lesson", "slides", "minutes", "MB", "file", box=None, pad_edge=False)
    failed = 0
    try:
        theme, inserts = _own(options, len(lessons))
    except AuthoringError as error:
        print(error, file=sys.stderr)
        return 1
    for lesson in lessons:
        try:
            rows = _write(lesson, options, theme, inserts)
        except AuthoringError as error:
            failed += 1
            print(f"{lesson.name}: {error}", file=sys.stderr)
        else:
            for row in rows:
                table.add_row(*row)
    print_table(table)
    return int(failed > 0)


def _own(options: argparse.Namespace, lessons: int) -> tuple[Theme, list[Insert]]:
    """Return what the instructor brings; AuthoringError where it does not fit."""
    from coursekit.authoring.lesson import AuthoringError
    from coursekit.authoring.slides import inserting, theme

    if options.notes and not options.pdf:
        raise AuthoringError("--notes is for paper; expected --pdf with it")
    if options.insert and lessons != 1:
        raise AuthoringError(f"--insert goes into one lesson, and {lessons} are named")
    own = theme.read(options.theme) if options.theme else theme.PLAIN
    return own, inserting.read(options.insert) if options.insert else []


def _write(
    lesson: Lesson, options: argparse.Namespace, theme: Theme, inserts: list[Insert]
) -> list[tuple[str, ...]]:
    """Return rows of the table that `run` prints: the deck, and what else was made of it."""
    from coursekit.authoring.slides.contact_sheet import contact_sheet
    from coursekit.authoring.slides.printing import to_pdf
    from coursekit.authoring.slides.writing import write

    made, path = write(
        lesson, options.folder, solutions=options.solutions, theme=theme, inserts=inserts
    )
    size = f"{path.stat().st_size / 1e6:.1f}"
    rows = [(lesson.name, str(len(made.slides)), f"{made.minutes:.0f}", size, str(path))]
    if options.pdf:
        rows.append(("", "", "", "", str(to_pdf(path, notes=options.notes))))
    if options.contact_sheet:
        rows.append(("", "", "", "", str(contact_sheet(path))))
    return rows
