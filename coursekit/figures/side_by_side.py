"""Tensors side by side under their names: small matrices in numbers, pictures in gray."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import Literal

from coursekit.contracts import Count, Length, Matrix, Named, Some, checks_arguments
from coursekit.figures.canvas import LessonFigure, as_text, panels, pixels

__all__ = ["matrices", "pictures"]


@checks_arguments
def matrices(
    named: Named[Matrix],
    *,
    says: str,
    kinds: Some[Literal["signed", "gray", "ink"]] = ("signed",),
    pixel: Length = 0.36,
    columns: Count | None = None,
) -> LessonFigure:
    """Return small matrices (H, W) of any sizes under their names, with their numbers printed.

    `says` is the sentence that tells what there is to see; the numbers follow it. pixel: inches.
    kinds: "signed", "gray" or "ink" for each matrix in turn; one stands for all.
    """
    sizes = [tuple(matrix.shape) for matrix in named.values()]
    figure, axes = panels(sizes, pixel=pixel, columns=columns)
    for ax, (name, matrix), kind in zip(axes, named.items(), cycle(kinds), strict=False):
        pixels(ax, matrix, title=name, kind=kind)
    values = "; ".join(f"{name}: {as_text(matrix)}" for name, matrix in named.items())
    return figure.described(says, f"{values}.")


@checks_arguments
def pictures(
    images: Named[Matrix],
    *,
    says: str,
    signed: Sequence[str] = (),
    columns: Count = 4,
    inches: Length = 1.75,
) -> LessonFigure:
    """Return pictures (H, W) under their names, all at the same pixel size; black is 0, white 1.

    Those named in `signed` are drawn centred at zero: orange below, gray-white zero, purple above.
    `says` is the sentence that tells what there is to see. inches: how wide the widest one is.
    Raises ValueError where `signed` names a picture that there is not.
    """
    if not set(signed) <= set(images):
        raise ValueError(f"signed is {list(signed)}; expected some of {', '.join(images)}")
    widest = max(image.shape[1] for image in images.values())
    sizes = [tuple(image.shape) for image in images.values()]
    figure, axes = panels(sizes, pixel=inches / widest, columns=min(columns, len(sizes)), gap=0.2)
    for ax, (name, image) in zip(axes, images.items(), strict=True):
        kind, limits = ("signed", None) if name in signed else ("gray", (0.0, 1.0))
        pixels(ax, image, title=name, kind=kind, limits=limits, numbers=False, grid=False)
    return figure.described(says)
