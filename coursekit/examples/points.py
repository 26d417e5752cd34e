"""Points in the plane with labels 0 and 1, drawn from a seed: what lesson 1 separates."""

from __future__ import annotations

import torch
from torch import Tensor

from coursekit.arguments import integer, number
from coursekit.arguments import seed as checked_seed

__all__ = ["two_clouds", "xor_clouds"]

MOST = 1_000_000  # points in one place: more is a slip of the pen
AXIS = (0.8, 0.6)  # a unit vector: the clouds lie along it, and are shifted along it


def two_clouds(
    per_cloud: int = 30, *, shift: float = 0.0, spread: float = 0.6, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """Return points (2·per_cloud, 2) in two round clouds, and their labels, 0 and 1.

    The clouds' centres are 3 apart. With no shift a line through the origin separates them; with
    a shift above 1.5 both lie on the same side of the origin, in the same direction.

    >>> x, labels = two_clouds(3)
    >>> x.shape, labels.tolist()
    (torch.Size([6, 2]), [0, 1, 0, 1, 0, 1])
    """
    labels = torch.arange(2).repeat(integer("per_cloud", per_cloud, minimum=1, maximum=MOST))
    along = (
        torch.tensor(AXIS) * (number("shift", shift) + 1.5 * (2 * labels - 1))[:, None]
    )  # (N, 2)
    return along + number("spread", spread, minimum=0) * _noise(2 * per_cloud, seed), labels


def xor_clouds(
    per_corner: int = 20, *, spread: float = 0.1, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """Return points (4·per_corner, 2) around the corners of a square, and the XOR of each corner.

    The label is 1 where exactly one coordinate of the corner is 1.

    >>> x, labels = xor_clouds(1, spread=0)
    >>> x.tolist(), labels.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    """
    integer("per_corner", per_corner, minimum=1, maximum=MOST)
    corners = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    x = corners.repeat_interleave(per_corner, dim=0)
    labels = (x[:, 0] != x[:, 1]).long()
    return x + number("spread", spread, minimum=0) * _noise(len(x), seed), labels


def _noise(count: int, seed: int) -> Tensor:
    seeded = torch.Generator().manual_seed(checked_seed("seed", seed))
    return torch.randn(count, 2, generator=seeded)
