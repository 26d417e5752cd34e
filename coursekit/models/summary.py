"""What a model is made of, in numbers: its parameters, and the shapes on its way."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from coursekit.contracts import checks_arguments
from coursekit.models.forward import called

__all__ = ["count_parameters", "shape_table"]


@checks_arguments
def count_parameters(model: nn.Module) -> int:
    """Return how many numbers the model learns; those of frozen parts are not counted.

    >>> from coursekit.models import LeNet
    >>> count_parameters(LeNet())
    61706
    """
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


@checks_arguments
@torch.no_grad()  # only shapes are wanted: no graph is kept for a backward pass
def shape_table(model: nn.Sequential, x: Tensor) -> list[tuple[str, tuple[int, ...], int]]:
    """Return (layer, shape of its output, parameters) for each layer that x passes.

    x: a batch (N, ...) that the model takes. Shapes begin with N, parameters are those that learn.
    The model is left in the mode that it was in.
    Raises ValueError where a layer does not take what reaches it.

    >>> from coursekit.models import LeNet
    >>> shape_table(LeNet(), torch.zeros(1, 1, 28, 28))[2]
    ('MaxPool2d', (1, 6, 14, 14), 0)
    """
    training = model.training
    model.eval()  # in train mode x would leave its traces in the statistics of batch norm
    rows = []
    try:
        for layer in model:
            x = called(layer, x, "x")
            rows.append((type(layer).__name__, tuple(x.shape), count_parameters(layer)))
    finally:
        model.train(training)
    return rows
