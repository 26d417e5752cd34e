"""A short animation that carries its description, with a filmstrip of it for paper."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox
from PIL import Image

from coursekit.arguments import integer
from coursekit.contracts import Count, Index, Length, Some, checks_arguments
from coursekit.figures.canvas import SCREEN_DPI, LessonFigure, bundle, in_words
from coursekit.machine.settings import are_unkept

__all__ = ["LessonAnimation"]

MOST = 1000  # frames
COLOURS = 32  # of a drawing with few colours: half the bytes of 256
NEAR_WHITE = 247  # of 255; darker than that is meant
HOLD = 8  # times as long as the others is the last frame shown


class LessonAnimation:
    """Frames that one painter draws, shown in a notebook as a moving picture with its description.

    It is an animated PNG: a notebook, a web page and GitHub show it as they show every picture,
    paper shows its first frame, and nbval leaves its bytes alone.
    """

    @checks_arguments
    def __init__(
        self,
        paint: Callable[[Axes, int], None],
        count: Annotated[int, partial(integer, minimum=1, maximum=MOST)],
        *,
        says: str,
        size: tuple[Length, Length] = (4.8, 3.0),
        milliseconds: Annotated[int, partial(integer, minimum=1)] = 200,
    ) -> None:
        """Keep the painter: paint(ax, frame) draws one frame of `count` on empty axes.

        size: width and height in inches. milliseconds: how long each frame is shown.
        Raises ValueError where there is no frame, or more than a thousand.
        """
        self.paint, self.count, self.description = paint, count, says
        self.size, self.milliseconds = size, milliseconds

    def __repr__(self) -> str:
        return f"Animation of {self.count} frames: {self.description}"

    @checks_arguments
    def filmstrip(self, frames: Some[Index], *, columns: Count = 3) -> LessonFigure:
        """Return some of the frames side by side, in rows of `columns`.

        frames: their numbers, from 0.
        Raises ValueError where a frame is asked for that there is not.
        """
        if max(frames) >= self.count:
            raise ValueError(f"frames is {list(frames)}; expected some of 0 to {self.count - 1}")
        columns = min(columns, len(frames))
        rows = -(-len(frames) // columns)
        width = min(8.3 / columns, self.size[0])
        figure = LessonFigure(figsize=(width * columns, 2.3 * rows), layout="constrained")
        for place, frame in enumerate(frames, start=1):
            self.paint(figure.add_subplot(rows, columns, place), frame)
        shown = ", ".join(map(str, frames))
        return figure.described(f"frames {shown} of {self.count}.", self.description)

    @checks_arguments
    def still(self, frame: Index) -> LessonFigure:
        """Return one frame as a figure of its own, at the size at which the animation shows it.

        Raises ValueError where there is no such frame.
        """
        if frame >= self.count:
            raise ValueError(f"frame is {frame}; expected one of 0 to {self.count - 1}")
        figure = LessonFigure(figsize=self.size, layout="constrained")
        self.paint(figure.subplots(), frame)
        return figure.described(f"frame {frame} of {self.count}.", self.description)

    def png(self) -> bytes:
        """Return the bytes of an animated PNG file, the same for the same frames.

        Where pictures are not kept (`machine.settings`), three frames stand for all.
        """
        frames = list(self._pictures(self._room()))
        # one palette for all, of the last frame, as all that was drawn is on it
        palette = _with_white(frames[-1].quantize(COLOURS, dither=Image.Dither.NONE))
        drawn = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
        times = [self.milliseconds] * (len(drawn) - 1) + [HOLD * self.milliseconds]
        stream = io.BytesIO()
        drawn[0].save(stream, format="png", save_all=True, append_images=drawn[1:], duration=times,
                      loop=0, optimize=not are_unkept())  # fmt: skip
        return stream.getvalue()

    def _room(self) -> Bbox:
        """Return where the axes stand, as shares of the figure, with room for what is around them.

        The layout takes longer than the drawing, and a frame must not stand beside the one before
        it: it is made for the first frame, one in the middle and the last, and the least is taken.
        """
        boxes = []
        for frame in self._some():
            figure = self.still(frame)
            figure.draw_without_rendering()
            boxes.append(figure.axes[0].get_position(original=True))
        corners = np.array([box.extents for box in boxes])  # (frames, 4): left, bottom, right, top
        return Bbox.from_extents(*corners[:, :2].max(axis=0), *corners[:, 2:].min(axis=0))

    def _some(self) -> list[int]:
        return sorted({0, self.count // 2, self.count - 1})

    def _pictures(self, room: Bbox) -> Iterator[Image.Image]:
        """Yield each frame, all drawn on one figure: matplotlib then measures each text once."""
        figure = LessonFigure(figsize=self.size)
        for frame in self._some() if are_unkept() else range(self.count):
            figure.clear()
            self.paint(figure.add_axes(room.bounds), frame)
            yield figure.picture(SCREEN_DPI)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, dict[str, object]]]:
        return bundle(self.png(), repr(self), self.description, self.size)

    def _ipython_display_(self) -> None:
        in_words(self)


def _with_white(picture: Image.Image) -> Image.Image:
    """Return the picture with every near-white of its palette made white, as paper is."""
    colours = picture.getpalette() or []
    triples = [colours[at : at + 3] for at in range(0, len(colours), 3)]
    whitened = [[255, 255, 255] if min(triple) > NEAR_WHITE else triple for triple in triples]
    picture.putpalette([part for triple in whitened for part in triple])
    return picture
