"""`coursekit slides`."""

from __future__ import annotations

import argparse
import sys

from coursekit.cli.selection import add_lessons

HELP = "one offline HTML file of slides for each lesson"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add lessons, where their slides go, and what else is wanted."""
    add_lessons(parser)
    parser.add_argument("-o", dest="folder", default="build/slides", metavar="DIR")
    parser.add_argument("--solutions", action="store_true", help="a solution after each exercise")
    parser.add_argument(
        "--contact-sheet", action="store_true", help="all slides on a picture; needs Chromium"
    )


def run(options: argparse.Namespace) -> int:
    """Write each lesson as one HTML file of slides; 1 where one could not be written."""
    from rich.table import Table

    from coursekit.authoring.lesson import AuthoringError, select_lessons
    from coursekit.authoring.slides.contact_sheet import contact_sheet
    from coursekit.authoring.slides.writing import write
    from coursekit.machine.console import print_table
    from coursekit.machine.paths import course_folder, folder_to_write

    folder = folder_to_write("-o", options.folder)
    table = Table("lesson", "slides", "minutes", "MB", "file", box=None, pad_edge=False)
    failed = 0
    for lesson in select_lessons(course_folder("lessons"), options.lessons):
        try:
            made, path = write(lesson, folder, solutions=options.solutions)
            row = str(len(made.slides)), f"{made.minutes:.0f}", f"{path.stat().st_size / 1e6:.1f}"
            table.add_row(lesson.name, *row, str(path))
            if options.contact_sheet:
                table.add_row("", "", "", "", str(contact_sheet(path)))
        except AuthoringError as error:
            failed += 1
            print(f"{lesson.name}: {error}", file=sys.stderr)
    print_table(table)
    return int(failed > 0)
