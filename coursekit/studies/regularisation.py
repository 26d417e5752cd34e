"""What helps against overfitting, one change at a time: LeNet on few images, for many epochs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import torch
from torch import nn

from coursekit import data, models, training
from coursekit.data import ImageSet
from coursekit.studies.results import steps

__all__ = ["BASE", "RECIPES", "SEEDS", "Recipe", "measure", "small_sets", "train_and_test"]

SEEDS = (0, 1, 2, 3, 4)
IMAGES, HELD_OUT, EPOCHS = 2_000, 1_000, 40
BASE = "as it is"
CROP_AND_FLIP = training.Chain(training.RandomShift(2), training.RandomFlip())


@dataclass(frozen=True)
class Recipe:
    """A network and its training: the base recipe, but for what is given.

    optimizer: makes one from the model's parameters; Adam at a fixed rate by default.
    images: how many times as many; the number of steps stays.
    """

    model: Callable[[], nn.Module] = models.LeNet
    optimizer: Callable[[Any], torch.optim.Optimizer] | None = None
    batch_size: int = 32
    images: int = 1
    fit: Mapping[str, Any] = field(default_factory=dict)

    def settings(self, model: nn.Module, seed: int) -> dict[str, Any]:
        """Return the arguments of `training.fit` for this recipe: more images, fewer epochs."""
        make = self.optimizer or _adam()
        return {
            "num_epochs": EPOCHS // self.images,
            "batch_size": self.batch_size,
            "optimizer": make(model.parameters()),
            "seed": seed,
            **self.fit,
        }


def _adam(weight_decay: float = 0.0) -> Callable[[Any], torch.optim.Optimizer]:
    return lambda parameters: torch.optim.AdamW(parameters, lr=0.001, weight_decay=weight_decay)


def _momentum(parameters: Any) -> torch.optim.Optimizer:
    return torch.optim.SGD(parameters, lr=0.02, momentum=0.9)


def lenet(
    *, channels: tuple[int, int] = (6, 16), dense: tuple[int, int] = (120, 84),
    dropout: float = 0.0, batch_norm: bool = False,
) -> nn.Sequential:  # fmt: skip
    """Return LeNet with ReLU and max pooling in other sizes, with dropout or batch norm.

    (N, 1, 28, 28) -> logits (N, 10). Dropout stands before each of the dense layers but the first.
    """
    first, second = channels
    norms = [[nn.BatchNorm2d(count)] if batch_norm else [] for count in channels]
    return nn.Sequential(
        *(nn.Conv2d(1, first, 5, padding=2), *norms[0], nn.ReLU(), nn.MaxPool2d(2)),
        # (N, first, 14, 14) -> (N, second, 5, 5) -> (N, 25·second)
        *(nn.Conv2d(first, second, 5), *norms[1], nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Linear(second * 25, dense[0]), nn.ReLU(), nn.Dropout(dropout)),
        *(nn.Linear(*dense), nn.ReLU(), nn.Dropout(dropout), nn.Linear(dense[1], 10)),
    )


RECIPES: Mapping[str, Recipe] = {
    BASE: Recipe(),
    "dropout 0.5": Recipe(lambda: lenet(dropout=0.5)),
    "batch norm": Recipe(lambda: lenet(batch_norm=True)),
    "weight decay 0.1": Recipe(optimizer=_adam(0.1)),
    "weight decay 1": Recipe(optimizer=_adam(1.0)),
    "a sixth of the parameters": Recipe(lambda: lenet(dense=(20, 15))),
    "early stopping": Recipe(fit={"early_stopping": training.EarlyStopping(patience=5)}),
    "batches of 8": Recipe(batch_size=8),
    "batches of 256": Recipe(batch_size=256),
    "SGD with momentum": Recipe(optimizer=_momentum),
    "augmentation": Recipe(fit={"augment": CROP_AND_FLIP}),
    "four times the images": Recipe(images=4),
    "norm, dropout, augmentation": Recipe(
        lambda: lenet(batch_norm=True, dropout=0.3), fit={"augment": CROP_AND_FLIP}
    ),
}


def small_sets(images: ImageSet, seed: int, *, times: int = 1) -> tuple[ImageSet, ImageSet]:
    """Return a small training set and a validation set, drawn anew for each seed.

    times: how many times the 2,000 images; the 1,000 held out are the same for all of them.
    """
    rest, held_out = images.split(HELD_OUT / len(images), seed=seed)
    count = min(times * IMAGES, len(rest) - 1)
    return rest.split(count / len(rest), seed=seed)[1], held_out


def train_and_test(recipe: Recipe, images: ImageSet, test: ImageSet, seed: int) -> dict[str, Any]:
    """Return the accuracies of one training in its last epoch, and on the test images."""
    small, held_out = small_sets(images, seed, times=recipe.images)
    torch.manual_seed(seed)
    model = recipe.model()
    settings = recipe.settings(model, seed)
    # Held out from every recipe, looked at by the one that needs it: the others lose no time.
    validation = held_out.tensors() if "early_stopping" in settings else None
    history = training.fit(model, small.tensors(), validation=validation, **settings)
    return {
        "train": training.evaluate(model, small.tensors()).accuracy,
        "test": training.evaluate(model, test.tensors()).accuracy,
        "loss": training.evaluate(model, test.tensors()).loss,
        "epochs": len(history),
    }


def measure(seeds: Sequence[int]) -> dict[str, Any]:
    """Return for each recipe and seed the accuracy on the training and on the test images."""
    images, test = data.fashion_mnist("train"), data.fashion_mnist("test")
    rows: dict[str, dict[str, Any]] = {
        name: {"parameters": models.count_parameters(recipe.model())}
        for name, recipe in RECIPES.items()
    }
    for name, seed in steps(product(RECIPES, seeds), "regularisation"):
        for key, value in train_and_test(RECIPES[name], images, test, seed).items():
            rows[name].setdefault(key, []).append(value)
    return {
        "data": repr(images),
        "stand_in": images.stand_in,
        "settings": {"images": IMAGES, "held_out": HELD_OUT, "epochs": EPOCHS},
        "rows": rows,
    }
