"""Says how results relate to the expected ones, where they do so on every input."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import torch
from torch import Tensor

from coursekit.exercises.judging.compare import Reading, compare
from coursekit.exercises.judging.trials import Trial
from coursekit.exercises.model import FunctionExercise
from coursekit.exercises.telling.numbers import count

RELATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "the negative of {}": lambda e: -e,
    "twice {}": lambda e: 2 * e,
    "half of {}": lambda e: e / 2,
    "the square of {}": lambda e: e**2,
    "{} without its minus signs": torch.abs,
    "{} with its negative values set to 0": lambda e: e.clamp(min=0),
    "{} with its decimals cut off": torch.trunc,
    "{} with rows and columns swapped (transposed)": lambda e: _of_axes(e, 2).transpose(0, 1),
    "{} with axes 0 and 1 swapped": lambda e: _of_axes(e, 3, 4).transpose(0, 1),
    "{} with its last two axes swapped": lambda e: _of_axes(e, 3, 4).transpose(-2, -1),
    "{} in the reverse order": lambda e: _of_axes(e, 1).flip(0),
    "{} in the reverse order along axis 0": lambda e: _of_axes(e, 3, 4).flip(0),
    "{} turned upside down": lambda e: _of_axes(e, 2).flip(0),
    "{} mirrored left to right": lambda e: _of_axes(e, 2, 3, 4).flip(-1),
    "{} turned by half a turn": lambda e: _of_axes(e, 2, 3, 4).flip(-2, -1),
    "{} plus 1": lambda e: e + 1,
    "{} minus 1": lambda e: e - 1,
    "{} without its first number": lambda e: _of_axes(e, 1)[1:],
    "{} without its last number": lambda e: _of_axes(e, 1)[:-1],
    "{} without its first row": lambda e: _of_axes(e, 2)[1:],
    "{} without its last row": lambda e: _of_axes(e, 2)[:-1],
    "{} without its first column": lambda e: _of_axes(e, 2)[:, 1:],
    "{} without its last column": lambda e: _of_axes(e, 2)[:, :-1],
    "{} in one long row": lambda e: e.flatten(),
    "{} with an extra axis of length 1 in front": lambda e: e[None],
    "{} with two extra axes of length 1 in front": lambda e: e[None, None],
    "the sum of {}": torch.sum,
    "the mean of {}": torch.mean,
}
EXPECTED = "what is expected"
# Of a misconception only what leaves its numbers as they are, but for their signs and places: an
# answer that is twice one of them, or one more, is a mistake of its own.
SLIPS = tuple(words for words in RELATIONS if not re.search(
    r"twice|half of|square|decimals|plus|minus 1|without its (first|last)|sum|mean|set to 0", words
))  # fmt: skip

MULTIPLES = ("twice {}", "half of {}", "the square of {}")


def relation(
    trials: Sequence[Trial], bank: Mapping[str, Sequence[Trial]]
) -> tuple[str, str | None]:
    """Return a sentence on how results relate to the expected ones, or to a misconception's.

    The second part is that misconception's name. ("", None) where nothing fits every input.
    """
    if not any(trial.difference for trial in trials):
        return "", None  # the values are right: what is wrong is something else
    pairs = [(trial.expected, trial.got, trial.scale) for trial in trials]
    if words := _related(pairs, EXPECTED, tuple(RELATIONS)):
        return f"On every input tried, yours is {words}.", None
    if all(trial.got.tensor is not None and not trial.got.tensor.any() for trial in trials):
        return "On every input tried, yours is 0 everywhere.", None
    for name, known in bank.items():
        both = ((a.got, b.got, b.scale) for a, b in zip(known, trials, strict=False))
        if words := _related(both, f"what {name} would give", SLIPS):
            return f"On every input tried, yours is {words}.", name
    return "", None


def loosely(trials: Sequence[Trial], bank: Mapping[str, Sequence[Trial]]) -> str:
    """Return which multiple of a misconception's results these are, or "".

    That gives no name: what else it says is true of the misconception, and not of the answer.
    """
    for name, known in bank.items():
        both = ((a.got, b.got, b.scale) for a, b in zip(known, trials, strict=False))
        if words := _related(both, f"what {name} would give", MULTIPLES):
            return f"On every input tried, yours is {words}."
    return ""


def _related(
    pairs: Iterable[tuple[Reading, Reading, float]], what: str, names: Sequence[str]
) -> str:
    """Return the first of these relations that holds for every pair of (wanted, got, scale)."""
    left = list(names)
    for wanted, got, scale in pairs:
        if wanted.tensor is None or got.tensor is None:
            return ""
        left = [words for words in left if _fits(RELATIONS[words], wanted.tensor, got, scale)]
        if not left:
            return ""
    return left[0].format(what)


def _of_axes(e: Tensor, *many: int) -> Tensor:
    """Return a tensor of so many axes: a list has no rows, and a stack of maps no upside."""
    if e.ndim not in many:
        raise IndexError("the words are for tensors of other axes")
    return e


def _fits(function: Callable[[Tensor], Tensor], wanted: Tensor, got: Reading, scale: float) -> bool:
    try:
        return compare(Reading(function(wanted)), got, scale) is None
    except (IndexError, RuntimeError):
        return False


def shape_relation(exercise: FunctionExercise, trials: Sequence[Trial]) -> str:
    """Return a sentence on how the wrong shapes relate to the expected ones, or ""."""
    returned = [trial for trial in trials if trial.got.tensor is not None]
    lead = "On every input tried" if len(returned) == len(trials) else "Where it returns anything"
    pairs = [(tuple(t.expected.tensor.shape), tuple(t.got.tensor.shape)) for t in returned]
    if not pairs or all(wanted == got for wanted, got in pairs):
        return ""
    if all(got == wanted[::-1] for wanted, got in pairs):
        return f"{lead}, your shape has rows and columns swapped."
    for position, name in enumerate(exercise.shown):
        sizes = [tuple(getattr(trial.args[position], "shape", (-1,))) for trial in returned]
        if all(got == size for size, (_, got) in zip(sizes, pairs, strict=True)):
            return f"{lead}, your result has the shape of {name}."
    return _offset(pairs, lead)


def _offset(pairs: Sequence[tuple[tuple[int, ...], tuple[int, ...]]], lead: str) -> str:
    if any(len(wanted) != 2 or len(got) != 2 for wanted, got in pairs):
        return ""
    offsets = {(got[0] - wanted[0], got[1] - wanted[1]) for wanted, got in pairs}
    if len(offsets) != 1:
        return ""
    named = zip(offsets.pop(), ("row", "column"), strict=True)
    parts = [
        f"{count(abs(by), name)} too {'many' if by > 0 else 'few'}" for by, name in named if by
    ]
    return f"{lead}, your result has {' and '.join(parts)}."
