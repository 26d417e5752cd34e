"""Makes the numbers of a failing input simpler, as far as it goes on failing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from coursekit.exercises.judging.compare import Reading
from coursekit.exercises.judging.sandbox import OutOfTimeError, Sandbox
from coursekit.exercises.judging.trials import Args, Trial, attempt, expected, size
from coursekit.exercises.model import FunctionExercise

STEPS = 200  # calls on the way to simpler numbers


def simplified(sandbox: Sandbox, exercise: FunctionExercise, trial: Trial) -> Trial:
    """Return a trial that fails in the same way, with simpler numbers as far as there are any."""
    left = STEPS
    for place, number, at in _edits(trial.args, cell_by_cell=exercise.any_numbers):
        args = _edited(trial.args, place, number, at)
        if size(args) >= size(trial.args):
            continue
        left -= 1
        if left < 0:
            break
        try:
            wanted = expected(exercise, args)
            if _finite(trial.expected) and not _finite(wanted):
                continue  # outside the domain
            tried = attempt(sandbox, args, wanted)
        except Exception:  # outside the domain, or out of time
            continue
        trial = tried if tried.kind == trial.kind else trial
    return trial


def _edits(args: Args, *, cell_by_cell: bool) -> Iterator[tuple[int, float, int | None]]:
    """Yield what may make a tensor's numbers simpler: (argument, number, cell).

    Without a cell, all are rounded to so many parts of one; with one, that becomes the number.
    """
    tensors = [
        (place, value)
        for place, value in enumerate(args)
        if isinstance(value, torch.Tensor) and value.is_floating_point()
    ]
    for place, _ in tensors:
        yield from ((place, parts, None) for parts in (4, 2, 1))
    for place, value in tensors if cell_by_cell else ():
        yield from ((place, number, at) for at in range(value.numel()) for number in (2, 1, 0))


def _edited(args: Args, place: int, number: float, at: int | None) -> Args:
    value = args[place].clone()
    if at is None:
        value = (number * value).round() / number
    else:
        value.view(-1)[at] = number
    return (*args[:place], value, *args[place + 1 :])


def numbered(sandbox: Sandbox, exercise: FunctionExercise, trial: Trial) -> Trial:
    """Return the trial with 1, 2, 3 ... for its numbers, where they make no difference to it."""
    if trial.kind in ("value", "nan") or not exercise.any_numbers:
        return trial
    args = tuple(map(_counting, trial.args))
    wanted = expected(exercise, args)
    try:
        again = attempt(sandbox, args, wanted)
    except OutOfTimeError:
        return trial
    return again if again.kind == trial.kind else trial


def _finite(reading: Reading) -> bool:
    return reading.tensor is None or bool(reading.tensor.isfinite().all())


def _counting(value: Any) -> Any:
    if not isinstance(value, torch.Tensor):
        return value
    return torch.arange(1, value.numel() + 1, dtype=value.dtype).reshape(value.shape)
