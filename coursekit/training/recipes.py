"""Recipes for Fashion-MNIST: a network, and the training for it.

`coursekit study networks` measures those of the lessons' networks, `coursekit bench quality` the
others, against their goals. Each returns the trained model and its history, and takes further
arguments of `training.fit`, such as `validation` or `on_epoch`, or others in place of the recipe's
own; `optimizer` as a function of the parameters, such as `partial(torch.optim.SGD, lr=0.1)`, for
the recipe makes the model. The images come normalised, (N, 1, 28, 28) float32, with labels (N,)
int64 from 0 to 9; the accuracies that are named are on the test set, from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from coursekit import models, training
from coursekit.contracts import AtLeastOne, Seed, checks_arguments
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
    num_epochs: AtLeastOne = 4,
    batch_size: AtLeastOne = 128,
    **options: Any,
) -> Trained:
    """Return LeNet with ReLU and max pooling after four epochs; its goal is 0.90 in ten seconds.

    After a third of the steps the first convolution learns no more, where one process trains alone.
    train: images (N, 1, 28, 28) and labels (N,).
    """
    steps = num_epochs * len(sizes(len(train[1]), batch_size))
    alone = Workers().size == 1  # together, each step waits for the gradients of all weights
    recipe = {"num_epochs": num_epochs, "batch_size": batch_size, "learning_rate": 0.01}
    model, history = _train(
        lambda: InEights(models.LeNet(), steps=steps // 3 if alone else None),
        train, seed, recipe | options,
    )  # fmt: skip
    return model.lenet, history


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
    """Return the network of `challenge`, trained longer and asked twice; its goal is 0.935.

    train: images (N, 1, 28, 28) and labels (N,).
    """
    recipe = {"num_epochs": 14, "batch_size": 128, "learning_rate": 0.01, **MIRRORED}
    return _train(lambda: LooksTwice(models.SmallCNN()), train, seed, recipe | options)


@checks_arguments
def accurate(train: Data, *, seed: Seed = 0, **options: Any) -> Trained:
    """Return the network of `strong`, trained longer and asked twice; its goal is 0.94.

    train: images (N, 1, 28, 28) and labels (N,).
    """
    recipe = {"num_epochs": 10, "batch_size": 128, "learning_rate": 0.004, **MIRRORED}
    return _train(
        lambda: LooksTwice(models.ThreeBlockCNN(batch_norm=True)), train, seed, recipe | options
    )


def _train(
    build: Callable[[], nn.Module], train: Data, seed: int, options: dict[str, Any]
) -> Trained:
    with torch.random.fork_rng(devices=[]):  # the weights too come from the seed
        torch.manual_seed(seed)
        model = build().to(memory_format=torch.channels_last)  # a fifth faster on a CPU
    if callable(options.get("optimizer")):  # of which the recipe's weights come first
        options |= {"optimizer": options["optimizer"](model.parameters())}
    return model, training.fit(model, train, seed=seed, **options)


# As `coursekit train` names them.
NETWORKS: Mapping[str, Callable[..., Trained]] = {
    "lenet": modern_lenet,
    "fast-lenet": fast_lenet,
    "small": challenge,
    "three-blocks": strong,
    "compact": compact,
    "accurate": accurate,
}
