"""The exercises of lesson 7 on the linear probe, and on the curve that compares it."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit import figures
from coursekit.exercises.model import (
    ChoiceExercise,
    Explanation,
    FunctionExercise,
    Misconception,
)
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import number
from coursekit.figures import LessonFigure


def probe_step(features: Tensor, labels: Tensor, weight: Tensor, rate: float) -> Tensor:
    """Return the weight of a linear head after one step on the mean cross-entropy.

    features: (N, F), cached, one row an image. labels: (N,) int64. weight: (classes, F).
    The scores are features times weight, without a bias. The gradient for the row of a class is
    the mean over images of (its probability − 1 where it is the true class) times the features.

    >>> probe_step(torch.tensor([[4.0, 0.0]]), torch.tensor([0]), torch.zeros(2, 2), 0.5)
    tensor([[ 1.,  0.],
            [-1.,  0.]])
    """
    probabilities = (features @ weight.T).softmax(dim=1)
    wrong_by = probabilities - F.one_hot(labels, len(weight))
    return weight - rate * wrong_by.T @ features / len(labels)


def _with_autograd(features: Tensor, labels: Tensor, weight: Tensor, rate: float) -> Tensor:
    weight = weight.clone().requires_grad_()
    F.cross_entropy(features @ weight.T, labels).backward()
    return weight.detach() - rate * weight.grad


def _with_loops(features: Tensor, labels: Tensor, weight: Tensor, rate: float) -> Tensor:
    gradient = torch.zeros_like(weight)
    for row, label in zip(features, labels.tolist(), strict=True):
        wrong_by = torch.softmax(weight @ row, dim=0)
        wrong_by[label] -= 1
        gradient += torch.outer(wrong_by, row) / len(labels)
    return weight - rate * gradient


def _problem(pick: Pick) -> tuple[Tensor, Tensor, Tensor, float]:
    N, width, classes = pick.integer(1, 4), pick.integer(1, 3), pick.integer(2, 3)
    features = pick.tensor(N, width, low=0, high=4)
    labels = torch.tensor([pick.integer(0, classes - 1) for _ in range(N)])
    weight = pick.tensor(classes, width, low=0, high=1)
    return features, labels, weight, pick.choice([0.5, 1.0, 0.25])


def _step(
    features: Tensor, labels: Tensor, weight: Tensor, rate: float, wrong_by: Tensor, share: float
) -> Tensor:
    return weight - rate * share * wrong_by.T @ features


def _errors(features: Tensor, labels: Tensor, weight: Tensor, dim: int = 1) -> Tensor:
    return (features @ weight.T).softmax(dim=dim) - F.one_hot(labels, len(weight))


def _explain(
    index: tuple[int, ...], features: Tensor, labels: Tensor, weight: Tensor, rate: float
) -> Explanation:
    row, column = index
    wrong_by = _errors(features, labels, weight)[:, row]
    terms = [
        f"({number(by)})·{number(x)}" if by < 0 else f"{number(by)}·{number(x)}"
        for by, x in zip(wrong_by, features[:, column], strict=True)
    ]
    value = probe_step(features, labels, weight, rate)[index]
    total = f"({' + '.join(terms)}) / {len(labels)}"
    return Explanation(
        f"weight − rate × mean = {number(weight[index])} − {number(rate)} × {total} "
        f"= {number(value)}",
        {
            "features": frozenset((place, column) for place in range(len(labels))),
            "weight": frozenset([index]),
        },
    )


PROBE = FunctionExercise(
    id="7.6",
    title="One step of the linear probe",
    minutes=10,
    reference=probe_step,
    examples=(
        (torch.tensor([[4.0, 0.0]]), torch.tensor([0]), torch.zeros(2, 2), 0.5),
        (
            torch.tensor([[1.0, 2.0], [3.0, 0.0], [0.0, 1.0]]),
            torch.tensor([0, 2, 2]),
            torch.tensor([[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]]),
            0.5,
        ),
    ),
    inputs=_problem,
    any_numbers=False,
    alternatives=(_with_autograd, _with_loops),
    explain=_explain,
    explain_shape=lambda features, labels, weight, rate: (
        "The weight keeps its shape: a row for each class, a column for each feature."
    ),
    signed=("weight",),
    hints=(
        "Which probabilities does the head give before the step, and which would be perfect?",
        "Probabilities are (features @ weight.T).softmax(dim=1); perfect ones are "
        "F.one_hot(labels, number of classes).",
        "wrong_by = probabilities − perfect, (N, classes). wrong_by.T @ features sums over images; "
        "divide by N, times the rate, and subtract.",
    ),
    reasons=(
        "The gradient of the cross-entropy for the scores is probability − truth, from lesson 6, "
        "and a score is a weight times a feature. The body takes no part: its features are "
        "constants, computed once, so a step costs two small matrix products."
    ),
    misconceptions={
        "a step uphill": Misconception(
            lambda f, y, w, rate: _step(f, y, w, rate, _errors(f, y, w), -1 / len(y)),
            "Descent subtracts the gradient; added, it makes the loss grow.",
        ),
        "the sum over the images": Misconception(
            lambda f, y, w, rate: _step(f, y, w, rate, _errors(f, y, w), 1),
            "The loss is a mean, so the gradient is divided by the number of images.",
        ),
        "no learning rate": Misconception(
            lambda f, y, w, rate: _step(f, y, w, 1, _errors(f, y, w), 1 / len(y)),
            "The gradient says the direction; the rate says how far to go.",
        ),
        "the gradient instead of the new weight": Misconception(
            lambda f, y, w, rate: _errors(f, y, w).T @ f / len(y),
            "The gradient is what the step uses; asked is the weight after it.",
        ),
        "the gradient alone, times the rate": Misconception(
            lambda f, y, w, rate: rate * _errors(f, y, w).T @ f / len(y),
            "That is the step; it is taken from the old weight.",
        ),
        "scores in place of probabilities": Misconception(
            lambda f, y, w, rate: _step(f, y, w, rate, f @ w.T - F.one_hot(y, len(w)), 1 / len(y)),
            "Softmax turns the scores into probabilities; without it this is the squared error.",
        ),
        "softmax twice": Misconception(
            lambda f, y, w, rate: _step(
                f,
                y,
                w,
                rate,
                (f @ w.T).softmax(dim=1).softmax(dim=1) - F.one_hot(y, len(w)),
                1 / len(y),
            ),
            "Once makes probabilities of the scores; a second time makes them nearly even.",
        ),
        "softmax over the images": Misconception(
            lambda f, y, w, rate: _step(f, y, w, rate, _errors(f, y, w, dim=0), 1 / len(y)),
            "The probabilities of one image sum to 1, over the classes: dim=1.",
        ),
        "probabilities without the truth": Misconception(
            lambda f, y, w, rate: _step(f, y, w, rate, (f @ w.T).softmax(dim=1), 1 / len(y)),
            "Without subtracting 1 at the true class, the labels are never used.",
        ),
        "divided by the classes": Misconception(
            lambda f, y, w, rate: _step(f, y, w, rate, _errors(f, y, w), 1 / len(w)),
            "The mean is over images, N of them.",
        ),
        "divided by images and classes": Misconception(
            lambda f, y, w, rate: _step(f, y, w, rate, _errors(f, y, w), 1 / len(w) / len(y)),
            "The cross-entropy of one image is one number, so the mean is over images alone.",
        ),
        "only the true class": Misconception(
            lambda f, y, w, rate: _step(
                f, y, w, rate, _errors(f, y, w) * F.one_hot(y, len(w)), 1 / len(y)
            ),
            "The other classes move too: each gave the image a probability that was too large.",
        ),
    },
)

COUNTS = (1, 2, 5, 10, 20, 50)
LEAVES = {  # percent in the worst and in the best run
    "from scratch": ((22, 28), (26, 33), (31, 39), (40, 48), (52, 60), (69, 75)),
    "linear probe": ((52, 64), (62, 70), (72, 78), (77, 81), (79, 82), (80, 82)),
    "fine-tuned": ((37, 55), (48, 60), (60, 68), (68, 74), (80, 85), (90, 92)),
}


def _curve(exercise: ChoiceExercise) -> LessonFigure:
    table = {
        method: {
            count: [share / 100 for share in span]
            for count, span in zip(COUNTS, spans, strict=True)
        }
        for method, spans in LEAVES.items()
    }
    return figures.transfer_curve(
        table, chance=0.25, title="Four kinds of leaf: which method for 40 photographs in all?"
    )


CURVE = ChoiceExercise(
    id="7.7",
    title="Read the curve",
    minutes=3,
    question=(
        "The curve was made up for this question. You have 40 photographs in all, as many of each "
        "of the four kinds. What does the curve advise?"
    ),
    options={
        "A": "fine-tuning, because at 40 it is highest",
        "B": "fine-tuning, because it ends highest",
        "C": "the linear probe, because at 10 it is highest",
        "D": "from scratch, because its curve is the steepest",
        "E": "either pretrained one, because their curves meet there",
    },
    answer="C",
    picture=_curve,
    hints=(
        "What does the axis below count: all images, or those of one class?",
        "40 photographs of four kinds are 10 of each. Which curve is highest above 10?",
        "Are the bars at 10 apart, so that the order is not chance?",
    ),
    reasons=(
        "The axis counts images a class, and 40 images of four classes are 10 each. There the "
        "probe lies above the others, and the bars, which span the runs, do not touch. With 20 a "
        "class the answer would change."
    ),
    misconceptions={
        "all images on an axis for one class": Misconception(
            "A", "The axis counts images a class; 40 in all are 10 of each kind."
        ),
        "the end of the curve": Misconception(
            "B", "It ends highest at 50 a class, 200 photographs, and you have 40."
        ),
        "the slope for the height": Misconception(
            "D", "Steep means that more images would help most; at 10 it is still the lowest."
        ),
        "ten read as the place where they meet": Misconception(
            "E", "They meet between 10 and 20; at 10 their bars are apart."
        ),
    },
)

EXERCISES = (PROBE, CURVE)
