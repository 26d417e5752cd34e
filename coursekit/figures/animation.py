"""A short animation that carries its description, made of figures of one size."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

from PIL import Image

from coursekit.figures.canvas import SCREEN_DPI, LessonFigure

__all__ = ["LessonAnimation"]

COLOURS = 32  # flat drawings need no more, and a GIF grows with every one


class LessonAnimation:
    """A GIF of figures, one after the other for ever, shown with its description beside it.

    Paper shows none of it: a lesson puts a still filmstrip of the same positions beside it.
    """

    def __init__(
        self, frames: Sequence[LessonFigure], description: str, *, milliseconds: int = 700
    ) -> None:
        if not frames:
            raise ValueError("frames is empty; expected at least one figure")
        self.frames = tuple(frames)
        self.description = description
        self.milliseconds = milliseconds

    def __repr__(self) -> str:
        return f"Animation: {self.description}"

    def gif(self) -> bytes:
        """Return the frames as a GIF, the same bytes for the same frames; the last one stays."""
        pictures = [Image.open(io.BytesIO(frame.png(SCREEN_DPI))) for frame in self.frames]
        width, height = pictures[0].size
        strip = Image.new("RGB", (width, height * len(pictures)))
        for place, picture in enumerate(pictures):
            strip.paste(picture.convert("RGB"), (0, place * height))
        palette = strip.quantize(COLOURS, dither=Image.Dither.NONE)  # one palette for all frames
        first, *rest = (
            palette.crop((0, place * height, width, (place + 1) * height))
            for place in range(len(pictures))
        )
        times = [self.milliseconds] * len(rest) + [3 * self.milliseconds]
        stream = io.BytesIO()
        first.save(stream, format="gif", save_all=True, append_images=rest, duration=times, loop=0)
        return stream.getvalue()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, dict[str, object]]]:
        moving = base64.b64encode(self.gif()).decode()
        return (
            {"image/gif": moving, "text/plain": repr(self)},
            {"image/gif": {"alt": self.description}},
        )
