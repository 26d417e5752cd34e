"""Points in the plane with labels 0 and 1, drawn from a seed: what lesson 1 separates."""

from __future__ import annotations

from functools import partial
from typing import Annotated, TypeAlias

import torch
from torch import Tensor

from coursekit.arguments import integer
from coursekit.contracts import NotNegative, Seed, checks_arguments

__all__ = ["two_clouds", "xor_clouds"]

MOST = 1_000_000  # points in one place: more is a slip of the pen
AXIS = (0.8, 0.6)  # a unit vector: the clouds lie along it, and are shifted along it

Many: TypeAlias = Annotated[int, partial(integer, minimum=1, maximum=MOST)]


@checks_arguments
def two_clouds(
    per_cloud: Many = 30, *, shift: float = 0.0, spread: NotNegative = 0.6, seed: Seed = 0
) -> tuple[Tensor, Tensor]:
    """Return points (2·per_cloud, 2) float32 in two round clouds, and their labels, 0 and 1.

    labels: (2·per_cloud,) int64, in turn. spread: the standard deviation along each axis.
    The clouds' centres are 3 apart. With no shift a line through the origin separates them; with
    a shift above 1.5 both lie on the same side of the origin, in the same direction.

    >>> x, labels = two_clouds(3)
    >>> x.shape, labels.tolist()
    (torch.Size([6, 2]), [0, 1, 0, 1, 0, 1])
    """
    labels = torch.arange(2).repeat(per_cloud)  # in turn, so that a perceptron meets both early
    along = float(shift) + 1.5 * (2 * labels - 1)  # (N,), the centre's place on the axis
    centres = torch.tensor(AXIS) * along[:, None]  # (N, 2)
    return centres + float(spread) * _noise(2 * per_cloud, seed), labels


@checks_arguments
def xor_clouds(
    per_corner: Many = 20, *, spread: NotNegative = 0.1, seed: Seed = 0
) -> tuple[Tensor, Tensor]:
    """Return points (4·per_corner, 2) around the corners of a square, and the XOR of each corner.

    labels: (4·per_corner,) int64, 1 where exactly one coordinate of the corner is 1. No line
    separates them from the rest. Source: Minsky and Papert, Perceptrons, 1969.

    >>> x, labels = xor_clouds(1, spread=0)
    >>> x.tolist(), labels.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    """
    corners = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    x = corners.repeat_interleave(per_corner, dim=0)  # (4, 2) -> (N, 2)
    labels = (x[:, 0] != x[:, 1]).long()
    return x + float(spread) * _noise(len(x), seed), labels


def _noise(count: int, seed: int) -> Tensor:
    # A generator of its own: the learner's random numbers go on as if nothing had been drawn.
    seeded = torch.Generator().manual_seed(int(seed))  # which takes no numpy integer
    return torch.randn(count, 2, generator=seeded)
