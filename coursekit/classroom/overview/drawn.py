"""The smallest counterexample to a misconception, drawn as learners see it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape

from coursekit.classroom.overview.tally import Shared
from coursekit.exercises import registry
from coursekit.exercises.checking import examine
from coursekit.exercises.model import ChoiceExercise, ValueExercise
from coursekit.exercises.reading import show
from coursekit.exercises.telling import html
from coursekit.exercises.telling.blocks import Block, Words

__all__ = ["MOST", "drawings"]

MOST = 15  # counterexamples that are searched for: each takes a quarter of a second


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
        found[key] = _searched(*key) if function else _answered(one.exercise, one.name)
    return found


@cache
def _searched(id: str, name: str) -> str:
    exercise = registry.exercise(id)
    known = exercise.misconceptions[name]
    blocks = examine(exercise, known.wrong).blocks
    return "".join(html.block(part) for part in blocks if not _is_said(part, known.teaches))


def _is_said(part: Block, teaches: str) -> bool:
    """Return whether a block says what stands on the page already."""
    return isinstance(part, Words) and teaches in part.text


def _answered(exercise: ValueExercise | ChoiceExercise, name: str) -> str:
    """Return the wrong answer and the right one, where there is one wrong answer."""
    if name not in exercise.misconceptions:
        return ""
    wrong, right = exercise.misconceptions[name].wrong, exercise.answer
    if isinstance(exercise, ChoiceExercise):
        wrong, right = (f"{at}, {exercise.options[at]}" for at in (wrong, right))
    else:
        wrong, right = show(wrong), show(right)
    return (
        f"<p>{escape(exercise.question)}</p>"
        f"<p>Answered: <b>{escape(wrong)}</b>. Right: <b>{escape(right)}</b>.</p>"
    )
