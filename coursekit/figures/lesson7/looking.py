"""Figures of where a network looks: heat on a picture, and a patch that covers it."""

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
from coursekit.figures.marks import ACCENT, INK

__all__ = ["covering", "heat_maps"]

Pixels: TypeAlias = Annotated[Tensor, partial(drawable, axes="(N, 3, H, W)")]
Heats: TypeAlias = Annotated[Tensor, partial(drawable, axes="(N, K, H, W)")]


@checks_arguments
def heat_maps(
    images: Pixels, heats: Heats, names: Some[Some[str]], *, titles: Some[str], says: str
) -> LessonFigure:
    """Return each picture (3, H, W) beside the same with the heat of several classes laid on.

    images: (N, 3, H, W). heats: (N, K, H, W), from 0 to 1. names: for each picture those of the K
    classes. titles: one for each picture; one that begins with a cross marks it with a red frame.
    """
    N, _, H, W = images.shape
    if heats.shape[0] != N or heats.shape[2:] != (H, W):
        raise ValueError(
            f"heats has shape {tuple(heats.shape)}; expected {(N, 'classes', H, W)}".replace(
                "'", ""
            )
        )
    one_each("titles", titles, N, "of the images")
    one_each("names", names, N, "of the images")
    K = heats.shape[1]
    for of_one in names:
        one_each("names", of_one, K, "of the maps")
    figure = LessonFigure(figsize=(1.75 * (1 + K), 2.05 * N), layout="constrained")
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
def covering(image: Colour, chances: Matrix, *, side: Count, name: str) -> LessonAnimation:
    """Return a gray patch that moves over a picture, and what the network still says, one a frame.

    image: (3, H, W), of one shade of gray in the frames. chances: (rows, columns), the probability
    of the class `name` while the patch of side×side pixels covers that place; places are evenly
    spread from the upper left corner to the lower right.
    """
    _, H, W = image.shape
    rows, columns = chances.shape
    gray = image.float().mean(dim=0)[::2, ::2].numpy()
    steps = [(H - side) / max(1, rows - 1), (W - side) / max(1, columns - 1)]
    values = chances.flatten().tolist()

    def paint(ax: Axes, frame: int) -> None:
        row, column = divmod(frame, columns)
        ax.imshow(gray, cmap="gray", extent=(0, W, H, 0), interpolation="nearest")
        corner = column * steps[1], row * steps[0]
        ax.add_patch(Rectangle(corner, side, side, facecolor="#808080", edgecolor=ACCENT))
        _map(ax, values[: frame + 1], (rows, columns), left=W * 1.08, size=(H, W))
        ax.text(W / 2, -0.03 * H, f"{name}: {values[frame]:.2f}", ha="center", fontsize=10)
        ax.text(W * 1.58, -0.03 * H, "what is left of it", ha="center", fontsize=10)
        ax.set(xlim=(0, W * 2.08), ylim=(H, -0.12 * H), aspect="equal")
        ax.axis("off")

    least = min(range(len(values)), key=values.__getitem__)
    says = (
        f"a gray patch of {side}×{side} pixels moves over the picture. {name} has a probability of "
        f"{max(values):.2f} where it covers little of use, and of {values[least]:.2f} where it "
        f"stands in row {least // columns + 1} of {rows}, column {least % columns + 1}."
    )
    return LessonAnimation(paint, len(values), says=says, size=(5.2, 2.8), milliseconds=140)


def _map(
    ax: Axes, values: Sequence[float], shape: tuple[int, int], *, left: float, size: tuple[int, int]
) -> None:
    """Draw what is known so far as cells from dark, little left, to light."""
    high, wide = size[0] / shape[0], size[1] / shape[1]
    for place, value in enumerate(values):
        row, column = divmod(place, shape[1])
        shade = str(round(15 * value) / 15)  # few shades: few bytes
        corner = left + column * wide, row * high
        ax.add_patch(Rectangle(corner, wide, high, facecolor=shade, edgecolor="#999999", lw=0.4))
