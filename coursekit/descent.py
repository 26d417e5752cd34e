"""Gradient descent, and two learners of one weighted sum: perceptron and logistic regression.

A learner here is a weighted sum of D inputs, x @ weight + bias, and a rule that changes the D
weights and the bias. Labels are 0 and 1. Every function returns the whole path, not its end alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit.arguments import flag, function, integer, number, short, tensor

__all__ = [
    "Training",
    "descend",
    "logistic_gradient",
    "logistic_loss",
    "logistic_regression",
    "mistakes",
    "perceptron",
    "two_valleys",
    "two_valleys_slope",
    "weighted_sum",
]


def descend(
    gradient: Callable[[Tensor], Tensor], start: float | Tensor, *, rate: float, steps: int
) -> Tensor:
    """Return every place that gradient descent visits: x - rate * gradient(x), again and again.

    gradient: takes a place and returns the gradient there, of the same shape.
    start: a number, or a tensor (...). Returns float64 (steps + 1, ...), with `start` first.
    A path that leaves the finite numbers ends at its last finite place.

    >>> descend(lambda x: 2 * x - 6, 18, rate=0.25, steps=3).tolist()
    [18.0, 10.5, 6.75, 4.875]
    """
    function("gradient", gradient)
    rate, steps = number("rate", rate, above=0), _steps("steps", steps)
    path = [_start(start)]
    for _ in range(steps):
        step = path[-1] - rate * _slope(gradient, path[-1])
        if not step.isfinite().all():
            break
        path.append(step)
    return torch.stack(path)


def two_valleys(x: Tensor) -> Tensor:
    """Return x⁴ - 2x² + 0.2x: its deep valley is at -1.02, its shallow one at 0.97."""
    x = _place(x)
    return x**4 - 2 * x**2 + 0.2 * x


def two_valleys_slope(x: Tensor) -> Tensor:
    """Return the derivative of `two_valleys`, 4x³ - 4x + 0.2."""
    x = _place(x)
    return 4 * x**3 - 4 * x + 0.2


@dataclass(frozen=True)
class Training:
    """Weights (T, D) and biases (T,) at T moments of a training, the untrained ones first."""

    weights: Tensor
    biases: Tensor

    def at(self, moment: int) -> tuple[Tensor, Tensor]:
        """Return the weights (D,) and the bias () at one moment; -1 is the last."""
        moment = integer("moment", moment, minimum=-len(self), maximum=len(self) - 1)
        return self.weights[moment], self.biases[moment]

    def decide(self, moment: int = -1) -> Callable[[Tensor], Tensor]:
        """Return the rule of one moment: points (N, D) in, weighted sums (N,) out."""
        weight, bias = self.at(moment)
        return lambda x: weighted_sum(x.double(), weight, bias)

    def __len__(self) -> int:
        return len(self.biases)


def weighted_sum(x: Tensor, weight: Tensor, bias: float | Tensor = 0.0) -> Tensor:
    """Return the weighted sum of each row's inputs: x (N, D) and weight (D,) give (N,).

    >>> weighted_sum(torch.tensor([[1.0, 2.0], [3.0, 0.0]]), torch.tensor([2.0, -1.0]), 0.5)
    tensor([0.5000, 6.5000])
    """
    _check_weights(x, weight, bias)
    return x @ weight + bias


def mistakes(x: Tensor, labels: Tensor, weight: Tensor, bias: float | Tensor = 0.0) -> int:
    """Return how many rows of x (N, D) lie on the wrong side: a sum above 0 says 1, else 0.

    >>> mistakes(torch.tensor([[1.0], [2.0]]), torch.tensor([0, 1]), torch.tensor([1.0]))
    1
    """
    _check_points(x, labels)
    return int(((weighted_sum(x, weight, bias) > 0) != (labels > 0)).sum())


def perceptron(
    x: Tensor, labels: Tensor, *, rate: float = 1.0, max_epochs: int = 100, bias: bool = True
) -> Training:
    """Return the training of Rosenblatt's perceptron, one moment for each correction.

    x: (N, D). labels: (N,), each 0 or 1. A point on the wrong side moves the weights by rate
    times the point, towards it or away. It stops after an epoch without a mistake, or `max_epochs`.
    Source: Rosenblatt, The perceptron, Psychological Review 65, 1958.
    """
    _check_points(x, labels)
    rate, max_epochs = number("rate", rate, above=0), _steps("max_epochs", max_epochs)
    inputs, targets = _with_ones(x, bias), labels.double()
    path = [torch.zeros(inputs.shape[1], dtype=torch.float64)]
    for _ in range(max_epochs):
        before = len(path)
        for point, target in zip(inputs, targets, strict=True):
            error = target - (point @ path[-1] > 0).double()  # 1, 0 or -1
            if error != 0:
                path.append(path[-1] + rate * error * point)
        if len(path) == before:
            break
    return _training(path, bias)


def logistic_loss(x: Tensor, labels: Tensor, weight: Tensor, bias: float | Tensor = 0.0) -> Tensor:
    """Return the mean of -log(probability of the true label): PyTorch's binary cross-entropy."""
    _check_points(x, labels)
    sums = weighted_sum(x, weight, bias)
    return F.binary_cross_entropy_with_logits(sums, labels.to(sums.dtype))


