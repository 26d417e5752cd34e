"""The exercises of lesson 6 on training and judging a classifier."""

from __future__ import annotations

import torch
from torch import Tensor

from coursekit.exercises.model import Explanation, FunctionExercise, Misconception
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import number


def accuracy(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the share of rows whose largest logit is at the label: a number from 0 to 1.

    logits: (N, classes). labels: (N,) int64.

    >>> accuracy(torch.tensor([[2.0, 1.0], [0.0, 3.0]]), torch.tensor([0, 0]))
    tensor(0.5000)
    """
    called = logits.argmax(dim=1)
    return (called == labels).float().mean()


def _with_a_loop(logits: Tensor, labels: Tensor) -> float:
    right = 0
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        right += row.index(max(row)) == label
    return right / len(labels)


def _with_numpy(logits: Tensor, labels: Tensor) -> float:
    return float((logits.numpy().argmax(axis=1) == labels.numpy()).mean())


def _logits_and_labels(pick: Pick) -> tuple[Tensor, Tensor]:
    """Draw rows of different numbers, so that the largest is one, and a label for each."""
    N, classes = pick.integer(1, 4), pick.integer(2, 4)
    rows = []
    for _ in range(N):
        left = list(range(-1, classes - 1))
        rows.append([float(left.pop(pick.integer(0, len(left) - 1))) for _ in range(classes)])
    labels = [pick.integer(0, classes - 1) for _ in range(N)]
    return torch.tensor(rows), torch.tensor(labels)


def _explain(index: tuple[int, ...], logits: Tensor, labels: Tensor) -> Explanation:
    called = logits.argmax(dim=1)
    right = int((called == labels).sum())
    largest = ", ".join(str(place) for place in called.tolist())
    wanted = ", ".join(str(label) for label in labels.tolist())
    share = number(torch.tensor(right / len(labels)))
    return Explanation(
        f"the largest {_many(called, 'logit is', 'logits are')} in "
        f"{_many(called, 'column', 'columns')} {largest}; "
        f"{_many(called, 'the label is', 'the labels are')} {wanted}; "
        f"{right} of {len(labels)} agree = {share}",
        {"logits": frozenset((row, column) for row, column in enumerate(called.tolist()))},
    )


def _many(called: Tensor, one: str, more: str) -> str:
    return one if len(called) == 1 else more


ACCURACY = FunctionExercise(
    id="6.4",
    title="Accuracy",
    minutes=3,
    reference=accuracy,
    examples=(
        (torch.tensor([[0.0, 1.0]]), torch.tensor([1])),
        (torch.tensor([[2.0, 1.0], [0.0, 3.0]]), torch.tensor([0, 0])),
    ),
    inputs=_logits_and_labels,
    any_numbers=False,
    alternatives=(_with_a_loop, _with_numpy),
    explain=_explain,
    signed=("logits",),
    hints=(
        "For one image, where in its row of logits do you read the class that the network calls?",
        "logits.argmax(dim=1) gives that place for every row at once. What do you compare it with?",
        "(called == labels) is True or False for each image; as numbers, their mean is the share.",
    ),
    reasons=(
        "The classes lie along axis 1, so the argmax runs along it and leaves one place for each "
        "image. Softmax would not change which is largest. The mean of the ones and zeros is the "
        "share of right calls, whatever the number of images."
    ),
    misconceptions={
        "the argmax down the columns": Misconception(
            lambda logits, labels: (logits.argmax(dim=0) == labels).float().mean(),
            "dim=0 runs down the column and finds, for each class, an image, so the two sizes "
            "rarely match; dim=1 finds, for each image, its class.",
        ),
        "the argmax over the images": Misconception(
            lambda logits, labels: (
                (logits.argmax(dim=0)[: len(labels)] == labels[: logits.shape[1]]).float().mean()
            ),
            "dim=0 runs down the column and finds, for each class, an image; dim=1 runs along the "
            "row and finds, for each image, its class.",
        ),
        "the count instead of the share": Misconception(
            lambda logits, labels: (logits.argmax(dim=1) == labels).sum(),
            "A count depends on how many images there were: divide by it.",
        ),
        "percent instead of a share": Misconception(
            lambda logits, labels: 100 * (logits.argmax(dim=1) == labels).float().mean(),
            "The share goes from 0 to 1; the factor 100 belongs to the way it is printed.",
        ),
        "the share of mistakes": Misconception(
            lambda logits, labels: (logits.argmax(dim=1) != labels).float().mean(),
            "That is the error rate; the accuracy is what is missing from it to 1.",
        ),
        "the largest logit itself": Misconception(
            lambda logits, labels: (logits.max(dim=1).values == labels).float().mean(),
            "max says how large the logit is; argmax says where it stands, and that is the class.",
        ),
        "the smallest logit": Misconception(
            lambda logits, labels: (logits.argmin(dim=1) == labels).float().mean(),
            "A larger logit means a more probable class, so the largest one is called.",
        ),
        "the mean probability of the true class": Misconception(
            lambda logits, labels: (
                logits.softmax(dim=1).gather(1, labels[:, None]).squeeze(1).mean()
            ),
            "Accuracy asks only whether the true class was called, not with what probability.",
        ),
        "divided by the number of classes": Misconception(
            lambda logits, labels: (
                (logits.argmax(dim=1) == labels).sum() / torch.tensor(float(logits.shape[1]))
            ),
            "The share is taken among the images, N of them, which are the rows.",
        ),
    },
)

EXERCISES = (ACCURACY,)
