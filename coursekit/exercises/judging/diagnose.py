"""Names the misconception that an answer behaves like, or what else is known about it."""

from __future__ import annotations

import re
from functools import cache

from coursekit.exercises.judging.compare import compare
from coursekit.exercises.judging.facts import general
from coursekit.exercises.judging.sandbox import Sandbox
from coursekit.exercises.judging.trials import Trial, try_probes
from coursekit.exercises.model import FunctionExercise

SEEN_AT_LEAST = 3  # inputs on which a misconception is wrong, before an answer is like it
SEVERAL = 3  # inputs, of those that fail and those that do not, before a general fact is told


@cache
def behaviours(exercise: FunctionExercise) -> dict[str, list[Trial]]:
    """Return what each known misconception does with each probe."""
    found = {}
    for name, misconception in exercise.misconceptions.items():
        with Sandbox(exercise.tried(misconception.wrong), seconds=60) as sandbox:
            found[name] = try_probes(sandbox, exercise)
    return found


def misconceptions(exercise: FunctionExercise, trials: list[Trial]) -> tuple[str, ...]:
    """Return the names of the misconceptions that agree with the answer on every probe."""
    bank = behaviours(exercise).items()
    return tuple(name for name, known in bank if _agree(trials, known))


def _agree(trials: list[Trial], known: list[Trial]) -> bool:
    return all(alike(*pair) for pair in zip(trials, known, strict=False))


def where_both_return(exercise: FunctionExercise, trials: list[Trial]) -> tuple[str, ...]:
    """Return the misconceptions that agree wherever they and the answer return numbers.

    Such an answer has a second slip: it raises an error on some inputs, or changes its arguments.
    It has to agree on most of those inputs on which the misconception is wrong, and on three.
    """
    bank = behaviours(exercise).items()
    return tuple(name for name, known in bank if _agree_where_both_return(trials, known))


def _agree_where_both_return(trials: list[Trial], known: list[Trial]) -> bool:
    pairs = [(a, b) for a, b in zip(trials, known, strict=False) if b.got.tensor is not None]
    both = [(a, b) for a, b in pairs if a.got.tensor is not None]
    if not all(compare(b.got, a.got, a.scale) is None for a, b in both):
        return False
    wrong, seen = (sum(b.difference is not None for _, b in some) for some in (pairs, both))
    return seen >= max(SEEN_AT_LEAST, wrong / 2)


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
    """Return whether two errors say the same; names of things in quotes are the answer's own."""
    said = [(type(error), re.sub(r"'[^']*'", "''", str(error))) for error in (ours, known)]
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
