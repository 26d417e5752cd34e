"""The exercise of lesson 6 on the loss: cross-entropy from logits of any size."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit.exercises.model import Explanation, FunctionExercise, Misconception
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import number


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the mean of -log(probability of the true class), one number.

    logits: (N, classes), of any size. labels: (N,) int64.

    >>> cross_entropy(torch.zeros(3, 10), torch.tensor([0, 4, 9]))
    tensor(2.3026)
    """
    largest = logits.max(dim=1, keepdim=True).values
    log_of_sum = (logits - largest).exp().sum(dim=1, keepdim=True).log()
    log_probabilities = logits - largest - log_of_sum  # log-softmax
    return -log_probabilities[torch.arange(len(labels)), labels].mean()


def _logits_and_labels(pick: Pick) -> tuple[Tensor, Tensor]:
    N, classes = pick.integer(1, 3), pick.integer(2, 4)
    x = pick.tensor(N, classes)
    for row in range(N):
        x[row, 0] += pick.choice((0, 0, 0, 200, 1000))
    return x, torch.tensor([pick.integer(0, classes - 1) for _ in range(N)])


def _explain_loss(index: tuple[()], logits: Tensor, labels: Tensor) -> Explanation:
    of_truth = F.log_softmax(logits.double(), dim=1)[range(len(labels)), labels]
    each = " + ".join(number(-value) for value in of_truth)
    taken = frozenset(enumerate(labels.tolist()))
    mean = number(-of_truth.mean())
    said = f"−log p(true class): {each}"
    return Explanation(
        f"{said}, divided by {len(labels)} = {mean}" if len(labels) > 1 else said,
        {"logits": taken},
    )


def _of_truth(values: Tensor, labels: Tensor) -> Tensor:
    return values.gather(1, labels[:, None])[:, 0]


def _loss_by_rows(logits: Tensor, labels: Tensor) -> float:
    total = 0.0
    for row, label in zip(logits.double().tolist(), labels.tolist(), strict=True):
        largest = max(row)
        total += largest + np.log(sum(np.exp(x - largest) for x in row)) - row[label]
    return total / len(labels)


LOSS = FunctionExercise(
    id="6.2",
    title="Cross-entropy from logits",
    minutes=6,
    reference=cross_entropy,
    examples=(
        (torch.tensor([[0.0, 0.0]]), torch.tensor([0])),
        (torch.tensor([[200.0, 0.0]]), torch.tensor([1])),
        (torch.tensor([[1000.0, 0.0], [0.0, 3.0]]), torch.tensor([0, 0])),
    ),
    inputs=_logits_and_labels,
    any_numbers=False,
    alternatives=(
        F.cross_entropy,
        _loss_by_rows,
        lambda logits, labels: (logits.logsumexp(1) - _of_truth(logits, labels)).mean(),
        lambda logits, labels: F.nll_loss(F.log_softmax(logits, dim=1), labels),
    ),
    explain=_explain_loss,
    signed=("logits",),
    facts={
        "a logit is larger than 100": lambda logits, labels: bool((logits > 100).any()),
        "there is more than one image": lambda logits, labels: len(labels) > 1,
    },
    hints=(
        "Which of the classes' probabilities does the loss of one image look at?",
        "The logarithm of softmax needs no division: logit − log(sum of e^logit). Take the row's "
        "largest logit off first, as before.",
        "log_probabilities[torch.arange(len(labels)), labels] reads one number from each row: the "
        "true class's.",
        "Change the sign, and take the mean over the images.",
    ),
    reasons=(
        "Cross-entropy is log-softmax, and then the negative of the true class's number, averaged "
        "over the images. Kept as a logarithm, a probability of e^(−200) is −200 and not 0, so the "
        "loss stays a number and its gradient still says where to go."
    ),
    misconceptions={
        "the logarithm of a finished softmax": Misconception(
            lambda logits, labels: -_of_truth(logits.softmax(1), labels).log().mean(),
            "A probability below 10^(−45) is 0 in float32, and its logarithm −∞. Work out the "
            "logarithm directly: logit − log(sum of powers).",
        ),
        "a tiny number added before the logarithm": Misconception(
            lambda logits, labels: -(_of_truth(logits.softmax(1), labels) + 1e-8).log().mean(),
            "It hides the logarithm of 0 and caps the loss: the worst mistakes then teach nothing. "
            "Work out the logarithm directly.",
        ),
        "all labels for every image": Misconception(
            lambda logits, labels: -F.log_softmax(logits, dim=1)[:, labels].mean(),
            "[:, labels] reads every label from every row; [arange(N), labels] reads each row's "
            "own.",
        ),
        "sums without keepdim": Misconception(
            lambda logits, labels: -_of_truth(logits - logits.logsumexp(1), labels).mean(),
            "Without keepdim=True the sums are (N,), and meet the columns instead of the rows.",
        ),
        "powers that overflow": Misconception(
            lambda logits, labels: (logits.exp().sum(1).log() - _of_truth(logits, labels)).mean(),
            "e^89 is too large for a float32: take the row's largest logit off before the powers.",
        ),
        "the sum over the images": Misconception(
            lambda logits, labels: F.cross_entropy(logits, labels, reduction="sum"),
            "A sum grows with the batch, and with it the step; the mean does not.",
        ),
        "the sign forgotten": Misconception(
            lambda logits, labels: -F.cross_entropy(logits, labels),
            "A logarithm of a probability is negative; the loss is what there is to lose, so the "
            "sign is changed.",
        ),
        "the class that is called": Misconception(
            lambda logits, labels: F.cross_entropy(logits, logits.argmax(1)),
            "The loss looks at the class that is true, and the label says which that is; a "
            "network would otherwise only learn to be sure.",
        ),
        "the logit in place of the log-probability": Misconception(
            lambda logits, labels: F.nll_loss(logits, labels),
            "NLL expects log-probabilities: take log(sum of powers) off the logits first.",
        ),
        "the logarithm of the mean probability": Misconception(
            lambda logits, labels: -_of_truth(logits.softmax(1), labels).mean().log(),
            "Each image has a loss of its own, so the logarithm comes before the mean. The other "
            "way round, an image of which the network is sure hides others that it gets wrong.",
        ),
        "the probability without its logarithm": Misconception(
            lambda logits, labels: -_of_truth(logits.softmax(1), labels).mean(),
            "Without the logarithm, a network that is wrong and sure of it would be corrected "
            "hardly at all.",
        ),
        "softmax done twice": Misconception(
            lambda logits, labels: F.cross_entropy(logits.softmax(1), labels),
            "F.cross_entropy takes logits and does the softmax itself; with probabilities in, "
            "the loss never comes near 0.",
        ),
        "the mean over all classes": Misconception(
            lambda logits, labels: -F.log_softmax(logits, dim=1).mean(),
            "Only the true class's number counts for an image, and the label picks it.",
        ),
        "softmax down the images": Misconception(
            lambda logits, labels: F.nll_loss(F.log_softmax(logits, dim=0), labels),
            "The classes of one image share its probability: the sum runs along dim=1.",
        ),
        "the logarithm to the base 2": Misconception(
            lambda logits, labels: F.cross_entropy(logits, labels) / np.log(2),
            "torch.log is the natural logarithm, and PyTorch's loss is measured with it.",
        ),
    },
)

EXERCISES = (LOSS,)
