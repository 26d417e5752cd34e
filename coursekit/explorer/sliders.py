"""Sliders beside a figure, for what is understood better by moving it than by looking at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ipywidgets

from coursekit import arguments, descent, figures
from coursekit.figures import LessonFigure
from coursekit.figures.canvas import SCREEN_DPI, minus

__all__ = ["Sliders", "valley_figure", "valley_sliders"]

STEPS = 400  # enough for the slowest rate to settle
SEEN = (-2.1, 2.1)  # places x, a little beyond the ends of the slider


class Sliders(ipywidgets.VBox):
    """Sliders above the figure that `draw` makes of their values, by name.

    No output is captured and no state is stored: a notebook keeps one line of text for it, the
    same on each run, and shows the sliders while its kernel runs.
    """

    def __init__(
        self,
        draw: Callable[..., LessonFigure],
        sliders: Mapping[str, ipywidgets.FloatSlider],
        *,
        says: str,
    ) -> None:
        """Draw once with the sliders as they stand, and again whenever one is moved.

        draw: takes each slider's value under its name. says: what a notebook keeps as text.
        """
        self.draw = arguments.function("draw", draw)
        if not isinstance(sliders, Mapping) or not sliders:
            raise TypeError(f"sliders is {arguments.short(sliders)}; expected sliders by name")
        for name, slider in sliders.items():
            arguments.text("a name of sliders", name)
            arguments.instance(f"sliders[{name!r}]", slider, ipywidgets.FloatSlider)
        self.sliders, self.says = dict(sliders), arguments.text("says", says)
        self.picture = ipywidgets.Image(format="png")
        super().__init__([*self.sliders.values(), self.picture])
        for slider in self.sliders.values():
            slider.observe(self._redraw, names="value")
        self._redraw()

    def __repr__(self) -> str:
        return f"Sliders: {self.says}"

    def _redraw(self, _: object = None) -> None:
        figure = self.draw(**{name: slider.value for name, slider in self.sliders.items()})
        self.picture.width = f"{round(figure.get_figwidth() * SCREEN_DPI)}px"
        self.picture.value = figure.png()


def valley_figure(rate: float = 0.1, start: float = -2.0) -> LessonFigure:
    """Return the descent into one of two valleys, from the place `start` with this rate."""
    start = arguments.number("start", start)
    path = descent.descend(descent.two_valleys_slope, start, rate=rate, steps=STEPS)
    name = f"rate {rate:g}, start {minus(start)}"
    return figures.descents(descent.two_valleys, {name: path}, between=SEEN)


def valley_sliders() -> Sliders:
    """Return `valley_figure` with a slider for the rate and one for the start."""
    rate = _slider("rate", 0.1, 0.01, 0.35, 0.01)
    start = _slider("start", -2.0, -2.0, 2.0, 0.05)
    return Sliders(
        valley_figure,
        {"rate": rate, "start": start},
        says="learning rate and start of the figure above; they need a running kernel.",
    )


def _slider(
    name: str, value: float, low: float, high: float, step: float
) -> ipywidgets.FloatSlider:
    return ipywidgets.FloatSlider(
        value, min=low, max=high, step=step, description=name, continuous_update=False
    )
