"""Says in which way an answer makes its results of the arguments, where that is another way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

import torch

from coursekit.exercises.judging.compare import Reading, compare
from coursekit.exercises.judging.sensitivity import Function
from coursekit.exercises.judging.trials import Args, Trial
from coursekit.exercises.model import FunctionExercise

ENOUGH = 3  # inputs that have to show it
AT_MOST = 12  # times that a step is taken
SIMPLE: dict[str, Callable[[Any, Any], Any]] = {
    "{} + {}": lambda a, b: a + b,
    "{} − {}": lambda a, b: a - b,
    "{} · {}": lambda a, b: a * b,
}


def of_arguments(exercise: FunctionExercise, right: Function, trials: Sequence[Trial]) -> str:
    """Return which arguments change places, make the result alone, or are changed again, or ""."""
    if exercise.harness is not None:
        return ""
    return (
        swapped(exercise, right, trials)
        or simple(exercise, trials)
        or again(exercise, right, trials)
    )


def swapped(exercise: FunctionExercise, right: Function, trials: Sequence[Trial]) -> str:
    """Return which two things have changed places, where that explains every result, or ""."""
    for (one, other), exchange in _exchanges(exercise, trials):
        if _explains(lambda args, exchange=exchange: right(exchange(args)), trials):
            return (
                f"On every input tried, yours is what is right with {one} and {other} in each "
                "other's place."
            )
    return ""


def _exchanges(
    exercise: FunctionExercise, trials: Sequence[Trial]
) -> Iterator[tuple[tuple[str, str], Callable[[Args], Args]]]:
    """Yield two arguments, or two parts of one, and what puts each in the other's place."""
    names, first = exercise.shown, trials[0].args
    for i, j in combinations(range(len(names)), 2):
        if all(type(trial.args[i]) is type(trial.args[j]) for trial in trials):
            yield (names[i], names[j]), _exchange(i, j)
    for i, name in enumerate(names):
        value, rows = first[i], isinstance(first[i], list)
        parts = value[0] if rows and value else value
        if not isinstance(parts, tuple) or (rows and not all(t.args[i] for t in trials)):
            continue
        for a, b in combinations(range(len(parts)), 2):
            words = f"{name}[{'i][' if rows else ''}{{}}]"
            yield (words.format(a), words.format(b)), _inside(i, a, b, rows=rows)


def _exchange(i: int, j: int) -> Callable[[Args], Args]:
    def exchange(args: Args) -> Args:
        parts = list(args)
        parts[i], parts[j] = parts[j], parts[i]
        return tuple(parts)

    return exchange


def _inside(i: int, a: int, b: int, *, rows: bool) -> Callable[[Args], Args]:
    swap = _exchange(a, b)

    def exchange(args: Args) -> Args:
        new = [swap(row) for row in args[i]] if rows else swap(args[i])
        return (*args[:i], new, *args[i + 1 :])

    return exchange


def again(exercise: FunctionExercise, right: Function, trials: Sequence[Trial]) -> str:
    """Return how many times in a row the right step is taken, where it is wanted once, or ""."""
    for i, name in enumerate(exercise.shown):
        if not all(_could_be(trial.args[i], trial.expected) for trial in trials):
            continue
        for times in range(2, AT_MOST + 1):
            if _explains(lambda args, i=i, times=times: _repeated(right, args, i, times), trials):
                return (
                    f"On every input tried, yours is what {times} steps in a row make of {name}; "
                    "one is wanted."
                )
    return ""


def _could_be(value: Any, result: Reading) -> bool:
    """Return whether a result could be given to the function in place of this argument."""
    if result.tensor is None or not isinstance(value, torch.Tensor | int | float):
        return False
    return torch.as_tensor(value).shape == result.tensor.shape


def _repeated(right: Function, args: Args, i: int, times: int) -> Reading:
    result = Reading(None)
    for _ in range(times):
        result = right(args)
        if result.tensor is None:
            return result
        value = args[i]
        kept = isinstance(value, torch.Tensor)
        new = result.tensor.to(value.dtype) if kept else result.tensor.item()
        args = (*args[:i], new, *args[i + 1 :])
    return result


def simple(exercise: FunctionExercise, trials: Sequence[Trial]) -> str:
    """Return the sum, difference or product of two arguments that the results are, or ""."""
    for i, j in combinations(range(len(exercise.shown)), 2):
        for words, function in SIMPLE.items():
            for a, b in ((i, j), (j, i)):
                made = lambda args, a=a, b=b, f=function: _made(f, args[a], args[b])  # noqa: E731
                if _explains(made, trials):
                    found = words.format(exercise.shown[a], exercise.shown[b])
                    return f"On every input tried, yours is {found}."
    return ""


def _made(function: Callable[[Any, Any], Any], a: Any, b: Any) -> Reading:
    if not all(isinstance(value, torch.Tensor | int | float) for value in (a, b)):
        return Reading(None)
    one, other = torch.as_tensor(a).double(), torch.as_tensor(b).double()
    if one.shape != other.shape and one.ndim and other.ndim:
        return Reading(None)
    return Reading(function(one, other))


def _explains(made: Function, trials: Sequence[Trial]) -> bool:
    """Return whether this makes each result, and another than the right one on some inputs."""
    shown = 0
    for trial in trials:
        wanted = made(trial.args)
        if wanted.tensor is None or wanted.tensor.numel() == 0:
            if trial.got.tensor is not None and trial.kind != "right":
                return False
            continue
        if compare(wanted, trial.got, trial.scale) is not None:
            return False
        shown += compare(trial.expected, wanted) is not None
    return shown >= ENOUGH
