"""Which numbers of its arguments a result depends on, found by changing them one at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from coursekit.exercises.judging.compare import Reading, compare, read
from coursekit.exercises.judging.sandbox import OutOfTimeError, Sandbox, clone
from coursekit.exercises.judging.trials import Args, Trial
from coursekit.exercises.model import FunctionExercise

CELLS = 40  # of one input, at most: each costs a call
STEP = 0.375  # exact in binary, and no difference of the numbers that are drawn
OTHERS = 3  # values of an argument that are tried in place of one
ENOUGH = 6  # of all these that change what is right

Function = Callable[[Args], Reading]


@dataclass(frozen=True)
class Slopes:
    """How fast the numbers of a result change with those of one argument.

    right, yours: (cells of the result, cells of the argument).
    size: the shape of the argument.
    """

    name: str
    size: tuple[int, ...]
    right: Tensor
    yours: Tensor

    @property
    def wanted(self) -> Tensor:
        """Whether a number of the right result depends on one of the argument."""
        return self.right.abs() > 1e-3

    @property
    def used(self) -> Tensor:
        """Whether a number of the learner's result depends on one of the argument."""
        return self.yours.abs() > 1e-3


def reference(exercise: FunctionExercise) -> Function:
    """Return what gives the right result, unreadable where there is none."""
    right = exercise.tried(exercise.reference)

    def call(args: Args) -> Reading:
        try:
            return read(right(*map(clone, args)))
        except Exception:
            return Reading(None)

    return call


def inside(sandbox: Sandbox) -> Function:
    """Return what gives the learner's result, unreadable where it raises or time is over."""

    def call(args: Args) -> Reading:
        try:
            called = sandbox.call(args)
        except OutOfTimeError:
            return Reading(None)
        return Reading(None) if called.error or called.hung else read(called.value)

    return call


def slopes(
    exercise: FunctionExercise, right: Function, yours: Function, args: Args
) -> list[Slopes] | None:
    """Return the slopes with every argument of decimals, at numbers of no special kind.

    None where there are too many numbers, or a result has another shape than the right one.
    """
    tensors = [i for i, value in enumerate(args) if _is_decimal(value)]
    if not tensors or sum(args[i].numel() for i in tensors) > CELLS:
        return None
    base = _general(exercise, args)
    before = right(base).tensor, yours(base).tensor
    if before[0] is None or before[1] is None or before[0].shape != before[1].shape:
        return None
    found = []
    for i in tensors:
        pair = [_slopes_at(call, base, i, at) for call, at in zip((right, yours), before)]  # noqa: B905
        if pair[0] is None or pair[1] is None:
            return None
        found.append(Slopes(exercise.shown[i], tuple(args[i].shape), pair[0], pair[1]))
    return found


def _is_decimal(value: Any) -> bool:
    return isinstance(value, Tensor) and value.is_floating_point() and value.numel() > 0


def _general(exercise: FunctionExercise, args: Args) -> Args:
    """Return the arguments with numbers among which no two are equal and none is 0."""
    if not exercise.any_numbers:
        return args
    made, first = [], 0
    for value in args:
        if _is_decimal(value):
            places = torch.arange(first + 1, first + value.numel() + 1, dtype=torch.float64)
            value = (0.5 + (places * 0.6180339887) % 1).to(value.dtype).reshape(value.shape)
            first += value.numel()
        made.append(value)
    return tuple(made)


def _slopes_at(call: Function, base: Args, position: int, before: Tensor) -> Tensor | None:
    columns = []
    for cell in range(base[position].numel()):
        moved = base[position].clone()
        moved.view(-1)[cell] += STEP
        after = call((*base[:position], moved, *base[position + 1 :])).tensor
        if after is None or after.shape != before.shape:
            return None
        columns.append(((after - before) / STEP).nan_to_num().flatten())
    return torch.stack(columns, dim=1)


def ignored(
    exercise: FunctionExercise, right: Function, yours: Function, trials: Sequence[Trial]
) -> tuple[str, ...]:
    """Return the arguments that make no difference to the learner's result, and should."""
    names = [name for name in exercise.shown if name in exercise.arguments]
    places = [exercise.shown.index(name) for name in names]
    return tuple(exercise.shown[i] for i in places if _is_ignored(i, right, yours, trials))


def _is_ignored(i: int, right: Function, yours: Function, trials: Sequence[Trial]) -> bool:
    differing = 0
    for trial in trials:
        if trial.got.tensor is None:
            continue
        for value in _others(i, trial, trials):
            args = (*trial.args[:i], value, *trial.args[i + 1 :])
            wanted = right(args)
            if wanted.tensor is None or compare(trial.expected, wanted) is None:
                continue
            if compare(trial.got, yours(args)) is not None:
                return False
            differing += 1
    return differing >= ENOUGH


def _others(i: int, trial: Trial, trials: Sequence[Trial]) -> list[Any]:
    """Return some values that the argument has in other trials and could have in this one."""
    size = getattr(trial.args[i], "shape", None)
    values = [other.args[i] for other in trials if getattr(other.args[i], "shape", None) == size]
    return [value for value in values if _unlike(value, trial.args[i])][-OTHERS:]


def _unlike(left: Any, right: Any) -> bool:
    return not torch.equal(left, right) if isinstance(left, Tensor) else left != right
