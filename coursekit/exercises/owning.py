"""What `own` does: it finds the function that a lesson goes on with."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from torch import Tensor

from coursekit.exercises import answers, checking, registry
from coursekit.exercises.judging import stub
from coursekit.exercises.judging.own import Own
from coursekit.exercises.judging.sandbox import clone
from coursekit.exercises.judging.trials import probes
from coursekit.exercises.model import FunctionExercise
from coursekit.machine.settings import is_in_words

__all__ = ["own"]


def own(id: str, answer: Any = ...) -> Own:
    """Return the function that a lesson goes on with, and print whose it is."""
    exercise = registry.exercise(id)
    if not isinstance(exercise, FunctionExercise):
        fit = ", ".join(e.id for e in registry.catalogue() if isinstance(e, FunctionExercise))
        raise ValueError(f"id is {id!r}, whose answer is no function; expected one of {fit}")
    answer = answer.answer if isinstance(answer, Own) else answer
    written = not stub.is_gap(answer) and not stub.is_stub(answer)
    find = partial(_mine, exercise, answer if written else ...)
    unseen = is_in_words()
    found = Own(
        exercise.name,
        answer=answer,
        mine=None if unseen else find(),
        course=exercise.goes_on,
        as_tensor=_returns_a_tensor(exercise),
        spare=find if unseen else None,
    )
    if unseen:
        because = " goes on here, where nothing is drawn."
    else:
        because = _because(exercise, found, given=not stub.is_gap(answer), written=written)
    print(f"{found.whose[0].upper()}{found.whose[1:]}{because}")
    return found


@cache
def _returns_a_tensor(exercise: FunctionExercise) -> bool:
    """Return whether the reference does, where it is called with plain inputs."""
    if exercise.harness is not None:
        return False
    args, _ = probes(exercise)[0]
    return isinstance(exercise.reference(*map(clone, args)), Tensor)


def _mine(exercise: FunctionExercise, answer: Any) -> Callable[..., Any] | None:
    """Return the learner's function where it is right: this one, or the one kept, for dots."""
    if answer is ...:
        return answers.kept(exercise.id)
    return answer if checking.is_right(exercise, answer) else None


def _because(exercise: FunctionExercise, found: Own, *, given: bool, written: bool) -> str:
    """Return the end of the line: from where the function comes, or what would change that.

    given: whether the lesson has the exercise, and hands on what the learner wrote for it.
    """
    if found.yours:
        return " goes on from here." if written else f" from lesson {exercise.lesson} goes on here."
    if not given:
        return " goes on here."
    return f' goes on, until check("{exercise.id}", {exercise.name}) finds yours right.'
