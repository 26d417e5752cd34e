"""Figures of what a kernel finds in a picture, and of how a kernel is learned."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from coursekit import ops
from coursekit.contracts import Length, Matrix, Named, Some, checks_arguments, fit_on
from coursekit.figures.canvas import LessonFigure, as_text, minus, panels, pixels
from coursekit.figures.marks import INK, outline

__all__ = ["learning", "match_maps", "which_filter"]


@checks_arguments
def match_maps(
    images: Named[Matrix],
    features: Named[Matrix],
    *,
    by: Callable[[Tensor, Tensor], Tensor] = ops.corr2d,
) -> LessonFigure:
    """Return a row for each image (H, W) of ±1: the image, and its score for each feature of ±1.

    A score counts the pixels that agree, less those that differ.
    The best place is framed in the score. by: the correlation that makes the scores.
    """
    for label, image in images.items():
        fit_on("features", features, f"images[{label!r}]", image)
    sizes = []
    for image in images.values():
        sizes += [tuple(image.shape)]
        sizes += [tuple(by(image, feature).shape) for feature in features.values()]
    figure, axes = panels(sizes, pixel=0.23, columns=1 + len(features), gap=0.3)
    panel, said = iter(axes), []
    for name, image in images.items():
        pixels(next(panel), image, title=name, kind="ink", numbers=False)
        for label, feature in features.items():
            scores, best = by(image, feature), feature.numel()  # (H - kH + 1, W - kW + 1)
            row, column = divmod(int(scores.argmax()), scores.shape[1])
            ax = next(panel)
            found = f"{label}: {minus(float(scores.max()))}"
            pixels(ax, scores, title=found, kind="signed", limits=(-best, best))
            outline(ax, row, column, (1, 1))
            said.append(f"in {name}, {found}")
    figure.described(f"the score of each feature at each place; the best is {'; '.join(said)}.")
    return figure.by(by)


@checks_arguments
def which_filter(photograph: Matrix, kernels: Named[Matrix], *, made_with: str) -> LessonFigure:
    """Return the photograph (H, W), what one of the kernels makes of it, and all kernels by letter.

    photograph: gray values from 0 to 1. kernels: letter -> (kH, kW).
    Neither title nor description says which kernel `made_with` names.
    """
    if made_with not in kernels:
        raise ValueError(f"made_with is {made_with!r}; expected a name of kernels")
    fit_on("kernels", kernels, "photograph", photograph)
    figure = LessonFigure(figsize=(7.8, 4.9))
    grid = figure.add_gridspec(
        2, 2, height_ratios=[2.1, 1], hspace=0.16, left=0.02, right=0.98, top=0.94, bottom=0.02
    )
    made = ops.corr2d(photograph, kernels[made_with])
    pixels(figure.add_subplot(grid[0, 0]), photograph, title="the photograph", limits=(0, 1))
    pixels(figure.add_subplot(grid[0, 1]), made, title="made with which kernel?", kind="signed")
    letters = grid[1, :].subgridspec(1, len(kernels), wspace=0.3)
    for place, (letter, kernel) in enumerate(kernels.items()):
        pixels(figure.add_subplot(letters[place]), kernel, title=letter, kind="signed")
    values = "; ".join(f"{letter}: {as_text(kernel)}" for letter, kernel in kernels.items())
    return figure.described(
        "the photograph of a cat, and a picture made of it: strong along upright lines such as the",
        f"sides of the nose, near zero along level ones. The kernels are {values}.",
    )


@checks_arguments
def learning(losses: Some[Length], kernels: Named[Matrix]) -> LessonFigure:
    """Return the loss at each step (log scale) beside the kernel (kH, kW) at some of the steps.

    losses: above 0, the first before any step. kernels: what names the step -> the kernel then.
    """
    if len(kernels) < 2:
        raise ValueError(f"kernels holds {len(kernels)}; expected a first and a last one")
    figure = LessonFigure(figsize=(7.8, 2.6), layout="constrained")
    left, *rest = figure.subplots(1, 1 + len(kernels), width_ratios=[2.2] + [1] * len(kernels))
    left.semilogy(range(len(losses)), losses, "o-", color=INK, markersize=4)
    left.set_xlabel("step")
    left.set_ylabel("sum of squared errors")
    for ax, (name, kernel) in zip(rest, kernels.items(), strict=True):
        pixels(ax, kernel.round(decimals=2), title=name, kind="signed", limits=(-1, 1))
    first, *_, last = (
        as_text(kernel.round(decimals=2)).replace(" ", ", ").replace(", /,", " /")
        for kernel in kernels.values()
    )
    way = "falls" if losses[-1] < losses[0] else "rises"
    fall = f"{way} from {losses[0]:.0f} to {losses[-1]:.2g}"
    title = f"The loss {fall} as the kernel goes from ({first}) to ({last})"
    figure.suptitle(title.replace("-", "−"), fontsize=10, color=INK)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # else panels move a little with each drawing
    return figure.described(
        f"the loss {fall} in {len(losses) - 1} steps,",
        f"while the kernel goes from {first} to {last}.",
    )
