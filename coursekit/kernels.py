"""The filter bank: hand-made kernels with a name each.

`KERNELS[name]` is a nested tuple of numbers; `kernel(name)` is a float tensor. All are written
for correlation, which is what deep learning calls convolution: what you see is what slides.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

import torch
from torch import Tensor

from coursekit.arguments import one_of
from coursekit.contracts import checks_arguments

__all__ = ["KERNELS", "kernel"]

Rows = tuple[tuple[float, ...], ...]


def _scaled(rows: Rows, divisor: float) -> Rows:
    return tuple(tuple(value / divisor for value in row) for row in rows)


KERNELS: dict[str, Rows] = {
    "identity": ((0, 0, 0), (0, 1, 0), (0, 0, 0)),
    # The blurs' weights sum to 1, so that an even picture stays as bright as it is.
    "box blur": _scaled(((1, 1, 1), (1, 1, 1), (1, 1, 1)), 9),
    "gaussian blur": _scaled(((1, 2, 1), (2, 4, 2), (1, 2, 1)), 16),
    "sharpen": ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    # From here to "roberts up" the weights sum to 0: where nothing changes, the response is 0.
    "edges, corners only": ((1, 0, -1), (0, 0, 0), (-1, 0, 1)),
    "edges, four neighbours": ((0, 1, 0), (1, -4, 1), (0, 1, 0)),
    "edges, eight neighbours": ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
    "difference x": ((-1, 0, 1),),
    "difference y": ((-1,), (0,), (1,)),
    "sobel x": ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
    "sobel y": ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    "prewitt x": ((-1, 0, 1), (-1, 0, 1), (-1, 0, 1)),
    "prewitt y": ((-1, -1, -1), (0, 0, 0), (1, 1, 1)),
    "roberts down": ((1, 0), (0, -1)),
    "roberts up": ((0, 1), (-1, 0)),
    "diagonal down": ((1, -1, -1), (-1, 1, -1), (-1, -1, 1)),
    "diagonal up": ((-1, -1, 1), (-1, 1, -1), (1, -1, -1)),
    "crossing": ((1, -1, 1), (-1, 1, -1), (1, -1, 1)),
}


@checks_arguments
def kernel(name: Annotated[str, partial(one_of, options=KERNELS)]) -> Tensor:
    """Return the kernel of that name: (kH, kW), float32.

    Raises ValueError with the names that there are, where there is none of that name.

    >>> kernel("sobel x")
    tensor([[-1.,  0.,  1.],
            [-2.,  0.,  2.],
            [-1.,  0.,  1.]])
    """
    return torch.tensor(KERNELS[name], dtype=torch.float32)
