"""The smallest counterexample to a misconception, drawn as learners see it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from coursekit.classroom.overview.tally import Shared
from coursekit.exercises.checking import examine
from coursekit.exercises.model import (
    ChoiceExercise,
    Exercise,
    FunctionExercise,
    ValueExercise,
)
from coursekit.exercises.reading import show
from coursekit.exercises.telling import html
from coursekit.exercises.telling.blocks import Block, Words

__all__ = ["MOST", "drawings"]

MOST = 20  # counterexamples that are searched for: each takes a quarter of a second
NOT_SAID = ("Locked in:", "The answer is ")


def drawings(shared: Sequence[Shared], most: int = MOST) -> dict[tuple[str, str], str]:
    """Return (exercise, misconception) -> HTML, of the first ones, and of all short answers.

    most: for how many functions and programs an input is searched.
    """
    found: dict[tuple[str, str], str] = {}
    for one in shared:
        function = not isinstance(one.exercise, ValueExercise | ChoiceExercise)
        if function and most <= 0:
            continue
        most -= function
        key = one.exercise.id, one.name
        found[key] = _searched(one) if function else _answered(one.exercise, one.name)
    return found


def _searched(one: Shared) -> str:
    outcome = examine(one.exercise, one.exercise.misconceptions[one.name].wrong)
    return "".join(html.block(part) for part in outcome.blocks if not _is_diagnosis(part, one))


def _is_diagnosis(part: Block, one: Shared) -> bool:
    """Return whether a block says what stands on the page already."""
    if not isinstance(part, Words):
        return False
    if isinstance(one.exercise, FunctionExercise):
        return one.name in part.strong or one.teaches in part.text
    return one.teaches in part.text or part.text.startswith(NOT_SAID)


def _answered(exercise: Exercise, name: str) -> str:
    """Return the wrong answer and the right one."""
    wrong, right = exercise.misconceptions[name].wrong, exercise.answer
    if isinstance(exercise, ChoiceExercise):
        wrong, right = (f"{at}, {exercise.options[at]}" for at in (wrong, right))
    else:
        wrong, right = show(wrong), show(right)
    return (
        f"<p>{escape(exercise.question)}</p>"
        f"<p>Answered: <b>{escape(wrong)}</b>. Right: <b>{escape(right)}</b>.</p>"
    )
