"""Judges answers that are inputs: does a program with a bug go wrong on them?"""

from __future__ import annotations

from functools import cache
from typing import Any

import torch

from coursekit.exercises.judging import search, trials
from coursekit.exercises.judging.arguments import Args, UnfitError, arguments, has_gap
from coursekit.exercises.judging.compare import read
from coursekit.exercises.judging.sandbox import Call, Sandbox
from coursekit.exercises.judging.stub import is_gap
from coursekit.exercises.model import CounterexampleExercise
from coursekit.exercises.telling import counterexamples as telling
from coursekit.exercises.telling import sentences
from coursekit.exercises.telling.blocks import Block, Words
from coursekit.exercises.telling.outcome import Outcome

TOO_LONG = "It takes too long to compute: a smaller input will do."
SEARCH_SECONDS = 60.0  # of work, so that a busy machine finds what an idle one does


def examine(exercise: CounterexampleExercise, answer: Any) -> Outcome:
    """Return the outcome of an input; nothing is recorded."""
    if is_gap(answer) or has_gap(answer):
        return sentences.unattempted(exercise, [Words(exercise.question)])
    try:
        args = arguments(exercise.about, answer)
    except UnfitError as error:
        return telling.unfit(exercise, error)
    if why := exercise.outside(*args):
        return telling.outside(exercise, args, why)
    right = _call(exercise.about.reference, exercise, args)
    if why := _no_result(exercise, right):
        return telling.outside(exercise, args, why)
    with Sandbox(exercise.about.tried(exercise.program)) as sandbox:
        trial = trials.attempt(sandbox, args, read(right.value))
    if trial.call.hung:
        return telling.outside(exercise, args, TOO_LONG)
    if trial.kind == "right":
        return telling.hidden(exercise, trial, hiding_place(exercise, args))
    return telling.exposed(exercise, trial, smallest(exercise))


def worked(exercise: CounterexampleExercise) -> tuple[Block, ...]:
    """Return a smallest counterexample, and the reasons why it is one."""
    return telling.worked(exercise)


def hiding_place(exercise: CounterexampleExercise, args: Args) -> str:
    """Return the name of the first hiding place that an input is, or ""."""
    places = exercise.misconceptions.items()
    return next((name for name, place in places if place.holds(*args)), "")


@cache
def smallest(exercise: CounterexampleExercise) -> Args:
    """Return the smallest input known on which the program goes wrong: searched for, or ours."""
    about = exercise.about
    with Sandbox(about.tried(exercise.program), SEARCH_SECONDS) as sandbox:
        found = search.smallest(sandbox, about, (), None)
    known = [exercise.answer, *exercise.alternatives, *([found.args] if found else [])]
    return min(known, key=trials.size)


def _call(function: Any, exercise: CounterexampleExercise, args: Args) -> Call:
    with Sandbox(exercise.about.tried(function)) as sandbox:
        return sandbox.call(args)


def _no_result(exercise: CounterexampleExercise, right: Call) -> str:
    """Return why the right function has no result that one could compare with, or ""."""
    if right.error is not None:
        return f"The right {telling.raises(exercise.about.name, right.error)}"
    if right.hung:
        return TOO_LONG
    result = read(right.value).tensor
    if result is None:
        return "What comes out here is too large to be compared."
    if not result.numel():
        return "The right result is empty here."
    if not torch.isfinite(result).all():
        return "Even the right result holds ∞ or NaN here: smaller numbers will do."
    return ""
