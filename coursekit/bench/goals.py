"""What was measured, beside what it should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from rich.table import Table

from coursekit import data
from coursekit.data import ImageSet

__all__ = ["Goal", "goals_table", "machine", "real_sets"]


@dataclass(frozen=True)
class Goal:
    """One line of a table: what was measured, with its parts, against the goal.

    what: in words, with its unit. shown: the measured value with its parts, as it is printed.
    at_least: whether more is better.

    >>> Goal("accuracy", 0.91, 0.9, "0.91").row()
    ('accuracy', '0.91', 'at least 0.9', 'yes')
    """

    what: str
    measured: float
    goal: float
    shown: str
    at_least: bool = True

    @property
    def reached(self) -> bool:
        """Return whether the measured value is on the good side of the goal."""
        return self.measured >= self.goal if self.at_least else self.measured <= self.goal

    def row(self) -> tuple[str, str, str, str]:
        """Return the cells of the line: what, measured, goal, reached."""
        side = "at least" if self.at_least else "at most"
        return self.what, self.shown, f"{side} {self.goal:g}", "yes" if self.reached else "no"


def goals_table(title: str, goals: Sequence[Goal]) -> tuple[Table, bool]:
    """Return the table of the goals, and whether all are reached."""
    table = Table("what", "measured", "goal", "reached", title=title, caption=machine())
    for goal in goals:
        table.add_row(*goal.row())
    return table, all(goal.reached for goal in goals)


def machine() -> str:
    """Return the versions and the number of threads, on which every time depends."""
    return f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"


def real_sets() -> tuple[ImageSet, ImageSet]:
    """Return Fashion-MNIST's two parts, of 60,000 and of 10,000 images (N, 1, 28, 28) uint8.

    Raises DataError where only the stand-in is here: the goals are stated for the real images.
    """
    train, test = data.fashion_mnist("train"), data.fashion_mnist("test")
    if train.stand_in or test.stand_in:
        raise data.DataError(
            f"this is measured on Fashion-MNIST itself, which is not here ({train.reason}); "
            "`coursekit fetch` gets it, or COURSEKIT_DATA names the folder that holds it"
        )
    return train, test
