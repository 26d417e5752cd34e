"""The book's LeNet against one change at a time: same data, same budget, same rate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit import data, models, training
from coursekit.data import fashion
from coursekit.studies.results import steps
from coursekit.training import Data

__all__ = ["CHANGES", "SEEDS", "Change", "curve", "gradient_norms", "lenet", "measure"]

SEEDS = (0, 1, 2)
EPOCHS, BATCH_SIZE, RATE, ADAM_RATE = 5, 128, 0.1, 0.002
LAYERS = ("conv 1", "conv 2", "dense 1", "dense 2", "dense 3")
SIGMOID_GAIN = 4.0  # its steepest slope is 1/4: four times the weights make up for it


@dataclass(frozen=True)
class Change:
    """A LeNet and its optimiser: the book's, but for what is given."""

    activation: Callable[[], nn.Module] = nn.Sigmoid
    pool: Callable[[int], nn.Module] = nn.AvgPool2d
    gain: float = 1.0
    batch_norm: bool = False
    adam: bool = False
    normalised: bool = False

    def inputs(self, x: Tensor) -> Tensor:
        """Return inputs as this recipe takes them: (N, 1, 28, 28), by the book pixels from 0 to 1.

        x: (N, 1, 28, 28), normalised.
        """
        return x if self.normalised else x * fashion.STANDARD_DEVIATION + fashion.MEAN

    def model(self) -> nn.Sequential:
        """Return the network, freshly drawn: (N, 1, 28, 28) -> logits (N, 10)."""
        return lenet(self.activation, self.pool, gain=self.gain, batch_norm=self.batch_norm)

    def optimizer(self, model: nn.Module) -> torch.optim.Optimizer:
        """Return the optimiser for it: plain SGD, or Adam at a rate that suits Adam."""
        if self.adam:
            return torch.optim.Adam(model.parameters(), lr=ADAM_RATE)
        return torch.optim.SGD(model.parameters(), lr=RATE)


CHANGES: Mapping[str, Change] = {
    "the book's": Change(),
    "inputs around 0": Change(normalised=True),
    "max pooling": Change(pool=nn.MaxPool2d),
    "Adam": Change(adam=True),
    "weights times 4": Change(gain=SIGMOID_GAIN),
    "batch norm": Change(batch_norm=True),
    "ReLU": Change(activation=nn.ReLU),
    "all but Adam": Change(nn.ReLU, nn.MaxPool2d, batch_norm=True, normalised=True),
}


def lenet(
    activation: Callable[[], nn.Module] = nn.Sigmoid,
    pool: Callable[[int], nn.Module] = nn.AvgPool2d,
    *,
    gain: float = 1.0,
    batch_norm: bool = False,
) -> nn.Sequential:
    """Return LeNet with this activation and pooling, its weights drawn by Xavier's rule times gain.

    (N, 1, 28, 28) -> logits (N, 10). With batch_norm, one after each convolution.
    """
    layers: list[nn.Module] = []
    for layer in models.LeNet():
        match layer:
            case nn.ReLU():
                layers.append(activation())
            case nn.MaxPool2d():
                layers.append(pool(layer.kernel_size))
            case nn.Conv2d() if batch_norm:
                layers += [layer, nn.BatchNorm2d(layer.out_channels)]
            case _:
                layers.append(layer)
    model = nn.Sequential(*layers)
    for layer in _weighted(model):
        nn.init.xavier_uniform_(layer.weight, gain=gain)
    return model


def curve(
    change: Change, train: Data, test: Data, *, num_epochs: int, batch_size: int, seed: int
) -> list[float]:
    """Return the accuracy on `test`, from 0 to 1, before training and after each epoch.

    train, test: inputs (N, 1, 28, 28), normalised, as `ImageSet.tensors` gives them, and labels.
    """
    torch.manual_seed(seed)  # the weights come from the seed, as the order of the batches does
    model = change.model()
    train, test = ((change.inputs(x), labels) for x, labels in (train, test))
    before = training.evaluate(model, test).accuracy
    history = training.fit(
        model, train, validation=test, num_epochs=num_epochs, batch_size=batch_size, seed=seed,
        optimizer=change.optimizer(model),
    )  # fmt: skip
    return [before, *(scores.accuracy for scores in history.validation)]


def gradient_norms(
    change: Change, inputs: Tensor, labels: Tensor, *, seed: int
) -> dict[str, float]:
    """Return the length of the loss's gradient in the weights of each layer, first to last.

    inputs: (N, 1, 28, 28), normalised. labels: (N,) int64. Before training, with weights drawn from
    the seed.
    """
    torch.manual_seed(seed)
    model = change.model()
    F.cross_entropy(model(change.inputs(inputs)), labels).backward()
    return {
        name: float(layer.weight.grad.norm())
        for name, layer in zip(LAYERS, _weighted(model), strict=True)
    }


def measure(seeds: Sequence[int]) -> dict[str, Any]:
    """Return the curve of each change with each seed, on all training and all test images."""
    train, test = data.fashion_mnist("train"), data.fashion_mnist("test")
    budget = {"num_epochs": EPOCHS, "batch_size": BATCH_SIZE}
    rows: dict[str, dict[str, list[list[float]]]] = {name: {"curves": []} for name in CHANGES}
    for name, seed in steps(product(CHANGES, seeds), "panel"):
        run = curve(CHANGES[name], train.tensors(), test.tensors(), seed=seed, **budget)
        rows[name]["curves"].append(run)
    return {
        "data": repr(train),
        "stand_in": train.stand_in,
        "settings": {**budget, "rate": RATE, "adam_rate": ADAM_RATE},
        "rows": rows,
    }


def _weighted(model: nn.Module) -> list[nn.Module]:
    return [layer for layer in model.modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
