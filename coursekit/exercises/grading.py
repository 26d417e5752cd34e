"""What the locked cells of an assignment call: `check`, with a verdict that nbgrader can read.

A learner sees what check says, and no cell fails. Under `nbgrader autograde` and `nbgrader
validate`, which name themselves in the environment, a cell fails unless its answer is correct.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from coursekit.arguments import seed as checked_seed
from coursekit.exercises import checking, registry, values, variants
from coursekit.exercises.judging import trials
from coursekit.exercises.model import Exercise, FunctionExercise
from coursekit.exercises.pick import Chosen, Pick, Seeded
from coursekit.exercises.telling.blocks import Words
from coursekit.exercises.telling.outcome import VERDICT, Outcome, Page, headline
from coursekit.exercises.whose import LEARNER, MISSING, learner, plain, same_id

NBGRADER = "NBGRADER_EXECUTION"  # "autograde" or "validate", in the kernels that nbgrader starts
LOCKED = "Locked in:"  # how the outcome of a number, a shape or a letter begins in the course
TRIES = 50  # draws in which an input is to turn up that is not among those of check


class NotCorrectError(AssertionError):
    """An answer that is not correct. The message is what check says about it."""

    brief = False  # where the whole of it is shown above, drawn

    def _render_traceback_(self) -> list[str]:
        """Return what IPython prints in place of a traceback, which would bury the message."""
        return [str(self).partition("\n")[0] if self.brief else str(self)]


class Shown:
    """What shows itself: nbgrader would take what a cell returns for a number of points."""

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display({"text/plain": str(self), "text/html": self._repr_html_()}, raw=True)


class ShownPage(Shown, Page):
    """A page that shows itself."""


class ShownOutcome(Shown, Outcome):
    """An outcome that shows itself."""


def grade(id: str, answer: Any, seed: int | None = None, draw: str | None = None) -> Page:
    """Return what can be said about an answer that is to be graded.

    seed: where the inputs of a hidden test come from; without it they are those of check.
    draw: what a course draws each learner's own numbers by; without it they are the lesson's.

    The verdict is left among the cell's outputs, as data: for nbgrader where the answer is not
    correct, with a seed where it is.

    Raises ValueError when there is no such exercise, or none with variants, or an autograder does
    not say whose answer it is; under nbgrader, or with a seed, NotCorrectError when the answer is
    not correct.
    """
    if seed is not None:
        checked_seed("seed", seed)
    exercise, mode = registry.exercise(id), os.environ.get(NBGRADER, "")
    whose = "" if draw is None else _whose(mode)
    if draw is not None:
        variants.variants(id, draw)  # or an error that says why not
        if not whose:
            return _nobodys(exercise, mode)
        exercise = variants.variant(id, draw, whose)
    if seed is None and not mode and not exercise.locks_in:
        return checking.check(id, answer)
    outcome = checking.examine(_asked(exercise, seed), answer)
    if seed is None and mode != "autograde" and exercise.locks_in:
        return _noted(exercise, answer, outcome, mode)
    outcome = _handed_in(outcome) if mode and exercise.locks_in else outcome
    if draw is not None:
        outcome = _with_numbers(variants.told(outcome, exercise, answer, draw, whose), whose)
    if outcome.status != "correct":
        raise _failure(outcome, seed, mode)
    if seed is not None:
        _publish(outcome, seed)
    return _shown(outcome) if mode == "validate" else outcome


def reseeded(exercise: FunctionExercise, seed: int) -> FunctionExercise:
    """Return the exercise with other inputs in place of those that check draws.

    An input that check has too is drawn again, unless there are hardly any others.
    """
    known = {str(args) for args, _ in trials.probes(exercise)}
    return replace(exercise, inputs=_unknown_inputs(exercise.inputs, Seeded(seed), known))


def _unknown_inputs(
    inputs: Callable[[Pick], tuple[Any, ...]], own: Seeded, known: set[str]
) -> Callable[[Pick], tuple[Any, ...]]:
    def draw(pick: Pick) -> tuple[Any, ...]:
        if not isinstance(pick, Chosen) or pick.made or pick.then is None:
            return inputs(pick)  # choices that were made before
        for _ in range(1 + TRIES):
            other = Chosen((), own, pick.parts)
            args = inputs(other)
            if str(args) not in known:
                break
        pick.taken = other.taken
        return args

    return draw


def _whose(mode: str) -> str:
    """Return the id of the learner whose answer is judged; a grader's own account is nobody's."""
    if mode != "autograde":
        return learner()
    if found := os.environ.get(LEARNER, ""):
        return found
    raise ValueError(
        f"{LEARNER} is missing from the environment; expected the id of the learner, as "
        "coursekit.classroom.execute.Execute gives it: keep that step in nbgrader_config.py"
    )


def _nobodys(exercise: Exercise, mode: str) -> Page:
    said = Page(headline=headline(exercise, "whose?"), sign="…", blocks=(Words(MISSING),))
    if mode:
        raise NotCorrectError(str(said))
    return said


def _with_numbers(outcome: Outcome, whose: str) -> Outcome:
    """Return the outcome; where the notebook asked another's questions, it says so first."""
    claimed = learner()
    if outcome.status == "correct" or not claimed or same_id(claimed, whose):
        return outcome
    said = (
        f"The notebook asked the questions of {plain(claimed)!r}, and was handed in by "
        f"{plain(whose)!r}, whose numbers count."
    )
    named = tuple(name for name in outcome.misconceptions if name != variants.ANOTHER)
    blocks = (Words(said), *outcome.blocks)
    return replace(outcome, blocks=blocks, misconceptions=named, mistaken_id=True)


