"""The book's side of the comparison: its LeNet, its trainer and its loader, as published."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

from coursekit import data, idx
from coursekit.book import load_book
from coursekit.data import ImageSet

__all__ = ["BookRun", "book_data", "required_book"]

BATCH_SIZE, RATE = 128, 0.1  # the book's


def required_book() -> ModuleType:
    """Return `d2l.torch`. Raises ValueError where it is not installed."""
    book = load_book()
    if book is None:
        raise ValueError("the comparison needs d2l; expected it installed, as by `uv sync`")
    return book


@contextmanager
def book_data(book: ModuleType, parts: dict[str, ImageSet]) -> Iterator[Any]:
    """Give the book's Fashion-MNIST with its own loader and four workers.

    parts: "train" and "test". The book reads from ../data: it gets a folder of its own there.
    """
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        raw, here = Path(folder) / "data" / data.RAW, Path(folder) / "here"
        raw.mkdir(parents=True)
        here.mkdir()
        for split, part in parts.items():
            prefix = raw / data.SPLITS[split]
            idx.write(Path(f"{prefix}-images-idx3-ubyte"), part.images[:, 0].numpy())
            idx.write(Path(f"{prefix}-labels-idx1-ubyte"), part.labels.byte().numpy())
        os.chdir(here)
        try:
            yield book.FashionMNIST(batch_size=BATCH_SIZE)
        finally:
            os.chdir(before)


class BookRun:
    """The book's LeNet in the hands of the book's trainer, without its plot, epoch by epoch."""

    def __init__(self, book: ModuleType, source: Any, *, num_epochs: int, seed: int) -> None:
        torch.manual_seed(seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of lazy layers, and of more workers than cores
            self.model = book.LeNet(lr=RATE)
            self.model.board.display = False
            first, _ = next(iter(source.get_dataloader(True)))
            self.model.apply_init([first], book.init_cnn)
            self.trainer = book.Trainer(max_epochs=num_epochs)
            self.trainer.prepare_data(source)
        self.trainer.prepare_model(self.model)
        self.trainer.optim = self.model.configure_optimizers()
        self.trainer.epoch = self.trainer.train_batch_idx = self.trainer.val_batch_idx = 0

    def epoch(self) -> None:
        """Train for one epoch, validation included."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as above
            self.trainer.fit_epoch()
        self.trainer.epoch += 1

    @torch.no_grad()
    def accuracy(self, images: Tensor, labels: Tensor) -> float:
        """Return the accuracy on images as the book feeds them: 0 to 1."""
        self.model.eval()
        called = [self.model(x.float() / 255).argmax(dim=1) for x in images.split(1000)]
        return (torch.cat(called) == labels).float().mean().item()
