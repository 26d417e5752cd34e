"""A lesson's slides, with what its speaker needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from coursekit.authoring.lesson import AuthoringError, Lesson
from coursekit.authoring.slides.assembly import Assembly, Slide
from coursekit.authoring.slides.inserting import Insert, inserted
from coursekit.authoring.slides.minutes import share
from coursekit.authoring.slides.parts import divided

__all__ = ["Deck", "Slide", "deck"]

TIME = re.compile(r"Time \| (\d+) minutes")


@dataclass(frozen=True)
class Deck:
    """The slides of a lesson."""

    name: str
    title: str
    slides: list[Slide]

    @property
    def minutes(self) -> float:
        """Return the minutes of all slides."""
        return sum(slide.minutes for slide in self.slides)


def deck(
    lesson: Lesson,
    notebook: NotebookNode,
    *,
    solutions: bool = False,
    inserts: Sequence[Insert] = (),
) -> Deck:
    """Return the lesson's deck, with the outputs of its executed notebook.

    With `solutions`, a slide after each exercise shows how it is solved. `inserts` are an
    instructor's own slides, each behind the slide that it names.
    Raises AuthoringError where a formula cannot be drawn, the lesson names no time, or it has no
    slide that an insert names.
    """
    time = TIME.search(notebook.cells[0].source)
    if not time:
        raise AuthoringError(f"{lesson.name}: the first cell has no row `| Time | … minutes |`")
    answers = {c.id: c.source for c in lesson.notebook(solutions=True).cells} if solutions else {}
    made = Assembly(answers, solutions=solutions).of(notebook)
    title = made[0].title
    slides = [part for slide in inserted(made, inserts) for part in divided(slide)]
    asked = [sum(e.minutes for e in slide.exercises) for slide in slides]
    plan = share(int(time[1]), asked, [slide.words for slide in slides])
    for slide, minutes in zip(slides, plan, strict=True):
        slide.minutes = minutes
    return Deck(lesson.name, title, slides)
