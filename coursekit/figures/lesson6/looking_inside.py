"""Figures of what a trained network holds and sees: its kernels, its maps, its probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, TypeAlias

import torch
from matplotlib.axes import Axes
from torch import Tensor

from coursekit.arguments import drawable
from coursekit.contracts import Count, Line, Matrix, Named, Some, Stack, checks_arguments, one_each
from coursekit.figures.canvas import LessonFigure, panels, pixels, size_text
from coursekit.figures.marks import ACCENT_INK, BLUE, INK, PALE_BLUE

__all__ = ["first_kernels", "maps_by_layer", "own_picture"]

Kernels: TypeAlias = Annotated[Tensor, partial(drawable, axes="(C, 1, k, k)")]


@checks_arguments
def first_kernels(before: Kernels, after: Kernels) -> LessonFigure:
    """Return the kernels of a first layer (C, 1, k, k), before training above, after it below."""
    if before.shape != after.shape or not before.any():
        raise ValueError(
            f"before has shape {tuple(before.shape)} and after {tuple(after.shape)}; "
            "expected the same kernels twice, before not all zeros"
        )
    count, _, k, _ = after.shape
    figure, axes = panels([(k, k)] * (2 * count), pixel=0.19, columns=count, gap=0.28)
    limit = float(torch.cat([before, after]).abs().max())
    for place, kernel in enumerate([*before, *after]):
        when = "before" if place < count else "after"
        pixels(axes[place], kernel[0], title=f"{place % count}, {when}", kind="signed",
               limits=(-limit, limit), numbers=False)  # fmt: skip
    moved = (after - before).norm() / before.norm()
    figure.suptitle(
        f"What training added to the {count} kernels is {moved:.0%} as large as what was drawn",
        fontsize=10, y=0.995,
    )  # fmt: skip
    return figure.described(
        f"{count} kernels of {k}×{k} before training and after it, orange negative and purple "
        "positive: some have grown a stroke or an edge, others look much as they were drawn."
    )


@checks_arguments
def maps_by_layer(image: Matrix, maps: Named[Stack], *, columns: Count = 8) -> LessonFigure:
    """Return an image (H, W) and, a row for each layer, the first maps (C, h, w) of that layer.

    Each layer has its own scale, from 0, black, to the largest of its values in size.
    """
    if len(maps) < 2:
        raise ValueError(f"maps holds {len(maps)} layer; expected a first and a last one")
    figure = LessonFigure(figsize=(8.3, 1.12 * len(maps) + 0.45))
    grid = figure.subplots(len(maps), columns + 1, gridspec_kw={"wspace": 0.08, "hspace": 0.28})
    figure.subplots_adjust(left=0.01, right=0.99, top=0.86, bottom=0.01)
    for ax in grid.flat:
        ax.axis("off")
    pixels(grid[0, 0], image, title="image")
    grid[0, 0].axis("on")
    for row, (name, stack) in zip(grid, maps.items(), strict=True):
        largest = float(stack.abs().max()) or 1.0
        for ax, feature_map in zip(row[1:], stack, strict=False):
            ax.axis("on")
            pixels(ax, feature_map, limits=(0, largest), numbers=False, grid=False)
        part = f", the first {columns}" if len(stack) > columns else ""
        row[1].set_title(f"{name}: {size_text(stack)}{part}", fontsize=9, loc="left", color=INK)
    said = ", ".join(f"{name} {size_text(stack)}" for name, stack in maps.items())
    first, *_, last = (size_text(stack) for stack in maps.values())
    figure.suptitle(f"From {first} that still look like the garment to {last} that do not",
                    fontsize=10, y=0.985)  # fmt: skip
    return figure.described(
        f"an image {size_text(image)}, and its feature maps after each layer: {said}."
    )


@checks_arguments
def own_picture(
    pictures: Named[Matrix], probabilities: Some[Line], classes: Some[str]
) -> LessonFigure:
    """Return each picture as the network gets it, (28, 28) uint8, beside what it is called.

    probabilities: (classes,) for each picture, from 0 to 1.
    """
    one_each("probabilities", probabilities, len(pictures), "picture")
    for shares in probabilities:
        one_each("probabilities of a picture", shares, len(classes), "name in classes")
    figure = LessonFigure(figsize=(8.3, 2.75), layout="constrained")
    axes = figure.subplots(1, 2 * len(pictures), width_ratios=[1.25, 1] * len(pictures))
    said = []
    for place, (name, picture) in enumerate(pictures.items()):
        share, called = probabilities[place].max(dim=0)
        pixels(axes[2 * place], picture, title=name, limits=(0, 255), numbers=False, grid=False)
        _bars(axes[2 * place + 1], probabilities[place], classes)
        axes[2 * place + 1].set_title(
            f"{classes[called]} {share:.0%}", fontsize=9, color=ACCENT_INK
        )
        said.append(" ".join(name.split()))
    return figure.described(
        f"a picture given to the network in {len(said)} ways, {' and '.join(said)}, "
        "each with the probabilities of the ten classes."
    )


def _bars(ax: Axes, shares: Tensor, classes: Sequence[str]) -> None:
    colours = [BLUE if share == shares.max() else PALE_BLUE for share in shares]
    ax.barh(range(len(classes)), shares.tolist(), color=colours, edgecolor=INK, linewidth=0.4)
    ax.set_yticks(range(len(classes)), classes, fontsize=9)
    ax.set(xlim=(0, 1), xticks=(0, 1))
    ax.tick_params(axis="x", labelsize=9)
    ax.invert_yaxis()
