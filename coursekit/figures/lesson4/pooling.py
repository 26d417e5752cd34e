"""Figures of pooling: what a window keeps, what it leaves out, and how often pixels are read."""

from __future__ import annotations

import torch
from matplotlib.axes import Axes
from torch import Tensor

from coursekit import ops
from coursekit.contracts import Count, Index, Matrix, Named, checks_arguments
from coursekit.figures.canvas import LessonFigure, as_text, panels, pixels, size_text
from coursekit.figures.marks import ACCENT, hatch, hatch_padding, outline

__all__ = ["leftovers", "pooled_maps", "reading_counts", "which_pool"]

INSET = 0.06  # pixels, between the frames of windows side by side


@checks_arguments
def pooled_maps(
    x: Matrix,
    window: Count,
    pooled: Named[Matrix],
    *,
    stride: Count | None = None,
    padding: Index = 0,
) -> LessonFigure:
    """Return x (H, W) with its windows framed, beside what each kind of pooling keeps of them.

    window, stride, padding: of both axes; the stride is the window's size where it is not given.
    pooled: name -> map (H_out, W_out). Windows that overlap are drawn as the first two of them.
    Padding is drawn as hatched zeros.
    """
    stride = window if stride is None else stride
    room = ops.pad2d(x, padding)
    if window > min(room.shape) or 2 * padding > window:
        raise ValueError(
            f"window is {window} and padding {padding} on {size_text(x)}; expected a window that "
            "fits, and padding of at most half of it"
        )
    sizes = [tuple(room.shape), *(tuple(one.shape) for one in pooled.values())]
    figure, (left, *rest) = panels(sizes, pixel=0.38)
    padded = f", padding {padding}" if padding else ""
    pixels(left, room, title=f"input {size_text(x)}{padded}", kind="signed", limits=_limits(x))
    hatch_padding(left, tuple(x.shape), padding)
    _draw_windows(left, window, stride, sizes[1])
    for ax, (name, one) in zip(rest, pooled.items(), strict=True):
        limit = max(_limits(x), _limits(one), key=max)
        pixels(ax, one, title=f"{name}: {size_text(one)}", kind="signed", limits=limit)
    said = "; ".join(f"{name} gives {as_text(one)}" for name, one in pooled.items())
    windows = f"windows of {window}×{window}, step {stride}"
    return figure.described(f"input {as_text(x)}{padded}, {windows}: {said}.")


@checks_arguments
def leftovers(x: Matrix, window: Count) -> LessonFigure:
    """Return x (H, W) with the pixels hatched that no window reads, and both roundings of the size.

    Max pooling, with windows side by side: floor drops what is left, ceil_mode reads it.
    Raises ValueError where no window fits.
    """
    _check_window(x, window)
    down, up = ops.max_pool2d(x, window), ops.max_pool2d(x, window, ceil_mode=True)
    figure, (left, middle, right) = panels([x.shape, down.shape, up.shape], pixel=0.38)
    H, W = (count * window for count in down.shape)  # rows and columns that are read
    lost = int(x.numel() - H * W)
    pixels(left, x, title=f"input {size_text(x)}: {lost} pixels left over", kind="signed")
    unread = torch.ones_like(x, dtype=torch.bool)
    unread[:H, :W] = False
    hatch(left, unread, colour=ACCENT)
    for ax, name, pooled in ((middle, "floor", down), (right, "ceil_mode", up)):
        pixels(ax, pooled, title=f"{name}: {size_text(pooled)}", kind="signed", limits=_limits(x))
    return figure.described(
        f"windows of {window}×{window} leave {lost} pixels of the {size_text(x)} input unread,",
        f"the last row and column, hatched. Floor gives {as_text(down)};",
        f"ceil_mode reads them in windows that hang over and gives {as_text(up)}.",
    )


@checks_arguments
def reading_counts(layers: Named[Matrix]) -> LessonFigure:
    """Return for each layer how many of its windows read each pixel; unread pixels are hatched.

    layers: name -> counts (H, W), whole numbers of at most 9: a pixel in nine windows of 3×3 has
    the darkest gray.
    """
    sizes = [tuple(counts.shape) for counts in layers.values()]
    figure, axes = panels(sizes, pixel=0.38, gap=0.3)
    said = []
    for ax, (name, counts) in zip(axes, layers.items(), strict=True):
        share = (counts == 0).double().mean().item()
        pixels(ax, counts, title=f"{name}\n{share:.0%} unread", kind="ink", limits=(0, 9))
        hatch(ax, counts == 0, colour=ACCENT)
        for number in ax.texts:
            if number.get_text() == "0":  # readable on the hatch
                number.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.2})
        said.append(f"{name} leaves {share:.0%} of the pixels unread")
    return figure.described(f"how many windows read each pixel: {'; '.join(said)}.")


@checks_arguments
def which_pool(image: Matrix, options: Named[Matrix]) -> LessonFigure:
    """Return a drawing (H, W) of 0 and 1, and the pictures by letter that might be made of it.

    options: letter -> (H_out, W_out), from 0 to 1.
    """
    sizes = [tuple(image.shape), *(tuple(option.shape) for option in options.values())]
    figure, (left, *rest) = panels(sizes, pixel=0.16, gap=0.3)
    pixels(left, image, title=f"the drawing {size_text(image)}", limits=(0, 1), numbers=False)
    for ax, (letter, option) in zip(rest, options.items(), strict=True):
        pixels(ax, option, title=letter, limits=(0, 1), numbers=False)
    said = "; ".join(f"{letter}: {as_text(option)}" for letter, option in options.items())
    return figure.described(f"white lines on black, {as_text(image)}, and five pictures. {said}.")


def _check_window(x: Tensor, window: int) -> None:
    if window > min(x.shape):
        raise ValueError(f"window is {window}; expected one that fits x, {size_text(x)}")


def _draw_windows(ax: Axes, window: int, stride: int, count: tuple[int, int]) -> None:
    """Frame all windows, or where they overlap the first two, the second one dashed."""
    places = [(i * stride, j * stride) for i in range(count[0]) for j in range(count[1])]
    overlap = stride < window
    for order, place in enumerate(places[:2] if overlap else places):
        dash = "--" if overlap and order else "-"
        outline(ax, *place, (window, window), inset=INSET, dash=dash)


def _limits(x: Tensor) -> tuple[float, float]:
    """Return the ends of a signed scale: as far below zero as above."""
    largest = float(x.abs().max()) or 1.0
    return -largest, largest
