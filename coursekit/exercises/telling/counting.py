"""Says by which count a result is too large or too small, where one count explains all of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, permutations

import torch

from coursekit.exercises.judging.trials import Trial
from coursekit.exercises.model import FunctionExercise
from coursekit.exercises.telling.numbers import number

ENOUGH = 4  # different factors that it has to explain


def wrong_count(exercise: FunctionExercise, trials: Sequence[Trial]) -> str:
    """Return which size of the arguments is a factor too much in the results, or "".

    Told only where it is the same on every input, and no other size would do.
    """
    factors = [_factor(trial) for trial in trials]
    known = [(t, f) for t, f in zip(trials, factors, strict=True) if f is not None]
    if len(known) < len(trials) / 2 or any(_wild(t, f) for t, f in zip(trials, factors)):  # noqa: B905
        return ""
    wanted = [factor for _, factor in known]
    if said := _constant(known):
        return said
    if len({round(factor, 6) for factor in wanted}) < ENOUGH - 1:
        return ""
    counts = _counts(exercise, [trial for trial, _ in known])
    fits = [words for words, values in _ways(counts) if _close(values, wanted)]
    return f"On every input tried, yours is what is expected {fits[0]}." if len(fits) == 1 else ""


def _constant(known: Sequence[tuple[Trial, float]]) -> str:
    """Return the one factor that all results have too much, or ""."""
    factors = [factor for _, factor in known]
    results = {round(float(t.expected.tensor.abs().max()), 4) for t, _ in known}
    if len(results) < ENOUGH or max(factors) - min(factors) > 1e-4 * abs(factors[0]):
        return ""
    if abs(factors[0]) < 1e-3 or abs(factors[0] - 1) < 1e-3:
        return ""
    return f"On every input tried, yours is {number(factors[0])} times what is expected."


def _factor(trial: Trial) -> float | None:
    """Return by what the right result is multiplied; None where nothing can be told from it."""
    wanted, got = trial.expected.tensor, trial.got.tensor
    if wanted is None or got is None or wanted.shape != got.shape or not wanted.any():
        return None
    at = int(wanted.abs().argmax())
    factor = float(got.flatten()[at] / wanted.flatten()[at])
    return factor if torch.allclose(got, factor * wanted, rtol=1e-4, atol=1e-5) else None


def _wild(trial: Trial, factor: float | None) -> bool:
    """Return whether the result is no multiple of the right one at all."""
    wanted, got = trial.expected.tensor, trial.got.tensor
    if factor is not None or wanted is None or got is None:
        return factor is None
    return bool(got.any() or wanted.any())


def _counts(exercise: FunctionExercise, trials: Sequence[Trial]) -> dict[str, list[float]]:
    """Return the sizes that the arguments have, in code -> for each trial; no two alike."""
    found: dict[str, list[float]] = {}
    for i, name in enumerate(exercise.shown):
        values = [trial.args[i] for trial in trials]
        if all(isinstance(value, torch.Tensor) and value.ndim for value in values):
            found.update(_of_a_tensor(name, values))
        elif all(isinstance(value, int | float) and value for value in values):
            found[name] = [float(value) for value in values]
    alike = {tuple(values): name for name, values in reversed(found.items())}
    kept = {name for values, name in alike.items() if len(set(values)) > 1}
    return {name: values for name, values in found.items() if name in kept}


def _of_a_tensor(name: str, values: Sequence[torch.Tensor]) -> dict[str, list[float]]:
    ndim = min(value.ndim for value in values)
    names = [f"{name}.shape[{axis}]" for axis in range(ndim)]
    found = {names[axis]: [float(v.shape[axis]) for v in values] for axis in range(ndim)}
    for i, j in combinations(range(ndim), 2):
        products = [a * b for a, b in zip(found[names[i]], found[names[j]], strict=True)]
        found[f"{names[i]} · {names[j]}"] = products
    if ndim > 2:
        found[f"{name}.numel()"] = [float(value.numel()) for value in values]
    return found


def _ways(counts: dict[str, list[float]]) -> list[tuple[str, list[float]]]:
    """Return what a count, or two, can make of a result, the simplest first and no two alike."""
    ways = [(f"times {name}", values) for name, values in counts.items()]
    ways += [(f"divided by {n}", [1 / value for value in values]) for n, values in counts.items()]
    for (name, above), (other, below) in permutations(counts.items(), 2):
        ratios = [a / b for a, b in zip(above, below, strict=True)]
        ways.append((f"times {name} and divided by {other}", ratios))
    alike = {tuple(round(v, 6) for v in values): words for words, values in reversed(ways)}
    return [(words, list(values)) for values, words in reversed(alike.items())]


def offset(exercise: FunctionExercise, trials: Sequence[Trial]) -> str:
    """Return by which number, or multiple of an argument, the results are too large, or ""."""
    pairs = [(t.expected.tensor, t.got.tensor) for t in trials]
    if any(w is None or g is None or w.shape != g.shape or not w.numel() for w, g in pairs):
        return ""
    by = [got - wanted for wanted, got in pairs]
    if any(not torch.allclose(d, d.flatten()[0], rtol=0, atol=1e-4) for d in by):
        return ""
    numbers = [float(d.flatten()[0]) for d in by]
    if max(numbers) - min(numbers) < 1e-4 and abs(numbers[0]) > 1e-3:
        return f"On every input tried, yours is {_more(number(abs(numbers[0])), numbers[0])}."
    return _multiple(exercise, trials, numbers)


def _multiple(exercise: FunctionExercise, trials: Sequence[Trial], by: list[float]) -> str:
    for i, name in enumerate(exercise.shown):
        values = [trial.args[i] for trial in trials]
        if not all(isinstance(value, int | float) for value in values):
            continue
        if len(set(values)) < ENOUGH - 1:
            continue
        for times, words in ((1, name), (2, f"2 · {name}")):
            for sign in (1, -1):
                if _close([sign * times * value for value in values], by, 1e-4):
                    return f"On every input tried, yours is {_more(words, sign)}."
    return ""


def _more(what: str, sign: float) -> str:
    return f"{what} {'more' if sign > 0 else 'less'} than what is expected"


def _close(values: Sequence[float], wanted: Sequence[float], atol: float = 0.0) -> bool:
    pairs = zip(values, wanted, strict=True)
    return all(math.isclose(a, b, rel_tol=1e-4, abs_tol=atol) for a, b in pairs)
