"""Exercises that recognise what the learner misunderstood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coursekit.exercises.unrun import tell_which_cells
from coursekit.machine.settings import settled

if TYPE_CHECKING:
    from coursekit.exercises.judging.own import Own
    from coursekit.exercises.model import Exercise
    from coursekit.exercises.telling.outcome import Outcome, Page
    from coursekit.figures import LessonFigure

__all__ = [
    "Outcome",
    "catalogue",
    "check",
    "examine",
    "grade",
    "guess",
    "hint",
    "learner",
    "own",
    "picture",
    "question",
    "reveal",
    "solution",
    "warm_up",
]


def __getattr__(name: str) -> Any:
    """Return Outcome, whose import brings PyTorch: `coursekit lab` needs the records here alone."""
    if name != "Outcome":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from coursekit.exercises.telling.outcome import Outcome

    return Outcome


tell_which_cells()


def catalogue() -> tuple[Exercise, ...]:
    """Return all exercises, in the order of the lessons."""
    from coursekit.exercises import registry

    return registry.catalogue()


@settled
def check(id: str, answer: Any = ...) -> Outcome:
    """Return what can be said about an answer to an exercise.

    id: "2.2", for the second exercise of lesson 2.
    answer: the learner's function, number, shape or letter; anything at all is met with an Outcome.

    Raises ValueError when there is no such exercise.
    """
    from coursekit.exercises import checking

    return checking.check(id, answer)


@settled
def examine(id: str, answer: Any = ...) -> Outcome:
    """Return what check would say about an answer, and record nothing.

    Raises ValueError when there is no such exercise.
    """
    from coursekit.exercises import checking, registry

    return checking.examine(registry.exercise(id), answer)


@settled
def grade(id: str, answer: Any, seed: int | None = None, draw: str | None = None) -> Page:
    """Return what can be said about an answer that is to be graded; assignments call it.

    seed: where the inputs of a hidden test come from; without it they are those of check.
    draw: what a course draws each learner's own numbers by; without it they are the lesson's.

    Raises ValueError when there is no such exercise, or none with variants; under nbgrader, or with
    a seed, an AssertionError with what check says when the answer is not correct.
    """
    from coursekit.exercises import grading

    return grading.grade(id, answer, seed, draw)


@settled
def guess(id: str, answer: Any = ..., *more: Any) -> Page:
    """Keep a guess at what the page is about to show; another guess takes its place.

    id: "2.crossing": the lesson, and the name of the guess. answer: a number, a shape or a letter.

    Raises ValueError when there is no such guess.
    """
    from coursekit.exercises import guessing

    return guessing.guess(id, answer, *more)


@settled
def hint(id: str, steps: int = 1) -> Page:
    """Return the hints of an exercise: as text the first `steps` of them, as HTML all, folded.

    Raises ValueError when there is no such exercise.
    """
    from coursekit.exercises import checking

    return checking.hint(id, steps)


@settled
def learner(id: Any = ...) -> Page:
    """Return for whom an assignment's questions with numbers of their own will be drawn.

    id: the one under which the learner hands in; dots where the course's hub knows it.

    Raises ValueError where it is no text, or an empty one.
    """
    from coursekit.exercises import asking

    return asking.learner(id)


@settled
def own(id: str, answer: Any = ...) -> Own:
    """Return the function that a lesson goes on with, and print whose it is.

    answer: the learner's function: it is what goes on where check finds it right. Where none is
    given, the one that check found right in an earlier lesson is, from `my_answers.py`. In any
    other case the course's own is, and nothing is lost.

    Raises ValueError when there is no such exercise, or its answer is no function.
    """
    from coursekit.exercises import owning

    return owning.own(id, answer)


@settled
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


@settled
def question(id: str, draw: str) -> Page:
    """Return what an exercise asks the learner whose notebook this is, with their own numbers.

    draw: what the course draws them by; it stands in the assignment.

    Raises ValueError when there is no such exercise, or it has no variants.
    """
    from coursekit.exercises import asking

    return asking.question(id, draw)


@settled
def reveal(id: str) -> None:
    """Print what the learner was to guess, why it is so, and how their guess did.

    Raises ValueError when there is no such guess.
    """
    from coursekit.exercises import guessing

    guessing.reveal(id)


@settled
def solution(id: str) -> Page:
    """Return the worked solution of an exercise, once it is solved; before, how to get there.

    Raises ValueError when there is no such exercise.
    """
    from coursekit.exercises import checking

    return checking.solution(id)


@settled
def warm_up(lesson: int, *answers: Any) -> Page:
    """Return three questions on earlier lessons, or what can be said about their answers.

    lesson: the lesson that begins. answers: one for each question, ... for one left open. Without
    any, the questions are asked, with new numbers once the last ones were answered.

    Raises ValueError for a lesson before which there is nothing to ask.
    """
    from coursekit.exercises import warming

    return warming.warm_up(lesson, *answers)
