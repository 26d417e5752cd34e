"""The exercise of lesson 6 on finding an input that exposes a bug."""

from __future__ import annotations

import torch
from torch import Tensor

from coursekit.exercises.lesson6.softmax import SOFTMAX
from coursekit.exercises.model import CounterexampleExercise, HidingPlace


def _largest(logits: Tensor) -> Tensor:
    """Return the largest logit of each row: (N,)."""
    return logits.max(dim=1).values


BATCH = CounterexampleExercise(
    id="6.11",
    title="Expose the bug in softmax",
    minutes=3,
    question="On which logits does their_softmax give wrong probabilities?",
    about=SOFTMAX,
    bug="the largest logit of the whole batch taken off",
    answer=(torch.tensor([[0.0], [200.0]]),),
    alternatives=(
        (torch.tensor([[1000.0, 1001.0], [0.0, 1.0]]),),
        (torch.tensor([[0.0, 1.0], [-150.0, -150.0], [2.0, 1.0]]),),
    ),
    hints=(
        "logits.max() is one number. In which row does it stand, and what is left of the others "
        "once it is taken off?",
        "The row with the largest logit always comes out right. Put another row far below it.",
        "e^(−104) is 0 in a float32: two rows, 200 apart.",
    ),
    reasons=(
        "One number is taken off all rows, so only the row that it comes from is sure to keep a "
        "power of e^0 = 1. In a row that lies 104 or more below it every power is 0, and so is "
        "their sum: 0 / 0 is NaN. One class is enough to see it, though its probability is always "
        "1. Large logits alone do not show it, nor does any single row: it takes a batch in which "
        "one row lies far above another."
    ),
    misconceptions={
        "a single row": HidingPlace(
            (torch.tensor([[1000.0, -1000.0, 0.0]]),),
            "The largest logit of the batch is then the row's own, however large it is.",
            lambda logits: len(logits) == 1,
        ),
        "zeros": HidingPlace(
            (torch.zeros(2, 3),),
            "All logits are equal, so all probabilities are, whatever is taken off.",
            lambda logits: not logits.any(),
        ),
        "rows with the same largest logit": HidingPlace(
            (torch.tensor([[1000.0, 1001.0], [1001.0, 0.0]]),),
            "What is taken off is then each row's own largest: large logits alone do no harm.",
            lambda logits: bool((_largest(logits) == logits.max()).all()),
        ),
        "rows whose largest logits lie close together": HidingPlace(
            (torch.tensor([[0.0, 1.0], [50.0, 2.0]]),),
            "e^(−50) is tiny, and still a number that can be divided by: the factor cancels. Only "
            "from about −90 on does a float32 run out of digits.",
            lambda logits: bool((logits.max() - _largest(logits) < 87).all()),
        ),
    },
)

EXERCISES = (BATCH,)
