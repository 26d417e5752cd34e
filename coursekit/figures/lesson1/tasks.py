"""What networks are trained to do with pictures, drawn by plain code: no network made these."""

from __future__ import annotations

import torch
from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from matplotlib.path import Path
from torch import Tensor
from torch.nn import functional as F

from coursekit.contracts import Colour, checks_arguments
from coursekit.figures.canvas import LessonFigure, panels
from coursekit.figures.marks import INK, outline

__all__ = ["vision_tasks"]

INCHES = 2.5  # of each picture
# Places on the course's photograph, as shares of its size: top, left, height, width.
BOXES = (
    ("cat", (0.012, 0.012, 0.9, 0.86)),
    ("eye", (0.285, 0.08, 0.235, 0.26)),
    ("eye", (0.36, 0.61, 0.2, 0.18)),
    ("nose", (0.74, 0.385, 0.16, 0.24)),
)
CAT = (  # its outline, as (x, y)
    (0, 0), (0.965, 0), (0.895, 0.1), (0.865, 0.2), (0.82, 0.25), (0.835, 0.34), (0.84, 0.5),
    (0.805, 0.6), (0.765, 0.665), (0.7, 0.74), (0.675, 0.86), (0.63, 0.94), (0.5, 0.975),
    (0.45, 1), (0, 1),
)  # fmt: skip
LEVELS = 4  # of each colour in the drawing, between black and white
LINE = 0.09  # the change of brightness from which a line is drawn
TINT = torch.tensor([0.34, 0.71, 0.91])[:, None, None]  # sky blue


@checks_arguments
def vision_tasks(photograph: Colour) -> LessonFigure:
    """Return three tasks side by side, find, segment and restyle, drawn on the course's photograph.

    photograph: (3, H, W), from 0 to 1. Where the cat is, a person has measured.
    """
    H, W = photograph.shape[1:]
    figure, axes = panels([(H, W)] * 3, pixel=INCHES / max(H, W), gap=0.15)
    _show(axes[0], photograph, "find: a box around each thing")
    for name, (top, left, height, width) in BOXES:
        outline(axes[0], top * H, left * W, (height * H, width * W))
        _name(axes[0], name, left * W - 0.5, (top + height) * H)
    _show(axes[1], _segmented(photograph), "segment: a name for each pixel")
    corners = [(x * W - 0.5, y * H - 0.5) for x, y in CAT]
    axes[1].add_patch(Polygon(corners, fill=False, edgecolor="white", linewidth=1.5))
    _name(axes[1], "cat", 0.3 * W, 0.2 * H)
    _name(axes[1], "room", 0.84 * W, 0.8 * H)
    _show(axes[2], _restyled(photograph), "restyle: the same, as a print")
    return figure.described(
        "three copies of the photograph of a cat: with boxes around its face, eyes and nose; with",
        "all pixels of the cat coloured and the room behind it dark; and as a print of few colours",
        "with dark lines.",
    )


def _show(ax: Axes, image: Tensor, title: str) -> None:
    ax.imshow(image.permute(1, 2, 0).clamp(0, 1).numpy(), interpolation="nearest")
    ax.set_title(title, fontsize=9, color=INK)
    ax.set_xticks([])
    ax.set_yticks([])


def _name(ax: Axes, text: str, x: float, y: float) -> None:
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    ax.text(x + 1, y + 1, text, ha="left", va="top", fontsize=9, color=INK, bbox=box)


def _segmented(photograph: Tensor) -> Tensor:
    """Return the picture (3, H, W) with the cat tinted and the rest darkened."""
    H, W = photograph.shape[1:]
    rows, columns = torch.meshgrid(torch.arange(H) / H, torch.arange(W) / W, indexing="ij")
    places = torch.stack([columns.flatten(), rows.flatten()], dim=1)  # (H·W, 2), x before y
    cat = torch.from_numpy(Path(CAT).contains_points(places.numpy())).reshape(H, W)
    gray = photograph.mean(dim=0, keepdim=True)  # (1, H, W)
    return torch.where(cat, 0.45 * TINT + 0.55 * gray, 0.4 * gray)


def _restyled(photograph: Tensor) -> Tensor:
    """Return the picture (3, H, W) in few colours, with a dark line where brightness changes."""
    smooth = F.avg_pool2d(F.pad(photograph[None], (1, 1, 1, 1), mode="replicate"), 3, 1)[0]
    flat = ((smooth * LEVELS).round() / LEVELS).pow(0.8)
    gray = smooth.mean(dim=0)  # (H, W)
    lines = torch.zeros_like(gray)
    lines[1:] += gray.diff(dim=0).abs()
    lines[:, 1:] += gray.diff(dim=1).abs()
    return torch.where(lines > LINE, 0.12, flat)
