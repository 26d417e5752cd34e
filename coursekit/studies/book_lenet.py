"""The book's own LeNet, trained by the book's own trainer, on tensors in memory."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import torch

from coursekit import data
from coursekit.book import load_book
from coursekit.studies.panel import Change
from coursekit.training import Data

__all__ = ["SEEDS", "book_curve", "measure"]

SEEDS = (0, 1, 2)
EPOCHS, BATCH_SIZE, RATE = 10, 128, 0.1  # the book's


def book_curve(
    book: ModuleType, train: Data, test: Data, *, num_epochs: int, batch_size: int, seed: int
) -> list[float]:
    """Return the accuracy on `test` after each epoch of `d2l.Trainer` with `d2l.LeNet`.

    train, test: with normalised inputs, which are put back to the book's pixels from 0 to 1.
    The classes, the initialisation and the loop are the book's; only the data set is given.
    """
    train, test = ((Change().inputs(x), labels) for x, labels in (train, test))

    class InMemory(book.DataModule):
        def __init__(self) -> None:
            super().__init__(num_workers=0)
            self.batch_size = batch_size

        def get_dataloader(self, train_: bool) -> Any:
            return self.get_tensorloader(train if train_ else test, train_)

        def train_dataloader(self) -> Any:
            return self.get_dataloader(True)

        def val_dataloader(self) -> Any:
            return self.get_dataloader(False)

    torch.manual_seed(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its lazy layers announce themselves
        model = book.LeNet(lr=RATE)
        model.board.display = False
        model.apply_init([train[0][:2]], book.init_cnn)
        book.Trainer(max_epochs=num_epochs).fit(model, InMemory())
    return [float(point.y) for point in model.board.data["val_acc"]]


def measure(seeds: Sequence[int]) -> dict[str, Any]:
    """Return the book's curve with each seed, on all training and all test images.

    Raises ValueError where the book's package is missing.
    """
    book = load_book()
    if book is None:
        raise ValueError("the study needs d2l; expected it installed, as by `uv sync`")
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
