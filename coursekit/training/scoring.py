"""How well a model does, and whether model and data fit together."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.arguments import LARGEST, instance, integer, short, tensor
from coursekit.models.forward import called
from coursekit.training.devices import device_of, find_device
from coursekit.training.history import Data, Scores

__all__ = ["checked", "evaluate", "predict"]


def evaluate(
    model: nn.Module,
    data: Data,
    *,
    batch_size: int = 250,
    device: str | torch.device | None = None,
) -> Scores:
    """Return the model's loss and accuracy on the data, in eval mode, without gradients.

    Without a `device`, where the model is. The model is left in the mode that it was in.
    """
    instance("model", model, nn.Module)
    place = device_of(model) if device is None else find_device(device)
    inputs, labels = checked("data", model, data, place)
    logits = predict(model, inputs, batch_size=batch_size)
    loss = F.cross_entropy(logits, labels).item()
    return Scores(loss, (logits.argmax(dim=1) == labels).sum().item() / len(labels))


@torch.no_grad()
def predict(model: nn.Module, inputs: Tensor, *, batch_size: int = 250) -> Tensor:
    """Return the logits (N, classes) for inputs (N, ...), in eval mode, where the inputs are."""
    training = instance("model", model, nn.Module).training
    if len(tensor("inputs", inputs, "(N, ...)")) == 0:
        raise ValueError("inputs is empty; expected at least one")
    integer("batch_size", batch_size, minimum=1, maximum=LARGEST)
    device = device_of(model)
    model.eval()
    try:
        parts = [called(model, x.to(device), "inputs") for x in inputs.split(batch_size)]
    finally:
        model.train(training)
    return torch.cat(parts).to(inputs.device)


def checked(name: str, model: nn.Module, data: Data, device: torch.device) -> Data:
    """Return the data on the device, the model too, or raise ValueError: what does not fit."""
    instance("model", model, nn.Module)
    pair = data if isinstance(data, (tuple, list)) and len(data) == 2 else ()
    if not pair or not all(isinstance(part, Tensor) and part.dim() for part in pair):
        raise TypeError(f"{name} is {short(data)}; expected two tensors, (inputs, labels)")
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
    except ValueError as error:
        raise ValueError(
            f"{name} has {inputs.dtype} inputs {tuple(inputs.shape)}, "
            f"which the model does not take: {error.__cause__}"
        ) from error
    if len(shape) != 2:
        raise ValueError(f"the model returns {tuple(shape)} for one input; expected (1, classes)")
    return shape[1]
