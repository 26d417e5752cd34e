"""Names the misconception that an answer behaves like, or what else is known about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from coursekit.exercises.judging.compare import compare
from coursekit.exercises.judging.facts import general
from coursekit.exercises.judging.sandbox import Sandbox
from coursekit.exercises.judging.trials import Trial, probes, try_probes
from coursekit.exercises.model import FunctionExercise

SEEN_AT_LEAST = 3  # inputs on which a misconception is wrong, before an answer is like it
AT_ONCE = 4  # probes on which a misconception is tried, before somebody asks for more
SEVERAL = 3  # inputs, of those that fail and those that do not, before a general fact is told


class Known(Sequence[Trial]):
    """What a misconception does with each probe, found out as far as somebody asks.

    Most differ from an answer on the first probes, and what they would do on the rest is not
    needed.
    """

    def __init__(self, exercise: FunctionExercise, wrong: Callable[..., Any]) -> None:
        self.exercise, self.wrong = exercise, wrong
        self._trials: list[Trial] = []
        self._whole = False

    def __len__(self) -> int:
        return len(probes(self.exercise))

    def __getitem__(self, at: Any) -> Any:
        """Return what it does with a probe, or IndexError behind the last that it ended on."""
        while not self._whole and at >= len(self._trials):
            self._go_on()
        return self._trials[at]

    def _go_on(self) -> None:
        begun = len(self._trials)
        with Sandbox(self.exercise.tried(self.wrong), seconds=60) as sandbox:
            self._trials += try_probes(sandbox, self.exercise, begun, begun + AT_ONCE)
        ended = len(self._trials) < begun + AT_ONCE or self._trials[-1].call.hung
        self._whole = ended or len(self._trials) == len(self)


@cache
def behaviours(exercise: FunctionExercise) -> dict[str, Known]:
    """Return what each known misconception does with each probe."""
    bank = exercise.misconceptions.items()
    return {name: Known(exercise, misconception.wrong) for name, misconception in bank}


def misconceptions(exercise: FunctionExercise, trials: list[Trial]) -> tuple[str, ...]:
    """Return the names of the misconceptions that agree with the answer on every probe."""
    bank = behaviours(exercise).items()
    return tuple(name for name, known in bank if _agree(trials, known))


def _agree(trials: list[Trial], known: Sequence[Trial]) -> bool:
    return all(alike(*pair) for pair in zip(trials, known, strict=False))


def where_both_return(exercise: FunctionExercise, trials: list[Trial]) -> tuple[str, ...]:
    """Return the misconceptions that agree wherever they and the answer return numbers.

    Such an answer has a second slip: it raises an error on some inputs, or gives NaN or ∞ where
    finite numbers are expected, or changes its arguments.
    It has to agree on most of those inputs on which the misconception is wrong, and on three.
    """
    bank = behaviours(exercise).items()
    return tuple(name for name, known in bank if _agree_where_both_return(trials, known))


def _agree_where_both_return(trials: list[Trial], known: Sequence[Trial]) -> bool:
    wrong = seen = 0
    for ours, theirs in zip(trials, known, strict=False):
        if not _returns(theirs):
            continue
        wrong += theirs.difference is not None
        if not _returns(ours):
            continue
        if compare(theirs.got, ours.got, ours.scale) is not None:
            return False
        seen += theirs.difference is not None
    return seen >= max(SEEN_AT_LEAST, wrong / 2)


def _returns(trial: Trial) -> bool:
    """Return whether numbers came back, finite where that is expected."""
    wanted, got = trial.expected.tensor, trial.got.tensor
    if got is None:
        return False
    return bool(got.isfinite().all() or (wanted is not None and not wanted.isfinite().all()))


def alike(ours: Trial, known: Trial) -> bool:
    """Return whether two answers did the same with one input."""
    if ours.call.changed != known.call.changed or ours.call.hung != known.call.hung:
        return False
    if ours.call.error or known.call.error:
        return _same_error(ours.call.error, known.call.error)
    if ours.got.tensor is None or known.got.tensor is None:
        return ours.got.problem == known.got.problem
    return compare(known.got, ours.got, ours.scale) is None


def _same_error(ours: BaseException | None, known: BaseException | None) -> bool:
    """Return whether two errors say the same.

    Names of things in quotes are the answer's own, and addresses are new each time.
    """
    own = r"'[^']*'|0x[0-9a-fA-F]+"
    said = [(type(error), re.sub(own, "''", str(error))) for error in (ours, known)]
    return said[0] == said[1]


def fact(exercise: FunctionExercise, trials: list[Trial]) -> str:
    """Return what the failing inputs have in common and the passing ones have not, or ""."""
    failing = [trial.args for trial in trials if trial.kind != "right"]
    passing = [trial.args for trial in trials if trial.kind == "right"]
    if not passing or not failing:
        return ""
    several = min(len(passing), len(failing)) >= SEVERAL
    facts = {**exercise.facts, **(general(exercise) if several else {})}
    for words, holds in facts.items():
        if all(holds(*args) for args in failing) and not any(holds(*args) for args in passing):
            return f"It fails exactly where {words}; every other input tried comes out right."
    if len(passing) < len(trials) / 5:
        return ""
    right = f"It is right on {len(passing)} of {len(trials)} inputs tried"
    for words, holds in facts.items():
        common = sum(holds(*args) for args in passing)
        if all(holds(*args) for args in failing) and common <= len(passing) / 2:
            return f"{right}; in every one where it fails, {words}."
    return f"{right}."
