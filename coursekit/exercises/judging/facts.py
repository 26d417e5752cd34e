"""What can be true of the inputs of any exercise: their shapes and numbers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

from torch import Tensor

from coursekit.exercises.model import FunctionExercise

Fact = Callable[..., bool]
OF_TENSORS: dict[str, Callable[[Tensor], bool]] = {
    "{} is not square": lambda x: x.ndim > 1 and x.shape[-1] != x.shape[-2],
    "{} has more than one number": lambda x: x.numel() > 1,
    "{} has more than one row": lambda x: x.ndim > 1 and x.shape[-2] > 1,
    "{} has more than one column": lambda x: x.ndim > 1 and x.shape[-1] > 1,
    "{} holds a negative number": lambda x: bool((x < 0).any()),
    "{} holds decimals": lambda x: bool((x != x.round()).any()),
    "{} holds a 0": lambda x: bool((x == 0).any()),
    "{} holds a number twice": lambda x: len(x.unique()) < x.numel(),
}
OF_NUMBERS: dict[str, Callable[[float], bool]] = {
    "{} is 0": lambda n: n == 0,
    "{} is negative": lambda n: n < 0,
    "{} is more than 1": lambda n: n > 1,
    "{} is more than 2": lambda n: n > 2,
    "{} is odd": lambda n: n % 2 == 1,
    "{} is even": lambda n: n % 2 == 0,
    "{} is not a whole number": lambda n: n != round(n),
}


def general(exercise: FunctionExercise) -> dict[str, Fact]:
    """Return facts on each of the inputs alone, and on pairs of numbers, by their names."""
    found: dict[str, Fact] = {}
    if exercise.harness is not None:
        return found  # its inputs are the harness's, not the learner's
    for i, name in enumerate(exercise.shown):
        for words, holds in OF_TENSORS.items():
            found[words.format(name)] = _of(i, Tensor, holds)
        for words, holds in OF_NUMBERS.items():
            found[words.format(name)] = _of(i, int | float, holds)
    for (i, left), (j, right) in combinations(enumerate(exercise.shown), 2):
        found[f"{left} and {right} differ"] = _differ(i, j)
        found[f"{left} is smaller than {right}"] = _smaller(i, j)
        found[f"{left} is larger than {right}"] = _smaller(j, i)
    return found


def _of(i: int, kind: Any, holds: Callable[[Any], bool]) -> Fact:
    return lambda *args: isinstance(args[i], kind) and holds(args[i])


def _differ(i: int, j: int) -> Fact:
    return lambda *args: _numbers(args[i], args[j]) and args[i] != args[j]


def _smaller(i: int, j: int) -> Fact:
    return lambda *args: _numbers(args[i], args[j]) and args[i] < args[j]


def _numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float) for value in values)
