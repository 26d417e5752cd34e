"""LeNet's speed: against the book's trainer and loader, and against the bare loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from time import perf_counter

import torch
from rich.table import Table
from torch.nn import functional as F

from coursekit import models, training
from coursekit.bench.goals import Goal, goals_table, real_sets
from coursekit.bench.timing import ratios, seconds_of
from coursekit.book import required_book
from coursekit.book.trainer import BATCH_SIZE, RATE, BookRun, book_data
from coursekit.data import ImageSet
from coursekit.models.eights import InEights
from coursekit.training import Data, recipes

__all__ = ["bare_loop", "classic_epoch", "epoch_goals", "race_goal", "table"]

WANTED = 0.85  # test accuracy
BOOK_EPOCHS, SEEDS = 10, (0, 1, 2)


def table() -> tuple[Table, bool]:
    """Return the table of LeNet's speed on Fashion-MNIST, and whether all goals are reached.

    Raises DataError without the real data set, ValueError without the book's package.
    """
    book = required_book()
    train, test = real_sets()
    with book_data(book, {"train": train, "test": test}) as source:
        first = train.images[:2] / 255  # as the book feeds them
        start = partial(BookRun, book, source, first, num_epochs=BOOK_EPOCHS)
        runs = [start(seed=seed) for seed in SEEDS]
        goals = [*epoch_goals(runs[0].epoch, train.tensors(), test.tensors())]
        runs[0] = start(seed=SEEDS[0])
        goals.append(race_goal(runs, train, test))
    return goals_table("LeNet on Fashion-MNIST", goals)


def epoch_goals(
    book_epoch: Callable[[], None], train: Data, test: Data, *, rounds: int = 3
) -> Iterator[Goal]:
    """Yield how many times faster than the book's an epoch of ours is, and than the bare loop's.

    The first two train the same network in the same way, by plain descent with batches of the same
    size, and validate; the last two do not, and see a tenth of the images, more often.
    train, test: images (N, 1, 28, 28) float32, normalised, and labels (N,) int64.
    """
    found = ratios(book_epoch, classic_epoch(train, test), rounds=rounds, one_thread=False)
    yield Goal(
        "an epoch, train and validation, times faster than d2l.Trainer with the book's loader, "
        "the least of the rounds",
        found[0], 3.5, f"{found[0]:.2f} (to {found[-1]:.2f})",
    )  # fmt: skip
    few = tuple(part[: -(-len(part) // 10)] for part in train)
    options = {"num_epochs": 1, "batch_size": BATCH_SIZE}
    found = ratios(
        lambda: training.fit(models.LeNet(), few, **options), bare_loop(few, BATCH_SIZE),
        rounds=5 * rounds,
    )  # fmt: skip
    spread = f"{median(found):.2f} ({found[0]:.2f} to {found[-1]:.2f})"
    yield Goal(
        "an epoch of fit, as a multiple of forward, backward and step alone",
        median(found), 1.1, spread, at_least=False,
    )  # fmt: skip


def classic_epoch(train: Data, test: Data) -> Callable[[], object]:
    """Return an epoch of the book's network and optimiser in our hands.

    train, test: images (N, 1, 28, 28) float32, normalised, and labels (N,) int64. What is ours, for
    speed, changes no output: the order of the numbers in memory, and eight maps in place of six.
    """
    classic = models.LeNet(classic=True).to(memory_format=torch.channels_last)
    descent = torch.optim.SGD(classic.parameters(), lr=RATE, fused=True)
    options = {"num_epochs": 1, "batch_size": BATCH_SIZE, "optimizer": descent}
    return lambda: training.fit(InEights(classic), train, validation=test, **options)


def bare_loop(train: Data, batch_size: int) -> Callable[[], None]:
    """Return an epoch with nothing but forward, backward and step, its batches cut beforehand.

    train: images (N, 1, 28, 28) and labels (N,). What `fit` takes beyond it is what a learner pays
    for shuffling, scores and the bar.
    """
    model = models.LeNet()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.001, fused=True)
    cut = list(zip(*(part.split(batch_size) for part in train), strict=True))

    def epoch() -> None:
        for x, y in cut:
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()

    return epoch


def race_goal(runs: list[BookRun], train: ImageSet, test: ImageSet) -> Goal:
    """Return how many times sooner than the book's recipe ours reaches the wanted accuracy.

    Our clock includes the tensors' normalisation; the book's, its epochs with their validation.
    Of ours, a run that never gets there takes forever; of the book's, as long as its epochs.
    """
    ours, theirs, best = [], [], []
    for seed, run in zip(SEEDS, runs, strict=True):
        seconds, accuracy = our_race(train, test, seed)
        ours.append(seconds if accuracy >= WANTED else float("inf"))
        seconds, accuracy = book_race(run, test)
        theirs.append(seconds)
        best.append(accuracy)
    ratio = median(theirs) / median(ours)
    never = sum(accuracy < WANTED for accuracy in best)
    note = f"the book never in {BOOK_EPOCHS} epochs with {never} of {len(best)} seeds, " * bool(
        never
    )
    shown = (
        f"{ratio:.0f} ({note}{median(theirs):.0f} s to {median(best):.3f}; {median(ours):.1f} s)"
    )
    return Goal(
        f"sooner at {WANTED} test accuracy than the book's recipe, times", ratio, 20.0, shown
    )


def our_race(train: ImageSet, test: ImageSet, seed: int) -> tuple[float, float]:
    """Return seconds and test accuracy of the quick recipe, from bytes to a trained network.

    train, test: images (N, 1, 28, 28) uint8. The evaluation is not on the clock.
    """
    started = perf_counter()
    model, _ = recipes.quick_lenet(train.tensors(), seed=seed)
    seconds = perf_counter() - started
    return seconds, training.evaluate(model, test.tensors()).accuracy


def book_race(run: BookRun, test: ImageSet) -> tuple[float, float]:
    """Return the seconds of the book's epochs until the wanted accuracy, and the best one.

    test: images (N, 1, 28, 28) uint8. Where it is never reached, the seconds of all epochs.
    """
    seconds, best = 0.0, 0.0
    for _ in range(BOOK_EPOCHS):
        seconds += seconds_of(run.epoch)
        best = max(best, run.accuracy(test.images, test.labels))
        if best >= WANTED:
            break
    return seconds, best
