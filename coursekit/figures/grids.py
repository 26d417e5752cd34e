"""A grid of numbers that stands beside others on one pair of axes, as moving pictures need it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from torch import Tensor

from coursekit.figures.canvas import minus
from coursekit.figures.marks import PADDING, ink_on

__all__ = ["number_grid"]

BETWEEN = "#BBBBBB"  # the lines between numbers


def number_grid(
    ax: Axes,
    values: Tensor,
    tint: Callable[[int, int], tuple[str, str]],
    *,
    left: float = 0,
    top: float = 0,
    hatched: Callable[[int, int], bool] = lambda row, column: False,
) -> None:
    """Draw a grid of numbers whose first one stands at (left, top); NaN leaves its cell empty.

    tint: (row, column) -> the colours of zero and of the largest number there.
    """
    largest = max(float(values.nan_to_num().abs().max()), 1.0)
    for row, column in product(*map(range, values.shape)):
        value, (x, y) = float(values[row, column]), (left + column, top + row)
        low, high = (np.array(to_rgb(colour)) for colour in tint(row, column))
        known = value == value  # all but NaN
        shade = low + (high - low) * max(value, 0.0) / largest if known else "white"
        look = PADDING if hatched(row, column) else {"facecolor": shade, "edgecolor": BETWEEN}
        ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, linewidth=0.6, **look))
        if known:
            ink = ink_on(to_rgb(look["facecolor"]))
            ax.text(x, y, minus(value), ha="center", va="center", fontsize=10, color=ink)
