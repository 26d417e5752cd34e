"""Exercises that recognise what the learner misunderstood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coursekit.exercises.outcome import Outcome

if TYPE_CHECKING:
    from coursekit.exercises.model import Exercise

__all__ = ["Outcome", "catalogue", "check", "hint", "solution"]


def catalogue() -> tuple[Exercise, ...]:
    """All exercises, in the order of the lessons."""
    from coursekit.exercises import registry

    return registry.catalogue()


def check(id: str, answer: Any = ...) -> Outcome:
    """What can be said about an answer to an exercise.

    id: "2.2", for the second exercise of lesson 2.
    answer: the learner's function, number, shape or letter; anything at all is met with an Outcome.

    Raises ValueError when there is no such exercise.
    """
    from coursekit.exercises import checking

    return checking.check(id, answer)
