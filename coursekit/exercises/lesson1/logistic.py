"""The exercises of lesson 1 on the gradient of one neuron, and on what one neuron cannot do."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit.exercises.model import (
    Explanation,
    FunctionExercise,
    Misconception,
    ValueExercise,
    cells,
)
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import count, factor, number


def logistic_gradient(x: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
    """Return the derivative of the mean logistic loss with respect to each weight.

    x: (N, D), where each row ends in the constant 1 of the bias. labels: (N,). weight: (D,).
    Returns (D,): the mean over points of (sigmoid(sum) - label) times the input.

    >>> x, weight = torch.tensor([[4.0], [2.0]]), torch.zeros(1)
    >>> logistic_gradient(x, torch.tensor([1.0, 0.0]), weight)
    tensor([-0.5000])
    """
    errors = torch.sigmoid(x @ weight) - labels  # (N,)
    return errors @ x / len(x)


def _points_and_labels(pick: Pick) -> tuple[Tensor, Tensor, Tensor]:
    N, D = pick.integer(1, 4), pick.integer(1, 3)
    return (
        pick.tensor(N, D),
        pick.tensor(N, low=0, high=1, whole=True),
        pick.tensor(D, low=-1, high=1),
    )


def _explain_gradient(index: tuple[int], x: Tensor, labels: Tensor, weight: Tensor) -> Explanation:
    (place,) = index
    sums = x @ weight
    errors = torch.sigmoid(sums) - labels
    each = [
        f"(σ({number(total)}) − {number(label)})·{factor(value)}"
        for total, label, value in zip(sums, labels, x[:, place], strict=True)
    ]
    mean = number((errors * x[:, place]).mean())
    said = f"{' + '.join(each)}, divided by {len(x)} = {mean}"
    return Explanation(said, {"x": cells(range(len(x)), [place]), "labels": cells(range(len(x)))})


def _gradient_by_autograd(x: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
    weight = weight.clone().requires_grad_()
    F.binary_cross_entropy_with_logits(x @ weight, labels).backward()
    return weight.grad


def _gradient_with_numpy(x: Tensor, labels: Tensor, weight: Tensor) -> np.ndarray:
    inputs = x.double().numpy()
    errors = 1 / (1 + np.exp(-inputs @ weight.double().numpy())) - labels.numpy()
    return (errors[:, None] * inputs).mean(axis=0)


def _errors(x: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
    return torch.sigmoid(x @ weight) - labels


GRADIENT = FunctionExercise(
    id="1.8",
    title="The gradient of the logistic loss",
    minutes=8,
    reference=logistic_gradient,
    examples=(
        (torch.tensor([[2.0]]), torch.tensor([1.0]), torch.tensor([0.0])),
        (torch.tensor([[4.0, 1.0], [2.0, 1.0]]), torch.tensor([1.0, 0.0]), torch.zeros(2)),
    ),
    inputs=_points_and_labels,
    alternatives=(
        _gradient_by_autograd,
        _gradient_with_numpy,
        lambda x, labels, weight: (x.T * _errors(x, labels, weight)).mean(dim=1),
    ),
    explain=_explain_gradient,
    explain_shape=lambda x, labels, weight: (
        f"There is a derivative for each weight: {count(len(weight), 'number')}."
    ),
    signed=("weight",),
    any_numbers=False,
    facts={
        "there is more than one point": lambda x, labels, weight: len(x) > 1,
        "there is more than one weight": lambda x, labels, weight: len(weight) > 1,
        "the weights are not all 0": lambda x, labels, weight: bool(weight.any()),
    },
    hints=(
        "For one point alone: by what is the error, σ(sum) − label, multiplied for each weight?",
        "errors = torch.sigmoid(x @ weight) − labels has one number for each point, (N,).",
        "errors @ x adds up error times input over the points; the mean divides by len(x).",
    ),
    reasons=(
        "The loss of one point changes with its sum by σ(sum) − label, and the sum changes with "
        "a weight by that weight's input. The chain rule multiplies the two; the mean over points "
        "is errors @ x / N. It is Rosenblatt's rule with a soft output and all points at once."
    ),
    misconceptions={
        "the sum over points": Misconception(
            lambda x, labels, weight: _errors(x, labels, weight) @ x,
            "The loss is a mean, so its gradient is one too: divide by the number of points.",
        ),
        "label − output": Misconception(
            lambda x, labels, weight: -_errors(x, labels, weight) @ x / len(x),
            "That points downhill; the gradient points uphill, and the step subtracts it.",
        ),
        "a forgotten sigmoid": Misconception(
            lambda x, labels, weight: (x @ weight - labels) @ x / len(x),
            "The error compares the label with a probability, so the sum goes through σ first.",
        ),
        "the step in place of the sigmoid": Misconception(
            lambda x, labels, weight: ((x @ weight > 0).float() - labels) @ x / len(x),
            "A hard 0 or 1 has no slope to descend; the logistic loss compares with σ(sum).",
        ),
        "the slope of the sigmoid as a factor": Misconception(
            lambda x, labels, weight: (
                (_errors(x, labels, weight) * (x @ weight).sigmoid() * (1 - (x @ weight).sigmoid()))
                @ x
                / len(x)
            ),
            "σ(1 − σ) belongs to the squared error; in the logistic loss the logarithm cancels it.",
        ),
        "leaving out the inputs": Misconception(
            lambda x, labels, weight: _errors(x, labels, weight).mean().expand(len(weight)),
            "Each weight answers for its own input, so the errors are multiplied by x.",
        ),
        "one gradient for each point": Misconception(
            lambda x, labels, weight: _errors(x, labels, weight)[:, None] * x,
            "That is what each point says; the gradient is the mean of it over the points, dim 0.",
        ),
        "dividing by the number of weights": Misconception(
            lambda x, labels, weight: _errors(x, labels, weight) @ x / x.shape[1],
            "The mean runs over the points, the rows of x: divide by len(x).",
        ),
        "leaving out the labels": Misconception(
            lambda x, labels, weight: torch.sigmoid(x @ weight) @ x / len(x),
            "Without the labels nothing says what was wanted: the error is σ(sum) − label.",
        ),
        "the weights after a step": Misconception(
            lambda x, labels, weight: weight - _errors(x, labels, weight) @ x / len(x),
            "Only the gradient is asked for; the step, with its rate, comes later.",
        ),
    },
)


def _other_xor(random: Random) -> ValueExercise:
    """Return the question with several dots on each corner; a line cuts off the smallest corner."""
    many = random.sample(range(2, 13), 4)
    a, b, c, d = many
    total, least = sum(many), min(many)
    sides = max(a + c, b + d, a + b, c + d)
    return replace(
        XOR,
        question=(
            f"On the corners (0, 0), (0, 1), (1, 0), (1, 1) lie {a}, {b}, {c} and {d} dots, one on "
            "top of the other, with the labels 0, 1, 1, 0. One straight line says 1 on one of its "
            "sides. At most how many dots can it get right?"
        ),
        answer=total - least,
        hints=(
            XOR.hints[0],
            XOR.hints[1],
            "One corner has to be on the wrong side. Which of the four costs least?",
        ),
        reasons=(
            "No line gets all four corners right, and for each corner there is a line that gets "
            f"the other three. So let the smallest corner go, the one of {least} dots: {total} − "
            f"{least} = {total - least}."
        ),
        misconceptions={
            "all of them": Misconception(total, XOR.misconceptions["all four"].teaches),
            "what a line along a side of the square gets": Misconception(
                sides,
                "A line that cuts off two neighbours gets one of each side wrong; with a corner "
                "cut off, three corners are right.",
            ),
            "the largest corner alone": Misconception(
                max(many),
                "That corner is right, and two of the others can be right with it.",
            ),
            "no dot": Misconception(
                0, "Even a rule that says 1 everywhere gets the dots with a 1 right."
            ),
            "a share in place of a count": Misconception(
                (total - least) / total,
                "That is the share; the question asks for the number of dots.",
            ),
        },
    )


XOR = ValueExercise(
    id="1.9",
    title="How far does one line get?",
    minutes=3,
    question=(
        "The four corners (0, 0), (0, 1), (1, 0), (1, 1) have the labels 0, 1, 1, 0. One straight "
        "line says 1 on one of its sides. At most how many corners can it get right?"
    ),
    answer=3,
    vary=_other_xor,
    hints=(
        "Draw the square. Which corners can you cut off from the others with one stroke?",
        "A stroke can cut off one corner, or two neighbours. Which labels are then on each side?",
        "Cut off (0, 0) alone and call the rest 1: that is the rule of OR. Count what is right.",
    ),
    reasons=(
        "Cutting off (0, 0) gives 0, 1, 1, 1: only (1, 1) is wrong. All four would need b ≤ 0, "
        "w1 + b > 0, w2 + b > 0 and w1 + w2 + b ≤ 0. The middle two add up to w1 + w2 + 2b > 0, "
        "the outer two to w1 + w2 + 2b ≤ 0, and both cannot be."
    ),
    misconceptions={
        "all four": Misconception(
            4, "The two 1s lie across from each other, and so do the two 0s: no line does that."
        ),
        "what a line along a side of the square gets": Misconception(
            2,
            "A line that cuts off two neighbours gets one of each side wrong; a corner is better.",
        ),
        "one corner cut off, the others taken for wrong": Misconception(
            1, "Cut off one 0 and call the rest 1: the corner is right, and so are the two 1s."
        ),
        "no corner": Misconception(0, "Even a rule that says 1 everywhere gets the two 1s right."),
        "a share in place of a count": Misconception(
            0.75, "That is the share; the question asks for the number of corners."
        ),
    },
)


EXERCISES = (GRADIENT, XOR)
