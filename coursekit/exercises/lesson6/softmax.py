"""The exercise of lesson 6 on probabilities: a softmax that stands large logits."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit.exercises.model import (
    Explanation,
    FunctionExercise,
    Misconception,
    cells,
)
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import number


def softmax(logits: Tensor) -> Tensor:
    """Return the probabilities of the classes, row by row, whatever the size of the logits.

    logits: (N, classes). Returns (N, classes); each row adds up to 1.

    >>> softmax(torch.tensor([[0.0, 0.0], [1000.0, 1000.0]]))
    tensor([[0.5000, 0.5000],
            [0.5000, 0.5000]])
    """
    largest = logits.max(dim=1, keepdim=True).values  # (N, 1)
    powers = (logits - largest).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def _logits(pick: Pick) -> Tensor:
    """Draw rows of small logits, some of which stand far from zero or hold one that does."""
    N, classes = pick.integer(1, 3), pick.integer(2, 4)
    x = pick.tensor(N, classes)
    for row in range(N):
        x[row] += pick.choice((0, 0, 1000, -1000))
        x[row, 0] += pick.choice((0, 0, 200))
    return x


def _explain_softmax(index: tuple[int, int], logits: Tensor) -> Explanation:
    row, column = index
    largest = logits[row].max()
    powers = [f"e^({number(value)} − {_less(largest)})" for value in logits[row]]
    shown = [f"e^{number(value - largest)}" for value in logits[row]]
    share = number(softmax(logits)[index])
    return Explanation(
        f"{powers[column]} divided by the row's {' + '.join(shown)} = {share}",
        {"logits": cells([row], range(logits.shape[1]))},
    )


def _less(value: Tensor) -> str:
    return f"({number(value)})" if value < 0 else number(value)


def _powers(logits: Tensor) -> Tensor:
    return (logits - logits.max(dim=1, keepdim=True).values).exp()


def _by_rows(logits: Tensor) -> Tensor:
    rows = []
    for row in logits.double():
        powers = torch.exp(row - max(row))
        rows.append(powers / sum(powers))
    return torch.stack(rows)


def _softmax_with_numpy(logits: Tensor) -> np.ndarray:
    x = logits.numpy()
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def their_softmax(logits: Tensor) -> Tensor:
    """Return what comes out where the largest logit of the whole batch is taken off."""
    shifted = logits - logits.max()
    return shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)


SOFTMAX = FunctionExercise(
    id="6.1",
    title="Softmax, stable",
    minutes=6,
    reference=softmax,
    examples=(
        (torch.tensor([[0.0, 1.0]]),),
        (torch.tensor([[1000.0, 1001.0], [0.0, 1.0]]),),
        (torch.tensor([[-1000.0, -1001.0], [0.0, 1.0]]),),
    ),
    inputs=lambda pick: (_logits(pick),),
    any_numbers=False,
    alternatives=(
        _by_rows,
        _softmax_with_numpy,
        lambda logits: F.log_softmax(logits, 1).exp(),
        lambda logits: (logits - logits.logsumexp(1, keepdim=True)).exp(),
    ),
    explain=_explain_softmax,
    signed=("logits",),
    facts={
        "a logit is larger than 100": lambda logits: bool((logits > 100).any()),
        "a row's logits are all below −100": lambda logits: bool(
            (logits.max(dim=1).values < -100).any()
        ),
        "there is more than one row": lambda logits: len(logits) > 1,
    },
    hints=(
        "What does torch.tensor(1000.0).exp() give, and what is that divided by itself?",
        "Taking the same number off every logit of a row changes no probability. Which number "
        "leaves no power above e^0 = 1?",
        "logits.max(dim=1, keepdim=True).values has one number for each row, (N, 1).",
        "powers / powers.sum(dim=1, keepdim=True) divides each row by its own sum.",
    ),
    reasons=(
        "A factor e^(−m) cancels in the fraction, so a row's largest logit m may be taken off "
        "the whole row. Then the largest power is e^0 = 1: nothing overflows, and the sum is at "
        "least 1. keepdim=True keeps an axis of length 1, along which the row is divided."
    ),
    misconceptions={
        "the definition as it stands": Misconception(
            lambda logits: logits.exp() / logits.exp().sum(dim=1, keepdim=True),
            "e^89 is too large for a float32, and e^(−104) is 0 in it: ∞ / ∞ and 0 / 0 are no "
            "numbers. Take the row's largest logit off first.",
        ),
        "the largest logit of the whole batch taken off": Misconception(
            their_softmax,
            "A row far below the batch's largest logit becomes all zeros, and 0 / 0. Each row "
            "needs its own largest taken off.",
        ),
        "a number smaller than the largest logit taken off": Misconception(
            lambda logits: (
                (logits - logits.min(dim=1, keepdim=True).values).exp()
                / (logits - logits.min(dim=1, keepdim=True).values).exp().sum(dim=1, keepdim=True)
            ),
            "With the smallest logit or the mean taken off, powers may still overflow; with the "
            "largest taken off they are at most 1.",
        ),
        "sums without keepdim": Misconception(
            lambda logits: _powers(logits) / _powers(logits).sum(dim=1),
            "Without keepdim=True the sums are (N,), and meet the columns instead of the rows.",
        ),
        "logits cut off at a limit": Misconception(
            lambda logits: logits.clamp(-80, 80).softmax(dim=1),
            "Above the limit all logits look alike, so their probabilities come out equal. "
            "Shift the row and keep the differences.",
        ),
        "logits divided by the largest": Misconception(
            lambda logits: (logits / logits.max(dim=1, keepdim=True).values).softmax(dim=1),
            "Only differences between logits count, and subtraction keeps them; division changes "
            "them.",
        ),
        "columns that add up to 1": Misconception(
            lambda logits: logits.softmax(dim=0),
            "dim=0 runs down the images; the classes of one image share its probability, along "
            "dim=1.",
        ),
        "a whole batch that adds up to 1": Misconception(
            lambda logits: (logits - logits.max()).exp() / (logits - logits.max()).exp().sum(),
            "Each image has probabilities of its own: divide by the sum of its row, with dim=1.",
        ),
        "one sum of powers for all rows": Misconception(
            lambda logits: _powers(logits) / _powers(logits).sum(),
            "Each image has probabilities of its own: its powers are divided by their own sum.",
        ),
        "powers that are not divided": Misconception(
            lambda logits: _powers(logits),
            "The powers are positive, and still have to be shared out: divide by their sum.",
        ),
        "logits shared out without powers": Misconception(
            lambda logits: logits / logits.sum(dim=1, keepdim=True),
            "Logits may be negative, and then shares of them are no probabilities; e^x is "
            "positive for every x.",
        ),
        "the logarithms of the probabilities": Misconception(
            lambda logits: logits.log_softmax(dim=1),
            "That is the logarithm of softmax, which the loss wants; probabilities are its powers.",
        ),
    },
)

EXERCISES = (SOFTMAX,)
