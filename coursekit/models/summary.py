"""What a model is made of, in numbers: its parameters, and the shapes on its way."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from coursekit.arguments import instance, tensor
from coursekit.models.forward import called

__all__ = ["count_parameters", "shape_table"]


def count_parameters(model: nn.Module) -> int:
    """Return how many numbers the model learns.

    >>> from coursekit.models import LeNet
    >>> count_parameters(LeNet())
    61706
    """
    parameters = instance("model", model, nn.Module).parameters()
    return sum(p.numel() for p in parameters if p.requires_grad)


@torch.no_grad()
def shape_table(model: nn.Sequential, x: Tensor) -> list[tuple[str, tuple[int, ...], int]]:
    """Return (layer, shape of its output, parameters) for each layer that x passes.

    x: a batch that the model takes. The model is left in the mode that it was in.
    Raises ValueError where a layer does not take what reaches it.

    >>> from coursekit.models import LeNet
    >>> shape_table(LeNet(), torch.zeros(1, 1, 28, 28))[2]
    ('MaxPool2d', (1, 6, 14, 14), 0)
    """
    training = instance("model", model, nn.Sequential).training
    x = tensor("x", x)
    model.eval()
    rows = []
    try:
        for layer in model:
            x = called(layer, x, "x")
            rows.append((type(layer).__name__, tuple(x.shape), count_parameters(layer)))
    finally:
        model.train(training)
    return rows
