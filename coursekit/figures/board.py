"""The board as a table: which pictures a detector takes for an X, lesson by lesson."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor

from coursekit.contracts import Named, checks_arguments
from coursekit.examples.board import PAPER, SIZE, board, is_x
from coursekit.figures.canvas import LessonFigure, Maker, pixels
from coursekit.figures.marks import ACCENT, GRAY, INK, PALE_BLUE

__all__ = ["detector_board"]

LABEL, COLUMN, HEAD, ROW, MARGIN = 2.0, 0.58, 0.83, 0.3, 0.08  # inches
YOURS = "yours"
YES, NO = "X", "–"  # what a detector says

Detector = Callable[[Tensor], bool]


@checks_arguments
def detector_board(
    detectors: Named[Detector],
    *,
    mine: Tensor | None = None,
    by: Sequence[Maker] = (),
) -> LessonFigure:
    """Return a table of what each detector says about each picture of the board.

    detectors: what names a row -> a function of (13, 13) of ±1: whether that shows an X.
    mine: the learner's own drawing, (13, 13) or (1, 13, 13); ink is above 0. A blank one is left
    out. by: the functions that the last detector was made of.

    A cell that is wrong is hatched; about the learner's own drawing nobody knows what is right.
    """
    pictures = dict(board())
    if (drawn := _drawn(mine)) is not None:
        pictures[YOURS] = drawn
    size = LABEL + COLUMN * len(pictures) + MARGIN, HEAD + ROW * len(detectors) + 2 * MARGIN
    figure = LessonFigure(figsize=size)
    for place, (name, picture) in enumerate(pictures.items()):
        _head(figure, place, name, picture)
    table = figure.add_axes(_box(figure, 0, HEAD, size[0], ROW * len(detectors)))
    table.set_xlim(0, size[0])
    table.set_ylim(ROW * len(detectors), 0)
    table.axis("off")
    said = []
    for row, (label, detector) in enumerate(detectors.items()):
        seen = {name: bool(detector(picture.clone())) for name, picture in pictures.items()}
        table.text(MARGIN, (row + 0.5) * ROW, label, va="center", fontsize=9, color=INK)
        for column, name in enumerate(pictures):
            _cell(table, row, column, seen[name], wrong=_is_wrong(name, seen[name]))
        said.append(_said(label, seen))
    figure.described("which pictures each detector takes for an X.", *said)
    return figure.by(*by)


def _drawn(mine: Tensor | None) -> Tensor | None:
    """Return the learner's drawing as (13, 13) of ±1, or None where there is no ink."""
    if mine is None:
        return None
    if mine.numel() != SIZE * SIZE:
        raise ValueError(f"mine has the shape {tuple(mine.shape)}; expected ({SIZE}, {SIZE})")
    ink = mine.reshape(SIZE, SIZE) > 0
    return torch.where(ink, 1.0, PAPER) if ink.any() else None


def _box(
    figure: LessonFigure, left: float, top: float, width: float, height: float
) -> tuple[float, float, float, float]:
    """Return a box in inches from the upper left corner as shares of the figure."""
    W, H = figure.get_size_inches()
    return left / W, 1 - (top + height) / H, width / W, height / H


def _head(figure: LessonFigure, place: int, name: str, picture: Tensor) -> None:
    side = COLUMN - MARGIN
    left = LABEL + COLUMN * place + MARGIN / 2
    ax = figure.add_axes(_box(figure, left, HEAD - side - MARGIN / 2, side, side))
    pixels(ax, picture, kind="ink", numbers=False, grid=False)
    ax.set_title(name, fontsize=9, color=INK, pad=3)


def _cell(table: Axes, row: int, column: int, seen: bool, *, wrong: bool) -> None:
    corner = LABEL + COLUMN * column, row * ROW
    style = {"hatch": "////", "edgecolor": ACCENT} if wrong else {"edgecolor": GRAY}
    face = "white" if wrong or not seen else PALE_BLUE
    style |= {"facecolor": face, "linewidth": 0.6, "clip_on": False}  # the last row's line is whole
    table.add_patch(Rectangle(corner, COLUMN, ROW, **style))
    middle = corner[0] + COLUMN / 2, corner[1] + ROW / 2
    table.text(
        *middle, YES if seen else NO, ha="center", va="center", fontsize=9, color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1} if wrong else None,
    )  # fmt: skip


def _is_wrong(name: str, seen: bool) -> bool:
    return name != YOURS and seen != is_x(name)


def _said(label: str, seen: Mapping[str, bool]) -> str:
    wrong = [name for name, found in seen.items() if _is_wrong(name, found)]
    right = len(board()) - len(wrong)
    words = f"{label}: right about {right} of {len(board())}"
    words += f", wrong about {', '.join(wrong)}" if wrong else ""
    if YOURS in seen:
        words += f"; in yours it sees {'an X' if seen[YOURS] else 'no X'}"
    return f"{words}."
