"""A lesson's deck in its file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat

from coursekit.authoring.build import difference
from coursekit.authoring.lesson import AuthoringError, Lesson
from coursekit.authoring.slides.deck import Deck, deck
from coursekit.authoring.slides.inserting import Insert
from coursekit.authoring.slides.page import html
from coursekit.authoring.slides.theme import PLAIN, Theme
from coursekit.machine.files import write_text
from coursekit.machine.paths import course_folder

__all__ = ["write"]


def write(
    lesson: Lesson,
    folder: Path,
    *,
    solutions: bool = False,
    theme: Theme = PLAIN,
    inserts: Sequence[Insert] = (),
) -> tuple[Deck, Path]:
    """Return the lesson's deck and where it was written: one file, whole or not at all.

    Raises AuthoringError where the notebook is not what the lesson builds, or a formula cannot be
    drawn.
    """
    notebooks = course_folder("notebooks")
    if stale := difference(lesson, notebooks):
        raise AuthoringError(f"{stale}; run `coursekit build`")
    notebook = nbformat.read(notebooks / f"{lesson.name}.ipynb", as_version=4)
    made = deck(lesson, notebook, solutions=solutions, inserts=inserts)
    path = folder / f"{lesson.name}.html"
    write_text(path, html(made, theme))
    return made, path
