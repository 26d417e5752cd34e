"""Names the misconception that an answer behaves like, or what else is known about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor

from coursekit.exercises.compare import Reading, compare
from coursekit.exercises.model import FunctionExercise
from coursekit.exercises.sandbox import Sandbox
from coursekit.exercises.search import Trial, try_probes


@cache
def behaviours(exercise: FunctionExercise) -> dict[str, list[Trial]]:
    """Return what each known misconception does with each probe."""
    found = {}
    for name, misconception in exercise.misconceptions.items():
        with Sandbox(misconception.wrong, seconds=60) as sandbox:
            found[name] = try_probes(sandbox, exercise)
    return found


def misconceptions(exercise: FunctionExercise, trials: list[Trial]) -> tuple[str, ...]:
    """Return the names of the misconceptions that agree with the answer on every probe."""
    bank = behaviours(exercise).items()
    return tuple(name for name, known in bank if _agree(trials, known))


def _agree(trials: list[Trial], known: list[Trial]) -> bool:
    pairs = list(zip(trials, known, strict=False))
    if not all(alike(*pair) for pair in pairs):
        return False
    if any(ours.kind != "raised" for ours, _ in pairs):
        return True
    return all(type(a.call.error) is type(b.call.error) for a, b in pairs)


def alike(ours: Trial, known: Trial) -> bool:
    """Return whether two answers did the same with one input."""
    if ours.call.changed != known.call.changed or ours.call.hung != known.call.hung:
        return False
    if ours.call.error or known.call.error:
        return bool(ours.call.error and known.call.error)
    if ours.got.tensor is None or known.got.tensor is None:
        return ours.got.problem == known.got.problem
    return compare(known.got, ours.got) is None


RELATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "the negative of what is expected": lambda e: -e,
    "twice what is expected": lambda e: 2 * e,
    "half of what is expected": lambda e: e / 2,
    "the square of what is expected": lambda e: e**2,
    "what is expected without its minus signs": torch.abs,
    "what is expected with its negative values set to 0": lambda e: e.clamp(min=0),
    "what is expected with its decimals cut off": torch.trunc,
    "what is expected with rows and columns swapped (transposed)": lambda e: e.T,
    "what is expected turned upside down": lambda e: e.flip(0),
    "what is expected mirrored left to right": lambda e: e.flip(-1),
    "what is expected turned by half a turn": lambda e: e.flip(0, -1),
    "what is expected plus 1": lambda e: e + 1,
    "what is expected minus 1": lambda e: e - 1,
    "what is expected without its last row": lambda e: e[:-1],
    "what is expected without its last column": lambda e: e[:, :-1],
    "what is expected in one long row": lambda e: e.flatten(),
    "what is expected with an extra axis of length 1 in front": lambda e: e[None],
    "what is expected with two extra axes of length 1 in front": lambda e: e[None, None],
    "0 everywhere": torch.zeros_like,
}


def relation(trials: list[Trial]) -> str:
    """How the results relate to the expected ones on every probe, in a sentence, or ""."""
    pairs = [(trial.expected.tensor, trial.got) for trial in trials]
    if any(wanted is None or got.tensor is None for wanted, got in pairs):
        return ""
    for words, function in RELATIONS.items():
        if all(_fits(function, wanted, got) for wanted, got in pairs):
            return f"On every input tried, yours is {words}."
    return ""


def _fits(function: Callable[[Tensor], Tensor], wanted: Tensor, got: Reading) -> bool:
    try:
        return compare(Reading(function(wanted)), got) is None
    except (IndexError, RuntimeError):
        return False


def fact(exercise: FunctionExercise, trials: list[Trial]) -> str:
    """Return what the failing inputs have in common and the passing ones have not, or ""."""
    failing = [trial.args for trial in trials if trial.kind != "right"]
    passing = [trial.args for trial in trials if trial.kind == "right"]
    if not passing or not failing:
        return ""
    for words, holds in exercise.facts.items():
        if all(holds(*args) for args in failing) and not any(holds(*args) for args in passing):
            return f"It fails exactly where {words}; every other input tried comes out right."
    right = f"It is right on {len(passing)} of {len(trials)} inputs tried"
    for words, holds in exercise.facts.items():
        common = sum(holds(*args) for args in passing)
        if all(holds(*args) for args in failing) and common <= len(passing) / 2:
            return f"{right}; in every one where it fails, {words}."
    return f"{right}."
