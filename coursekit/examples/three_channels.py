"""The demonstration with three channels, two filters and a stride of 2, in numbers.

Source: the convolution demo of Stanford's CS231n, whose output volume a test compares.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["two_filters"]

INPUT = """
    0 0 1 0 2    2 1 2 1 1    2 1 1 2 0
    1 0 2 0 1    2 1 2 0 1    1 0 0 1 0
    1 0 2 2 0    0 2 1 0 1    0 1 0 0 0
    2 0 0 2 0    1 2 2 2 2    1 0 2 1 0
    2 1 2 2 0    0 1 2 0 1    2 2 1 1 1
    """
FILTERS = (
    """
    -1  0  1   -1  0  1   -1  1  1
     0  0  1    1 -1  1    1  1  0
     1 -1  1    0  1  0    0 -1  0
    """,
    """
     0  1 -1   -1  0  0   -1  1 -1
     0 -1  0    1 -1  0    0 -1 -1
     0 -1  1    1 -1  0    1  0  0
    """,
)
BIASES = (1.0, 0.0)


def two_filters() -> tuple[Tensor, Tensor, Tensor]:
    """Return the input (3, 5, 5), the weight (2, 3, 3, 3) and the bias (2,), all float32.

    The demonstration pads the input by 1 and moves by 2: its output is (2, 3, 3).

    >>> x, weight, bias = two_filters()
    >>> x[0, 1].tolist(), weight[1, 2, 0].tolist(), bias.tolist()
    ([1.0, 0.0, 2.0, 0.0, 1.0], [-1.0, 1.0, -1.0], [1.0, 0.0])
    """
    weight = torch.stack([_volume(text) for text in FILTERS])  # (2, 3, 3, 3)
    return _volume(INPUT), weight, torch.tensor(BIASES)


def _volume(text: str) -> Tensor:
    """Return matrices that stand side by side as (3, H, W)."""
    rows = [[float(number) for number in line.split()] for line in text.strip().splitlines()]
    return torch.stack(torch.tensor(rows).chunk(3, dim=1))  # (H, 3·W) -> 3 times (H, W)
