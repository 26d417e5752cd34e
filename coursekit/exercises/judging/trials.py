"""The inputs that an answer is tried on, and what it did with each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import torch

from coursekit.exercises.judging.compare import Difference, Reading, compare, read
from coursekit.exercises.judging.sandbox import Call, OutOfTimeError, Sandbox, clone
from coursekit.exercises.model import FunctionExercise
from coursekit.exercises.pick import Chosen, Seeded

DRAWS = 40

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
    """Return the fixed inputs with their expected results: examples and seeded draws by size.

    None comes twice: it would show nothing new, and to train a network on it takes time.
    """
    draws = [args for args, _ in draws_of(exercise)]
    unlike = {written(args): args for args in (*exercise.examples, *draws)}
    ordered = sorted(unlike.values(), key=size)
    return tuple((args, expected(exercise, args)) for args in ordered)


def written(args: Any) -> str:
    """Return arguments as text, tensors in lists too: equal ones of one dtype have the same."""
    if isinstance(args, torch.Tensor):
        return f"{args.dtype} {tuple(args.shape)} {args.tolist()}"
    if isinstance(args, list | tuple):
        return f"{type(args).__name__}({', '.join(map(written, args))})"
    return repr(args)


@cache
def draws_of(exercise: FunctionExercise) -> tuple[tuple[Args, tuple[int, ...]], ...]:
    """Return the seeded draws, each with the choices that led to it."""
    seeded = Seeded()
    picks = [Chosen((), seeded) for _ in range(DRAWS)]
    return tuple((exercise.inputs(pick), tuple(v for v, *_ in pick.taken)) for pick in picks)


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


def try_probes(
    sandbox: Sandbox, exercise: FunctionExercise, begin: int = 0, end: int | None = None
) -> list[Trial]:
    """One trial for each probe from `begin` on, up to one that hangs or the end of the time."""
    trials: list[Trial] = []
    for args, wanted in probes(exercise)[begin:end]:
        try:
            trials.append(attempt(sandbox, args, wanted))
        except OutOfTimeError:
            break
        if trials[-1].call.hung:
            break
    return trials
