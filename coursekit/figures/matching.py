"""Figures of small matrices side by side, and of what a kernel finds in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor

from coursekit import ops
from coursekit.figures.canvas import ACCENT, INK, LessonFigure, as_text, outline, panels, pixels

__all__ = ["learning", "match_maps", "matrices"]


def matrices(
    named: Mapping[str, Tensor], *, says: str, pixel: float = 0.36, columns: int | None = None
) -> LessonFigure:
    """Return small matrices (H, W) under their names, signed, with their numbers printed."""
    sizes = [tuple(matrix.shape) for matrix in named.values()]
    figure, axes = panels(sizes, pixel=pixel, columns=columns)
    for ax, (name, matrix) in zip(axes, named.items(), strict=True):
        pixels(ax, matrix, title=name, signed=True)
    values = "; ".join(f"{name}: {as_text(matrix)}" for name, matrix in named.items())
    return figure.described(says, f"{values}.")


def match_maps(images: Mapping[str, Tensor], features: Mapping[str, Tensor]) -> LessonFigure:
    """Return a row for each image (H, W) of ±1: the image, and its score for each feature of ±1.

    A score is the share of agreeing pixels less the share of differing ones: 1 is a perfect match.
    The best place is framed, in the image and in the score.
    """
    sizes = []
    for image in images.values():
        sizes += [tuple(image.shape)]
        sizes += [tuple(ops.corr2d(image, feature).shape) for feature in features.values()]
    figure, axes = panels(sizes, pixel=0.205, columns=1 + len(features), gap=0.3)
    panel, said = iter(axes), []
    for name, image in images.items():
        pixels(next(panel), image, title=name, signed=True, numbers=False)
        for label, feature in features.items():
            scores = ops.corr2d(image, feature) / feature.numel()
            row, column = divmod(int(scores.argmax()), scores.shape[1])
            ax = next(panel)
            pixels(ax, scores, title=f"{label}: {scores.max():.2f}", signed=True, limits=(-1, 1))
            outline(ax, row, column, (1, 1))
            said.append(f"{label} in {name} at best {scores.max():.2f}")
    return figure.described(f"scores of each feature at each place; {', '.join(said)}.")


def learning(losses: Sequence[float], kernels: Mapping[str, Tensor]) -> LessonFigure:
    """Return the loss at each step (log scale) beside the kernel (kH, kW) at some of the steps."""
    figure = LessonFigure(figsize=(7.8, 2.4), layout="constrained")
    left, *rest = figure.subplots(1, 1 + len(kernels), width_ratios=[2.2] + [1] * len(kernels))
    left.semilogy(range(len(losses)), losses, "o-", color=INK, markersize=4)
    left.set_xlabel("step")
    left.set_ylabel("sum of squared errors")
    left.set_title(f"{losses[0]:.0f} falls to {losses[-1]:.2g}", fontsize=10, color=ACCENT)
    for ax, (name, kernel) in zip(rest, kernels.items(), strict=True):
        pixels(ax, kernel.round(decimals=2), title=name, signed=True, limits=(-1, 1))
    last = list(kernels.values())[-1]
    return figure.described(
        f"the loss falls from {losses[0]:.0f} to {losses[-1]:.2g} in {len(losses) - 1} steps,",
        f"while the kernel becomes {as_text(last.round(decimals=2))}.",
    )
