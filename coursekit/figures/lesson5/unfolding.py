"""A moving picture of im2col: windows become columns, and one product makes every map."""

from __future__ import annotations

import torch
from matplotlib.axes import Axes
from torch import Tensor

from coursekit import ops
from coursekit.contracts import Matrix, Stack, checks_arguments, fit_on
from coursekit.figures.animation import LessonAnimation
from coursekit.figures.canvas import as_text, size_text
from coursekit.figures.grids import number_grid
from coursekit.figures.marks import INK, PALE_BLUE, outline

__all__ = ["unfolding"]

GAP = 1.4  # pixels between two grids, with room for a title


@checks_arguments
def unfolding(x: Matrix, filters: Stack) -> LessonAnimation:
    """Return the windows of x (H, W) becoming columns, one a frame, and what the filters make.

    filters: (C_out, kH, kW). Each frame frames a window, its column, and the column's product with
    the filters as rows.
    Raises ValueError where a filter does not fit into x.
    """
    fit_on("filters", {"0": filters[0]}, "x", x)
    kH, kW = filters.shape[1:]
    columns = ops.im2col(x[None, None], (kH, kW))[0]  # (kH·kW, positions)
    rows = filters.flatten(1)  # (C_out, kH·kW)
    product = rows @ columns  # (C_out, positions)
    across = x.shape[1] - kW + 1
    right, below = max(x.shape[1], kH * kW) + GAP, max(x.shape[0], kH * kW) + GAP
    drop = (below - GAP - x.shape[0]) / 2  # the input stands at half the columns' height

    def paint(ax: Axes, frame: int) -> None:
        row, column = divmod(frame, across)
        _grid(ax, x, 0, drop, f"input {size_text(x)}")
        _grid(ax, _until(columns, frame), right, 0, f"a column a window, {size_text(columns)}")
        _grid(ax, rows, 0, below, f"filters as rows, {size_text(rows)}")
        _grid(ax, _until(product, frame), right, below, f"one product, {size_text(product)}")
        outline(ax, drop + row, column, (kH, kW))
        outline(ax, 0, right + frame, (kH * kW, 1))
        outline(ax, below, right + frame, (len(filters), 1))
        ax.set(xlim=(-0.8, right + columns.shape[1] - 0.2), ylim=(below + len(filters), -1.4))
        ax.set_aspect("equal")
        ax.axis("off")

    says = (
        f"{columns.shape[1]} windows of {kH}×{kW} on an input of {size_text(x)} become columns, "
        f"one after another: {as_text(columns)}. The filters as rows, {as_text(rows)}, times the "
        f"columns make {as_text(product)}, a row for each map."
    )
    return LessonAnimation(paint, columns.shape[1], says=says, size=(6.2, 4.3), milliseconds=1100)


def _until(values: Tensor, frame: int) -> Tensor:
    """Return the columns up to that of the frame, and NaN for those to come."""
    return values.where(torch.arange(values.shape[1]) <= frame, torch.nan)


def _grid(ax: Axes, values: Tensor, left: float, top: float, title: str) -> None:
    """Draw the numbers that are known under a title, the first one at (left, top)."""
    ax.text(left - 0.5, top - 0.68, title, ha="left", va="bottom", fontsize=9, color=INK)
    number_grid(ax, values, lambda row, column: (PALE_BLUE, PALE_BLUE), left=left, top=top)
