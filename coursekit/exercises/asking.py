"""What `question` and `learner` do: an assignment's question, with a learner's own numbers."""

from __future__ import annotations

from typing import Any

from coursekit.arguments import short
from coursekit.exercises import registry, variants, whose
from coursekit.exercises.reading import is_open
from coursekit.exercises.telling.blocks import Words
from coursekit.exercises.telling.outcome import Page, headline

__all__ = ["learner", "question"]

TELL = (
    "Put your id in place of the dots, in quotation marks: the one under which you hand in. The "
    "questions with numbers are drawn from it."
)


def question(id: str, draw: str) -> Page:
    """Return what the exercise asks the learner whose notebook this is."""
    exercise, who = registry.exercise(id), whose.learner()
    variants.variants(id, draw)  # or an error that says why not
    if not who:
        return Page(headline=headline(exercise, "whose?"), sign="…", blocks=(Words(whose.MISSING),))
    asked = variants.question(variants.variant(id, draw, who))
    return Page(headline=headline(exercise, f"the question for {who}"), sign="…", blocks=asked)


def learner(id: Any) -> Page:
    """Keep the learner's id, and return whose questions will be asked."""
    if not is_open(id) and (not isinstance(id, str) or not id.strip()):
        raise ValueError(f'id is {short(id)}; expected the one under which you hand in: "ada"')
    whose.say("" if is_open(id) else id.strip())
    who = whose.learner()
    if not who:
        return Page(headline="Whose notebook is this?", sign="…", blocks=(Words(TELL),))
    return Page(headline=f"The questions with numbers are drawn for {who}.")
