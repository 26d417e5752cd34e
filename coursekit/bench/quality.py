"""Accuracy of the recipes on Fashion-MNIST, and the seconds that it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import mean, median
from time import perf_counter

from rich.table import Table

from coursekit import training
from coursekit.bench.goals import Goal, goals_table, real_sets
from coursekit.models import count_parameters
from coursekit.training import Data, recipes

__all__ = ["CANDIDATES", "Candidate", "goals_of", "table"]

SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Candidate:
    """A recipe and what is asked of it.

    accuracy: at least, on average on the test images, from 0 to 1. seconds: at most, the median of
    the trainings, or None for any time. parameters: at most, or None for any number.
    """

    name: str
    train: Callable[..., recipes.Trained]
    accuracy: float
    seconds: float | None = None
    parameters: int | None = None


CANDIDATES = (
    Candidate("fast LeNet", recipes.fast_lenet, 0.90, seconds=10),
    Candidate("accurate network", recipes.accurate, 0.94, seconds=240),
    Candidate("compact network", recipes.compact, 0.935, parameters=100_000),
)


def table() -> tuple[Table, bool]:
    """Return the table of the recipes' quality, and whether all goals are reached.

    Raises DataError without the real data set.
    """
    train, test = (part.tensors() for part in real_sets())
    goals = [goal for candidate in CANDIDATES for goal in goals_of(candidate, train, test)]
    return goals_table(f"Test accuracy, mean of {len(SEEDS)} seeds", goals)


def goals_of(candidate: Candidate, train: Data, test: Data) -> Iterator[Goal]:
    """Yield what the recipe reaches with three seeds, against what is asked of it.

    train, test: images (N, 1, 28, 28) float32, normalised, and labels (N,) int64.
    """
    accuracies, seconds = [], []
    for seed in SEEDS:
        started = perf_counter()
        model, _ = candidate.train(train, seed=seed)
        seconds.append(perf_counter() - started)
        accuracies.append(training.evaluate(model, test).accuracy)
    spread = f"{min(accuracies):.4f} to {max(accuracies):.4f}"
    reached = mean(accuracies)
    yield Goal(
        f"{candidate.name}: accuracy", reached, candidate.accuracy, f"{reached:.4f} ({spread})"
    )
    if candidate.seconds is not None:
        taken = median(seconds)
        yield Goal(
            f"{candidate.name}: seconds", taken, candidate.seconds, f"{taken:.1f}", at_least=False
        )
    if candidate.parameters is not None:
        count = count_parameters(model)
        yield Goal(
            f"{candidate.name}: parameters", count, candidate.parameters, f"{count:,}",
            at_least=False,
        )  # fmt: skip
