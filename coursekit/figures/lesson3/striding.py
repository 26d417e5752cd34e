"""Figures of a window that takes steps: one position after the other, and what a stack sees."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor

from coursekit import ops, shapes
from coursekit.contracts import Matrix, Named, Some, checks_arguments
from coursekit.figures.animation import LessonAnimation
from coursekit.figures.canvas import LessonFigure, as_text, panels, pixels, size_text
from coursekit.figures.grids import number_grid
from coursekit.figures.marks import (
    BLUE,
    INK,
    PALE_BLUE,
    SKY,
    UNREAD,
    hatch_padding,
    outline,
)
from coursekit.shapes import Layer, Pads, Pair, Steps

__all__ = ["padded_correlation", "receptive_fields", "strided_animation", "strided_filmstrip"]

FAINT = "#BBBBBB"  # pixels that are not seen
# Zero and the largest number, all light enough for INK on them.
UNTOUCHED, TOUCHED, MADE = ("#FFFFFF", "#A8A8A8"), (PALE_BLUE, SKY), ("#FFFFFF", "#B2ABD2")

Window = tuple[int, int, int, int]  # row, column, height, width


@checks_arguments
def strided_filmstrip(x: Matrix, kernel: Matrix, *, stride: Steps, padding: Pads) -> LessonFigure:
    """Return every position of the kernel (kH, kW) over x (H, W), titled with its sum.

    Padding is hatched. Read row by row, the sums are the feature map.
    """
    out = _strided(x, kernel, stride, padding)
    padded = ops.pad2d(x, padding)
    columns = out.shape[1] if out.numel() > 4 else None
    sizes = [tuple(padded.shape)] * out.numel()
    figure, axes = panels(sizes, pixel=0.33, columns=columns, gap=0.3)
    for place, ax in enumerate(axes):
        at = divmod(place, out.shape[1])
        _input(ax, x, padding, f"map row {at[0]}, column {at[1]}: {out[at]:g}")
        _window(ax, kernel, at, stride)
    return figure.described(_story(x, kernel, out, stride, padding))


@checks_arguments
def strided_animation(
    x: Matrix, kernel: Matrix, *, stride: Steps, padding: Pads
) -> LessonAnimation:
    """Return the kernel (kH, kW) moving over x (H, W) while the feature map fills, one sum a frame.

    Padding is hatched. The window and the pixel that it makes are framed, and dotted the window
    before it. What was read turns blue, and what never was is crossed out at the end.
    Raises ValueError where the window does not fit the padded input.
    """
    out = _strided(x, kernel, stride, padding)
    padded, right = ops.pad2d(x, padding), x.shape[1] + 2 * shapes.pair(padding, "padding")[1] + 1
    windows = _windows(out, kernel, shapes.pair(stride, "stride", minimum=1))
    drop = (padded.shape[0] - out.shape[0]) / 2  # the map stands at half the input's height

    def paint(ax: Axes, frame: int) -> None:
        at = divmod(frame, out.shape[1])
        _trail(ax, x, padding, windows[: frame + 1])
        seen = out.flatten().where(torch.arange(out.numel()) <= frame, torch.nan)
        number_grid(ax, seen.reshape(out.shape), lambda i, j: MADE, left=right, top=drop)
        if frame:
            outline(ax, *windows[frame - 1][:2], tuple(kernel.shape), dash=":", inset=0.08)
        outline(ax, *windows[frame][:2], tuple(kernel.shape))
        outline(ax, drop + at[0], right + at[1], (1, 1))
        last = _never_read(ax, padded, windows) if frame == out.numel() - 1 else ""
        ax.set(xlim=(-0.6, right + out.shape[1] - 0.4), ylim=(padded.shape[0] - 0.4, -0.6))
        ax.set_aspect("equal")
        ax.axis("off")
        ax.set_title(last or f"map row {at[0]}, column {at[1]}: {out[at]:g}", fontsize=9, color=INK)

    says = f"{_story(x, kernel, out, stride, padding)} {_left_unread(padded, windows)}"
    return LessonAnimation(paint, out.numel(), says=says, size=(5.4, 3.6), milliseconds=900)


@checks_arguments
def padded_correlation(x: Matrix, kernel: Matrix, *, padding: Pads) -> LessonFigure:
    """Return x (H, W) with its padding hatched | kernel (kH, kW) | feature map, in numbers."""
    out = _strided(x, kernel, 1, padding)
    padded = ops.pad2d(x, padding)
    sizes = [tuple(padded.shape), tuple(kernel.shape), tuple(out.shape)]
    figure, (left, middle, right) = panels(sizes, pixel=0.36)
    _input(left, x, padding, f"{size_text(x)}, padded to {size_text(padded)}")
    pixels(middle, kernel, title=f"kernel {size_text(kernel)}", kind="signed")
    pixels(right, out, title=f"feature map {size_text(out)}", kind="signed")
    return figure.described(_story(x, kernel, out, 1, padding))


@checks_arguments
def receptive_fields(stacks: Named[Some[Layer]]) -> LessonFigure:
    """Return each named stack from the side, with all that one pixel of its last layer sees.

    stacks: name -> layers (kernel, stride, dilation, padding), first to last. Rows are layers, the
    input at the bottom. Filled pixels, joined by lines, are seen.
    """
    widest = max(_width(name, layers) for name, layers in stacks.items())
    figure = LessonFigure(figsize=(8.4, 2.9), layout="constrained")
    said = []
    grid = figure.subplots(1, len(stacks), squeeze=False)[0]
    for ax, (name, layers) in zip(grid, stacks.items(), strict=True):
        fields = [shapes.receptive_field(layers[:top]) for top in range(1, len(layers) + 1)]
        _stack(ax, layers, widest)
        ax.set_title(f"{name}\nsees {fields[-1]} pixels", fontsize=9, color=INK)
        ax.set_yticks(range(len(layers) + 1), ["input", *(f"{f} wide" for f in fields)], fontsize=9)
        said.append(f"{name}: {', '.join(map(str, fields))}")
    return figure.described(
        "receptive fields in pixels of the input, after each layer of a stack.",
        "; ".join(said) + ".",
    )


def _width(name: str, layers: Sequence[Layer]) -> int:
    try:
        return shapes.receptive_field(layers)
    except (TypeError, ValueError) as error:
        raise ValueError(f"stacks[{name!r}]: {error}") from error


def _stack(ax: Axes, layers: Sequence[Layer], widest: int) -> None:
    """Draw the layers of a stack from the side, each pixel over the middle of what it sees.

    widest: how many pixels of the input a panel shows.
    """
    middle = shapes.seen_by(layers, 0)
    shift = (middle[0] + middle[-1]) / 2
    seen = [0]
    for level in range(len(layers), 0, -1):
        below = layers[: level - 1]
        kernel, stride, dilation, padding = layers[level - 1]
        reads = {
            at: [at * stride - padding + tap * dilation for tap in range(kernel)] for at in seen
        }
        for at, taps in reads.items():
            for tap in taps:
                x = [_place(layers[:level], at) - shift, _place(below, tap) - shift]
                ax.plot(x, [level, level - 1], color=BLUE, linewidth=0.7, zorder=1)
        _row(ax, layers[:level], seen, level, shift, widest)
        seen = sorted({tap for taps in reads.values() for tap in taps})
    _row(ax, [], seen, 0, shift, widest)
    ax.set(xlim=(-widest / 2 - 0.5, widest / 2 + 0.5), ylim=(-0.4, len(layers) + 0.4), xticks=[])
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)


def _row(
    ax: Axes, layers: Sequence[Layer], seen: Sequence[int], level: int, shift: float, widest: int
) -> None:
    """Draw one row of pixels: those at the places `seen` filled, as many around them empty."""
    around = range(min(seen) - widest, max(seen) + widest + 1)
    places = {at: _place(layers, at) - shift for at in around}
    others = [x for at, x in places.items() if at not in seen and abs(x) <= widest / 2]
    ax.plot(others, [level] * len(others), "s", color="white", markeredgecolor=FAINT, markersize=6)
    filled = [places[at] for at in seen]
    ax.plot(filled, [level] * len(filled), "s", color=BLUE, markersize=6, zorder=2)


def _place(layers: Sequence[Layer], at: int) -> float:
    """Return where pixel `at` of the last layer stands: the middle of all it sees of the input."""
    field = shapes.seen_by(layers, at)
    return (field[0] + field[-1]) / 2


def _strided(x: Tensor, kernel: Tensor, stride: Pair, padding: Pair) -> Tensor:
    return ops.conv2d(x[None, None], kernel[None, None], stride=stride, padding=padding)[0, 0]


def _input(ax: Axes, x: Tensor, padding: Pair, title: str) -> None:
    high = 2 * float(x.abs().max()) or 1.0  # no pixel so dark that a frame is lost on it
    pixels(ax, ops.pad2d(x, padding), title=title, kind="ink", limits=(0, high))
    hatch_padding(ax, tuple(x.shape), padding)


def _window(ax: Axes, kernel: Tensor, at: tuple[int, int], stride: Pair) -> None:
    sH, sW = shapes.pair(stride, "stride", minimum=1)
    outline(ax, at[0] * sH, at[1] * sW, tuple(kernel.shape))


def _story(x: Tensor, kernel: Tensor, out: Tensor, stride: Pair, padding: Pair) -> str:
    (sH, sW), (pH, pW) = shapes.pair(stride, "stride", minimum=1), shapes.pair(padding, "padding")
    return (
        f"a window of {size_text(kernel)} over a {size_text(x)} input, "
        f"padded by {pH} above and below and "
        f"by {pW} left and right, in steps of {sH} down and {sW} across; "
        f"the feature map {size_text(out)} is {as_text(out)}."
    )


def _windows(out: Tensor, kernel: Tensor, stride: tuple[int, int]) -> list[Window]:
    """Return row, column, height and width of each window over the padded input, row by row."""
    (sH, sW), (kH, kW) = stride, kernel.shape
    return [(i * sH, j * sW, kH, kW) for i in range(out.shape[0]) for j in range(out.shape[1])]


def _read(padded: Tensor, windows: Sequence[Window]) -> Tensor:
    """Return which pixels the windows read: a mask of the padded input's shape."""
    mask = torch.zeros(padded.shape, dtype=torch.bool)
    for row, column, height, width in windows:
        mask[row : row + height, column : column + width] = True
    return mask


def _trail(ax: Axes, x: Tensor, padding: Pair, windows: Sequence[Window]) -> None:
    """Draw the padded input in numbers, blue where the windows have been."""
    padded, (pH, pW) = ops.pad2d(x, padding), shapes.pair(padding, "padding")
    read = _read(padded, windows)
    number_grid(
        ax,
        padded,
        lambda i, j: TOUCHED if read[i, j] else UNTOUCHED,
        hatched=lambda i, j: not _inside(x, i - pH, j - pW),
    )


def _never_read(ax: Axes, padded: Tensor, windows: Sequence[Window]) -> str:
    """Cross out what no window reads, and return a title that counts it."""
    unread = ~_read(padded, windows)
    for row, column in unread.nonzero().tolist():
        ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, linewidth=0, **UNREAD))
    return f"never read: {int(unread.sum())} of {unread.numel()} pixels" if unread.any() else ""


def _left_unread(padded: Tensor, windows: Sequence[Window]) -> str:
    unread = ~_read(padded, windows)
    return f"No window reads {int(unread.sum())} of the {unread.numel()} pixels."


def _inside(x: Tensor, row: int, column: int) -> bool:
    return 0 <= row < x.shape[0] and 0 <= column < x.shape[1]