def logistic_gradient(
    x: Tensor, labels: Tensor, weight: Tensor, bias: float | Tensor = 0.0
) -> tuple[Tensor, Tensor]:
    """Return the derivatives of `logistic_loss` by the weights (D,) and by the bias ().

    Both are the mean over points of the error, sigmoid(sum) - label, times what the weight saw.
    """
    _check_points(x, labels)
    errors = torch.sigmoid(weighted_sum(x, weight, bias)) - labels  # (N,)
    return errors @ x / len(x), errors.mean()


def logistic_regression(
    x: Tensor, labels: Tensor, *, rate: float = 1.0, steps: int = 100, bias: bool = True
) -> Training:
    """Return the training of logistic regression by gradient descent, one moment for each step.

    x: (N, D). labels: (N,), each 0 or 1. Weights start at zero.
    """
    _check_points(x, labels)
    inputs, targets = _with_ones(x, bias), labels.double()

    def gradient(weight: Tensor) -> Tensor:
        return logistic_gradient(inputs, targets, weight)[0]

    start = torch.zeros(inputs.shape[1], dtype=torch.float64)
    return _training(list(descend(gradient, start, rate=rate, steps=steps)), bias)


def _with_ones(x: Tensor, bias: bool) -> Tensor:
    """Return x (N, D) with a column of ones behind it: the bias is the weight of that input."""
    x = x.double()
    return torch.cat([x, torch.ones_like(x[:, :1])], dim=1) if flag("bias", bias) else x


def _training(path: list[Tensor], bias: bool) -> Training:
    weights = torch.stack(path)
    if bias:
        return Training(weights[:, :-1], weights[:, -1])
    return Training(weights, torch.zeros(len(path), dtype=torch.float64))


def _steps(name: str, steps: int) -> int:
    return integer(name, steps, minimum=0, maximum=1_000_000)


def _start(start: float | Tensor) -> Tensor:
    place = start if isinstance(start, Tensor) else torch.tensor(number("start", start))
    if not bool(tensor("start", place, real=True).isfinite().all()):
        raise ValueError(f"start is {place.tolist()}; expected finite numbers")
    return torch.as_tensor(start, dtype=torch.float64)


def _place(x: float | Tensor) -> float | Tensor:
    return x if isinstance(x, Tensor) else number("x", x, infinite=True)


def _slope(gradient: Callable[[Tensor], Tensor], place: Tensor) -> float | Tensor:
    """Return the gradient at the place, or raise: what it gave is no gradient there."""
    slope = gradient(place)
    if not isinstance(slope, Tensor):
        return number("what gradient returned", slope, infinite=True)
    if slope.shape not in ((), place.shape):
        raise ValueError(
            f"gradient returned {short(slope)}; expected {tuple(place.shape)}, as the place has"
        )
    return slope


def _check_weights(x: Tensor, weight: Tensor, bias: float | Tensor) -> None:
    D = tensor("x", x, "(N, D)").shape[1]
    if tensor("weight", weight, "(D,)").shape != (D,):
        raise ValueError(f"weight has shape {tuple(weight.shape)}; expected ({D},), one an input")
    if weight.dtype != x.dtype:
        raise ValueError(f"weight is {weight.dtype}, x is {x.dtype}; expected the same")
    number("bias", bias)


def _check_points(x: Tensor, labels: Tensor) -> None:
    if len(tensor("x", x, "(N, D)", real=True)) == 0:
        raise ValueError(f"x has shape {tuple(x.shape)}; expected (N, D) with at least one point")
    if tensor("labels", labels).shape != x.shape[:1]:
        raise ValueError(f"labels has shape {tuple(labels.shape)}; expected ({len(x)},), as x has")
    if not bool(((labels == 0) | (labels == 1)).all()):
        found = ", ".join(f"{value:g}" for value in labels.unique().tolist()[:5])
        raise ValueError(f"labels holds {found}; expected only 0 and 1")
