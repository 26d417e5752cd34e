"""Says which numbers of the arguments a result leaves out, or takes in twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from coursekit.exercises.judging.sensitivity import Function, Slopes, slopes
from coursekit.exercises.judging.trials import Trial
from coursekit.exercises.model import FunctionExercise, Index
from coursekit.exercises.telling.numbers import position
from coursekit.exercises.telling.places import ENDS, part, slice_words

TRIALS = 4
LISTED = 4  # cells that are named one by one


def left_out(
    exercise: FunctionExercise,
    right: Function,
    yours: Function,
    trials: Sequence[Trial],
) -> str:
    """Return which part of an argument makes no difference to the result and should, or ""."""
    measured = []
    for trial in _telling(trials):
        if (maps := slopes(exercise, right, yours, trial.args)) is not None:
            measured.append(maps)
        if len(measured) == TRIALS:
            break
    if len(measured) < 2:
        return ""
    return _summed(measured) or _own_place(measured) or _terms(measured) or _slices(measured)


def _telling(trials: Sequence[Trial]) -> list[Trial]:
    """Return failing trials of the right shape, each of other sizes, those with room first."""
    failing = [t for t in trials if t.difference and t.difference.kind == "value"]
    sizes = {_sizes(trial): trial for trial in reversed(failing)}
    return sorted(sizes.values(), key=lambda trial: -_room(trial))


def _sizes(trial: Trial) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(getattr(value, "shape", ())) for value in trial.args)


def _room(trial: Trial) -> int:
    return sum(length > 1 for size in _sizes(trial) for length in size)


def _terms(measured: Sequence[list[Slopes]]) -> str:
    """Return that of each sum one term alone is left, where it is so, or ""."""
    for end, words in (
        ("last", "is there = where += is meant"),
        ("first", "does a loop end early"),
    ):
        if all(_one_term(maps, end) for maps in measured):
            return f"Of each sum only the {end} term is left in what you return: {words}?"
    return ""


def _summed(measured: Sequence[list[Slopes]]) -> str:
    """Return that each number holds all those before it too, where it is so, or ""."""
    if not all(map(_holds_those_before, measured)):
        return ""
    return (
        "Each number of yours holds those before it too: is there a sum that is not set back to 0 "
        "before the next number?"
    )


def _own_place(measured: Sequence[list[Slopes]]) -> str:
    """Return that each number depends on the one in its own place alone, and should on more."""
    if len(measured[0]) != 1 or any(one.used.shape[0] < 2 for (one,) in measured):
        return ""
    for (one,) in measured:
        same = one.used.shape[0] == one.used.shape[1]
        if not same or (one.used & ~torch.eye(len(one.used), dtype=torch.bool)).any():
            return ""
    if not all(one.used.any() and (one.wanted & ~one.used).any() for (one,) in measured):
        return ""
    return (
        f"Each number of yours depends on the number of {measured[0][0].name} in its own place "
        "alone, and should on others too."
    )


def _holds_those_before(maps: list[Slopes]) -> bool:
    wanted = torch.cat([one.wanted for one in maps], dim=1)
    used = torch.cat([one.used for one in maps], dim=1)
    before = wanted.cumsum(dim=0) > 0
    return torch.equal(used, before) and not torch.equal(wanted, before)


def _one_term(maps: list[Slopes], end: str) -> bool:
    fewer = False
    for one in maps:
        wanted, used = one.wanted, one.used
        for want, use in zip(wanted, used, strict=True):
            if torch.equal(want, use):
                continue
            places = want.nonzero().flatten()
            if use.sum() != 1 or not len(places) or not use[places[ENDS[end]]]:
                return False
            fewer = True
    return fewer


def _slices(measured: Sequence[list[Slopes]]) -> str:
    """Return the slices of arguments that are left out on every input, or ""."""
    arguments = list(zip(*measured, strict=True))
    if out := [words for maps in arguments if (words := _slice(maps, alone=False))]:
        return f"What you return does not depend on {' or on '.join(out)}."
    if alone := [words for maps in arguments if (words := _slice(maps, alone=True))]:
        return f"Of {' and of '.join(alone)} makes a difference to what you return."
    return ""


def _anywhere(mask: Tensor, one: Slopes) -> Tensor:
    return mask.any(dim=0).reshape(one.size)


def _slice(maps: Sequence[Slopes], *, alone: bool) -> str:
    """Return the slice that makes no difference, or the one that makes one alone, or ""."""
    name, ndim = maps[0].name, len(maps[0].size)
    for end, axis in _ends(ndim):
        parts = [part(one.size, [(end, axis)]) for one in maps]
        if _missing_is(maps, [~cells for cells in parts] if alone else parts):
            if not alone:
                return slice_words(end, axis, ndim, name)
            return f"{name} only {slice_words(end, axis, ndim, name if ndim > 2 else '')}"
    for end in ENDS if ndim == 2 and not alone else ():
        if _missing_is(maps, [part(one.size, [(end, 0), (end, 1)]) for one in maps]):
            return f"the {end} row and the {end} column of {name}"
    return ""


def _missing_is(maps: Sequence[Slopes], parts: Sequence[Tensor]) -> bool:
    seen = 0
    for one, cells in zip(maps, parts, strict=True):
        wanted, used = _anywhere(one.wanted, one), _anywhere(one.used, one)
        if not torch.equal(wanted & ~used, wanted & cells) or (used & ~wanted).any():
            return False
        seen += bool((wanted & cells).any() and (wanted & ~cells).any())
    return seen > 1


def _ends(ndim: int) -> Iterator[tuple[str, int]]:
    for end in ("last", "first"):
        for axis in range(ndim):
            yield end, axis


def here(exercise: FunctionExercise, right: Function, yours: Function, found: Trial) -> str:
    """Return on which cells the first number that differs depends, and should not, or ""."""
    if not found.difference or found.difference.kind != "value" or not exercise.any_numbers:
        return ""  # among drawn numbers are zeros, and what is times 0 seems to be left out
    maps = slopes(exercise, right, yours, found.args)
    if not maps:
        return ""
    row = _row(found)
    where = position(found.difference.index)
    lead = f"The number at {where}" if where else "The number"
    missing = _cells(maps, [one.wanted[row] & ~one.used[row] for one in maps])
    extra = _cells(maps, [one.used[row] & ~one.wanted[row] for one in maps])
    if 0 < len(missing) <= LISTED:
        return f"{lead} should change when {_listed(missing)} does, and yours does not."
    if not missing and 0 < len(extra) <= LISTED:
        return f"{lead} should not depend on {_listed(extra)}, and yours does."
    twice = [(one.yours[row] - 2 * one.right[row]).abs() < 1e-3 for one in maps]
    doubled = _cells(maps, [t & one.wanted[row] for t, one in zip(twice, maps, strict=True)])
    if not missing and not extra and 0 < len(doubled) <= LISTED:
        return f"{lead} changes twice as much with {_listed(doubled)} as it should."
    return ""


def _row(found: Trial) -> int:
    size = found.expected.tensor.shape
    place = 0
    for at, length in zip(found.difference.index, size, strict=True):
        place = place * length + at
    return place


def _cells(maps: Sequence[Slopes], masks: Sequence[Tensor]) -> list[tuple[str, Index]]:
    found = []
    for one, mask in zip(maps, masks, strict=True):
        found += [(one.name, tuple(at)) for at in mask.reshape(one.size).nonzero().tolist()]
    return found


def _listed(cells: Sequence[tuple[str, Index]]) -> str:
    names = [f"{name}[{', '.join(map(str, at))}]" if at else name for name, at in cells]
    return " or ".join(names)
