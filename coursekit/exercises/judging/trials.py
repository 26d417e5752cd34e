"""The inputs that an answer is tried on, and the smallest one on which it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any
from unittest.mock import patch

import torch

from coursekit.exercises.judging.compare import Difference, Reading, compare, read
from coursekit.exercises.judging.sandbox import Call, OutOfTimeError, Sandbox, clone
from coursekit.exercises.model import FunctionExercise
from coursekit.exercises.pick import PARTS, Drawn, Seeded

DRAWS = 40
EXAMPLES = 60
CALLS = 400
STEPS = 200  # on the way from a failing input to one with simpler numbers

Args = tuple[Any, ...]


@dataclass(frozen=True)
class Trial:
    """One input, what was expected, and what the answer did with it.

    kind: "right", "value", "nan", "shape", "type", "raised", "hung" or "changed".
    """

    args: Args
    expected: Reading
    call: Call
    got: Reading
    difference: Difference | None

    @property
    def scale(self) -> float:
        """The largest number that takes part in the right result: of the input, or of itself."""
        return scale_of(self.args, self.expected)

    @property
    def kind(self) -> str:
        """In one word, how it went."""
        if self.call.hung:
            return "hung"
        if self.call.error is not None:
            return "raised"
        if self.call.changed:
            return "changed"
        return self.difference.kind if self.difference else "right"


@cache
def probes(exercise: FunctionExercise) -> tuple[tuple[Args, Reading], ...]:
    """Return the fixed inputs with their expected results: examples and seeded draws by size."""
    pick = Seeded()
    draws = [exercise.inputs(pick) for _ in range(DRAWS)]
    ordered = sorted((*exercise.examples, *draws), key=size)
    return tuple((args, expected(exercise, args)) for args in ordered)


def expected(exercise: FunctionExercise, args: Args) -> Reading:
    """Return what the reference returns, as numbers."""
    return read(exercise.tried(exercise.reference)(*map(clone, args)))


def size(args: Args) -> tuple[float, float]:
    """Return the smaller, the easier to read: number of cells, then the effort that they take.

    A large number takes more than a small one, a minus sign and decimals take more than none.
    """
    tensors = [torch.as_tensor(value).double() for value in args if not isinstance(value, str)]
    return float(sum(t.numel() for t in tensors)), float(sum(map(_effort, tensors)))


def _effort(x: torch.Tensor) -> torch.Tensor:
    quarters, broken = (4 * x != (4 * x).round()), (x != x.round())
    return x.abs().sum() + 0.5 * (x < 0).sum() + 2 * broken.sum() + 8 * quarters.sum()


def attempt(sandbox: Sandbox, args: Args, wanted: Reading) -> Trial:
    """Call the answer once, and compare."""
    call = sandbox.call(args)
    if call.hung or call.error is not None:
        return Trial(args, wanted, call, Reading(None), None)
    got = read(call.value)
    return Trial(args, wanted, call, got, compare(wanted, got, scale_of(args, wanted)))


def scale_of(args: Args, wanted: Reading) -> float:
    """Return the largest finite number among the arguments and in the right result, at least 1."""
    values = [value for value in args if isinstance(value, torch.Tensor | int | float)]
    values += [] if wanted.tensor is None else [wanted.tensor]
    sizes = [torch.as_tensor(value).double().abs().nan_to_num(0, 0, 0) for value in values]
    return max([1.0, *(float(size.max()) for size in sizes if size.numel())])


def try_probes(sandbox: Sandbox, exercise: FunctionExercise) -> list[Trial]:
    """One trial for each probe, up to one that hangs or the end of the time."""
    trials: list[Trial] = []
    for args, wanted in probes(exercise):
        try:
            trials.append(attempt(sandbox, args, wanted))
        except OutOfTimeError:
            break
        if trials[-1].call.hung:
            break
    return trials


def smallest(sandbox: Sandbox, exercise: FunctionExercise, failing: Trial | None) -> Trial | None:
    """Return the smallest trial that fails as the given one does, or that fails at all."""
    kind = failing and failing.kind
    best = failing
    calls = 0

    def fails(args: Args) -> bool:
        nonlocal best, calls
        calls += 1
        if calls > CALLS:
            raise _Enough
        try:
            trial = attempt(sandbox, args, expected(exercise, args))
        except OutOfTimeError:
            raise _Enough from None
        if trial.kind == "right" or kind not in (None, trial.kind):
            return False
        if best is None or size(args) < size(best.args):
            best = trial
        return True

    whole = failing is not None and _find(exercise, fails, parts=(1,))
    if not whole:
        _find(exercise, fails)
    if best is None:
        return None
    return _numbered(sandbox, exercise, _simplified(sandbox, exercise, best))


def _simplified(sandbox: Sandbox, exercise: FunctionExercise, trial: Trial) -> Trial:
    """Return a trial that fails in the same way, with simpler numbers as far as there are any.

    Hypothesis stops where its calls are used up, often with decimals that make no difference.
    """
    left = STEPS
    again = True
    while again and left > 0:
        again = False
        for args in _simpler(trial.args, cell_by_cell=exercise.any_numbers):
            left -= 1
            try:
                tried = attempt(sandbox, args, expected(exercise, args))
            except Exception:  # outside the domain, or out of time
                continue
            if tried.kind == trial.kind and size(args) < size(trial.args):
                trial, again = tried, True
                break
    return trial


def _simpler(args: Args, *, cell_by_cell: bool) -> Iterator[Args]:
    """Yield the arguments with one of them rounded, or with one number in it simpler."""
    for place, value in enumerate(args):
        if not isinstance(value, torch.Tensor) or not value.is_floating_point():
            continue
        rounded = ((parts * value).round() / parts for parts in (1, 2, 4))
        simpler = [new for new in rounded if not torch.equal(new, value)]
        for at in range(value.numel() if cell_by_cell else 0):
            for number in (0.0, 1.0, 2.0):
                if abs(float(value.flatten()[at])) > number:
                    new = value.clone()
                    new.view(-1)[at] = number
                    simpler.append(new)
        for new in simpler:
            yield (*args[:place], new, *args[place + 1 :])


def _numbered(sandbox: Sandbox, exercise: FunctionExercise, trial: Trial) -> Trial:
    """Return the trial with 1, 2, 3 ... for its numbers, where they make no difference to it."""
    if trial.kind in ("value", "nan") or not exercise.any_numbers:
        return trial
    args = tuple(map(_counting, trial.args))
    try:
        again = attempt(sandbox, args, expected(exercise, args))
    except OutOfTimeError:
        return trial
    return again if again.kind == trial.kind else trial


def _counting(value: Any) -> Any:
    if not isinstance(value, torch.Tensor):
        return value
    return torch.arange(1, value.numel() + 1, dtype=value.dtype).reshape(value.shape)


@contextmanager
def _nothing_local() -> Iterator[None]:
    """Keep Hypothesis from collecting constants in the learner's modules.

    It would write them to a folder beside the lesson, and its draws would depend on them.
    """
    from hypothesis.internal.conjecture import providers

    if not hasattr(providers, "_get_local_constants"):
        yield
        return
    with patch.object(providers, "_get_local_constants", providers.Constants):
        yield


class _Enough(BaseException):
    """Ends a search that has used up its calls; Hypothesis lets it through."""


def _find(
    exercise: FunctionExercise, fails: Callable[[Args], bool], parts: Sequence[int] = PARTS
) -> bool:
    """Return whether there is an input that fails, after all that was tried on the way to it.

    parts: of the numbers drawn: (1,) for whole ones, among which the smallest is found sooner.
    """
    import hypothesis
    from hypothesis import strategies

    @strategies.composite
    def inputs(draw: Callable[..., Any]) -> Args:
        return exercise.inputs(Drawn(draw, parts))

    settings = hypothesis.settings(database=None, deadline=None, max_examples=EXAMPLES)
    try:
        with _nothing_local():
            hypothesis.find(inputs(), fails, settings=settings, random=Random(0))
    except hypothesis.errors.HypothesisException:
        return False
    except _Enough:
        return True
    return True
