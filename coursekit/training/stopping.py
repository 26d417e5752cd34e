"""When to end training before its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from coursekit.arguments import integer, number, short
from coursekit.contracts import checks_arguments

__all__ = ["EarlyStopping"]


def _some(name: str, value: object) -> None:
    if not isinstance(value, (list, tuple)) or not value:
        raise TypeError(f"{name} is {short(value)}; expected a list of some")


Accuracies: TypeAlias = Annotated[Sequence[float], _some]


@dataclass(frozen=True)
class EarlyStopping:
    """Stop where validation accuracy has not risen for `patience` epochs.

    An epoch counts as better where it beats the best so far by more than `min_delta`. The model
    gets the weights of the best epoch back, also where training runs to its end.
    Raises ValueError for a patience below 1 or a negative min_delta.

    >>> rule = EarlyStopping(patience=2)
    >>> rule.best_epoch([0.5, 0.7, 0.6, 0.7]), rule.is_over([0.5, 0.7, 0.6, 0.7])
    (2, True)
    """

    patience: int = 3
    min_delta: float = 0.0

    def __post_init__(self) -> None:
        integer("patience", self.patience, minimum=1)
        number("min_delta", self.min_delta, minimum=0)

    @checks_arguments
    def best_epoch(self, accuracies: Accuracies) -> int:
        """Return the best epoch, counted from 1, of the validation accuracies so far, oldest first.

        Of several that are as good, the first.
        """
        best = 0
        for epoch, accuracy in enumerate(accuracies):
            if accuracy > accuracies[best] + self.min_delta:
                best = epoch
        return best + 1

    @checks_arguments
    def is_over(self, accuracies: Accuracies) -> bool:
        """Return whether the best epoch lies `patience` epochs back.

        accuracies: on the images held out, after each epoch so far, oldest first.
        """
        best = self.best_epoch(accuracies)
        return len(accuracies) - best >= self.patience
