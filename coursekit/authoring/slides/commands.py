"""What `coursekit slides` does."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from rich.table import Table

from coursekit.authoring.build import difference
from coursekit.authoring.lesson import AuthoringError, Lesson, select_lessons
from coursekit.authoring.slides.contact_sheet import contact_sheet
from coursekit.authoring.slides.deck import Deck, deck
from coursekit.authoring.slides.page import html
from coursekit.console import print_table
from coursekit.paths import course_folder

__all__ = ["slides", "write"]


def slides(numbers: Sequence[int], folder: Path, *, solutions: bool, sheet: bool) -> int:
    """Return 1 where a deck could not be written; print a table of lesson, slides and file."""
    table = Table("lesson", "slides", "minutes", "MB", "file", box=None, pad_edge=False)
    failed = 0
    for lesson in select_lessons(course_folder("lessons"), list(numbers)):
        try:
            made, path = write(lesson, folder, solutions=solutions)
            row = str(len(made.slides)), f"{made.minutes:.0f}", f"{path.stat().st_size / 1e6:.1f}"
            table.add_row(lesson.name, *row, str(path))
            if sheet:
                table.add_row("", "", "", "", str(contact_sheet(path)))
        except AuthoringError as error:
            failed += 1
            print(f"{lesson.name}: {error}", file=sys.stderr)
    print_table(table)
    return int(failed > 0)


def write(lesson: Lesson, folder: Path, *, solutions: bool = False) -> tuple[Deck, Path]:
    """Return the lesson's deck and where it was written: one file, whole or not at all.

    Raises AuthoringError where the notebook is not what the lesson builds, or a formula cannot be
    drawn.
    """
    notebooks = course_folder("notebooks")
    if stale := difference(lesson, notebooks):
        raise AuthoringError(f"{stale}; run `coursekit build`")
    notebook = nbformat.read(notebooks / f"{lesson.name}.ipynb", as_version=4)
    made = deck(lesson, notebook, solutions=solutions)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{lesson.name}.html"
    partial = path.with_suffix(".partial")
    partial.write_text(html(made), encoding="utf-8")
    partial.replace(path)
    return made, path
