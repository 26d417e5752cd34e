"""Figures of a window that slides over an image: input, kernel and output, side by side."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.axes import Axes
from torch import Tensor

from coursekit import ops
from coursekit.contracts import Index, Line, Matrix, Named, checks_arguments, fit_on, inside
from coursekit.figures.canvas import (
    LessonFigure,
    as_text,
    minus,
    panels,
    pixels,
    size_text,
)
from coursekit.figures.marks import ACCENT, ACCENT_INK, GRAY, INK, outline

__all__ = ["correlation", "feature_maps", "filmstrip", "row_profile"]

Correlation = Callable[[Tensor, Tensor], Tensor]  # (H, W), (kH, kW) -> (H - kH + 1, W - kW + 1)


@checks_arguments
def correlation(
    x: Matrix,
    kernel: Matrix,
    *,
    at: tuple[Index, Index] | None = None,
    title: str = "",
    by: Correlation = ops.corr2d,
) -> LessonFigure:
    """Return input | kernel | feature map, with the window that makes pixel `at` outlined.

    x: (H, W). kernel: (kH, kW), both small enough to print their numbers. at: (row, column).
    by: what makes the map.
    """
    out = by(x, kernel)
    figure, (left, middle, right) = panels([x.shape, kernel.shape, out.shape], pixel=0.42)
    pixels(left, x, title=f"input {size_text(x)}", kind=_kind(x), limits=_limits(x))
    pixels(middle, kernel, title=f"kernel {size_text(kernel)}", kind="signed")
    pixels(right, out, title=title or f"feature map {size_text(out)}", kind="signed")
    said = [
        f"input {size_text(x)}, kernel {as_text(kernel)},",
        f"feature map {size_text(out)}: {as_text(out)}.",
    ]
    if at is not None:
        inside("at", at, out.shape)
        outline(left, *at, tuple(kernel.shape), "the window")
        outline(right, *at, (1, 1), "its sum")
        said.append(f"The window at row {at[0]}, column {at[1]} gives {out[at]:g}.")
    return _signed(figure.described(*said), by)


@checks_arguments
def filmstrip(x: Matrix, kernel: Matrix, *, by: Correlation = ops.corr2d) -> LessonFigure:
    """Return every position of the kernel (kH, kW) over x (H, W), titled with its sum.

    by: what makes the sums.
    """
    kH, kW = kernel.shape
    out = by(x, kernel)
    H, W = out.shape
    figure, axes = panels([tuple(x.shape)] * (H * W), pixel=0.27, columns=W)
    for ax, (row, column) in zip(axes, ((r, c) for r in range(H) for c in range(W)), strict=True):
        window = x[row : row + kH, column : column + kW]
        total = f"{out[row, column]:g}"
        terms = [f"{a:g}" for a in window[kernel != 0].tolist()]
        # other weights than 0 and 1 would need their products, for which a title has no room
        arithmetic = " + ".join(terms) if set(kernel.unique().tolist()) <= {0, 1} else ""
        pixels(ax, x, title=f"{arithmetic} = {total}" if arithmetic else total)
        outline(ax, row, column, (kH, kW))
    figure.described(
        f"the {kH}×{kW} window at its {H * W} positions over the {size_text(x)} input,",
        f"row by row; its sums are {as_text(out)}.",
    )
    return _signed(figure, by)


@checks_arguments
def feature_maps(
    x: Matrix, kernels: Named[Matrix], *, says: str, by: Correlation = ops.corr2d
) -> LessonFigure:
    """Return the numbers of each named kernel (kH, kW) beside what it makes of x (H, W).

    Kernels that sum to zero give signed maps, drawn centred at zero. by: what makes the maps.
    """
    fit_on("kernels", kernels, "x", x)
    figure = LessonFigure(figsize=(8.6, 2.35 * -(-len(kernels) // 2)))
    grid = figure.add_gridspec(
        -(-len(kernels) // 2), 4, width_ratios=[0.62, 1, 0.62, 1], hspace=0.28, wspace=0.12,
        left=0.02, right=0.98, top=0.94, bottom=0.02,
    )  # fmt: skip
    for place, (name, kernel) in enumerate(kernels.items()):
        row, column = divmod(place, 2)
        out = by(x, kernel)
        signed = abs(float(kernel.sum())) < 1e-6  # such as -1/9 eight times and 8/9
        kind, limits = ("signed", None) if signed else ("gray", (0.0, 1.0))
        small = figure.add_subplot(grid[row, 2 * column])
        pixels(small, kernel, title=name, kind="signed")
        large = figure.add_subplot(grid[row, 2 * column + 1])
        pixels(large, out, kind=kind, limits=limits, title=size_text(out))
    return _signed(figure.described(says), by)


@checks_arguments
def row_profile(
    row: Line, derivative: Line, *, picture: Matrix | None = None, at: Index = 0
) -> LessonFigure:
    """Return a row of gray values (W,) above its differences, with the steepest place marked.

    row: gray values. derivative: (W - k + 1,), each drawn at the middle of its window of k.
    picture: (H, W), drawn beside them with a line along row `at`, where the row was taken from it.
    """
    if len(row) < len(derivative):
        raise ValueError(
            f"row has {len(row)} values and derivative {len(derivative)}, which is more"
        )
    first = (len(row) - len(derivative)) // 2  # the column in the middle of the first window
    steepest = int(derivative.abs().argmax())
    column, height = first + steepest, float(derivative[steepest])
    figure = LessonFigure(figsize=(8.6 if picture is not None else 6.4, 3.2), layout="constrained")
    grid = figure.add_gridspec(2, 1 if picture is None else 2)
    above = figure.add_subplot(grid[0, -1])
    below = figure.add_subplot(grid[1, -1], sharex=above)
    _values(above, row, f"The row is steepest at column {column}")
    _differences(below, derivative, first, (column, height))
    said = "gray values along one row,"
    if picture is not None:
        inside("at", (at,), picture.shape[:1])
        _taken_from(figure.add_subplot(grid[:, 0]), picture, at)
        said = f"a picture with a line along its row {at}; the gray values along that row,"
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # so that a line of makers finds room below
    return figure.described(
        f"{said} and below them their differences,",
        f"largest in size ({minus(height, '.2f')}) at column {column}, where the row steps.",
    )


def _values(ax: Axes, row: Tensor, title: str) -> None:
    ax.plot(row.tolist(), color=INK, drawstyle="steps-mid")
    ax.tick_params(labelbottom=False)
    ax.set_ylabel("gray value")
    ax.set_title(title, fontsize=10)


def _differences(ax: Axes, values: Tensor, first: int, steepest: tuple[int, float]) -> None:
    columns = range(first, first + len(values))
    ax.plot(columns, values.tolist(), color=INK, drawstyle="steps-mid")
    ax.axhline(0, color=GRAY, linewidth=0.6)
    ax.plot(*[[part] for part in steepest], "o", color=ACCENT)
    up = steepest[1] > 0
    ax.annotate(minus(steepest[1], ".2f"), steepest, xytext=(0, 6 if up else -6),
                textcoords="offset points", ha="center", va="bottom" if up else "top",
                color=ACCENT_INK)  # fmt: skip
    ax.margins(y=0.45)  # room for that number
    ax.set_ylabel("difference")
    ax.set_xlabel("column")


def _taken_from(ax: Axes, picture: Tensor, row: int) -> None:
    pixels(ax, picture, title=f"row {row} of the picture", numbers=False, grid=False)
    ax.axhline(row, color=ACCENT, linewidth=1.5)


def _signed(figure: LessonFigure, by: Correlation) -> LessonFigure:
    return figure.by(by)


def _kind(x: Tensor) -> str:
    return "signed" if x.min() < 0 else "gray"


def _limits(x: Tensor) -> tuple[float, float] | None:
    """Return the ends of the scale of gray values: 0 is black, also where no pixel is 0."""
    return (0.0, float(x.max())) if x.min() >= 0 and x.max() > 0 else None
