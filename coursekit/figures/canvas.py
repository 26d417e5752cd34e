"""A figure that carries its description, and the panel of pixels that most figures are made of."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from fractions import Fraction
from functools import partial
from typing import Annotated, Any, Literal, Protocol, runtime_checkable

import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from PIL import Image
from torch import Tensor

from coursekit.arguments import number
from coursekit.contracts import Count, Length, Matrix, Some, Span, checks_arguments
from coursekit.figures.marks import GRAY, INK, ink_on
from coursekit.machine.settings import are_unkept, is_in_words, settled

__all__ = [
    "LessonFigure", "as_text", "bundle", "in_words", "made_by", "minus", "panels", "pixels",
    "size_text",
]  # fmt: skip

KINDS = {"gray": "gray", "ink": "gray_r", "signed": "PuOr"}
SCREEN_DPI, STORED_DPI = 96, 144  # stored finer than shown, so that it stays crisp
COLOURS = 256  # a palette: a third of the bytes, and no eye sees it
FOOT = 0.22  # inches for the line that says whose functions made a figure
LETTERS = 9.0  # points, the smallest: a slide shows a figure as wide as WIDEST with 16 px in them
WIDEST, CLOSEST = 9.1, 0.2  # inches: of panels, and between them where they would be wider
NUMBERS_UP_TO = 12  # rows or columns, beyond which numbers no longer fit in pixels


@runtime_checkable
class Maker(Protocol):
    """A function that says whose it is: "your corr2d"."""

    @property
    def whose(self) -> str:
        """Whose function it is, and its name."""


def made_by(*makers: object) -> str:
    """Return "made by your corr2d and ..." of the functions that know whose they are, or ""."""
    known = [maker.whose for maker in makers if isinstance(maker, Maker)]
    if not known:
        return ""
    *most, last = known
    return f"made by {', '.join(most)}{' and ' if most else ''}{last}"


class LessonFigure(Figure):
    """A matplotlib Figure that shows itself in a notebook with its description beside the picture.

    It belongs to no pyplot state: it is shown once, where it is the value of a cell.
    """

    description: str = "a figure"

    @settled
    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)

    def described(self, *sentences: str) -> LessonFigure:
        """Return the figure itself, with what it shows said in words."""
        self.description = " ".join(sentences)
        return self

    @settled
    def by(self, *makers: object) -> LessonFigure:
        """Return the figure itself, with a line below it that says whose functions made it.

        makers: what `coursekit.exercises.own` returned, after it was called. A function that does
        not know whose it is leaves the figure as it is.
        """
        if words := made_by(*makers):
            self._make_room(FOOT)
            height = self.get_figheight()
            self.text(
                0.5, 0.04 / height, words, ha="center", va="bottom", fontsize=LETTERS, color=INK
            )
            self.described(self.description, f"{words[0].upper()}{words[1:]}.")
        return self

    def _make_room(self, inches: float) -> None:
        """Make the figure higher at its lower edge; what is there keeps its size."""
        width, height = self.get_size_inches()
        share = height / (height + inches)
        for ax in self.axes:
            left, bottom, w, h = ax.get_position().bounds
            ax.set_position((left, 1 - (1 - bottom) * share, w, h * share))
        for text in self.texts:
            text.set_y(1 - (1 - text.get_position()[1]) * share)
        self.set_size_inches(width, height + inches)

    def __repr__(self) -> str:
        return f"Figure: {self.description}"

    @settled
    def png(self, dpi: float = STORED_DPI) -> bytes:
        """Return the picture as the bytes of a PNG file, the same for the same figure.

        dpi: pixels of the file for each inch of the figure.
        """
        picture, stored = self.picture(dpi), io.BytesIO()
        if are_unkept():
            picture.save(stored, format="png", compress_level=1)
            return stored.getvalue()
        picture = picture.quantize(COLOURS, dither=Image.Dither.NONE)
        picture.save(stored, format="png", optimize=True)
        return stored.getvalue()

    @settled
    def picture(self, dpi: float = STORED_DPI) -> Image.Image:
        """Return the figure as drawn once, on white: `savefig` would draw it twice, and encode it.

        dpi: pixels for each inch of the figure.
        """
        resolution = self.get_dpi()
        self.set_facecolor("white")
        self.set_dpi(dpi)
        canvas = self.canvas if isinstance(self.canvas, FigureCanvasAgg) else FigureCanvasAgg(self)
        canvas.draw()
        self.set_dpi(resolution)
        return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, dict[str, object]]]:
        _keep_as_drawn()
        return bundle(self.png(), repr(self), self.description, self.get_size_inches())

    def _ipython_display_(self) -> None:
        in_words(self)


def _keep_as_drawn() -> None:
    """Let no other package draw our figures anew.

    IPython asks the figure itself, and then whoever has registered for matplotlib's figures, as
    pyplot and d2l do: theirs are cropped, so they no longer fit the size that we store.
    """
    shell = get_ipython()
    if shell is None:
        return
    for kind in ("image/png", "image/jpeg", "image/svg+xml", "application/pdf"):
        formatter = shell.display_formatter.formatters[kind]
        formatter.for_type(LessonFigure, _nothing)


def _nothing(figure: object) -> None:
    """Return no picture in place of the one that the figure has given."""


def in_words(picture: object) -> None:
    """Display a picture's words alone where the environment asks for it: a grader draws none.

    Raises NotImplementedError elsewhere, by which IPython knows that it has to draw.
    """
    if not is_in_words():
        raise NotImplementedError
    display({"text/plain": repr(picture)}, raw=True)


def bundle(
    png: bytes, text: str, description: str, inches: Iterable[float]
) -> tuple[dict[str, str], dict[str, dict[str, object]]]:
    """Return what a notebook stores of a picture: its data and their metadata, by MIME type.

    png: the file's bytes. inches: width and height as shown on screen. The description becomes the
    picture's alternative text.
    """
    width, height = (round(side * SCREEN_DPI) for side in inches)
    shown = {"alt": description, "width": width, "height": height}
    data = {"image/png": base64.b64encode(png).decode(), "text/plain": text}
    return data, {"image/png": shown}


@checks_arguments
def panels(
    sizes: Some[tuple[Length, Length]],
    *,
    pixel: Length,
    columns: Count | None = None,
    gap: Annotated[float, partial(number, minimum=0)] = 0.45,
) -> tuple[LessonFigure, list[Axes]]:
    """Return a figure and one panel for each (H, W), all with pixels of `pixel` inches.

    sizes: heights and widths in pixels, which may be fractions. gap: inches between panels, less
    where a row would be wider than a slide can show. Panels stand in rows of `columns`, each under
    room for its title; low ones in the middle of their row.
    """
    columns = len(sizes) if columns is None else columns
    rows = [list(sizes[at : at + columns]) for at in range(0, len(sizes), columns)]
    gap = min(gap, *(_room(sum(W * pixel for _, W in row), len(row) + 1) for row in rows))
    title = 0.5  # inches above each row: two lines
    heights = [max(H for H, _ in row) * pixel + title for row in rows]
    widths = [sum(W * pixel for _, W in row) + gap * (len(row) + 1) for row in rows]
    total_width, total_height = max(widths), sum(heights) + 0.3  # for labels below
    figure = LessonFigure(figsize=(total_width, total_height))
    axes, top = [], total_height
    for row, height in zip(rows, heights, strict=True):
        left = gap
        for H, W in row:
            tallest = height - title
            bottom = top - title - tallest / 2 - H * pixel / 2
            box = (left, bottom, W * pixel, H * pixel)  # inches; y points up
            scale = (total_width, total_height, total_width, total_height)
            axes.append(
                figure.add_axes([part / whole for part, whole in zip(box, scale, strict=True)])
            )
            left += W * pixel + gap
        top -= height
    return figure, axes


def _room(panels: float, gaps: int) -> float:
    """Return the inches for each gap of a row whose panels are `panels` inches wide."""
    return max(CLOSEST, (WIDEST - panels) / gaps)


@checks_arguments
def pixels(
    ax: Axes,
    image: Matrix,
    *,
    title: str = "",
    kind: Literal["gray", "ink", "signed"] = "gray",
    limits: Span | None = None,
    numbers: bool | None = None,
    grid: bool | None = None,
) -> None:
    """Draw a matrix (H, W) as pixels.

    kind: "gray" from black to white, "ink" from white to black, or "signed", where zero is white,
    negative orange and positive purple. limits: the values at both ends of that scale; by default
    the least and the largest value, and for "signed" as far below zero as above.

    Numbers are printed in the pixels where the matrix is small, unless `numbers` says otherwise.
    """
    values = np.asarray(image.detach().cpu(), dtype=float)
    small = max(values.shape) <= NUMBERS_UP_TO
    low, high = limits or _limits(values, kind)
    shown = ax.imshow(values, cmap=KINDS[kind], vmin=low, vmax=high, interpolation="nearest")
    ax.set_title(title, fontsize=9, color=INK)
    ax.set_xticks([])
    ax.set_yticks([])
    if small if grid is None else grid:
        _draw_grid(ax, values.shape)
    if small if numbers is None else numbers:
        _print_numbers(ax, shown, values)


def size_text(matrix: Tensor) -> str:
    """Return the shape of a tensor with any axes, as it stands in titles.

    >>> import torch
    >>> size_text(torch.zeros(3, 28, 28))
    '3×28×28'
    """
    return "×".join(map(str, matrix.shape))


def as_text(matrix: Tensor) -> str:
    """Return a small matrix (H, W) as one line: rows apart by " / ".

    >>> import torch
    >>> as_text(torch.tensor([[4, 3.5], [2, -4]]))
    '4 3.5 / 2 -4'
    """
    rows = (matrix + 0.0).tolist()  # + 0.0: no "-0"
    return " / ".join(" ".join(f"{value:g}" for value in row) for row in rows)


def minus(value: float, digits: str = "g") -> str:
    """Return a number with a true minus sign, as a title prints it; nothing is left of that of -0.

    >>> minus(-0.5), minus(-1.204, ".2f"), minus(-0.0), minus(-0.004, ".2f")
    ('−0.5', '−1.20', '0', '0.00')
    """
    text = f"{value:{digits}}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


def _limits(values: np.ndarray, kind: str) -> tuple[float, float]:
    if kind == "signed":
        # in a picture a few extreme pixels must not make the others pale
        share = 100 if values.size <= NUMBERS_UP_TO**2 else 99.5
        largest = float(np.percentile(np.abs(values), share)) or 1.0
        return -largest, largest
    low, high = float(values.min()), float(values.max())
    return (low, high) if high > low else (low - 1, high + 1)  # one value: the scale's middle


def _draw_grid(ax: Axes, shape: tuple[int, ...]) -> None:
    H, W = shape
    down = [((x, -0.5), (x, H - 0.5)) for x in np.arange(-0.5, W)]
    across = [((-0.5, y), (W - 0.5, y)) for y in np.arange(-0.5, H)]
    # One collection: as minor ticks, each line is made of five artists, and half the figure's time.
    lines = LineCollection(
        [*down, *across], colors=GRAY, linewidths=0.6, capstyle="projecting", zorder=1.5
    )
    ax.add_collection(lines, autolim=False)
    for axis in (ax.xaxis, ax.yaxis):
        axis.labelpad += 3.4  # points, the room that minor ticks keep for labels of their own


def _print_numbers(ax: Axes, shown: AxesImage, values: np.ndarray) -> None:
    _, pixel = ax.transData.transform((0, 0)) - ax.transData.transform((0, 1))
    texts = np.array(_number_texts(values))
    share = max(0.33, min(0.5, 1.32 / max(map(len, texts.flat))))  # short numbers fill more of it
    size = share * abs(pixel) * 72 / ax.figure.dpi  # points, 72 to the inch
    colours = shown.to_rgba(values)[..., :3]  # (H, W, 3), 0 to 1
    for (row, column), text in np.ndenumerate(texts):
        color = ink_on(tuple(colours[row, column].tolist()))
        ax.text(column, row, text, ha="center", va="center", fontsize=min(11, max(LETTERS, size)),
                color=color)  # fmt: skip


def _number_texts(values: np.ndarray) -> list[list[str]]:
    """Return each number of (H, W) as text: all as fractions where some are, such as 1/9 or 1/16.

    Halves, quarters and eighths are short as decimals, and make no fractions of the others.
    """
    fractions = [[Fraction(float(value)).limit_denominator(16) for value in row] for row in values]
    exact = np.allclose(np.array(fractions, dtype=float), values, rtol=0, atol=1e-6)
    if exact and any(part.denominator in (3, 6, 9, 12, 16) for row in fractions for part in row):
        return [[str(part) for part in row] for row in fractions]
    return [[f"{value:.3g}" if value else "0" for value in row] for row in values]
