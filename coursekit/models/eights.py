"""LeNet once more, in the numbers and the order that a CPU likes: the same outputs, sooner."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.models.networks import LeNet

__all__ = ["InEights"]

EMPTY = 2  # maps beside LeNet's six: a CPU compares and adds eight numbers at a time, or one


class InEights(nn.Module):
    """A LeNet that computes its six maps as eight, of which two reach nothing.

    It has no weights of its own: what it learns, the LeNet given knows. A modern one is pooled
    before its ReLU: the largest of four numbers and of 0 is the same in either order, and so is the
    gradient, but behind the pooling there is a quarter as much to cut off at 0.

    lenet: modern or classic. steps: of training, after which the first convolution learns no more;
    None for never. Its kernels are edges and spots soon, and the gradient on the way down to them
    is two fifths of a step's work.
    (N, 1, 28, 28) -> logits (N, num_classes).

    >>> import torch
    >>> x, lenet = torch.rand(2, 1, 28, 28), LeNet()
    >>> torch.allclose(InEights(lenet)(x), lenet(x), atol=1e-5)
    True
    """

    def __init__(self, lenet: LeNet, *, steps: int | None = None) -> None:
        super().__init__()
        self.lenet, self.steps = lenet, steps
        # A buffer, so that a checkpoint holds it: a run that is taken up again goes on as it was.
        self.register_buffer("done", torch.zeros((), dtype=torch.int64))

    def forward(self, x: Tensor) -> Tensor:
        """Return the LeNet's logits: (N, 1, 28, 28) float32 -> (N, num_classes)."""
        x = self.maps(x)
        for layer in list(self.lenet)[7:]:
            x = layer(x)
        return x

    def dense(self) -> nn.Sequential:
        """Return the LeNet's own dense layers: (N, 400) -> logits (N, num_classes)."""
        return nn.Sequential(*list(self.lenet)[7:])  # a slice would ask for a LeNet of its own

    def convolutions(self) -> nn.Module:
        """Return what comes before them, as a network: (N, 1, 28, 28) -> (N, 400)."""
        return _Maps(self)

    def maps(self, x: Tensor) -> Tensor:
        """Return what the dense layers see: (N, 1, 28, 28) float32 -> (N, 400)."""
        first, _, _, second, *_ = self.lenet
        weight = F.pad(first.weight, (0, 0) * 3 + (0, EMPTY))  # (8, 1, 5, 5)
        x = F.conv2d(x, weight, F.pad(first.bias, (0, EMPTY)), padding=2)  # (N, 8, 28, 28)
        x = self._pooled(x)  # (N, 8, 14, 14)
        if self._first_is_settled():
            x = x.detach()
        weight = F.pad(second.weight, (0, 0) * 2 + (0, EMPTY))  # (16, 8, 5, 5)
        x = self._pooled(F.conv2d(x, weight, second.bias))  # (N, 16, 5, 5)
        return x.flatten(1)

    def _first_is_settled(self) -> bool:
        """Count a step of training. Return whether the first convolution learns no more."""
        if self.steps is None or not self.training:
            return False
        self.done += 1
        return self.done.item() > self.steps

    def _pooled(self, x: Tensor) -> Tensor:
        """Return the maps behind activation and pooling: (N, C, H, W) -> (N, C, H/2, W/2)."""
        activation, pool = self.lenet[1], self.lenet[2]
        if isinstance(activation, nn.ReLU):
            return activation(pool(x))
        return pool(activation(x))  # a mean of sigmoids is not the sigmoid of a mean


class _Maps(nn.Module):
    """The convolutions of a LeNet, with activations and poolings."""

    def __init__(self, model: InEights) -> None:
        super().__init__()
        self.model = model

    def forward(self, x: Tensor) -> Tensor:
        """Return the maps' numbers: (N, 1, 28, 28) float32 -> (N, 400)."""
        return self.model.maps(x)
