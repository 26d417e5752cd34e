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

from coursekit.data import ImageSet, fashion, idx

__all__ = ["BATCH_SIZE", "RATE", "BookRun", "book_data", "in_memory"]

Data = tuple[Tensor, Tensor]  # images (N, 1, 28, 28) float32 and labels (N,) int64

BATCH_SIZE, RATE = 128, 0.1  # the book's


@contextmanager
def book_data(book: ModuleType, parts: dict[str, ImageSet]) -> Iterator[Any]:
    """Give the book's Fashion-MNIST with its own loader and four workers.

    parts: "train" and "test", images (N, 1, 28, 28) uint8. The book reads from ../data: it gets a
    folder of its own there, which is the current one meanwhile.
    """
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        raw, here = Path(folder) / "data" / fashion.RAW, Path(folder) / "here"
        raw.mkdir(parents=True)
        here.mkdir()
        for split, part in parts.items():
            prefix = raw / fashion.SPLITS[split]
            # (N, 1, 28, 28) -> (N, 28, 28), as the format has no channels.
            idx.write(Path(f"{prefix}-images-idx3-ubyte"), part.images[:, 0].numpy())
            idx.write(Path(f"{prefix}-labels-idx1-ubyte"), part.labels.byte().numpy())
        os.chdir(here)
        try:
            yield book.FashionMNIST(batch_size=BATCH_SIZE)
        finally:
            os.chdir(before)  # before the folder goes: no process can stay in one that is gone


def in_memory(book: ModuleType, train: Data, test: Data, batch_size: int) -> Any:
    """Return the book's data module around tensors: no workers, no files.

    train, test: (images (N, 1, 28, 28), labels (N,)), pixels from 0 to 1, as the book does it.
    """

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

    return InMemory()


class BookRun:
    """The book's LeNet in the hands of the book's trainer, without its plot, epoch by epoch.

    source: one of the book's data modules. first: images (N, 1, 28, 28) as that feeds them, from
    which the lazy layers learn their sizes.
    """

    def __init__(
        self, book: ModuleType, source: Any, first: Tensor, *, num_epochs: int, seed: int
    ) -> None:
        torch.manual_seed(seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of lazy layers, and of more workers than cores
            self.model = book.LeNet(lr=RATE)
            self.model.board.display = False  # the plot, or it would be timed too
            self.model.apply_init([first], book.init_cnn)
            self.trainer = book.Trainer(max_epochs=num_epochs)
            self.trainer.prepare_data(source)
        # What Trainer.fit does before its loop, so that each epoch can be timed by itself.
        self.trainer.prepare_model(self.model)
        self.trainer.optim = self.model.configure_optimizers()
        self.trainer.epoch = self.trainer.train_batch_idx = self.trainer.val_batch_idx = 0

    def curve(self) -> list[float]:
        """Return the accuracy on the held-out images after each epoch, training all of them."""
        for _ in range(self.trainer.max_epochs):
            self.epoch()
        return [float(point.y) for point in self.model.board.data["val_acc"]]

    def epoch(self) -> None:
        """Train for one epoch, validation included."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as above
            self.trainer.fit_epoch()
        self.trainer.epoch += 1  # by which the book's plot counts, as its own loop does

    @torch.no_grad()
    def accuracy(self, images: Tensor, labels: Tensor) -> float:
        """Return the accuracy, from 0 to 1, on images as the book feeds them.

        images: (N, 1, 28, 28) uint8, scaled to 0 to 1 here. labels: (N,) int64.
        """
        self.model.eval()
        called = [self.model(x.float() / 255).argmax(dim=1) for x in images.split(1000)]  # (1000,)
        return (torch.cat(called) == labels).float().mean().item()
