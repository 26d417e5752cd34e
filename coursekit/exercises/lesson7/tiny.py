"""A network small enough to print, on which the exercises of lesson 7 try a function."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from coursekit.exercises.pick import Pick

__all__ = ["Tiny", "any_widths", "named"]


class Tiny(nn.Module):
    """A body of fully connected layers, each with batch norm, and a head `fc`, as ResNet has it.

    The layers of the body are fc1 and fc2: a name that only begins like the head's is not the head.
    """

    def __init__(self, widths: Tensor, classes: int) -> None:
        super().__init__()
        self.depth = len(widths) - 1
        for at, (num_inputs, num_outputs) in enumerate(pairwise(widths.int().tolist()), start=1):
            self.add_module(f"fc{at}", nn.Linear(num_inputs, num_outputs))
            self.add_module(f"bn{at}", nn.BatchNorm1d(num_outputs))
        self.fc = nn.Linear(int(widths[-1]), classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return a score for each class."""
        for at in range(1, self.depth + 1):
            x = self.get_submodule(f"bn{at}")(self.get_submodule(f"fc{at}")(x))
        return self.fc(x)


def any_widths(pick: Pick) -> Tensor:
    """Draw the widths of a body of one or two layers: (2,) or (3,), whole numbers as float32."""
    return pick.tensor(pick.integer(2, 3), low=1, high=4, whole=True)


def named(widths: Tensor, classes: int, place: int) -> tuple[str, nn.Parameter]:
    """Return the name of the parameter at a place in the list of all, and the parameter."""
    return list(Tiny(widths, classes).named_parameters())[place]
