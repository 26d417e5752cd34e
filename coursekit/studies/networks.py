"""The networks of lesson 6 on all of Fashion-MNIST: accuracy against size and time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import torch
from torch import nn

from coursekit import data, models, training
from coursekit.studies.results import steps
from coursekit.training import Data, History, recipes

__all__ = ["NETWORKS", "SEEDS", "measure"]

SEEDS = (0, 1, 2)


def _mlp(train: Data, *, seed: int) -> tuple[nn.Module, History]:
    """Train a fully connected network of LeNet's size as `recipes.modern_lenet` trains LeNet."""
    torch.manual_seed(seed)
    model = models.MLP(784, 77, 10)
    settings = {"num_epochs": 5, "batch_size": 256, "learning_rate": 0.01}
    return model, training.fit(model, train, seed=seed, **settings)


NETWORKS: Mapping[str, Callable[..., tuple[nn.Module, History]]] = {
    "MLP of LeNet's size": _mlp,
    "LeNet": recipes.modern_lenet,
    "small network": recipes.challenge,
    "three blocks, repaired": recipes.strong,
}


def measure(seeds: Sequence[int]) -> dict[str, Any]:
    """Return for each network its size, and for each seed its accuracy and its seconds."""
    train, test = data.fashion_mnist("train"), data.fashion_mnist("test")
    rows: dict[str, dict[str, Any]] = {name: {"test": [], "seconds": []} for name in NETWORKS}
    for name, seed in steps(product(NETWORKS, seeds), "networks"):
        began = time.perf_counter()
        model, history = NETWORKS[name](train.tensors(), seed=seed)
        rows[name]["seconds"].append(time.perf_counter() - began)
        rows[name]["test"].append(training.evaluate(model, test.tensors()).accuracy)
        rows[name] |= {"parameters": models.count_parameters(model), "epochs": len(history)}
    return {"data": repr(train), "stand_in": train.stand_in, "rows": rows}
