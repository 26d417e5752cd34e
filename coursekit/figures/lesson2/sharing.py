"""The weights of a fully connected layer, which become the few of one kernel."""

from __future__ import annotations

from typing import NamedTuple

import torch
from matplotlib.axes import Axes
from torch import Tensor

from coursekit.contracts import Count, Matrix, checks_arguments
from coursekit.figures.animation import LessonAnimation
from coursekit.figures.marks import ACCENT, GRAY, INK, outline

__all__ = ["dense_to_kernel"]

LEVELS = 4  # shades of purple, and as many of orange
GAP = 1.5  # between the unit's weights and all of them, in pixels of the image


class _Frame(NamedTuple):
    unit: int
    says: str
    weights: Tensor  # (H·W, H·W), one row for each unit


@checks_arguments
def dense_to_kernel(image: Matrix, *, reach: Count = 1) -> LessonAnimation:
    """Return the weights of a layer with a unit for each pixel, as they become one kernel.

    image: (H, W), whose pixels above 0 are dotted. reach: how many pixels the kernel sees beyond
    its middle, to each side.

    A frame shows the weights of one unit beside those of all, a row for each unit. At first each
    weight is a number of its own; then all units share theirs, moved along; at last those that lie
    far from the unit are zero. Equal colours are equal weights.
    """
    H, W = image.shape
    if reach >= min(H, W):
        raise ValueError(f"reach is {reach}; expected less than {min(H, W)}, a side of the image")
    frames = _frames(H, W, reach)

    def paint(ax: Axes, frame: int) -> None:
        unit, says, weights = frames[frame]
        _matrix(ax, weights[unit].view(H, W), left=0, pixel=1)
        rows, columns = (image > 0).nonzero().T.tolist()
        ax.plot(columns, rows, "o", color=INK, markeredgecolor="white", markersize=5)
        row, column = divmod(unit, W)
        outline(ax, row, column, (1, 1))
        left, small = W - 0.5 + GAP, H / (H * W)
        _matrix(ax, weights, left=left + 0.5, pixel=small)
        ax.plot([left - 0.35, left - 0.1], [unit * small - 0.5 + small / 2] * 2, color=ACCENT)
        ax.set(xlim=(-0.6, left + H + 0.1), ylim=(H - 0.4, -0.6), aspect="equal")
        ax.axis("off")
        ax.set_title(says, fontsize=9, color=INK)

    says = (
        f"the weights of one unit on a picture of {H}×{W}, and those of all {H * W} units. "
        f"Fully connected there are {(H * W) ** 2}. Shared by all units there are "
        f"{(2 * H - 1) * (2 * W - 1)}, which move with the unit: stripes across the matrix. "
        f"With those far from the unit erased, {(2 * reach + 1) ** 2} are left, one kernel."
    )
    return LessonAnimation(paint, len(frames), says=says, size=(6.6, 3.5), milliseconds=700)


def _frames(H: int, W: int, reach: int) -> list[_Frame]:
    made = torch.Generator().manual_seed(0)
    own = _levels(torch.randint(2 * LEVELS, (H * W, H * W), generator=made))
    template = _template(H, W, reach, made)
    walk = [round(step * (H * W - 1) / 8) for step in range(9)]  # along the falling diagonal
    shared, count = _shared(template, H, W, max(H, W)), template.numel()
    frames = [_Frame(u, f"fully connected: {own.numel()} weights", own) for u in walk[1:8:3]]
    frames += [_Frame(u, f"the same for all units: {count} weights", shared) for u in walk[1:8]]
    for near in (max(H, W) * 2 // 3, max(H, W) // 3, 2 * reach):
        frames.append(_Frame(walk[7], "far from the unit: erased", _shared(template, H, W, near)))
    few, local = (2 * reach + 1) ** 2, _shared(template, H, W, reach)
    return frames + [_Frame(u, f"near the unit: {few} weights", local) for u in walk[7:3:-1]]


def _template(H: int, W: int, reach: int, made: torch.Generator) -> Tensor:
    """Return weights (2H - 1, 2W - 1) around a unit, every shade among those within its reach."""
    template = _levels(torch.randint(2 * LEVELS, (2 * H - 1, 2 * W - 1), generator=made))
    side = 2 * reach + 1
    near = _levels(torch.randperm(side**2, generator=made) % (2 * LEVELS)).view(side, side)
    template[H - 1 - reach : H + reach, W - 1 - reach : W + reach] = near
    return template


def _levels(index: Tensor) -> Tensor:
    """Return one of the shades for each index: from -1 to 1 without 0."""
    shades = torch.arange(1, LEVELS + 1) / LEVELS
    return torch.cat([shades, -shades])[index]


def _shared(template: Tensor, H: int, W: int, reach: int) -> Tensor:
    """Return a weight (H·W, H·W) for each unit and pixel, which depends on how they lie apart.

    template: (2H - 1, 2W - 1), the unit in its middle. Beyond the reach a weight is 0.
    """
    rows, columns = torch.arange(H), torch.arange(W)
    down = (rows[None, :] - rows[:, None])[:, None, :, None].expand(H, W, H, W)
    right = (columns[None, :] - columns[:, None])[None, :, None, :].expand(H, W, H, W)
    weights = template[down + H - 1, right + W - 1]
    far = (down.abs() > reach) | (right.abs() > reach)
    return weights.masked_fill(far, 0).view(H * W, H * W)


def _matrix(ax: Axes, values: Tensor, *, left: float, pixel: float) -> None:
    H, W = values.shape
    box = (left - 0.5, left - 0.5 + W * pixel, H * pixel - 0.5, -0.5)
    ax.imshow(values.numpy(), cmap="PuOr", vmin=-1.2, vmax=1.2, extent=box, interpolation="nearest")
    ax.plot(*_frame_around(box), color=GRAY, linewidth=0.8)


def _frame_around(box: tuple[float, float, float, float]) -> tuple[list[float], list[float]]:
    left, right, bottom, top = box
    return [left, right, right, left, left], [bottom, bottom, top, top, bottom]
