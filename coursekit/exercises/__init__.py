"""Exercises that recognise what the learner misunderstood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coursekit.exercises.telling.outcome import Outcome

if TYPE_CHECKING:
    from coursekit.exercises.model import Exercise
    from coursekit.exercises.telling.outcome import Page
    from coursekit.figures import LessonFigure

__all__ = ["Outcome", "catalogue", "check", "grade", "hint", "picture", "solution"]


def catalogue() -> tuple[Exercise, ...]:
    """Return all exercises, in the order of the lessons."""
    from coursekit.exercises import registry

    return registry.catalogue()


def check(id: str, answer: Any = ...) -> Outcome:
    """Return what can be said about an answer to an exercise.

    id: "2.2", for the second exercise of lesson 2.
    answer: the learner's function, number, shape or letter; anything at all is met with an Outcome.

    Raises ValueError when there is no such exercise.
    """
    from coursekit.exercises import checking

    return checking.check(id, answer)


def grade(id: str, answer: Any, seed: int | None = None) -> Page:
    """Return what can be said about an answer that is to be graded; assignments call it.

    seed: where the inputs of a hidden test come from; without it they are those of check.

    Raises ValueError when there is no such exercise; under nbgrader, or with a seed, an
    AssertionError with what check says when the answer is not correct.
    """
    from coursekit.exercises import grading

    return grading.grade(id, answer, seed)


def hint(id: str, steps: int = 1) -> Page:
    """Return the hints of an exercise: as text the first `steps` of them, as HTML all, folded.

    Raises ValueError when there is no such exercise.
    """
    from coursekit.exercises import checking

    return checking.hint(id, steps)


def picture(id: str) -> LessonFigure:
    """Return the picture that an exercise asks about, with its options.

    Raises ValueError when there is no such exercise, or it asks about no picture.
    """
    from coursekit.exercises import registry
    from coursekit.exercises.model import ChoiceExercise

    exercise = registry.exercise(id)
    if not isinstance(exercise, ChoiceExercise) or exercise.picture is None:
        raise ValueError(f"id is {id!r}, an exercise without a picture; expected one with options")
    return exercise.picture(exercise)


def solution(id: str) -> Page:
    """Return the worked solution of an exercise, once it is solved; before, how to get there.

    Raises ValueError when there is no such exercise.
    """
    from coursekit.exercises import checking

    return checking.solution(id)
