"""The book's own LeNet, trained by the book's own trainer, on tensors in memory."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

from coursekit import data
from coursekit.book import required_book
from coursekit.book.trainer import BATCH_SIZE, RATE, BookRun, in_memory
from coursekit.studies.panel import Change
from coursekit.training import Data

__all__ = ["SEEDS", "book_curve", "measure"]

SEEDS = (0, 1, 2)
EPOCHS = 10  # the book's


def book_curve(
    book: ModuleType, train: Data, test: Data, *, num_epochs: int, batch_size: int, seed: int
) -> list[float]:
    """Return the accuracy on `test` after each epoch of `d2l.Trainer` with `d2l.LeNet`.

    train, test: inputs (N, 1, 28, 28), normalised, which are put back to the book's pixels from 0
    to 1, and labels (N,). Accuracies are from 0 to 1.
    The classes, the initialisation and the loop are the book's; only the data set is given.
    """
    train, test = ((Change().inputs(x), labels) for x, labels in (train, test))
    source = in_memory(book, train, test, batch_size)
    return BookRun(book, source, train[0][:2], num_epochs=num_epochs, seed=seed).curve()


def measure(seeds: Sequence[int]) -> dict[str, Any]:
    """Return the book's curve with each seed, on all training and all test images.

    Raises ValueError where the book's package is missing.
    """
    book = required_book()
    train, test = data.fashion_mnist("train"), data.fashion_mnist("test")
    budget = {"num_epochs": EPOCHS, "batch_size": BATCH_SIZE}
    curves = [
        book_curve(book, train.tensors(), test.tensors(), seed=seed, **budget) for seed in seeds
    ]
    return {
        "data": repr(train),
        "stand_in": train.stand_in,
        "settings": {**budget, "rate": RATE},
        "rows": {"d2l.LeNet by d2l.Trainer": {"curves": curves}},
    }
