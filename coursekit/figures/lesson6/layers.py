"""A network from its picture to its classes: maps as large and as many as they are."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor, nn

from coursekit.contracts import Filters, checks_arguments
from coursekit.figures.canvas import LessonFigure
from coursekit.figures.marks import ACCENT, ACCENT_INK, INK, PALE_BLUE
from coursekit.models import count_parameters, shape_table

__all__ = ["network_picture"]

Stage = tuple[str, tuple[int, ...], int]  # the layers' names, the shape behind them, parameters
WIDTH, HEIGHT, MIDDLE = 8.6, 2.75, 1.45  # inches
LARGEST, LONGEST = 0.66, 1.15  # inches of the largest map, and of a row of 400 numbers
LEAF = 0.03  # inches between the maps of a stack


@checks_arguments
def network_picture(model: nn.Sequential, x: Filters) -> LessonFigure:
    """Return the network as a picture: maps as stacks of squares, rows of numbers as bars.

    x: a batch (N, C, H, W) that the model takes. Layers that keep the shape are left out, and
    their parameters are too: they have none in LeNet.
    """
    stages = _stages(model, x)
    if len(stages) == 1:
        raise ValueError("model has no layer that changes the shape; expected at least one")
    figure = LessonFigure(figsize=(WIDTH, HEIGHT))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))
    ax.axis("off")
    step = WIDTH / len(stages)
    largest = max(shape[1] for _, shape, _ in stages if len(shape) == 3)
    for place, stage in enumerate(stages):
        _draw(ax, (place + 0.5) * step, stage, largest)
        if place:
            ax.annotate("", (place * step + 0.09, MIDDLE), (place * step - 0.09, MIDDLE),
                        arrowprops={"arrowstyle": "->", "color": ACCENT})  # fmt: skip
    title = f"{_size(stages[0][1])} go in, {_size(stages[-1][1])} come out"
    figure.suptitle(f"{title}: {count_parameters(model):,} parameters", fontsize=10, y=0.98)
    said = ", ".join(f"{name} {_size(shape)}" for name, shape, _ in stages)
    return figure.described(f"{title}. In order: {said}.")


def _draw(ax: Axes, centre: float, stage: Stage, largest: int) -> None:
    name, shape, parameters = stage
    if len(shape) == 3:
        _draw_maps(ax, centre, shape, LARGEST / largest)
    else:
        up = LONGEST * min(1.0, shape[0] / 400) ** 0.5  # roots, or ten classes would be a dot
        ax.add_patch(Rectangle((centre - 0.06, MIDDLE - up / 2), 0.12, up,
                               facecolor=PALE_BLUE, edgecolor=INK, linewidth=0.8))  # fmt: skip
    ax.text(centre, 2.3, _size(shape), ha="center", fontsize=9, color=INK)
    ax.text(centre, 0.62, name, ha="center", va="top", fontsize=9, color=INK)
    if parameters:
        ax.text(centre, 0.14, f"{parameters:,}", ha="center", fontsize=9, color=ACCENT_INK)


def _draw_maps(ax: Axes, centre: float, shape: tuple[int, ...], pixel: float) -> None:
    C, H, W = shape
    leaves = min(C, 6)  # more than six would hide the size of one
    shift = LEAF * (leaves - 1) / 2
    for leaf in range(leaves):
        moved = shift - LEAF * leaf
        corner = (centre - W * pixel / 2 + moved, MIDDLE - H * pixel / 2 + moved)
        ax.add_patch(Rectangle(corner, W * pixel, H * pixel, facecolor=PALE_BLUE, edgecolor=INK,
                               linewidth=0.8))  # fmt: skip


def _stages(model: nn.Sequential, x: Tensor) -> list[Stage]:
    """Return (layer, shape without N, parameters) for the input and each change of shape."""
    stages: list[Stage] = [("input", tuple(x.shape[1:]), 0)]
    for layer, (name, shape, parameters) in zip(model, shape_table(model, x), strict=True):
        if shape[1:] != stages[-1][1]:
            stages.append((_named(name, layer), shape[1:], parameters))
    return stages


def _named(name: str, layer: nn.Module) -> str:
    plain = {"Conv2d": "convolution", "MaxPool2d": "pooling", "AvgPool2d": "pooling",
             "Flatten": "flattened", "Linear": "dense"}.get(name, name)  # fmt: skip
    size = getattr(layer, "kernel_size", None)
    return f"{plain}\n{size}×{size}" if isinstance(size, int) else _with_pair(plain, size)


def _with_pair(plain: str, size: tuple[int, int] | None) -> str:
    return f"{plain}\n{size[0]}×{size[1]}" if size else plain


def _size(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))
