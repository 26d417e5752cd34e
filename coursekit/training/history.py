"""What training takes and what it reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, NamedTuple, TypeAlias

import torch
from torch import Tensor

from coursekit.arguments import short

__all__ = ["Data", "History", "Scores", "TrainingError"]


def _labelled(name: str, value: object) -> None:
    pair = value if isinstance(value, (tuple, list)) and len(value) == 2 else ()
    if not pair or not all(isinstance(part, Tensor) and part.dim() for part in pair):
        raise TypeError(f"{name} is {short(value)}; expected two tensors, (inputs, labels)")
    inputs, labels = pair
    if len(inputs) != len(labels) or len(labels) == 0:
        raise ValueError(
            f"{name} has {len(inputs)} inputs and {len(labels)} labels; "
            "expected as many labels as inputs, and at least one"
        )
    if labels.dtype != torch.int64 or labels.dim() != 1:
        raise ValueError(
            f"{name} has labels {labels.dtype} {tuple(labels.shape)}; expected torch.int64 (N,)"
        )


# Inputs (N, ...) float32, labels (N,) int64.
Data: TypeAlias = Annotated[tuple[Tensor, Tensor], _labelled]


class TrainingError(RuntimeError):
    """Training cannot go on. The message says what happened and what to try."""


class Scores(NamedTuple):
    """How a model does on a data set: mean cross-entropy in nats, and the share it gets right.

    A model that knows nothing of ten classes has a loss of ln 10, 2.30, and an accuracy of 0.1.
    """

    loss: float
    accuracy: float


@dataclass
class History:
    """What `fit` saw, one entry an epoch; in training, loss and accuracy are means over steps.

    loss: mean cross-entropy in nats. accuracy: from 0 to 1. validation: the same two on the images
    held out, after each epoch; empty without them. seconds: of each epoch's steps.
    best_epoch: with early stopping, the epoch, from 1, whose weights the model has.
    stopped_epoch: the last epoch, where early stopping ended the run before its time.
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation: list[Scores] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    best_epoch: int | None = None
    stopped_epoch: int | None = None

    def __len__(self) -> int:
        return len(self.loss)

    def plain(self) -> dict[str, object]:
        """Return the history as lists and numbers, for a file that is read without running code."""
        return vars(self) | {"validation": [list(scores) for scores in self.validation]}

    def then(self, later: History) -> History:
        """Return the history of this run and of the one that went on from it."""
        lists = ("loss", "accuracy", "validation", "seconds")
        joined = History(**{name: getattr(self, name) + getattr(later, name) for name in lists})
        for name in ("best_epoch", "stopped_epoch"):
            epoch = getattr(later, name)
            setattr(joined, name, None if epoch is None else len(self) + epoch)
        return joined

    @classmethod
    def of(cls, plain: dict[str, object]) -> History:
        """Return the history that `plain` was made from."""
        return cls(**plain | {"validation": [Scores(*scores) for scores in plain["validation"]]})
