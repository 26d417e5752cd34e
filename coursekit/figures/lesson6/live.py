"""Curves that grow while a network trains."""

from __future__ import annotations

import os

from IPython import get_ipython
from IPython.display import DisplayHandle, display

from coursekit.arguments import instance
from coursekit.figures.canvas import LessonFigure
from coursekit.figures.lesson6.classifying import training_curves
from coursekit.training import History

__all__ = ["LiveCurves"]


class LiveCurves:
    """A hook for `training.fit`: the curves of a run, one picture that is put in place of itself.

    Outside of a notebook, and where CI is set, it shows nothing; `last()` has the picture there.

    >>> from coursekit import training
    >>> history = training.fit(model, train, on_epoch=LiveCurves())  # doctest: +SKIP
    """

    def __init__(self) -> None:
        self.handle: DisplayHandle | None = None
        self.shows = get_ipython() is not None and not os.environ.get("CI")
        self.history: History | None = None

    def __call__(self, history: History) -> None:
        """Show the history so far: an epoch at least."""
        instance("history", history, History)
        self.history = history
        if not self.shows:
            return
        figure = training_curves(history)
        if self.handle is None:
            self.handle = display(figure, display_id=True)
        else:
            self.handle.update(figure)

    def last(self) -> LessonFigure | None:
        """Return the curves as they ended, or None where they are on the page already.

        Raises ValueError where no epoch was trained.
        """
        if self.history is None:
            raise ValueError("no epoch was trained; expected a run of `training.fit` before")
        return None if self.handle else training_curves(self.history)
