"""Figures of where a network looks: heat on a picture, and a window that shows a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, TypeAlias

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor

from coursekit.arguments import drawable
from coursekit.contracts import Colour, Count, Matrix, Some, checks_arguments, one_each
from coursekit.figures.animation import LessonAnimation
from coursekit.figures.canvas import LessonFigure
from coursekit.figures.lesson7.colours import colour
from coursekit.figures.marks import ACCENT, GRAY, INK

__all__ = ["heat_maps", "peephole"]

APART = 0.07  # inches above and below a row: where rows are parted for slides
SHADES = 12  # of gray in a moving picture: few shades and coarse pixels are few bytes
Pixels: TypeAlias = Annotated[Tensor, partial(drawable, axes="(N, 3, H, W)")]
Heats: TypeAlias = Annotated[Tensor, partial(drawable, axes="(N, K, H, W)")]


@checks_arguments
def heat_maps(
    images: Pixels, heats: Heats, names: Some[Some[str]], *, titles: Some[str], says: str
) -> LessonFigure:
    """Return each picture (3, H, W) beside the same with the heat of several classes laid on.

    images: (N, 3, H, W). heats: (N, K, H, W), from 0 to 1. names: for each picture those of the K
    classes. titles: one for each picture; one that begins with a cross marks it with a thick frame.
    A white line goes around what has more than half of the greatest heat.
    """
    N, _, H, W = images.shape
    if heats.shape[0] != N or heats.shape[2:] != (H, W):
        raise ValueError(
            f"heats has shape {tuple(heats.shape)} for images {tuple(images.shape)}; "
            f"expected ({N}, classes, {H}, {W})"
        )
    one_each("titles", titles, N, "of the images")
    one_each("names", names, N, "of the images")
    K = heats.shape[1]
    for of_one in names:
        one_each("names", of_one, K, "of the maps")
    figure = LessonFigure(figsize=(1.75 * (1 + K), 2.1 * N), layout="constrained")
    figure.get_layout_engine().set(h_pad=APART)
    grid = figure.subplots(N, 1 + K, squeeze=False)
    for row, image, of_one, called, title in zip(grid, images, heats, names, titles, strict=True):
        colour(row[0], image, title)
        wrong = title.startswith("✗")
        for side in row[0].spines.values():
            side.set(edgecolor=ACCENT if wrong else INK, linewidth=3 if wrong else 0.8)
        for ax, heat, name in zip(row[1:], of_one, called, strict=True):
            _lay(ax, image, heat, name)
    return figure.described(says)


def _lay(ax: Axes, image: Tensor, heat: Tensor, name: str) -> None:
    """Draw heat (H, W) on a picture (3, H, W) in gray: heat in colour reads on gray alone."""
    ax.imshow(image.float().mean(dim=0).numpy(), cmap="gray", interpolation="nearest")
    if heat.max() > 0:
        ax.imshow(heat.numpy(), cmap="inferno", alpha=0.55, vmin=0, vmax=1)
        ax.contour(heat.numpy(), levels=[0.5], colors=["white"], linewidths=1.2)
    ax.set_title(f"for {name}" if heat.max() > 0 else f"for {name}: nothing", fontsize=9, color=INK)
    ax.set_xticks([])
    ax.set_yticks([])


@checks_arguments
def peephole(
    image: Colour, chances: Matrix, called: Some[str], *, side: Count, name: str
) -> LessonAnimation:
    """Return a window that moves over a picture, and what the network says to it, one a frame.

    image: (3, H, W), drawn in gray. chances: (rows, columns), the probability of `name` while only
    the window of side×side pixels at that place is shown; places are evenly spread from the upper
    left corner to the lower right. called: what the network calls it there, row by row.
    """
    _, H, W = image.shape
    rows, columns = chances.shape
    one_each("called", called, rows * columns, "of the places")
    if side > min(H, W):
        raise ValueError(f"side is {side}; expected at most {min(H, W)}, a side of the image")
    gray = (image.float().mean(dim=0) / image.max() * SHADES).round().numpy()
    steps = [(H - side) / max(1, rows - 1), (W - side) / max(1, columns - 1)]
    values = chances.flatten().tolist()

    def paint(ax: Axes, frame: int) -> None:
        row, column = divmod(frame, columns)
        top, left = round(row * steps[0]), round(column * steps[1])
        ax.add_patch(Rectangle((0, 0), W, H, facecolor="#808080"))
        box = (left, left + side, top + side, top)
        ax.imshow(gray[top : top + side : 3, left : left + side : 3], cmap="gray", extent=box,
                  vmin=0, vmax=SHADES, zorder=2)  # fmt: skip
        _map(ax, values[: frame + 1], (rows, columns), left=W * 1.08, size=(H, W))
        ax.text(W / 2, -0.03 * H, f"called {called[frame]}", ha="center", fontsize=10)
        ax.text(W * 1.58, -0.03 * H, f"{name}: {values[frame]:.2f}", ha="center", fontsize=10)
        ax.set(xlim=(0, W * 2.08), ylim=(H, -0.14 * H), aspect="equal")
        ax.axis("off")

    most, least = (pick(range(len(values)), key=values.__getitem__) for pick in (max, min))
    says = (
        f"a window of {side}×{side} pixels moves over the picture, the rest is gray. {name} is "
        f"given {values[most]:.2f} in row {most // columns + 1}, column {most % columns + 1} of "
        f"{rows}×{columns} places, and {values[least]:.2f} in row {least // columns + 1}, column "
        f"{least % columns + 1}, where the network calls it {called[least]}."
    )
    return LessonAnimation(paint, len(values), says=says, size=(5.2, 2.8), milliseconds=700)


def _map(
    ax: Axes, values: Sequence[float], shape: tuple[int, int], *, left: float, size: tuple[int, int]
) -> None:
    """Draw what is known so far as cells from black, no chance, to white, with their numbers."""
    high, wide = size[0] / shape[0], size[1] / shape[1]
    for place, value in enumerate(values):
        row, column = divmod(place, shape[1])
        shade = round(7 * value) / 7  # few shades: few bytes
        corner = left + column * wide, row * high
        ax.add_patch(Rectangle(corner, wide, high, facecolor=str(shade), edgecolor=GRAY, lw=0.4))
        ax.text(corner[0] + wide / 2, corner[1] + high / 2, f"{value:.2f}", ha="center",
                va="center", fontsize=9, color=INK if shade > 0.5 else "white")  # fmt: skip
