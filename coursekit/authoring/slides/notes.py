"""What a speaker knows besides: what to say, to ask, and to watch for on a slide."""

from __future__ import annotations

import re

from coursekit.authoring.slides import render
from coursekit.exercises.guessing import wanted
from coursekit.exercises.model import Exercise, Guess
from coursekit.exercises.reading import show

__all__ = ["about", "asking", "block", "points", "questions"]

SENTENCE = re.compile(r"(?<=[.?!:])\s+(?=[A-Z*`$])")
NOT_SAID = re.compile(r"^\s*(#|\||\$\$|[-*] |\d+\. |```)")
QUESTION = re.compile(r"\?[*_`]*$")
MOST = 3  # sentences of one cell


def points(markdown: str) -> list[str]:
    r"""Return what to say: the first sentence of each paragraph, without tables and lists.

    >>> points("# Pads\n\nA border keeps the size. It is black.\n\nWhy zeros?")
    ['A border keeps the size.']
    """
    paragraphs = [part for part in markdown.split("\n\n") if part.strip()]
    firsts = [_sentences(part)[0] for part in paragraphs if not NOT_SAID.match(part)]
    return [said for said in firsts if not QUESTION.search(said)][:MOST]


def questions(markdown: str) -> list[str]:
    """Return the sentences that ask.

    >>> questions("A border keeps the size. Why zeros?")
    ['Why zeros?']
    """
    paragraphs = [part for part in markdown.split("\n\n") if not NOT_SAID.match(part)]
    return [s for part in paragraphs for s in _sentences(part) if QUESTION.search(s)]


def asking(guess: Guess) -> tuple[str, list[str]]:
    """Return how to ask for a guess, with its answer, and the slips to watch for."""
    ask = f"Hands up first: {wanted(guess)}. The answer is **{_value(guess, guess.answer)}**. "
    slips = [f"**{_value(guess, other)}**: {said}" for other, said in guess.slips.items()]
    return ask + guess.because, slips


def about(exercise: Exercise) -> tuple[str, list[str]]:
    """Return how to hand out an exercise, and the mistakes to watch for in the room."""
    ask = (
        f"**Exercise {exercise.id}**, {exercise.minutes} minutes for one who works alone. "
        f"First hint: {exercise.hints[0]}"
    )
    mistakes = exercise.misconceptions.items()
    return ask, [f"**{name}**: {mistake.teaches}" for name, mistake in mistakes]


def block(title: str, lines: list[str]) -> str:
    """Return lines under a title as HTML, or the empty string where there are none."""
    marked = "\n".join(f"- {' '.join(line.split())}" for line in dict.fromkeys(lines))
    return render.prose(f"### {title}\n\n{marked}") if lines else ""


def _sentences(paragraph: str) -> list[str]:
    return SENTENCE.split(" ".join(paragraph.split())) or [""]


def _value(guess: Guess, value: object) -> str:
    meaning = guess.options.get(str(value), "")
    return f"{show(value)}, {meaning}" if meaning else show(value)
