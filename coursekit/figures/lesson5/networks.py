"""Figures of what stands between convolutions: activations, the shapes of a stack, its times."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor, nn

from coursekit.contracts import Filters, Length, Named, checks_arguments
from coursekit.figures.canvas import LessonFigure
from coursekit.figures.marks import ACCENT, CURVES, GRAY, INK, PALE_BLUE
from coursekit.models import shape_table
from coursekit.shapes import pair

__all__ = ["activations", "network_shapes", "times"]


@checks_arguments
def activations(functions: Named[Callable[[Tensor], Tensor]]) -> LessonFigure:
    """Return the curves of up to six activations beside their slopes, from -4 to 4.

    functions: name -> a function of x (M,) to y (M,) that autograd can follow.
    """
    if len(functions) > len(CURVES):
        raise ValueError(f"functions holds {len(functions)}; expected at most {len(CURVES)}")
    x = torch.linspace(-4, 4, 401, requires_grad=True)
    figure = LessonFigure(figsize=(8.0, 3.3), layout="constrained")
    left, right = figure.subplots(1, 2)
    said, slopes = [], {}
    for (name, function), (colour, style) in zip(functions.items(), CURVES, strict=False):
        y = function(x)
        (slope,) = torch.autograd.grad(y.sum(), x)  # (M,): y[i] depends on x[i] alone
        slopes[name] = slope
        for ax, curve in ((left, y.detach()), (right, slope)):
            ax.plot(x.tolist(), curve.tolist(), color=colour, linestyle=style, label=name)
        said.append(f"{name} {y[0]:.2f}, {y[-1]:.2f}, {slope[-1]:.2f}")
    left.set_title("ReLU and its kin grow, sigmoid and tanh level off", fontsize=10)
    right.set_title(_slope_title(slopes), fontsize=10)
    left.set_ylim(-1.6, 4.1)
    left.legend(frameon=False, fontsize=9)
    for ax in (left, right):
        ax.axhline(0, color=GRAY, linewidth=0.6)
        ax.set_xlabel("what goes in")
    return figure.described(
        "activations and their slopes from -4 to 4. At -4, at 4, and the slope at 4:",
        f"{'; '.join(said)}.",
    )


def _slope_title(slopes: Mapping[str, Tensor]) -> str:
    """Return which of the curves is nowhere steep."""
    name = min(slopes, key=lambda name: float(slopes[name].max()))
    return f"{name[:1].upper()}{name[1:]}'s slope never exceeds {float(slopes[name].max()):.2f}"


@checks_arguments
def network_shapes(model: nn.Sequential, x: Filters) -> LessonFigure:
    """Return a stack as blocks: each as high as its maps, and wider where it has more channels.

    x: a batch (N, C, H, W) that the model takes. Layers that keep the shape are left out.
    """
    stages = _stages(model, x)
    if len(stages) == 1:
        raise ValueError("model has no layer that changes the shape; expected at least one")
    width = 8.3
    figure = LessonFigure(figsize=(width, 2.7))
    ax = figure.add_axes((0.01, 0.0, 0.98, 0.88))
    ax.set(xlim=(0, width), ylim=(0, 2.35))
    ax.axis("off")
    step, tallest = width / len(stages), max(H for _, (_, H, _) in stages)
    for place, (made_by, size) in enumerate(stages):
        _draw_block(ax, (place + 0.5) * step, made_by, size, 1.5 / tallest)
        if place:
            ax.annotate("", (place * step + 0.12, 1.25), (place * step - 0.12, 1.25),
                        arrowprops={"arrowstyle": "->", "color": ACCENT})  # fmt: skip
    (C, H, W), (C_last, H_last, W_last) = stages[0][1], stages[-1][1]
    title = f"maps go from {H}×{W} to {H_last}×{W_last}, channels from {C} to {C_last}"
    figure.text(0.5, 0.92, title.capitalize(), ha="center", fontsize=10)
    said = ", ".join(f"{made_by} {'×'.join(map(str, size))}" for made_by, size in stages)
    return figure.described(f"{title}. In order: {said}.")


def _draw_block(ax: Axes, centre: float, made_by: str, size: tuple[int, ...], pixel: float) -> None:
    C, H, _ = size
    across, up = 0.1 + 0.07 * C**0.5, H * pixel  # roots, or 512 channels would fill the figure
    corner = (centre - across / 2, 1.25 - up / 2)
    ax.add_patch(Rectangle(corner, across, up, facecolor=PALE_BLUE, edgecolor=INK))
    ax.text(centre, 2.12, "×".join(map(str, size)), ha="center", fontsize=9, color=INK)
    ax.text(centre, 0.36, made_by, ha="center", va="top", fontsize=9, color=INK)


def _stages(model: nn.Sequential, x: Tensor) -> list[tuple[str, tuple[int, ...]]]:
    """Return (layer, (C, H, W) of its output) wherever the shape changes."""
    stages = [("input", tuple(x.shape[1:]))]
    for layer, (name, shape, _) in zip(model, shape_table(model, x), strict=True):
        if shape[1:] != stages[-1][1]:
            kH, kW = pair(layer.kernel_size, "kernel_size")
            stages.append((f"{name} {kH}×{kW}", shape[1:]))
    return stages


@checks_arguments
def times(seconds: Named[Length], *, fastest: str) -> LessonFigure:
    """Return how many times as long each way takes as the fastest, as bars on a log scale.

    seconds: name -> seconds, above 0.
    """
    if fastest not in seconds:
        raise ValueError(f"fastest is {fastest!r}; expected one of {', '.join(seconds)}")
    ratios = {name: taken / seconds[fastest] for name, taken in seconds.items()}
    slowest = max(ratios, key=ratios.__getitem__)
    figure = LessonFigure(figsize=(7.2, 0.5 * len(ratios) + 1.1), layout="constrained")
    ax = figure.subplots()
    bars = ax.barh(list(ratios), [max(ratio, 1.02) for ratio in ratios.values()],
                   color=PALE_BLUE, edgecolor=INK)  # fmt: skip
    ax.bar_label(bars, [f"{ratio:,.1f}" for ratio in ratios.values()], padding=4)
    ax.set_xscale("log")
    ax.set_xlim(0.8, 4 * max(ratios.values()))
    ax.invert_yaxis()
    ax.set_xlabel(f"time, as a multiple of {fastest}'s (log scale)")
    ax.set_title(
        f"The same result: {slowest} take {ratios[slowest]:,.0f} times as long as {fastest}",
        fontsize=10,
    )
    said = ", ".join(f"{name} {ratio:.1f}" for name, ratio in ratios.items())
    return figure.described(f"times as multiples of {fastest}'s: {said}.")
