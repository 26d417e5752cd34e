"""Figures of a window that slides over an image: input, kernel and output, side by side."""

from __future__ import annotations

from torch import Tensor

from coursekit import ops
from coursekit.contracts import Index, Line, Matrix, Named, checks_arguments, fit_on, inside
from coursekit.figures.canvas import LessonFigure, as_text, minus, panels, pixels, size_text
from coursekit.figures.marks import ACCENT, GRAY, INK, outline

__all__ = ["correlation", "feature_maps", "filmstrip", "row_profile"]


@checks_arguments
def correlation(
    x: Matrix, kernel: Matrix, *, at: tuple[Index, Index] | None = None, title: str = ""
) -> LessonFigure:
    """Return input | kernel | feature map, with the window that makes pixel `at` outlined.

    x: (H, W). kernel: (kH, kW), both small enough to print their numbers. at: (row, column).
    """
    out = ops.corr2d(x, kernel)
    figure, (left, middle, right) = panels([x.shape, kernel.shape, out.shape], pixel=0.42)
    pixels(left, x, title=f"input {size_text(x)}", kind=_kind(x))
    pixels(middle, kernel, title=f"kernel {size_text(kernel)}", kind="signed")
    pixels(right, out, title=title or f"feature map {size_text(out)}", kind=_kind(out))
    said = [
        f"input {size_text(x)}, kernel {as_text(kernel)},",
        f"feature map {size_text(out)}: {as_text(out)}.",
    ]
    if at is not None:
        inside("at", at, out.shape)
        outline(left, *at, tuple(kernel.shape), "the window")
        outline(right, *at, (1, 1), "its sum")
        said.append(f"The window at row {at[0]}, column {at[1]} gives {out[at]:g}.")
    return figure.described(*said)


@checks_arguments
def filmstrip(x: Matrix, kernel: Matrix) -> LessonFigure:
    """Return every position of the kernel (kH, kW) over x (H, W), titled with its sum."""
    kH, kW = kernel.shape
    out = ops.corr2d(x, kernel)
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
    return figure.described(
        f"the {kH}×{kW} window at its {H * W} positions over the {size_text(x)} input,",
        f"row by row; its sums are {as_text(out)}.",
    )


@checks_arguments
def feature_maps(x: Matrix, kernels: Named[Matrix], *, says: str) -> LessonFigure:
    """Return one row for each named kernel (kH, kW): its numbers, and what it makes of x (H, W).

    Kernels that sum to zero give signed maps, drawn centred at zero.
    """
    fit_on("kernels", kernels, "x", x)
    figure = LessonFigure(figsize=(8.6, 2.35 * -(-len(kernels) // 2)))
    grid = figure.add_gridspec(
        -(-len(kernels) // 2), 4, width_ratios=[0.62, 1, 0.62, 1], hspace=0.28, wspace=0.12,
        left=0.02, right=0.98, top=0.94, bottom=0.02,
    )  # fmt: skip
    for place, (name, kernel) in enumerate(kernels.items()):
        row, column = divmod(place, 2)
        out = ops.corr2d(x, kernel)
        signed = abs(float(kernel.sum())) < 1e-6  # such as -1/9 eight times and 8/9
        kind, limits = ("signed", None) if signed else ("gray", (0.0, 1.0))
        small = figure.add_subplot(grid[row, 2 * column])
        pixels(small, kernel, title=name, kind="signed")
        large = figure.add_subplot(grid[row, 2 * column + 1])
        pixels(large, out, kind=kind, limits=limits, title=size_text(out))
    return figure.described(says)


@checks_arguments
def row_profile(row: Line, derivative: Line) -> LessonFigure:
    """Return a row of gray values (W,) above its differences, with the steepest place marked.

    row: gray values. derivative: (W - k + 1,), each drawn at the middle of its window of k.
    """
    if len(row) < len(derivative):
        raise ValueError(
            f"row has {len(row)} values and derivative {len(derivative)}, which is more"
        )
    first = (len(row) - len(derivative)) // 2  # the column in the middle of the first window
    steepest = int(derivative.abs().argmax())
    at, height = first + steepest, float(derivative[steepest])
    figure = LessonFigure(figsize=(6.4, 3.2), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    above.plot(row.tolist(), color=INK, drawstyle="steps-mid")
    above.set_ylabel("gray value")
    above.set_title(
        f"The steepest step in the row is where its difference is largest: column {at}", fontsize=10
    )
    columns = range(first, first + len(derivative))
    below.plot(columns, derivative.tolist(), color=INK, drawstyle="steps-mid")
    below.axhline(0, color=GRAY, linewidth=0.6)
    below.plot([at], [height], "o", color=ACCENT)
    below.annotate(minus(height, ".2f"), (at, height), xytext=(8, -4),
                   textcoords="offset points", color=ACCENT)  # fmt: skip
    below.margins(y=0.2)
    below.set_ylabel("difference")
    below.set_xlabel("column")
    return figure.described(
        "gray values along one row, and below them their differences,",
        f"largest in size ({minus(height, '.2f')}) at column {at}, where the row steps.",
    )


def _kind(x: Tensor) -> str:
    return "signed" if x.min() < 0 else "gray"
