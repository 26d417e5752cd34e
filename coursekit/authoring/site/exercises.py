"""What an exercise has in the page beyond its text: hints, and what a wrong answer meets."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor

from coursekit.authoring.site.markup import escaped
from coursekit.exercises import catalogue, examine
from coursekit.exercises.model import (
    ChoiceExercise,
    CounterexampleExercise,
    Exercise,
    FunctionExercise,
    ValueExercise,
)

__all__ = ["answered_in_place", "below", "first_wrong", "hints"]

JUDGED = (FunctionExercise, CounterexampleExercise)
WORKERS = 2


def answered_in_place(exercise: Exercise) -> bool:
    """Return whether the page itself can judge an answer: a number, a shape or a letter."""
    return isinstance(exercise, ValueExercise | ChoiceExercise)


def hints(exercise: Exercise) -> str:
    """Return the hints folded, each inside the one before."""
    many, folded = len(exercise.hints), ""
    for n, said in reversed(list(enumerate(exercise.hints, 1))):
        summary = f"Hint {n} of {many}"
        folded = f"<details><summary>{summary}</summary><p>{escaped(said)}</p>{folded}</details>"
    return f'<div class="hints">{folded}</div>'


def below(exercise: Exercise, wrong: str) -> str:
    """Return what stands below the call of check, for an answer that is a program or an input.

    wrong: the outcome of its first misconception, as HTML.
    """
    name = escaped(next(iter(exercise.misconceptions)))
    return (
        f"{hints(exercise)}<details class='first-wrong'><summary>See what a wrong answer meets: "
        f"{name}</summary>{wrong}</details>"
    )


def first_wrong(lessons: Iterable[int]) -> dict[str, str]:
    """Return each exercise's outcome, as HTML, for the first of its misconceptions.

    Two processes find them, those that take longest first; nothing is recorded.
    """
    wanted = set(lessons)
    ids = [e.id for e in catalogue() if e.lesson in wanted and isinstance(e, JUDGED)]
    ids.sort(key=lambda id: -int(id.partition(".")[0]))  # later lessons train networks
    # a fork would take along locks of torch's threads
    start = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(WORKERS, len(ids) or 1), mp_context=start) as pool:
        return dict(zip(ids, pool.map(_outcome, ids), strict=True))


def _outcome(id: str) -> str:
    exercise = next(exercise for exercise in catalogue() if exercise.id == id)
    known = next(iter(exercise.misconceptions.values()))
    return examine(id, known.wrong)._repr_html_()
