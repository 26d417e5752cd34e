"""Marks that figures share: colours, styles of curves, frames, and the hatching of cells.

Colour is never the only cue: a curve has a dash or a marker of its own, a cell its hatching.
Places are in pixels of the matrix that is drawn, as `canvas.pixels` draws it: pixel (row, column)
has its middle at x = column, y = row.
"""

from __future__ import annotations

import torch
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from torch import Tensor

from coursekit.shapes import Pair, pair

__all__ = [
    "ACCENT",
    "ACCENT_INK",
    "BLACK",
    "BLUE",
    "CURVES",
    "GRAY",
    "GREEN",
    "INK",
    "ORANGE",
    "PADDING",
    "PALE_BLUE",
    "PURPLE",
    "SERIES",
    "SKY",
    "UNREAD",
    "VERMILION",
    "hatch",
    "hatch_padding",
    "ink_on",
    "outline",
]

# Okabe and Ito's colours, which the common kinds of colour blindness tell apart. Their yellow is
# missing: on white it is too faint for a line.
BLACK, BLUE, VERMILION, GREEN = "#000000", "#0072B2", "#D55E00", "#009E73"
ORANGE, PURPLE, SKY = "#E69F00", "#CC79A7", "#56B4E9"

INK = "#222222"  # text and what is drawn: softer than black, so that black stays for pixels
ACCENT = VERMILION  # what a figure points at
ACCENT_INK = "#B34700"  # words about it: letters need more contrast than lines
GRAY = "#999999"  # grids, axes, and what stands behind
PALE_BLUE = "#CFE3F1"  # areas: INK on it reads well

LUMINANCE = 0.2126, 0.7152, 0.0722  # of red, green, blue, as the eye weighs them
READABLE = 4.5  # to 1, the contrast of letters

# Colour and dash of curves without markers, the most different dashes first.
CURVES = (
    (BLACK, "-"), (VERMILION, "--"), (BLUE, "-."), (GREEN, ":"),
    (ORANGE, (0, (5, 1, 1, 1, 1, 1))), (PURPLE, (0, (8, 2))),  # points on, points off
)  # fmt: skip
# Colour, marker and dash of measured points.
SERIES = (
    (VERMILION, "s", "--"), (BLUE, "o", "-"), (GREEN, "^", "-."), (BLACK, "D", ":"),
    (ORANGE, "v", "--"), (PURPLE, "P", "-"), (SKY, "X", "-."),
)  # fmt: skip

# How a cell of padding looks in every figure: no gray value of a picture, so that its zeros are
# not taken for black pixels, and light enough for numbers in INK.
PADDING = {"facecolor": "#E0E0E0", "edgecolor": GRAY, "hatch": "///"}
UNREAD = {"fill": False, "edgecolor": ACCENT, "hatch": "xxxx"}  # behind the last window


def outline(
    ax: Axes,
    row: float,
    column: float,
    size: tuple[float, float],
    label: str = "",
    *,
    inset: float = 0.0,
    dash: str = "-",
) -> None:
    """Draw a heavy frame around the window (height, width) whose first pixel is (row, column).

    label: written below the panel. inset: how far inside its window the frame stays, in pixels, so
    that frames of windows side by side do not cover one another; it is drawn a little thinner.
    """
    height, width = size
    corner = (column - 0.5 + inset, row - 0.5 + inset)
    ax.add_patch(
        Rectangle(corner, width - 2 * inset, height - 2 * inset, fill=False, edgecolor=ACCENT,
                  linestyle=dash, linewidth=2 if inset else 2.5, clip_on=False)
    )  # fmt: skip
    if label:
        ax.set_xlabel(label, fontsize=9, color=ACCENT_INK)


def ink_on(ground: tuple[float, ...]) -> str:
    """Return the colour of letters on a ground of red, green and blue, each from 0 to 1.

    It is INK, white, or black where neither of these stands out at 4.5 to 1, as WCAG counts it.
    """
    light = _luminance(ground) + 0.05
    if light / (_luminance(to_rgb(INK)) + 0.05) >= READABLE:
        return INK
    return "white" if 1.05 / light >= READABLE else BLACK


def _luminance(colour: tuple[float, ...]) -> float:
    linear = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in colour)
    return sum(weight * part for weight, part in zip(LUMINANCE, linear, strict=True))


def hatch(ax: Axes, where: Tensor, *, colour: str = GRAY) -> None:
    """Hatch the pixels where the mask (H, W) is true, and leave visible what they show."""
    for row, column in where.nonzero().tolist():
        ax.add_patch(
            Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=colour, hatch="////",
                      linewidth=0)
        )  # fmt: skip


def hatch_padding(ax: Axes, size: tuple[int, int], padding: Pair) -> None:
    """Draw the padding around an image of that size (H, W), which `ax` shows padded, as `PADDING`.

    padding: pixels on each side, one number or (height, width). Numbers in the padding are inked
    anew, as its pixels are light however dark the image's zeros are.
    """
    (H, W), (pH, pW) = size, pair(padding, "padding")
    outside = torch.ones(H + 2 * pH, W + 2 * pW, dtype=torch.bool)
    outside[pH : pH + H, pW : pW + W] = False
    places = {(row, column) for row, column in outside.nonzero().tolist()}
    for row, column in sorted(places):
        ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, linewidth=0, **PADDING))
    for number in ax.texts:
        column, row = number.get_position()
        if (row, column) in places:
            number.set_color(INK)
