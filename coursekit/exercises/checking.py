"""What `check`, `hint` and `solution` do."""

from __future__ import annotations

import inspect
import warnings
from dataclasses import replace
from typing import Any, Protocol

from torch.random import fork_rng

from coursekit.arguments import integer
from coursekit.exercises import (
    answers,
    counterexamples,
    functions,
    progress,
    registry,
    values,
    variants,
)
from coursekit.exercises.judging.carrying import carried
from coursekit.exercises.judging.own import Own
from coursekit.exercises.judging.source import source
from coursekit.exercises.model import (
    ChoiceExercise,
    CounterexampleExercise,
    Exercise,
    FunctionExercise,
    ValueExercise,
)
from coursekit.exercises.telling.blocks import Block, Words
from coursekit.exercises.telling.outcome import Outcome, Page, headline, outcome
from coursekit.exercises.telling.sentences import folded_hints


class Judge(Protocol):
    """What a module does for the kinds of exercise that it judges."""

    def examine(self, exercise: Any, answer: Any) -> Outcome:
        """Return the outcome of an answer; nothing is recorded."""

    def worked(self, exercise: Any) -> tuple[Block, ...]:
        """Return the worked solution, and its reasons."""


JUDGES: dict[type[Exercise], Judge] = {
    FunctionExercise: functions,
    ValueExercise: values,
    ChoiceExercise: values,
    CounterexampleExercise: counterexamples,
}
OUR_FAULT = (
    "check itself stumbled over this answer ({}), which is no verdict on it. Please tell the "
    "authors of the course; the lesson goes on without."
)

_found_right: dict[str, Any] = {}  # exercise -> the very answer that was


def examine(exercise: Exercise, answer: Any) -> Outcome:
    """Return the outcome of an answer; nothing is recorded, and nothing but Ctrl-C is raised.

    The lesson's random numbers go on afterwards as if nothing had been drawn.
    """
    try:
        with warnings.catch_warnings(), fork_rng(devices=[]):
            warnings.simplefilter("ignore")
            return JUDGES[type(exercise)].examine(exercise, answer)
    except Exception as error:
        said = OUR_FAULT.format(type(error).__name__)
        return outcome(exercise, "not comparable", [Words(said)])


def check(id: str, answer: Any) -> Outcome:
    """Return what can be said about an answer, and remember it."""
    exercise = registry.exercise(id)
    answer = answer.answer if isinstance(answer, Own) else answer
    found = examine(exercise, answer)
    unread = exercise.locks_in and found.status == "not comparable"
    if found.status == "unattempted" or unread:
        return found
    shown, extra = values.tries(exercise, answer) if exercise.locks_in else ("", [])
    nameless = found.status != "correct" and not found.misconceptions
    unnamed = source(answer) if nameless and isinstance(exercise, FunctionExercise) else ""
    troubles = [progress.record(exercise.id, found.status, shown, unnamed)]
    if found.status == "correct" and isinstance(exercise, FunctionExercise):
        _found_right[exercise.id] = answer
        troubles.append(_kept(exercise, answer))
    extra += [Words(trouble) for trouble in troubles if trouble]
    return replace(found, blocks=(*found.blocks, *extra)) if extra else found


def is_right(exercise: Exercise, answer: Any) -> bool:
    """Return whether check finds the answer right, or has done so before."""
    if _found_right.get(exercise.id, ...) is answer:
        return True
    right = examine(exercise, answer).status == "correct"
    if right:
        _found_right[exercise.id] = answer
    return right


def _kept(exercise: Exercise, answer: Any) -> str:
    """Keep an answer for later lessons, if it can leave its notebook; return what is amiss."""
    if progress.folder() is None:
        return ""
    text = carried(answer) if inspect.isfunction(answer) else ""
    return answers.keep(exercise.id, answer.__name__, text) if text else ""


def hint(id: str, steps: int = 1) -> Page:
    """Return the first hints of an exercise as text, all of them folded as HTML.

    Where the learner was asked the question with numbers of their own, the hints have these.
    """
    exercise = registry.exercise(id)
    exercise = variants.asked(id) or exercise
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
    known = progress.locked if exercise.locks_in else progress.is_done
    if not known(exercise.id):
        return Page(headline=title, blocks=(Words(_closed(exercise)),))
    return Page(headline=title, blocks=JUDGES[type(exercise)].worked(exercise))


def _closed(exercise: Exercise) -> str:
    """Return when the solution opens."""
    call = f'check("{exercise.id}", {exercise.checked}).'
    if exercise.locks_in:
        return f"It opens after your own answer: {call}"
    helps = f'hint("{exercise.id}") helps in {len(exercise.hints)} steps.'
    return f"It opens after a correct answer: {call} Until then, {helps}"
