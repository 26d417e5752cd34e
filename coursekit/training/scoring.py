"""How well a model does, and whether model and data fit together."""

from __future__ import annotations

from functools import partial
from math import inf
from typing import Annotated, TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.arguments import integer, number, tensor
from coursekit.contracts import AtLeastOne, checks_arguments
from coursekit.models.forward import called
from coursekit.training.devices import Device, device_of, find_device
from coursekit.training.history import Data, Scores

__all__ = ["checked", "evaluate", "measured", "predict"]

Number: TypeAlias = Annotated[float, partial(number, infinite=True)]
NotNegativeCount: TypeAlias = Annotated[int, partial(integer, minimum=0, maximum=9)]


@checks_arguments
def evaluate(
    model: nn.Module,
    data: Data,
    *,
    batch_size: AtLeastOne = 250,
    device: Device | None = None,
) -> Scores:
    """Return the model's loss and accuracy on the data, in eval mode, without gradients.

    data: inputs (N, ...) float32 and labels (N,) int64, from 0 to classes - 1. Without a `device`,
    where the model is; with one, the model stays there. It is left in the mode that it was in.
    Raises ValueError for data that the model does not take, or labels of other classes.
    """
    place = device_of(model) if device is None else find_device(device)
    inputs, labels = checked("data", model, data, place)
    logits = predict(model, inputs, batch_size=batch_size)  # (N, classes)
    # Over all at once: a mean of the batches' means would count a smaller last one for more.
    loss = F.cross_entropy(logits, labels).item()
    return Scores(loss, (logits.argmax(dim=1) == labels).sum().item() / len(labels))


@checks_arguments
@torch.no_grad()  # no graph is kept, so a batch needs a fraction of the memory of a training step
def predict(
    model: nn.Module,
    inputs: Annotated[Tensor, partial(tensor, axes="(N, ...)")],
    *,
    batch_size: AtLeastOne = 250,
) -> Tensor:
    """Return the logits (N, classes) for inputs (N, ...), in eval mode, where the inputs are.

    The model is left in the mode that it was in.
    Raises ValueError for no inputs, or for what the model does not take.
    """
    training = model.training
    if len(inputs) == 0:
        raise ValueError("inputs is empty; expected at least one")
    device = device_of(model)
    model.eval()
    try:
        parts = [called(model, x.to(device), "inputs") for x in inputs.split(batch_size)]
    finally:
        model.train(training)
    return torch.cat(parts).to(inputs.device)


def checked(name: str, model: nn.Module, data: Data, device: torch.device) -> Data:
    """Return the data on the device, and move the model there; `name` is the data's in an error.

    data: inputs (N, ...) and labels (N,), which the public function's annotation has checked.
    Raises ValueError where the model does not take the inputs or the labels.
    """
    model.to(device)
    inputs, labels = (part.to(device) for part in data)
    classes = _classes(name, model, inputs)
    if not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"{name} has labels from {labels.min()} to {labels.max()}, but the model tells "
            f"{classes} classes apart; expected labels from 0 to {classes - 1}"
        )
    return inputs, labels


def _classes(name: str, model: nn.Module, inputs: Tensor) -> int:
    """Return how many classes the model tells apart, by one input: before the long run."""
    try:
        shape = predict(model, inputs[:1]).shape
    except ValueError as error:
        raise ValueError(
            f"{name} has {inputs.dtype} inputs {tuple(inputs.shape)}, "
            f"which the model does not take: {error.__cause__}"
        ) from error
    if len(shape) != 2:
        raise ValueError(f"the model returns {tuple(shape)} for one input; expected (1, classes)")
    return shape[1]


@checks_arguments
def measured(
    label: str,
    value: Number,
    *,
    above: Number = -inf,
    below: Number = inf,
    digits: NotNegativeCount = 2,
) -> None:
    """Print a number that differs a little from machine to machine, as it is here.

    above, below: between which it was on ours, both left out; where it is not, the line says so.
    """
    # tests/sanitize.cfg knows the word "here": the number before it may differ from what is stored.
    line = f"{label}: {value:.{digits}f} here"
    if not above < value < below:
        limits = [f"{w} {v:g}" for w, v in (("above", above), ("below", below)) if abs(v) < inf]
        line += f"; on our machines it was {' and '.join(limits)}"
    print(line)
