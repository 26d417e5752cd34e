"""Points in the plane with labels 0 and 1, drawn from a seed: what lesson 1 separates."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["two_clouds", "xor_clouds"]

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
    labels = torch.arange(2).repeat(per_cloud)
    along = torch.tensor(AXIS) * (shift + 1.5 * (2 * labels - 1))[:, None]  # (N, 2)
    return along + spread * _noise(2 * per_cloud, seed), labels


def xor_clouds(
    per_corner: int = 20, *, spread: float = 0.1, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """Return points (4·per_corner, 2) around the corners of a square, and the XOR of each corner.

    The label is 1 where exactly one coordinate of the corner is 1.

    >>> x, labels = xor_clouds(1, spread=0)
    >>> x.tolist(), labels.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    """
    corners = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    x = corners.repeat_interleave(per_corner, dim=0)
    labels = (x[:, 0] != x[:, 1]).long()
    return x + spread * _noise(len(x), seed), labels


def _noise(count: int, seed: int) -> Tensor:
    return torch.randn(count, 2, generator=torch.Generator().manual_seed(seed))