def _asked(exercise: Exercise, seed: int | None) -> Exercise:
    if seed is None or not isinstance(exercise, FunctionExercise):
        return exercise
    return reseeded(exercise, seed)


def _noted(exercise: Any, answer: Any, outcome: Outcome, mode: str) -> Page:
    """Return what a learner is told about a value before it is graded: not whether it is right."""
    if outcome.status in ("unattempted", "not comparable"):
        if mode:
            raise _failure(outcome, None, mode)
        return outcome
    said = (
        f"Noted: {values.show(values.read(exercise, answer))}. What stands here when you hand in "
        "is graded; the answer and its reasons come with the feedback."
    )
    noted = Page(headline=headline(exercise, "noted"), sign="…", blocks=(Words(said),))
    return _shown(noted) if mode else noted


def _handed_in(outcome: Outcome) -> Outcome:
    """Return the outcome of a value in the words of an assignment, in which nothing is locked."""
    first, *rest = outcome.blocks
    if not isinstance(first, Words) or not first.text.startswith(LOCKED):
        return outcome
    said = replace(first, text=f"Handed in:{first.text.removeprefix(LOCKED)}")
    return replace(outcome, blocks=(said, *rest))


def _shown(page: Page) -> Page:
    kind = ShownOutcome if isinstance(page, Outcome) else ShownPage
    return kind(**{part.name: getattr(page, part.name) for part in fields(page)})


def _failure(outcome: Outcome, seed: int | None, mode: str) -> NotCorrectError:
    """Return the error; where nbgrader makes the feedback of it, the outcome is shown above it."""
    error = NotCorrectError(str(outcome))
    if mode == "autograde":
        _publish(outcome, seed)
        error.brief = True
    return error


def _publish(outcome: Outcome, seed: int | None) -> None:
    """Leave the verdict among the outputs: a cell that was kept from running has none."""
    from IPython.display import display

    verdict = outcome.verdict if seed is None else {**outcome.verdict, "seed": seed}
    shown = {"text/plain": str(outcome), "text/html": outcome._repr_html_()}
    display({**shown, VERDICT: verdict}, raw=True)
