"""Training and evaluation on tensors in memory: one loop, visible in `fit`."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm.auto import tqdm

__all__ = ["Data", "History", "Scores", "TrainingError", "batches", "evaluate", "fit", "predict"]

Data: TypeAlias = tuple[Tensor, Tensor]  # inputs (N, ...) float32, labels (N,) int64


class TrainingError(RuntimeError):
    """Training cannot go on. The message says what happened and what to try."""


class Scores(NamedTuple):
    """How a model does on a data set: mean cross-entropy, and the share that it gets right."""

    loss: float
    accuracy: float


@dataclass
class History:
    """What `fit` saw, one entry an epoch; in training, loss and accuracy are means over steps."""

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation: list[Scores] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def fit(
    model: nn.Module,
    train: Data,
    *,
    validation: Data | None = None,
    num_epochs: int = 2,
    batch_size: int = 128,
    learning_rate: float = 0.01,
    optimizer: torch.optim.Optimizer | None = None,
    seed: int = 0,
    device: str | torch.device = "cpu",
) -> History:
    """Return the history of training the model, in place, by cross-entropy on logits.

    Without an `optimizer`, Adam, whose rate climbs to `learning_rate` and falls to nothing again
    (one cycle). With one, its own rate and no schedule. `seed` orders the batches.
    Raises ValueError for data that does not fit together, TrainingError where the loss is not
    a number. Shows a progress bar, unless CI is set.
    """
    inputs, labels = _checked("train", model, train, device)
    steps = num_epochs * -(-len(labels) // batch_size)
    optimizer, schedule = _optimizer(model, optimizer, learning_rate, steps)
    order, history = torch.Generator().manual_seed(seed), History()
    with tqdm(total=steps, unit="step", disable=bool(os.environ.get("CI"))) as bar:
        for epoch in range(num_epochs):
            model.train()
            began, loss_sum, correct = time.perf_counter(), 0.0, 0
            for x, y in batches(inputs, labels, batch_size, order):
                logits = model(x)
                loss = F.cross_entropy(logits, y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
                loss_sum += _finite(loss.item(), epoch) * len(y)
                correct += (logits.argmax(dim=1) == y).sum().item()
                bar.update()
            history.loss.append(loss_sum / len(labels))
            history.accuracy.append(correct / len(labels))
            history.seconds.append(time.perf_counter() - began)
            if validation is not None:
                history.validation.append(evaluate(model, validation, device=device))
            bar.set_postfix(loss=history.loss[-1], accuracy=history.accuracy[-1])
    return history


def batches(
    inputs: Tensor, labels: Tensor, batch_size: int, order: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield (inputs, labels) of `batch_size` examples at a time, each example once, shuffled.

    >>> x, y = torch.arange(5.0), torch.arange(5)
    >>> [len(labels) for _, labels in batches(x, y, 2, torch.Generator())]
    [2, 2, 1]
    """
    for places in torch.randperm(len(labels), generator=order).to(labels.device).split(batch_size):
        yield inputs[places], labels[places]


def evaluate(
    model: nn.Module, data: Data, *, batch_size: int = 1000, device: str | torch.device = "cpu"
) -> Scores:
    """Return the model's loss and accuracy on the data, in eval mode, without gradients.

    The model is left in the mode that it was in.
    """
    inputs, labels = _checked("data", model, data, device)
    logits = predict(model, inputs, batch_size=batch_size)
    loss = F.cross_entropy(logits, labels).item()
    return Scores(loss, (logits.argmax(dim=1) == labels).double().mean().item())


@torch.no_grad()
def predict(model: nn.Module, inputs: Tensor, *, batch_size: int = 1000) -> Tensor:
    """Return the logits (N, classes) for inputs (N, ...), in eval mode."""
    training = model.training
    model.eval()
    logits = torch.cat([model(x) for x in inputs.split(batch_size)])
    model.train(training)
    return logits


def _optimizer(
    model: nn.Module, optimizer: torch.optim.Optimizer | None, learning_rate: float, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    if optimizer is not None:
        return optimizer, torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1.0)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps)
    return optimizer, cycle


def _finite(loss: float, epoch: int) -> float:
    if not -float("inf") < loss < float("inf"):
        raise TrainingError(
            f"the loss became {loss} in epoch {epoch + 1}; "
            "try a learning rate ten times smaller, and look for NaN in the inputs"
        )
    return loss


def _checked(name: str, model: nn.Module, data: Data, device: str | torch.device) -> Data:
    """Return the data on the device, the model too, or raise ValueError: what does not fit."""
    inputs, labels = data
    if len(inputs) != len(labels) or len(labels) == 0:
        raise ValueError(
            f"{name} has {len(inputs)} inputs and {len(labels)} labels; "
            "expected as many labels as inputs, and at least one"
        )
    if labels.dtype != torch.int64 or labels.dim() != 1:
        raise ValueError(
            f"{name} has labels {labels.dtype} {tuple(labels.shape)}; expected torch.int64 (N,)"
        )
    model.to(device)
    inputs, labels = inputs.to(device), labels.to(device)
    classes = _classes(name, model, inputs)
    if not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"{name} has labels from {labels.min()} to {labels.max()}, but the model tells "
            f"{classes} classes apart; expected labels from 0 to {classes - 1}"
        )
    return inputs, labels


def _classes(name: str, model: nn.Module, inputs: Tensor) -> int:
    try:
        shape = predict(model, inputs[:1]).shape
    except RuntimeError as error:
        raise ValueError(
            f"{name} has inputs {tuple(inputs.shape)}, which the model does not take: {error}"
        ) from error
    if len(shape) != 2:
        raise ValueError(f"the model returns {tuple(shape)} for one input; expected (1, classes)")
    return shape[1]
