"""What training takes and what it reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from torch import Tensor

__all__ = ["Data", "History", "Scores", "TrainingError"]

Data: TypeAlias = tuple[Tensor, Tensor]  # inputs (N, ...) float32, labels (N,) int64


class TrainingError(RuntimeError):
    """Training cannot go on. The message says what happened and what to try."""


class Scores(NamedTuple):
    """How a model does on a data set: mean cross-entropy, and the share that it gets right."""

    loss: float
    accuracy: float


@dataclass
class History:
    """What `fit` saw, one entry an epoch; in training, loss and accuracy are means over steps.

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
        """Return the history as lists and numbers, for a file."""
        return vars(self) | {"validation": [list(scores) for scores in self.validation]}

    @classmethod
    def of(cls, plain: dict[str, object]) -> History:
        """Return the history that `plain` was made from."""
        return cls(**plain | {"validation": [Scores(*scores) for scores in plain["validation"]]})
