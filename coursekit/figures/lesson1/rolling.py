"""Balls on a curve that move by the steps of a descent: some roll, some fly over a hill."""

from __future__ import annotations

from collections.abc import Callable

import torch
from matplotlib.axes import Axes
from torch import Tensor

from coursekit.contracts import Curve, Named, Span, checks_arguments
from coursekit.figures.animation import LessonAnimation
from coursekit.figures.marks import ACCENT, BLUE, GRAY, INK

__all__ = ["rolling_balls"]

BALLS = ((BLUE, "o"), (ACCENT, "s"))  # of up to two paths
BETWEEN = 6  # frames for each step
FLIGHT = 0.35  # how high a long jump rises, as a share of its length


@checks_arguments
def rolling_balls(
    function: Callable[[Tensor], Tensor], paths: Named[Curve], *, between: Span, says: str
) -> LessonAnimation:
    """Return the paths (T,) as balls that jump from place to place, all at the same time.

    function: places x (M,) to heights (M,), drawn on `between`. paths: one or two of the same
    length, by what names them. A step is a jump in an arc, the higher the longer it is.
    """
    if len(paths) > len(BALLS) or len({len(path) for path in paths.values()}) > 1:
        raise ValueError(f"paths holds {len(paths)}; expected one or two, of the same length")
    steps = len(next(iter(paths.values()))) - 1

    def paint(ax: Axes, frame: int) -> None:
        _ground(ax, function, between)
        step, part = divmod(frame, BETWEEN)
        for (name, path), (colour, marker) in zip(paths.items(), BALLS, strict=False):
            shown = path[: step + 1]
            ax.plot(shown, function(shown), marker, color=colour, markersize=4, alpha=0.45)
            x, y = _flying(function, path, step, part / BETWEEN)
            ax.plot(x, y, marker, color=colour, markersize=11, markeredgecolor=INK, label=name)
        ax.legend(loc="upper center", fontsize=9, frameon=False)
        ax.set_title(f"step {step} of {steps}", fontsize=10)

    count = steps * BETWEEN + 1
    return LessonAnimation(paint, count, says=says, size=(5.4, 3.4), milliseconds=80)


def _flying(
    function: Callable[[Tensor], Tensor], path: Tensor, step: int, part: float
) -> tuple[float, float]:
    """Return where a ball is, a part of the way from one place of its path to the next."""
    ends = path[step : step + 2]
    heights = function(ends)
    length = float(ends[-1] - ends[0])
    arc = 4 * part * (1 - part) * FLIGHT * abs(length)
    x = float(ends[0]) + part * length
    return x, float(heights[0]) + part * float(heights[-1] - heights[0]) + arc


def _ground(ax: Axes, function: Callable[[Tensor], Tensor], between: tuple[float, float]) -> None:
    x = torch.linspace(*between, 200, dtype=torch.float64)
    y = function(x)
    ax.plot(x, y, color=GRAY, linewidth=1.5)
    room = 0.1 * float(y.max() - y.min())
    ax.set(xlim=between, ylim=(float(y.min()) - room, float(y.max()) + 2 * room))
    ax.tick_params(labelsize=9)
    ax.set_xlabel("x", fontsize=9)
    ax.set_ylabel("f(x)", fontsize=9)
