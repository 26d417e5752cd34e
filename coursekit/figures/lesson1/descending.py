"""Figures of gradient descent: where it goes on a curve, how fast, and on a loss of two weights."""

from __future__ import annotations

from collections.abc import Callable

import torch
from matplotlib.axes import Axes
from torch import Tensor

from coursekit import arguments
from coursekit.contracts import Count, Curve, Length, Named, Places, Span, checks_arguments
from coursekit.figures.animation import LessonAnimation
from coursekit.figures.canvas import LessonFigure, minus
from coursekit.figures.marks import ACCENT, ACCENT_INK, BLUE, GRAY, GREEN, INK

__all__ = ["descent_animation", "descents", "ending", "errors", "loss_contours", "start_question"]

STYLES = ((BLUE, "o-"), (GREEN, "s--"), (INK, "^-."), (ACCENT, "D:"))  # of up to four paths
SETTLED = 0.01  # how little the last places may differ
LAST = 8  # places that are looked at to tell whether a path has settled
FAR = 10  # times as far from 0 as the start: then the path runs away


def ending(path: Tensor) -> str:
    """Return how a path (T,) of places x ends, in words.

    Raises ValueError where the path has no place on it.

    >>> ending(torch.tensor([4.0, 3.0, 3.0])), ending(torch.tensor([1.0, -30.0]))
    ('settles at 3.00', 'runs away')
    >>> ending(torch.tensor([18.0, -12.0, 18.0, -12.0]))
    'bounces between −12 and 18'
    """
    if arguments.tensor("path", path, "(T,)", real=True).numel() == 0:
        raise ValueError("path is empty; expected a place to end at")
    last = path[-min(LAST, len(path) // 2 + 1) :]
    low, high = float(last.min()), float(last.max())
    if max(-low, high) > FAR * max(1.0, float(path[0].abs())):
        return "runs away"
    if high - low < SETTLED:
        return f"settles at {minus(float(path[-1]), '.2f')}"
    steps = last.diff()
    to_and_fro = bool((steps[1:] * steps[:-1] < 0).all())
    how = "bounces" if to_and_fro else "still"
    return f"{how} between {_place(low)} and {_place(high)}"


def _place(x: float) -> str:
    """Return x to two decimals, or as the whole number that it is."""
    return minus(x, ".2f").removesuffix(".00")


@checks_arguments
def descents(
    function: Callable[[Tensor], Tensor],
    paths: Named[Curve],
    *,
    between: Span,
    columns: Count = 4,
) -> LessonFigure:
    """Return the function on `between`, with one path (T,) a panel; each title says how it ends.

    function: places x (M,) to heights (M,). paths: places x, the start first.
    """
    columns = min(columns, len(paths))
    rows = -(-len(paths) // columns)
    size = (min(3.9, 8.3 / columns) * columns, (2.4 if columns > 2 else 2.6) * rows)
    figure = LessonFigure(figsize=size, layout="constrained")
    said = []
    for place, (name, path) in enumerate(paths.items(), start=1):
        ax = figure.add_subplot(rows, columns, place)
        _curve(ax, function, between)
        _walk(ax, function, path)
        ax.set_title(f"{name}\n{ending(path)}", fontsize=9, color=INK)
        said.append(f"{name}: {ending(path)}")
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # so that a line below can make room for itself
    many = "a descent" if len(paths) == 1 else f"{len(paths)} descents"
    return figure.described(
        f"a curve with {many} on it, from a square to a star;",
        f"{'; '.join(said)}.",
    )


@checks_arguments
def errors(paths: Named[Curve], target: float, *, steps: Count = 20) -> LessonFigure:
    """Return how far each path (T,) is from the target at each step, on a log scale.

    Draws up to four paths of three places or more, and of each the first `steps` steps.
    """
    figure = LessonFigure(figsize=(6.4, 2.9), layout="constrained")
    ax = figure.subplots()
    said = []
    for (name, path), (colour, style) in zip(paths.items(), STYLES, strict=False):
        if len(path) < 3:
            raise ValueError(f"paths[{name!r}] has {len(path)} places; expected at least 3")
        away = (path[: steps + 1] - target).abs().clamp(min=1e-9)  # zero has no logarithm
        ax.semilogy(away, style, color=colour, markersize=4, label=name)
        said.append(f"{name}: {away[0]:g}, then {away[1]:g}, then {away[2]:g}")
    ax.set(xlabel="step", ylabel=f"distance from {target:g}", ylim=(1e-4, 1e4))
    ax.set_title("Each step multiplies the error by the same number: straight lines", fontsize=10)
    ax.set_xticks(range(0, steps + 1, 5))
    ax.legend(fontsize=9, loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    return figure.described(
        "distance from the minimum at each step, on a log scale, where every descent is a straight",
        f"line; {'; '.join(said)}.",
    )


@checks_arguments
def loss_contours(
    loss: Callable[[Tensor], Tensor],
    paths: Named[Places],
    *,
    reach: Length = 10.0,
) -> LessonFigure:
    """Return the contours of a loss of two weights, with one path (T, 2) a panel.

    loss: places (M, 2) to values (M,), with its minimum at (0, 0). The panel reaches from -reach
    to reach both ways.
    """
    figure = LessonFigure(figsize=(8.3, 3.1), layout="constrained")
    along = torch.linspace(-reach, reach, 120, dtype=torch.float64)
    values = loss(torch.cartesian_prod(along, along)).reshape(120, 120).T  # rows are w_2
    said = []
    grid = figure.subplots(1, len(paths), squeeze=False)[0]
    for ax, (name, path) in zip(grid, paths.items(), strict=True):
        ax.contour(along, along, values.sqrt(), levels=9, colors=GRAY, linewidths=0.8)
        ax.plot(*path.T, "o-", color=BLUE, markersize=3, linewidth=1)
        ax.plot(*path[0], "s", color=INK, markersize=7)
        ax.plot(0, 0, "*", color=ACCENT, markersize=11)
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach), xlabel="$w_1$", ylabel="$w_2$")
        ax.set_aspect("equal")
        values_there = loss(path)
        found = f"loss {values_there[0]:.3g} → {values_there[-1]:.3g} in {len(path) - 1} steps"
        ax.set_title(f"{name}\n{found}", fontsize=9, color=INK)
        said.append(f"{name}: {found}")
    return figure.described("paths over the contours of a long valley;", f"{'; '.join(said)}.")


@checks_arguments
def start_question(
    function: Callable[[Tensor], Tensor], start: float, *, between: Span
) -> LessonFigure:
    """Return the function with the place where a descent starts, and nothing of how it goes on.

    function: places x (M,) to heights (M,), drawn on `between`. start: a place x.
    """
    figure = LessonFigure(figsize=(5.4, 2.8), layout="constrained")
    ax = figure.subplots()
    _curve(ax, function, between)
    height = float(function(torch.tensor(start)))
    ax.plot(start, height, "s", color=ACCENT, markersize=9)
    place = {"xytext": (-60, -4), "textcoords": "offset points"}
    ax.annotate(f"start {minus(start)}", (start, height), fontsize=10, color=ACCENT_INK, **place)
    ax.set_title("Which valley does it end in?", fontsize=10, color=INK)
    return figure.described(f"a curve with two valleys; a descent starts at {minus(start)}.")


@checks_arguments
def descent_animation(
    function: Callable[[Tensor], Tensor],
    path: Curve,
    *,
    between: Span,
    says: str,
) -> LessonAnimation:
    """Return one frame for each place of a path (T,): the tangent there, and the way so far."""

    def paint(ax: Axes, step: int) -> None:
        _curve(ax, function, between)
        _walk(ax, function, path[: step + 1])
        here = path[step].clone().requires_grad_()
        (slope,) = torch.autograd.grad(function(here), here)
        reach = (between[1] - between[0]) / 8  # of the tangent, to each side
        ends = torch.stack([path[step] - reach, path[step] + reach])
        ax.plot(ends, function(path[step]) + slope * (ends - path[step]), color=ACCENT, linewidth=2)
        ax.set_title(
            f"step {step}: x = {minus(path[step], '.2f')}, slope {minus(slope, '.2f')}", fontsize=10
        )

    return LessonAnimation(paint, len(path), says=says)


def _curve(ax: Axes, function: Callable[[Tensor], Tensor], between: tuple[float, float]) -> None:
    """Draw the function, and hold the axes to what is seen of it."""
    x = torch.linspace(*between, 300, dtype=torch.float64)
    y = function(x)
    room = 0.06 * float(y.max() - y.min())
    ax.plot(x, y, color=GRAY, linewidth=1.5)
    ax.set(xlim=between, ylim=(float(y.min()) - room, float(y.max()) + room))
    ax.set_xlabel("x", fontsize=9)
    ax.set_ylabel("f(x)", fontsize=9)
    ax.tick_params(labelsize=9)


def _walk(ax: Axes, function: Callable[[Tensor], Tensor], path: Tensor) -> None:
    ax.plot(path, function(path), "o-", color=BLUE, markersize=4, linewidth=0.9)
    ax.plot(path[0], function(path[0]), "s", color=INK, markersize=7)
    ax.plot(path[-1], function(path[-1]), "*", color=ACCENT, markersize=11)
