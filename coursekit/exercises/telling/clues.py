"""Says what else can be found out about a wrong answer that behaves like no known one."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import torch

from coursekit.exercises.judging import syntax
from coursekit.exercises.judging.sandbox import Sandbox
from coursekit.exercises.judging.sensitivity import Function, ignored, inside, reference
from coursekit.exercises.judging.trials import Trial
from coursekit.exercises.model import FunctionExercise
from coursekit.exercises.telling.counting import offset, wrong_count
from coursekit.exercises.telling.formulas import of_arguments
from coursekit.exercises.telling.idle import without_effect
from coursekit.exercises.telling.numbers import count
from coursekit.exercises.telling.parts import here, left_out
from coursekit.exercises.telling.places import where_right, where_wrong
from coursekit.exercises.telling.repaired import where_to_look

SECONDS = 0.5  # of work, for what is asked of an answer on top of its trials


def clue(
    exercise: FunctionExercise, answer: Callable[..., Any], trials: Sequence[Trial], found: Trial
) -> str:
    """Return what is so on every input tried and tells where to look, or ""."""
    tree = syntax.definition(answer)
    if said := written(tree, exercise, trials) or some_nothing(trials):
        return said
    if not any(trial.difference for trial in trials):
        return where_to_look(exercise, answer, trials)
    right = reference(exercise)
    if said := as_it_came(exercise, tree, trials) or of_arguments(exercise, right, trials):
        return said
    if said := wrong_count(exercise, trials) or offset(exercise, trials) or where_wrong(trials):
        return said
    with Sandbox(exercise.tried(answer), seconds=SECONDS) as sandbox:
        yours = inside(sandbox)
        return (
            measured(exercise, right, yours, trials)
            or where_right(trials)
            or where_to_look(exercise, answer, trials)
            or here(exercise, right, yours, found)
        )


def measured(
    exercise: FunctionExercise, right: Function, yours: Function, trials: Sequence[Trial]
) -> str:
    """Return what changing the arguments shows, or ""."""
    names = ignored(exercise, right, yours, trials)
    if names:
        them = " and ".join(names)
        return f"What you return is the same whatever {them} {'is' if len(names) == 1 else 'are'}."
    if exercise.harness is not None:
        return ""
    return left_out(exercise, right, yours, trials)


def written(
    tree: ast.FunctionDef | None, exercise: FunctionExercise, trials: Sequence[Trial]
) -> str:
    """Return what in the source cannot be meant as it stands, or ""."""
    if tree is None:
        return ""
    if loop := syntax.early_return(tree):
        return (
            f"The return stands inside the loop `{loop}`, so the function ends in that loop's "
            f"first round. After the loop, it stands no further right than `{loop.split()[0]}`."
        )
    if said := without_effect(tree):
        return said
    if names := syntax.unread(tree):
        return f"Your function never reads {' or '.join(names)}."
    if (product := syntax.repeated_rows(tree)) and _equal_rows(trials):
        return (
            f"`{product}` holds one and the same row several times: what is written into one of "
            "them is written into all. torch.zeros makes rows of their own."
        )
    if (power := syntax.caret(tree)) and any(trial.difference for trial in trials):
        return f"`{power}`: in Python ^ is the exclusive or of bits; a power is written **."
    return ""


def _equal_rows(trials: Sequence[Trial]) -> bool:
    tables = [t.got.tensor for t in trials if t.got.tensor is not None and t.got.tensor.ndim == 2]
    tall = [table for table in tables if len(table) > 1]
    return bool(tall) and all(bool((table == table[0]).all()) for table in tall)


def some_nothing(trials: Sequence[Trial]) -> str:
    """Return on how many inputs nothing came back, where it did on others, or ""."""
    calls = [trial.call for trial in trials]
    none = sum(call.value is None and call.error is None and not call.hung for call in calls)
    if not none or none == len(calls):
        return ""
    return (
        f"It returned None on {none} of {count(len(calls), 'input')} tried: on some way through "
        "your function no return is met."
    )


def as_it_came(
    exercise: FunctionExercise, tree: ast.FunctionDef | None, trials: Sequence[Trial]
) -> str:
    """Return which argument comes back unchanged on every input, or ""."""
    if exercise.harness is not None:
        return ""
    for i, name in enumerate(exercise.shown):
        if all(_is(trial, trial.args[i]) for trial in trials):
            said = f"On every input tried, you return {name} as it came in."
            spare = syntax.unused(tree) if tree else ()
            return f"{said} What is in {spare[-1]} is never used." if spare else said
    return ""


def _is(trial: Trial, value: Any) -> bool:
    got = trial.got.tensor
    if got is None or not isinstance(value, torch.Tensor | int | float):
        return False
    tensor = torch.as_tensor(value).double()
    return tensor.shape == got.shape and torch.equal(tensor, got)
