"""Figures of points in the plane, and of the line or region that tells their labels apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import torch
from matplotlib.axes import Axes
from torch import Tensor

from coursekit.contracts import Count, Curve, Named, Places, Some, checks_arguments
from coursekit.figures.canvas import LessonFigure, minus
from coursekit.figures.marks import ACCENT, BLUE, INK, ORANGE

__all__ = ["neuron", "regions"]

Rule: TypeAlias = Callable[[Tensor], Tensor]  # points (M, 2) to sums (M,), above 0 where label 1

MARKERS = (("o", ORANGE, "label 0"), ("^", BLUE, "label 1"))
SHADES = ("#FBEBC8", "#CFE5F3")
FINE = 160  # points along each side of the grid on which a rule is asked


@checks_arguments
def neuron(inputs: Some[float], weights: Some[float], bias: float) -> LessonFigure:
    """Return the weighted sum and the step that follows it as a diagram, with their numbers.

    inputs and weights: as many numbers each. The output is 1 where sum and bias are above 0.
    """
    if len(inputs) != len(weights):
        raise ValueError(f"inputs has {len(inputs)} and weights {len(weights)}; expected as many")
    products = [x * w for x, w in zip(inputs, weights, strict=True)]
    total = sum(products) + bias
    figure = LessonFigure(figsize=(8.3, 0.72 * (len(inputs) + 1) + 0.5))
    ax = figure.add_axes((0.01, 0.01, 0.98, 0.88))
    ax.set(xlim=(0, 10), ylim=(-0.5, len(inputs) + 0.5))
    ax.axis("off")
    names = [f"$x_{k}$ = {minus(x)}" for k, x in enumerate(inputs, start=1)]
    middle = len(inputs) / 2
    rows = zip([*names, "always 1"], [*weights, bias], [*products, bias], strict=True)
    for row, (name, weight, product) in enumerate(rows):
        height = len(inputs) - row
        _node(ax, 0.9, height, name, INK if row < len(inputs) else ACCENT)
        _node(ax, 2.95, height, f"× {_factor(weight)} = {minus(product)}", "white")
        _arrow(ax, (1.65, height), (2.05, height))
        _arrow(ax, (3.95, height), (5.2, middle))
    _node(ax, 5.7, middle, f"sum\n{minus(total)}", BLUE)
    _arrow(ax, (6.2, middle), (7.1, middle))
    _node(ax, 7.65, middle, "above\n0?", BLUE)
    _arrow(ax, (8.2, middle), (9.0, middle))
    fires = int(total > 0)
    _node(ax, 9.45, middle, f"o = {fires}", "white")
    ax.set_title(f"A weighted sum of {minus(total)}, so the output is {fires}", fontsize=10)
    pairs = zip([*inputs, 1], [*weights, bias], strict=True)
    terms = " + ".join(f"{_factor(x)}·{_factor(w)}" for x, w in pairs)
    return figure.described(
        f"inputs {', '.join(map(minus, inputs))} and a constant 1 meet in a sum, each with its",
        f"weight: {terms} = {minus(total)}; a step makes it {fires}.",
    )


@checks_arguments
def regions(
    panels: Named[tuple[Places, Curve, Rule | None]], *, says: str, columns: Count = 3
) -> LessonFigure:
    """Return labelled points, and where a rule says 0 and 1, in one panel for each name.

    panels: name -> points (N, 2), labels (N,) of 0 and 1, and a rule from points (M, 2) to sums
    (M,), above 0 for label 1; or None in its place, to draw the points alone.
    Under each name stands how many points the rule gets wrong.
    """
    for name, (x, labels, _) in panels.items():
        if len(x) != len(labels) or not ((labels == 0) | (labels == 1)).all():
            raise ValueError(f"panels[{name!r}] has {len(x)} points; expected a 0 or 1 for each")
    columns = min(columns, len(panels))
    rows = -(-len(panels) // columns)
    width = min(2.9, 8.3 / columns)
    figure = LessonFigure(figsize=(width * columns, (width + 0.35) * rows), layout="constrained")
    said = []
    for place, (name, (x, labels, rule)) in enumerate(panels.items(), start=1):
        ax = figure.add_subplot(rows, columns, place)
        _set_frame(ax, x)
        found = _shade(ax, x, labels, rule) if rule else f"{len(x)} points"
        _scatter(ax, x, labels)
        ax.set_title(f"{name}\n{found}", fontsize=9, color=INK)
        said.append(f"{name}: {found}")
    small = {"fontsize": 9, "handletextpad": 0.1, "labelspacing": 0.2, "borderpad": 0.25}
    figure.axes[0].legend(loc="best", framealpha=0.9, borderaxespad=0.3, **small)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # else square panels move a little with each drawing
    return figure.described(says, f"{'; '.join(said)}.")


def _set_frame(ax: Axes, x: Tensor) -> None:
    """Show all points and the origin, at the same scale both ways."""
    low, high = x.amin(dim=0).clamp(max=0) - 0.3, x.amax(dim=0).clamp(min=0) + 0.3
    centre, half = (low + high) / 2, float((high - low).max()) / 2
    for limit, middle in zip((ax.set_xlim, ax.set_ylim), centre.tolist(), strict=True):
        limit(middle - half, middle + half)
    ax.set_aspect("equal")
    ax.tick_params(labelsize=9)
    ax.set_xlabel("$x_1$", fontsize=9, labelpad=1)
    ax.set_ylabel("$x_2$", fontsize=9, labelpad=1)
    ax.plot([0], [0], "+", color=INK, markersize=9, zorder=3)


def _shade(ax: Axes, x: Tensor, labels: Tensor, rule: Rule) -> str:
    """Shade where the rule says 0 and 1, draw the border, and return how many points are wrong."""
    across, down = (torch.linspace(*limits, FINE) for limits in (ax.get_xlim(), ax.get_ylim()))
    grid = torch.cartesian_prod(down, across).flip(1)  # (FINE·FINE, 2), x before y
    with torch.no_grad():
        sums = rule(grid).reshape(FINE, FINE)
        wrong = (rule(x) > 0) != (labels > 0)
    drawn = (across.numpy(), down.numpy(), sums.numpy())
    bounds = (float("-inf"), 0.0, float("inf"))
    ax.contourf(*drawn, levels=bounds, colors=SHADES, hatches=(None, "..."))
    if sums.min() <= 0 < sums.max():
        ax.contour(*drawn, levels=(0.0,), colors=INK, linewidths=1.5)
    ring = {"facecolors": "none", "edgecolors": ACCENT, "linewidths": 1.3, "zorder": 4}
    ax.scatter(*x[wrong].T.numpy(), s=70, **ring)
    return f"{int(wrong.sum())} of {len(x)} wrong"


def _scatter(ax: Axes, x: Tensor, labels: Tensor) -> None:
    edge = {"edgecolors": INK, "linewidths": 0.4, "zorder": 3}
    for value, (marker, colour, name) in enumerate(MARKERS):
        chosen = x[labels == value].T.numpy()
        ax.scatter(*chosen, s=16, marker=marker, color=colour, label=name, **edge)


def _node(ax: Axes, x: float, y: float, text: str, colour: str) -> None:
    box = {
        "boxstyle": "round,pad=0.45",
        "facecolor": "white",
        "edgecolor": colour,
        "linewidth": 1.5,
    }
    ax.text(
        x, y, text, ha="center", va="center", fontsize=11, color=INK, bbox=box | {"linewidth": 1.5}
    )


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    style = {"arrowstyle": "->", "color": "#666666", "linewidth": 1.2}
    ax.annotate("", end, start, arrowprops=style)


def _factor(value: float) -> str:
    return minus(value) if value >= 0 else f"({minus(value)})"
