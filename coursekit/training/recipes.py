"""Recipes for Fashion-MNIST: a network, and the training for it.

`coursekit study networks` measures those of the lessons' networks, `coursekit bench quality` the
others, against their goals. Each returns the trained model and its history, and takes further
arguments of `training.fit`, such as `validation` or `on_epoch`, or others in place of the recipe's
own; `optimizer` as a function of the parameters, such as `partial(torch.optim.SGD, lr=0.1)`, for
the recipe makes the model. The images come normalised, (N, 1, 28, 28) float32, with labels (N,)
int64 from 0 to 9; the accuracies that are named are on the test set, from 0 to 1.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from coursekit import models, training
from coursekit.contracts import AtLeastOne, Positive, Seed, checks_arguments
from coursekit.models.eights import InEights
from coursekit.models.mirrored import LooksTwice
from coursekit.training import Data, History, RandomFlip
from coursekit.training.batching import sizes
from coursekit.training.workers import Workers

__all__ = [
    "NETWORKS",
    "accurate",
    "challenge",
    "compact",
    "fast_lenet",
    "modern_lenet",
    "quick_lenet",
    "strong",
]

Trained = tuple[nn.Module, History]

# Mirrored, a garment is a garment of the same kind.
MIRRORED: Mapping[str, Any] = {"augment": RandomFlip(), "weight_decay": 0.05}
# Never asked to be certain, a small network gets 3 in 1,000 more right.
UNSURE: Mapping[str, Any] = {
    **MIRRORED, "batch_size": 128, "learning_rate": 0.01, "label_smoothing": 0.1,
}  # fmt: skip


@checks_arguments
def quick_lenet(train: Data, *, seed: Seed = 0, **options: Any) -> Trained:
    """Return LeNet with ReLU and max pooling after one epoch: about 0.87 in a few seconds.

    train: images (N, 1, 28, 28) and labels (N,).
    """
    recipe = {"num_epochs": 1, "batch_size": 128, "learning_rate": 0.01}
    return _train(models.LeNet, train, seed, recipe | options)


@checks_arguments
def modern_lenet(train: Data, *, seed: Seed = 0, **options: Any) -> Trained:
    """Return LeNet with ReLU and max pooling after five epochs: about 0.904.

    train: images (N, 1, 28, 28) and labels (N,).
    """
    recipe = {"num_epochs": 5, "batch_size": 256, "learning_rate": 0.01}
    return _train(models.LeNet, train, seed, recipe | options)


@checks_arguments
def fast_lenet(
    train: Data,
    *,
    seed: Seed = 0,
    num_epochs: AtLeastOne = 2,
    batch_size: AtLeastOne = 128,
    learning_rate: Positive = 0.01,
    **options: Any,
) -> Trained:
    """Return LeNet with ReLU and max pooling; its goal is 0.90 in ten seconds.

    It learns as a whole, then its dense layers go on alone, for twice as many epochs: on the maps
    that the convolutions made of the images, computed once, as behind a frozen backbone. An epoch
    of the dense layers takes a tenth of the time of a whole one. Before that, after a third of the
    steps, the first convolution learns no more, where one process trains alone.
    The history is of both; `checkpoint` keeps the second part in a file of its own, whose name ends
    in ".dense"; `augment` changes the images of the first part alone.
    train: images (N, 1, 28, 28) and labels (N,).
    """
    steps = num_epochs * len(sizes(len(train[1]), batch_size))
    alone = Workers().size == 1  # together, each step waits for the gradients of all weights
    recipe = {"num_epochs": num_epochs, "batch_size": batch_size, "learning_rate": learning_rate}
    model, first = _train(
        lambda: InEights(models.LeNet(), steps=steps // 3 if alone else None),
        train, seed, {"label_smoothing": 0.1} | recipe | options,
    )  # fmt: skip
    # Larger batches: what a step of the dense layers costs is mostly the step, not the images.
    recipe = {
        "num_epochs": 2 * num_epochs,
        "batch_size": 4 * batch_size,
        "learning_rate": 0.8 * learning_rate,
    }
    dense = model.dense()
    later = _fit(dense, _maps(model, train), seed, recipe | _behind(model, first, options))
    return model.lenet, first.then(later)


@checks_arguments
def strong(train: Data, *, seed: Seed = 0, **options: Any) -> Trained:
    """Return the three-block network with batch norm, trained on mirrored images too.

    train: images (N, 1, 28, 28) and labels (N,). It reaches about 0.932.
    """
    recipe = {"num_epochs": 7, "batch_size": 256, "learning_rate": 0.004, **MIRRORED}
    return _train(lambda: models.ThreeBlockCNN(batch_norm=True), train, seed, recipe | options)


@checks_arguments
def challenge(train: Data, *, seed: Seed = 0, **options: Any) -> Trained:
    """Return a network of fewer than 100,000 parameters, trained: about 0.929.

    train: images (N, 1, 28, 28) and labels (N,).
    """
    recipe = {"num_epochs": 10, "batch_size": 256, "learning_rate": 0.01, **MIRRORED}
    return _train(models.SmallCNN, train, seed, recipe | options)


@checks_arguments
def compact(train: Data, *, seed: Seed = 0, **options: Any) -> Trained:
    """Return a network of fewer than 100,000 parameters, asked twice; its goal is 0.935.

    train: images (N, 1, 28, 28) and labels (N,).
    """
    recipe = {"num_epochs": 14, **UNSURE}
    return _train(lambda: LooksTwice(models.ResidualCNN()), train, seed, recipe | options)


@checks_arguments
def accurate(train: Data, *, seed: Seed = 0, **options: Any) -> Trained:
    """Return the network of `compact` with half as many channels again; its goal is 0.94.

    train: images (N, 1, 28, 28) and labels (N,).
    """
    recipe = {"num_epochs": 16, **UNSURE}
    return _train(
        lambda: LooksTwice(models.ResidualCNN(channels=96)), train, seed, recipe | options
    )


def _behind(model: InEights, first: History, options: dict[str, Any]) -> dict[str, Any]:
    """Return what `fit` is asked for where the dense layers go on after `first`."""
    given = dict(options)
    given.pop("augment", None)
    if given.get("validation") is not None:
        given["validation"] = _maps(model, given["validation"])
    if given.get("checkpoint") is not None:
        given["checkpoint"] = f"{os.fspath(given['checkpoint'])}.dense"
    if (hook := given.get("on_epoch")) is not None:
        given["on_epoch"] = lambda later: hook(first.then(later))
    return given


def _maps(model: InEights, data: Data) -> Data:
    """Return what the dense layers see of the images, (N, 400), and the labels."""
    return training.predict(model.convolutions(), data[0], batch_size=500), data[1]


def _train(
    build: Callable[[], nn.Module], train: Data, seed: int, options: dict[str, Any]
) -> Trained:
    with torch.random.fork_rng(devices=[]):  # the weights too come from the seed
        torch.manual_seed(seed)
        model = build().to(memory_format=torch.channels_last)  # a fifth faster on a CPU
    return model, _fit(model, train, seed, options)


def _fit(model: nn.Module, train: Data, seed: int, options: dict[str, Any]) -> History:
    if callable(options.get("optimizer")):  # of which the recipe's weights come first
        options |= {"optimizer": options["optimizer"](model.parameters())}
    return training.fit(model, train, seed=seed, **options)


# As `coursekit train` names them.
NETWORKS: Mapping[str, Callable[..., Trained]] = {
    "lenet": modern_lenet,
    "fast-lenet": fast_lenet,
    "small": challenge,
    "three-blocks": strong,
    "compact": compact,
    "accurate": accurate,
}
