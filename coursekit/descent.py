"""Gradient descent, and two learners of one weighted sum: perceptron and logistic regression.

A learner here is a weighted sum of D inputs, x @ weight + bias, and a rule that changes the D
weights and the bias. Labels are 0 and 1. Every function returns the whole path, not its end alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, TypeAlias

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit.arguments import integer, number, short, tensor
from coursekit.contracts import Positive, checks_arguments

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


def _points(name: str, value: object) -> None:
    if len(tensor(name, value, "(N, D)", real=True)) == 0:
        shape = tuple(value.shape)
        raise ValueError(f"{name} has shape {shape}; expected (N, D) with at least one point")


def _binary(name: str, value: object) -> None:
    labels = tensor(name, value)
    if not bool(((labels == 0) | (labels == 1)).all()):
        found = ", ".join(f"{value:g}" for value in labels.unique().tolist()[:5])
        raise ValueError(f"{name} holds {found}; expected only 0 and 1")


def _finite(name: str, value: object) -> None:
    place = value if isinstance(value, Tensor) else torch.tensor(number(name, value))
    if not bool(tensor(name, place, real=True).isfinite().all()):
        raise ValueError(f"{name} is {place.tolist()}; expected finite numbers")


def _place(name: str, value: object) -> None:
    if not isinstance(value, Tensor):
        number(name, value, infinite=True)


Points: TypeAlias = Annotated[Tensor, _points]  # (N, D)
Labels: TypeAlias = Annotated[Tensor, _binary]  # (N,), each 0 or 1
Rows: TypeAlias = Annotated[Tensor, partial(tensor, axes="(N, D)")]
Weight: TypeAlias = Annotated[Tensor, partial(tensor, axes="(D,)")]
Bias: TypeAlias = Annotated[float | Tensor, number]  # a number, or a tensor of one
Place: TypeAlias = Annotated[Any, _place]  # a tensor, or a number, which may be infinite
Steps: TypeAlias = Annotated[int, partial(integer, minimum=0, maximum=1_000_000)]


@checks_arguments
def descend(
    gradient: Callable[[Tensor], Tensor],
    start: Annotated[float | Tensor, _finite],
    *,
    rate: Positive,
    steps: Steps,
) -> Tensor:
    """Return every place that gradient descent visits: x - rate * gradient(x), again and again.

    gradient: takes a place (...), float64, and returns the gradient there, of the same shape.
    start: a number, or a tensor (...). Returns float64 (steps + 1, ...), with `start` first.
    A path that leaves the finite numbers ends at its last finite place.
    Raises ValueError where `gradient` returns something of another shape, or no number.

    >>> descend(lambda x: 2 * x - 6, 18, rate=0.25, steps=3).tolist()
    [18.0, 10.5, 6.75, 4.875]
    """
    rate = float(rate)  # which may be a tensor of one number, and would broadcast
    path = [torch.as_tensor(start, dtype=torch.float64)]  # so that rounding is no part of a lesson
    for _ in range(steps):
        step = path[-1] - rate * _slope(gradient, path[-1])
        if not step.isfinite().all():
            break
        path.append(step)
    return torch.stack(path)


@checks_arguments
def two_valleys(x: Place) -> Tensor:
    """Return x⁴ - 2x² + 0.2x: its deep valley is at -1.02, its shallow one at 0.97.

    x: (...), or a number. The same shape comes back.
    """
    return x**4 - 2 * x**2 + 0.2 * x


@checks_arguments
def two_valleys_slope(x: Place) -> Tensor:
    """Return the derivative of `two_valleys`, 4x³ - 4x + 0.2: (...) -> (...)."""
    return 4 * x**3 - 4 * x + 0.2


@dataclass(frozen=True)
class Training:
    """Weights (T, D) and biases (T,), float64, at T moments of a training, untrained ones first.

    >>> moments = Training(torch.tensor([[0.0], [2.0]]), torch.tensor([0.0, 1.0]))
    >>> len(moments), moments.at(-1)
    (2, (tensor([2.]), tensor(1.)))
    """

    weights: Tensor
    biases: Tensor

    def at(self, moment: int) -> tuple[Tensor, Tensor]:
        """Return the weights (D,) and the bias () at one moment; -1 is the last.

        Raises ValueError for a moment that there is not.
        """
        moment = integer("moment", moment, minimum=-len(self), maximum=len(self) - 1)
        return self.weights[moment], self.biases[moment]

    def decide(self, moment: int = -1) -> Callable[[Tensor], Tensor]:
        """Return the rule of one moment: points (N, D) in, weighted sums (N,) out."""
        weight, bias = self.at(moment)
        return lambda x: weighted_sum(x.double(), weight, bias)

    def __len__(self) -> int:
        return len(self.biases)


@checks_arguments
def weighted_sum(x: Rows, weight: Weight, bias: Bias = 0.0) -> Tensor:
    """Return the weighted sum of each row's inputs: x (N, D) and weight (D,) give (N,).

    bias: a number, or a tensor of one.
    Raises ValueError where the weight has not one number an input, or another dtype than x.

    >>> weighted_sum(torch.tensor([[1.0, 2.0], [3.0, 0.0]]), torch.tensor([2.0, -1.0]), 0.5)
    tensor([0.5000, 6.5000])
    """
    _check_weights(x, weight)
    return x @ weight + bias


@checks_arguments
def mistakes(x: Points, labels: Labels, weight: Weight, bias: Bias = 0.0) -> int:
    """Return how many rows of x (N, D) lie on the wrong side: a sum above 0 says 1, else 0.

    labels: (N,), each 0 or 1. weight: (D,).

    >>> mistakes(torch.tensor([[1.0], [2.0]]), torch.tensor([0, 1]), torch.tensor([1.0]))
    1
    """
    _one_label_each(x, labels)
    return int(((weighted_sum(x, weight, bias) > 0) != (labels > 0)).sum())


@checks_arguments
def perceptron(
    x: Points, labels: Labels, *, rate: Positive = 1.0, max_epochs: Steps = 100, bias: bool = True
) -> Training:
    """Return the training of Rosenblatt's perceptron, one moment for each correction.

    x: (N, D). labels: (N,), each 0 or 1. A point on the wrong side moves the weights by rate
    times the point, towards it or away. It stops after an epoch without a mistake, or `max_epochs`.
    Source: Rosenblatt, The perceptron, Psychological Review 65, 1958.

    >>> x, labels = torch.tensor([[0.0], [2.0]]), torch.tensor([0, 1])
    >>> perceptron(x, labels).weights.tolist(), perceptron(x, labels).biases.tolist()
    ([[0.0], [2.0], [2.0]], [0.0, 1.0, 0.0])
    """
    _one_label_each(x, labels)
    rate = float(rate)  # which may be a tensor of one number
    inputs, targets = _with_ones(x, bias), labels.double()  # (N, D + 1), (N,)
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


@checks_arguments
def logistic_loss(x: Points, labels: Labels, weight: Weight, bias: Bias = 0.0) -> Tensor:
    """Return the mean of -log(probability of the true label), (): PyTorch's binary cross-entropy.

    x: (N, D). labels: (N,), each 0 or 1. weight: (D,). In nats: ln 2, 0.69, for one who guesses.
    """
    _one_label_each(x, labels)
    sums = weighted_sum(x, weight, bias)
    return F.binary_cross_entropy_with_logits(sums, labels.to(sums.dtype))


@checks_arguments
def logistic_gradient(
    x: Points, labels: Labels, weight: Weight, bias: Bias = 0.0
) -> tuple[Tensor, Tensor]:
    """Return the derivatives of `logistic_loss` by the weights (D,) and by the bias ().

    Both are the mean over points of the error, sigmoid(sum) - label, times what the weight saw: the
    sigmoid's own slope and the logarithm's cancel. x: (N, D). labels: (N,), each 0 or 1.
    """
    _one_label_each(x, labels)
    _check_weights(x, weight)
    return _gradient(x, labels, weight, bias)


@checks_arguments
def logistic_regression(
    x: Points, labels: Labels, *, rate: Positive = 1.0, steps: Steps = 100, bias: bool = True
) -> Training:
    """Return the training of logistic regression by gradient descent, one moment for each step.

    x: (N, D). labels: (N,), each 0 or 1. Weights start at zero: the loss has one valley alone.
    """
    _one_label_each(x, labels)
    inputs, targets = _with_ones(x, bias), labels.double()

    def gradient(weight: Tensor) -> Tensor:
        return _gradient(inputs, targets, weight, 0.0)[0]  # not checked again at each step

    start = torch.zeros(inputs.shape[1], dtype=torch.float64)
    return _training(list(descend(gradient, start, rate=rate, steps=steps)), bias)


def _gradient(
    x: Tensor, labels: Tensor, weight: Tensor, bias: float | Tensor
) -> tuple[Tensor, Tensor]:
    errors = torch.sigmoid(x @ weight + bias) - labels  # (N,)
    return errors @ x / len(x), errors.mean()  # (N,) @ (N, D) -> (D,)


def _with_ones(x: Tensor, bias: bool) -> Tensor:
    """Return x (N, D) with a column of ones behind it: the bias is the weight of that input."""
    x = x.double()
    return torch.cat([x, torch.ones_like(x[:, :1])], dim=1) if bias else x  # (N, D + 1)


def _training(path: list[Tensor], bias: bool) -> Training:
    weights = torch.stack(path)  # (T, D + 1), the bias last
    if bias:
        return Training(weights[:, :-1], weights[:, -1])
    return Training(weights, torch.zeros(len(path), dtype=torch.float64))


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


def _check_weights(x: Tensor, weight: Tensor) -> None:
    D = x.shape[1]
    if weight.shape != (D,):
        raise ValueError(f"weight has shape {tuple(weight.shape)}; expected ({D},), one an input")
    if weight.dtype != x.dtype:
        raise ValueError(f"weight is {weight.dtype}, x is {x.dtype}; expected the same")


def _one_label_each(x: Tensor, labels: Tensor) -> None:
    if labels.shape != x.shape[:1]:
        raise ValueError(f"labels has shape {tuple(labels.shape)}; expected ({len(x)},), as x has")
