"""Figures of the way back through a pool: whom the gradient of each output reaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from matplotlib.axes import Axes
from matplotlib.patches import ConnectionPatch
from torch import Tensor

from coursekit import ops
from coursekit.contracts import Count, Matrix, checks_arguments
from coursekit.figures.animation import LessonAnimation
from coursekit.figures.canvas import (
    LessonFigure,
    as_text,
    made_by,
    minus,
    panels,
    pixels,
    size_text,
)
from coursekit.figures.marks import ACCENT, GRAY, INK, ink_on, outline

__all__ = ["gradient_animation", "gradient_routes"]

INSET = 0.06  # pixels, between the frames of windows side by side
LEAN = 0.36  # pixels above or below the middle of a cell: an arrow there crosses no number
STEPS = 5  # frames for each output: its window, three on the way, the arrival
BETWEEN = 1.0  # pixels between the grids of the animation


def _to_winners(x: Tensor, grad_out: Tensor, window: int) -> Tensor:
    return ops.max_pool2d_backward(grad_out, x, window)


@checks_arguments
def gradient_routes(
    x: Matrix,
    grad_out: Matrix,
    window: Count,
    *,
    by: Callable[[Tensor, Tensor, int], Tensor] = _to_winners,
) -> LessonFigure:
    """Return x | gradient at the output | where max pooling and where average pooling send it.

    x: (H, W). grad_out: (H / window, W / window). by: computes dL/dX of max pooling from x,
    grad_out and window. Arrows lead to the winners, which are framed.
    """
    to_max = _sent(x, grad_out, window, by)
    to_mean = ops.avg_pool2d_backward(grad_out, x, window)
    sizes = [x.shape, grad_out.shape, x.shape, x.shape]
    figure, (left, above, most, mean) = panels([tuple(size) for size in sizes], pixel=0.4)
    limit = float(grad_out.abs().max())
    pixels(left, x, title=f"input {size_text(x)}, winners framed", kind="signed")
    for ax, values, title in (
        (above, grad_out, f"dL/dY, {size_text(grad_out)}"),
        (most, to_max, "max: to the winner"),
        (mean, to_mean, "mean: a share for all"),
    ):
        pixels(ax, values, title=title, kind="signed", limits=(-limit, limit))
    winners = _winners(x, window)
    for order, (row, column) in enumerate(winners):
        for ax in (left, most):
            outline(ax, row, column, (1, 1), inset=INSET)
        i, j = divmod(order, grad_out.shape[1])  # the window that this one won
        drop = (x.shape[0] - grad_out.shape[0]) / 2  # both panels have the same middle
        _arrow(figure, (above, i, j), (most, row, column), drop)
    named = ", ".join(f"row {row} column {column}" for row, column in winners)
    figure.described(
        f"the winners of the input {as_text(x)} are at {named}. The gradient",
        f"{as_text(grad_out)} goes to them alone under max pooling: {as_text(to_max)};",
        f"under average pooling every pixel gets its share: {as_text(to_mean)}.",
    )
    return figure.by(by)


@checks_arguments
def gradient_animation(
    x: Matrix,
    grad_out: Matrix,
    window: Count,
    *,
    by: Callable[[Tensor, Tensor, int], Tensor] = _to_winners,
) -> LessonAnimation:
    """Return each output's gradient on its way to the pixel that won its window, one by one.

    Side by side: x (H, W); dL/dX, which fills; dL/dY (H / window, W / window). by: computes dL/dX
    of max pooling from x, grad_out and window.
    """
    way = _WayBack(x, grad_out, _sent(x, grad_out, window, by), window)
    whose = made_by(by)

    def paint(ax: Axes, frame: int) -> None:
        way.paint(ax, *divmod(frame, STEPS))
        ax.set_xlabel(whose, fontsize=9, color=INK)

    says = f"the gradient of each output goes back to the pixel that won its window: {way.told()}."
    if whose:
        says += f" {whose[0].upper()}{whose[1:]}."
    size = 0.36 * (way.right + grad_out.shape[1] + 0.4), 0.36 * (x.shape[0] + 2) + 0.4
    return LessonAnimation(paint, STEPS * grad_out.numel(), says=says, size=size, milliseconds=450)


@dataclass(frozen=True)
class _WayBack:
    """Three grids side by side: x (H, W) | what has arrived of dL/dX (H, W) | dL/dY."""

    x: Tensor
    grad_out: Tensor
    arrived: Tensor
    window: int

    @property
    def middle(self) -> float:
        """Where dL/dX begins."""
        return self.x.shape[1] + BETWEEN

    @property
    def right(self) -> float:
        """Where dL/dY begins."""
        return 2 * self.middle

    def told(self) -> str:
        gradients = self.grad_out.flatten().tolist()
        places = zip(gradients, _winners(self.x, self.window), strict=True)
        return ", ".join(f"{minus(value)} to row {i} column {j}" for value, (i, j) in places)

    def paint(self, ax: Axes, order: int, step: int) -> None:
        """Draw the gradient of one output, in reading order, after some of its steps."""
        H, (rows, columns) = self.x.shape[0], self.grad_out.shape
        winners, drop = _winners(self.x, self.window), (H - rows) / 2
        filled, most = torch.zeros_like(self.arrived), float(self.grad_out.abs().max())
        for place in winners[: order + (step == STEPS - 1)]:
            filled[place] = self.arrived[place]
        _grid(ax, self.x, (0, 0), float(self.x.abs().max()), "X")
        _grid(ax, filled, (self.middle, 0), most, "dL/dX")
        _grid(ax, self.grad_out, (self.right, drop), most, "dL/dY")
        i, j = divmod(order, columns)
        (row, column), value = winners[order], float(self.grad_out[i, j])
        outline(ax, i * self.window, j * self.window, (self.window, self.window), dash="--")
        outline(ax, row, column, (1, 1), inset=INSET)
        ends = (self.right + j, drop + i), (self.middle + column, row)
        if 0 < step < STEPS - 1:
            _token(ax, *ends, step / (STEPS - 1), minus(value))
        won = f"{minus(float(self.x[row, column]))} is the window’s largest"
        ax.set_title(f"{won}: it gets {minus(value)}", fontsize=9, color=INK)
        ax.set(xlim=(-0.7, self.right + columns - 0.3), ylim=(H - 0.3, -1.4), xticks=[], yticks=[])
        ax.set_aspect("equal")
        ax.spines[:].set_visible(False)


def _sent(
    x: Tensor, grad_out: Tensor, window: int, by: Callable[[Tensor, Tensor, int], Tensor]
) -> Tensor:
    if window > min(x.shape):
        raise ValueError(f"window is {window}; expected one that fits x, {size_text(x)}")
    expected = tuple(size // window for size in x.shape)
    if tuple(grad_out.shape) != expected:
        raise ValueError(
            f"grad_out has shape {tuple(grad_out.shape)}; expected {expected}, one number for "
            f"each window of {window}×{window} in {size_text(x)}"
        )
    return by(x, grad_out, window)


def _winners(x: Tensor, window: int) -> list[tuple[int, int]]:
    """Return (row, column) of the pixel that wins each window, in reading order."""
    return [divmod(place, x.shape[1]) for place in ops.winners(x, window).flatten().tolist()]


def _arrow(
    figure: LessonFigure, start: tuple[Axes, int, int], end: tuple[Axes, int, int], drop: float
) -> None:
    """Draw an arrow from a cell to the nearer edge of another, between the numbers on the way.

    drop: how many rows of the second panel lie above the first row of the first one.
    """
    (first, i, j), (second, row, column) = start, end
    lean = LEAN if i else -LEAN
    side = LEAN if drop + i + lean > row else -LEAN
    rows, columns = first.images[0].get_array().shape
    below = i == rows - 1 and j < columns - 1  # else it would lie on the arrow of the last column
    begin = (j, i + 0.5) if below else (j + 0.1, i + lean)
    figure.add_artist(
        ConnectionPatch(
            begin, (column - 0.4, row + side), first.transData, second.transData,
            arrowstyle="-|>", color=ACCENT, linewidth=1.2, alpha=0.8,
            connectionstyle=f"arc3,rad={0.2 if below else 0}",
        )
    )  # fmt: skip


def _grid(ax: Axes, values: Tensor, corner: tuple[float, float], limit: float, name: str) -> None:
    """Draw numbers (H, W) on their colours under their name, the first one at the corner (x, y)."""
    (H, W), (left, top) = values.shape, corner
    box = left - 0.5, left + W - 0.5, top + H - 0.5, top - 0.5
    shown = values.detach().numpy()
    drawn = ax.imshow(
        shown, cmap="PuOr", vmin=-limit, vmax=limit, extent=box, interpolation="nearest"
    )
    grounds = drawn.to_rgba(shown)[..., :3]  # (H, W, 3), 0 to 1
    ax.vlines([left - 0.5 + at for at in range(W + 1)], box[3], box[2], color=GRAY, linewidth=0.6)
    ax.hlines([top - 0.5 + at for at in range(H + 1)], box[0], box[1], color=GRAY, linewidth=0.6)
    style = {"ha": "center", "va": "center", "color": INK}
    ax.text(left + (W - 1) / 2, top - 0.9, name, fontsize=9, **style)
    for place, value in enumerate(values.flatten().tolist()):
        row, column = divmod(place, W)
        style["color"] = ink_on(tuple(grounds[row, column].tolist()))
        ax.text(left + column, top + row, minus(value), fontsize=10, **style)


def _token(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], share: float, text: str
) -> None:
    """Draw a number that has gone a share of its way from one (x, y) to another."""
    x, y = (a + share * (b - a) for a, b in zip(start, end, strict=True))
    ax.plot([start[0], x], [start[1], y], color=ACCENT, linewidth=1.6)
    box = {"boxstyle": "circle,pad=0.25", "facecolor": "white", "edgecolor": ACCENT}
    ax.text(x, y, text, ha="center", va="center", fontsize=10, color=INK, bbox=box)
