"""Says in which piece of an answer the one change lies that would make it right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from coursekit.exercises.judging.repairs import repair
from coursekit.exercises.judging.trials import Trial
from coursekit.exercises.model import FunctionExercise

AT_MOST = 60  # characters of a line


def where_to_look(
    exercise: FunctionExercise, answer: Callable[..., Any], trials: Sequence[Trial]
) -> str:
    """Return which piece of which line to look at, where one change there is enough, or ""."""
    found = repair(exercise, answer, trials)
    if found is None:
        return ""
    statement = _short(found.statement)
    look = {
        "order": f"look at the order in `{_short(found.piece)}`",
        "place": f"look at how far `{_short(found.piece)}` is indented",
    }.get(found.how, f"look at `{_short(found.piece)}`")
    return (
        f"One change in line {found.line}, `{statement}`, makes every input tried come out right: "
        f"{look}."
    )


def _short(code: str) -> str:
    return code if len(code) <= AT_MOST else f"{code[:AT_MOST]} …"
