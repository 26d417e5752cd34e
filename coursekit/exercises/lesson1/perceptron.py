"""The exercises of lesson 1 on the weighted sum and what changes its weights."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from coursekit.exercises.model import (
    Explanation,
    FunctionExercise,
    Misconception,
    cells,
)
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import count, factor, number
from coursekit.exercises.windows import terms


def weighted_sum(x: Tensor, weight: Tensor, bias: float) -> Tensor:
    """Return the weighted sum of each row's inputs, plus the bias.

    x: (N, D), one row for each example. weight: (D,). bias: a number. Returns (N,).

    >>> weighted_sum(torch.tensor([[1.0, 2.0], [3.0, 0.0]]), torch.tensor([2.0, -1.0]), 0.5)
    tensor([0.5000, 6.5000])
    """
    return x @ weight + bias


def _points_and_weights(pick: Pick) -> tuple[Tensor, Tensor, float]:
    N, D = pick.integer(1, 3), pick.integer(1, 3)
    return pick.tensor(N, D), pick.tensor(D), pick.number(-2, 3)


def _explain_sum(index: tuple[int], x: Tensor, weight: Tensor, bias: float) -> Explanation:
    (row,) = index
    said = f"{terms(x[row], weight)} + {factor(bias)} = {number(x[row] @ weight + bias)}"
    D = len(weight)
    return Explanation(said, {"x": cells([row], range(D)), "weight": cells(range(D))})


def _sum_with_loops(x: Tensor, weight: Tensor, bias: float) -> list[float]:
    return [
        bias + sum(i * w for i, w in zip(row, weight.tolist(), strict=True)) for row in x.tolist()
    ]


SUM = FunctionExercise(
    id="1.1",
    title="Weigh and add",
    minutes=5,
    reference=weighted_sum,
    examples=(
        (torch.tensor([[1.0]]), torch.tensor([2.0]), 1.0),
        (torch.tensor([[1.0, 2.0], [3.0, 0.0]]), torch.tensor([2.0, -1.0]), 2.0),
    ),
    inputs=_points_and_weights,
    alternatives=(
        _sum_with_loops,
        lambda x, weight, bias: (x * weight).sum(dim=1) + bias,
        lambda x, weight, bias: np.einsum("nd,d->n", x.numpy(), weight.numpy()) + bias,
    ),
    explain=_explain_sum,
    explain_shape=lambda x, weight, bias: (
        f"x has {count(len(x), 'row')}, and each row makes one sum."
    ),
    signed=("weight",),
    facts={
        "there is more than one input": lambda x, weight, bias: len(weight) > 1,
        "there is more than one example": lambda x, weight, bias: len(x) > 1,
        "the bias is not 0": lambda x, weight, bias: bias != 0,
    },
    hints=(
        "Take one row alone: which number of the row goes with which weight, and then what?",
        "x @ weight multiplies each row with the weights and adds up. What is still missing?",
        "The bias is added once for each row, after the products have been summed.",
    ),
    reasons=(
        "Each row of x holds the inputs of one example. x @ weight makes one sum for each row, "
        "from (N, D) and (D,) to (N,); the bias is the same for all rows, so it is added to "
        "each sum once."
    ),
    misconceptions={
        "a forgotten bias": Misconception(
            lambda x, weight, bias: x @ weight,
            "The bias is added to the sum; without it, inputs of 0 could only ever give 0.",
        ),
        "a bias added to every product": Misconception(
            lambda x, weight, bias: (x * weight + bias).sum(dim=1),
            "The bias belongs to the sum, so it is added once, and not once for each input.",
        ),
        "a bias added to the inputs": Misconception(
            lambda x, weight, bias: (x + bias) @ weight,
            "The bias has no weight: it is added to the finished sum.",
        ),
        "a bias used as a factor": Misconception(
            lambda x, weight, bias: (x @ weight) * bias,
            "The bias shifts the sum: it is added, not multiplied.",
        ),
        "a bias taken away": Misconception(
            lambda x, weight, bias: x @ weight - bias,
            "Some books subtract a threshold; the bias is its negative, and it is added.",
        ),
        "adding inputs without their weights": Misconception(
            lambda x, weight, bias: x.sum(dim=1) + bias,
            "Each input is multiplied by its own weight first; the weights say how much it counts.",
        ),
        "products that are not summed": Misconception(
            lambda x, weight, bias: x * weight + bias,
            "The products of one row are added up, so that each example has one number left.",
        ),
        "sums over the examples": Misconception(
            lambda x, weight, bias: (x * weight).sum(dim=0) + bias,
            "dim=0 runs down a column and mixes the examples; dim=1 runs along each row.",
        ),
        "one sum for all rows": Misconception(
            lambda x, weight, bias: (x * weight).sum() + bias,
            "Each row is an example of its own; sum(dim=1) keeps them apart.",
        ),
        "the mean of the products": Misconception(
            lambda x, weight, bias: (x * weight).mean(dim=1) + bias,
            "It is a sum: nothing is divided by the number of inputs.",
        ),
        "a step applied already": Misconception(
            lambda x, weight, bias: (x @ weight + bias > 0).float(),
            "That is the output of the neuron; here the sum itself is wanted, before the step.",
        ),
    },
)


def perceptron_update(weight: Tensor, x: Tensor, label: float, rate: float) -> Tensor:
    """Return the weights after Rosenblatt's rule has seen one point.

    weight, x: (D,), where x ends in the constant 1 of the bias. label: 0 or 1. Returns (D,).
    The output is 1 where the weighted sum is above 0, else 0.

    >>> perceptron_update(torch.tensor([1.0, -1.0]), torch.tensor([3.0, 1.0]), 0, 0.5)
    tensor([-0.5000, -1.5000])
    """
    output = float(weight @ x > 0)
    return weight + rate * (label - output) * x


def _point_to_learn(pick: Pick) -> tuple[Tensor, Tensor, float, float]:
    D = pick.integer(1, 2)
    weight, inputs = pick.tensor(D + 1), pick.tensor(D)
    x = torch.cat([inputs, torch.ones(1)])
    return weight, x, float(pick.integer(0, 1)), pick.choice((1.0, 0.5, 2.0))


def _explain_update(
    index: tuple[int], weight: Tensor, x: Tensor, label: float, rate: float
) -> Explanation:
    (place,) = index
    total = weight @ x
    output = float(total > 0)
    new = weight[place] + rate * (label - output) * x[place]
    said = (
        f"the sum is {number(total)}, so the output is {number(output)}; "
        f"{factor(weight[place])} + {number(rate)}·({number(label)} − {number(output)})·"
        f"{factor(x[place])} = {number(new)}"
    )
    return Explanation(said, {"weight": cells([place]), "x": cells([place])})


def _update_by_cases(weight: Tensor, x: Tensor, label: float, rate: float) -> list[float]:
    fires = sum(w * i for w, i in zip(weight.tolist(), x.tolist(), strict=True)) > 0
    sign = 0 if fires == bool(label) else 1 if label else -1
    return [w + sign * rate * i for w, i in zip(weight.tolist(), x.tolist(), strict=True)]


def _update_in_place(weight: Tensor, x: Tensor, label: float, rate: float) -> Tensor:
    weight += rate * (label - float(weight @ x > 0)) * x
    return weight


UPDATE = FunctionExercise(
    id="1.2",
    title="Learn from one mistake",
    minutes=8,
    reference=perceptron_update,
    examples=(
        (torch.tensor([0.0, 0.0]), torch.tensor([2.0, 1.0]), 1.0, 1.0),
        (torch.tensor([0.0, 0.0]), torch.tensor([2.0, 1.0]), 0.0, 1.0),
        (torch.tensor([1.0, 1.0]), torch.tensor([2.0, 1.0]), 0.0, 1.0),
        (torch.tensor([1.0, 1.0]), torch.tensor([2.0, 1.0]), 1.0, 0.5),
    ),
    inputs=_point_to_learn,
    alternatives=(
        _update_by_cases,
        lambda weight, x, label, rate: weight - rate * ((weight @ x > 0).double() - label) * x,
    ),
    explain=_explain_update,
    explain_shape=lambda weight, x, label, rate: "There is one new weight for each old one.",
    signed=("weight",),
    any_numbers=False,
    facts={
        "the point is on the right side already": lambda weight, x, label, rate: (
            bool(weight @ x > 0) == bool(label)
        ),
        "the label is 0": lambda weight, x, label, rate: label == 0,
        "the sum is exactly 0": lambda weight, x, label, rate: float(weight @ x) == 0,
        "the rate is not 1": lambda weight, x, label, rate: rate != 1,
    },
    hints=(
        "What is label − output where the point is on the right side, and what are its two "
        "other values?",
        "output = float(weight @ x > 0) is 0 or 1, so label − output is 0, 1 or −1.",
        "Add rate · (label − output) · x: towards the point, away from it, or nothing.",
    ),
    reasons=(
        "Where the point is right, label − output is 0 and the weights stay. Where 1 was missed, "
        "x is added, which raises the sum of this very point by rate · |x|²; where 0 was missed, "
        "x is taken away, and the sum falls. The bias moves too: its input is the constant 1."
    ),
    misconceptions={
        "a step in the wrong direction": Misconception(
            lambda weight, x, label, rate: weight - rate * (label - float(weight @ x > 0)) * x,
            "label − output is 1 where the sum was too small, and the sum grows when x is added.",
        ),
        "adding the point whatever the output": Misconception(
            lambda weight, x, label, rate: weight + rate * label * x,
            "This looks at the label alone. What counts is label − output: nothing where the point "
            "is right, and x is taken away where 0 was wanted and 1 came out.",
        ),
        "the label's sign as the error": Misconception(
            lambda weight, x, label, rate: weight + rate * (2 * label - 1) * x,
            "Only a mistake moves the weights; a point on the right side has error 0.",
        ),
        "the sum in place of the output": Misconception(
            lambda weight, x, label, rate: weight + rate * (label - float(weight @ x)) * x,
            "The error compares the label with the output, 0 or 1, and not with the sum before it.",
        ),
        "a step without the point": Misconception(
            lambda weight, x, label, rate: weight + rate * (label - float(weight @ x > 0)),
            "Each weight moves in proportion to its own input: the error is multiplied by x.",
        ),
        "a forgotten rate": Misconception(
            lambda weight, x, label, rate: weight + (label - float(weight @ x > 0)) * x,
            "The rate scales the step; without it every step has the same length.",
        ),
        "the change alone": Misconception(
            lambda weight, x, label, rate: rate * (label - float(weight @ x > 0)) * x,
            "That is by how much the weights change; the new weights are the old ones plus it.",
        ),
        "outputs of −1 and 1": Misconception(
            lambda weight, x, label, rate: (
                weight + rate * (label - (1.0 if weight @ x > 0 else -1.0)) * x
            ),
            "With labels 0 and 1 the output is 0 or 1 too; −1 and 1 belong to labels −1 and 1.",
        ),
        "a sum of 0 counted as 1": Misconception(
            lambda weight, x, label, rate: weight + rate * (label - float(weight @ x >= 0)) * x,
            "The output is 1 where the sum is above 0; at exactly 0 it is 0.",
        ),
        "skipping a sum of exactly 0": Misconception(
            lambda weight, x, label, rate: (
                weight + rate * (label - float(weight @ x > 0)) * x * float(weight @ x != 0)
            ),
            "At a sum of 0 the output is 0, which is a mistake where the label is 1: it is the "
            "very first mistake of weights that start at 0.",
        ),
        "adding the point at every mistake": Misconception(
            lambda weight, x, label, rate: weight + rate * abs(label - float(weight @ x > 0)) * x,
            "Where 0 was wanted the sum has to fall, so the point is taken away: keep the sign.",
        ),
        "correcting only missed ones": Misconception(
            lambda weight, x, label, rate: (
                weight + rate * max(0.0, label - float(weight @ x > 0)) * x
            ),
            "There are two kinds of mistake: where 0 was wanted and 1 came out, x is taken away.",
        ),
        "the sigmoid in place of the step": Misconception(
            lambda weight, x, label, rate: weight + rate * (label - torch.sigmoid(weight @ x)) * x,
            "That is a step of logistic regression; Rosenblatt's output is a hard 0 or 1.",
        ),
        "overwriting the old weights": Misconception(
            _update_in_place,
            "Return weight + step, a new tensor; weight += step changes the caller's weights.",
        ),
    },
)


EXERCISES = (SUM, UPDATE)
