"""A network small enough to print, on which the exercises of lesson 7 try a function."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from coursekit.exercises.pick import Pick

__all__ = ["Tiny", "any_widths", "named"]


class Tiny(nn.Module):
    """A body of fully connected layers, each with batch norm, and a head `fc`, as ResNet has it."""

    def __init__(self, widths: Tensor, classes: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for num_inputs, num_outputs in pairwise(widths.int().tolist()):
            layers += [nn.Linear(num_inputs, num_outputs), nn.BatchNorm1d(num_outputs)]
        self.body = nn.Sequential(*layers)
        self.fc = nn.Linear(int(widths[-1]), classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return a score for each class."""
        return self.fc(self.body(x))


def any_widths(pick: Pick) -> Tensor:
    """Draw the widths of a body of one or two layers: (2,) or (3,), whole numbers as float32."""
    return pick.tensor(pick.integer(2, 3), low=1, high=4, whole=True)


def named(widths: Tensor, classes: int, place: int) -> tuple[str, nn.Parameter]:
    """Return the name of the parameter at a place in the list of all, and the parameter."""
    return list(Tiny(widths, classes).named_parameters())[place]
