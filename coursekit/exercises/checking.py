"""What `check`, `hint` and `solution` do."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

from torch.random import fork_rng

from coursekit.arguments import integer
from coursekit.exercises import functions, progress, registry, values
from coursekit.exercises.judging.source import source
from coursekit.exercises.model import Exercise, FunctionExercise
from coursekit.exercises.telling.blocks import Block, Code, Words
from coursekit.exercises.telling.outcome import Outcome, Page, headline, outcome
from coursekit.exercises.telling.sentences import folded_hints

OUR_FAULT = (
    "check itself stumbled over this answer ({}), which is no verdict on it. Please tell the "
    "authors of the course; the lesson goes on without."
)


def examine(exercise: Exercise, answer: Any) -> Outcome:
    """Return the outcome of an answer; nothing is recorded, and nothing but Ctrl-C is raised.

    The lesson's random numbers go on afterwards as if nothing had been drawn.
    """
    judged = functions.examine if isinstance(exercise, FunctionExercise) else values.examine
    try:
        with warnings.catch_warnings(), fork_rng(devices=[]):
            warnings.simplefilter("ignore")
            return judged(exercise, answer)
    except Exception as error:
        said = OUR_FAULT.format(type(error).__name__)
        return outcome(exercise, "not comparable", [Words(said)])


def check(id: str, answer: Any) -> Outcome:
    """Return what can be said about an answer, and remember it."""
    exercise = registry.exercise(id)
    found = examine(exercise, answer)
    if found.status == "unattempted":
        return found
    shown, extra, unnamed = "", [], ""
    if isinstance(exercise, FunctionExercise):
        unnamed = "" if found.status == "correct" or found.misconceptions else source(answer)
    else:
        if found.status == "not comparable":
            return found
        shown, extra = values.tries(exercise, answer)
    trouble = progress.record(exercise.id, found.status, shown, unnamed)
    extra += [Words(trouble)] if trouble else []
    return replace(found, blocks=(*found.blocks, *extra)) if extra else found


def hint(id: str, steps: int = 1) -> Page:
    """Return the first hints of an exercise as text, all of them folded as HTML."""
    exercise = registry.exercise(id)
    many = len(exercise.hints)
    steps = min(integer("steps", steps, minimum=1), many)
    plain: list[Block] = [
        Words(f"{i} of {many}: {said}") for i, said in enumerate(exercise.hints[:steps], 1)
    ]
    if steps < many:
        plain.append(Words(f'The next one: hint("{exercise.id}", {steps + 1})'))
    return Page(
        headline=headline(exercise, "hints"), plain=tuple(plain), folded=folded_hints(exercise)
    )


def solution(id: str) -> Page:
    """Return the worked solution with its reasons, once the exercise is solved."""
    exercise = registry.exercise(id)
    title = headline(exercise, "solution")
    if isinstance(exercise, FunctionExercise):
        if not progress.is_done(exercise.id):
            said = (
                f'It opens after a correct answer: check("{exercise.id}", {exercise.name}). '
                f'Until then, hint("{exercise.id}") helps in {len(exercise.hints)} steps.'
            )
            return Page(headline=title, blocks=(Words(said),))
        return Page(headline=title, blocks=(Code(exercise.solution), Words(exercise.reasons)))
    if not progress.locked(exercise.id):
        said = f'It opens after your own answer: check("{exercise.id}", ...).'
        return Page(headline=title, blocks=(Words(said),))
    answer = Words(f"The answer is {values.show(exercise.answer)}. {exercise.reasons}")
    return Page(headline=title, blocks=(answer,))
