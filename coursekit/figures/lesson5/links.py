"""A figure of which channels each filter sees: all, a group of them, or one."""

from __future__ import annotations

from matplotlib.axes import Axes
from torch import nn

from coursekit.contracts import Named, checks_arguments
from coursekit.figures.canvas import LessonFigure
from coursekit.figures.marks import BLUE, INK, PALE_BLUE, VERMILION
from coursekit.models import count_parameters

__all__ = ["channel_links"]


@checks_arguments
def channel_links(layers: Named[nn.Module]) -> LessonFigure:
    """Return a panel for each layer: its channels, its filters, and a line for each kernel.

    layers: name -> an nn.Conv2d, or an nn.Sequential of some; the input stands on the left. Lines
    of 1×1 kernels are dashed. A title counts the numbers that are learned.
    Raises ValueError where a layer is no convolution.
    """
    stacks = {name: _convolutions(name, layer) for name, layer in layers.items()}
    widths = [len(stack) for stack in stacks.values()]
    figure = LessonFigure(figsize=(1.1 + 1.15 * sum(widths) + 0.5 * len(widths), 2.6))
    grid = figure.add_gridspec(
        1, len(widths), width_ratios=[width + 0.4 for width in widths], left=0.02, right=0.98,
        top=0.78, bottom=0.1, wspace=0.1,
    )  # fmt: skip
    said = []
    for place, (name, stack) in enumerate(stacks.items()):
        ax = figure.add_subplot(grid[place])
        learned = sum(map(count_parameters, stack))
        counted = " + ".join(str(_kernels(layer)) for layer in stack)
        ax.set_title(f"{name}\n{counted} kernels, {learned} weights", fontsize=9, color=INK)
        _draw(ax, stack)
        said.append(f"{name}: {counted} kernels, {learned} weights")
    return figure.described(
        "channels on the left, filters on the right, and a line from each channel to each filter "
        "that sees it.",
        f"{'; '.join(said)}.",
    )


def _convolutions(name: str, layer: nn.Module) -> list[nn.Conv2d]:
    stack = list(layer) if isinstance(layer, nn.Sequential) else [layer]
    if not stack or not all(isinstance(part, nn.Conv2d) for part in stack):
        kinds = ", ".join(type(part).__name__ for part in stack) or "nothing"
        raise ValueError(f"layers[{name!r}] holds {kinds}; expected nn.Conv2d alone")
    return stack


def _kernels(layer: nn.Conv2d) -> int:
    return layer.out_channels * layer.in_channels // layer.groups


def _draw(ax: Axes, stack: list[nn.Conv2d]) -> None:
    """Draw a stack: its input at x = 0, and layer n's filters at x = n."""
    columns = [stack[0].in_channels, *(layer.out_channels for layer in stack)]
    half = max(columns) / 2
    for x, count in enumerate(columns):
        ax.plot([x] * count, _heights(count), "s", markersize=11, zorder=3,
                color="white" if x == 0 else PALE_BLUE, markeredgecolor=INK)  # fmt: skip
    for left, layer in enumerate(stack):
        _lines(ax, left, layer)
        size = "×".join(map(str, layer.kernel_size))
        ax.text(left + 0.5, -half - 0.2, size, ha="center", va="top", fontsize=9, color=INK)
    ax.set(xlim=(-0.3, len(stack) + 0.3), ylim=(-half - 0.6, half))
    ax.axis("off")


def _heights(count: int) -> list[float]:
    """Return where the channels of a column stand, the first one on top."""
    return [(count - 1) / 2 - place for place in range(count)]


def _lines(ax: Axes, left: int, layer: nn.Conv2d) -> None:
    ins, outs = _heights(layer.in_channels), _heights(layer.out_channels)
    seen, made = layer.in_channels // layer.groups, layer.out_channels // layer.groups
    pointwise = layer.kernel_size == (1, 1)
    style = {"color": VERMILION, "linestyle": "--"} if pointwise else {"color": BLUE}
    for o, y in enumerate(outs):
        first = o // made * seen
        for c in range(first, first + seen):
            ax.plot([left, left + 1], [ins[c], y], linewidth=1.3, zorder=1, **style)
