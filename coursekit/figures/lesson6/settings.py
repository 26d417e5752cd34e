"""Figures of what is set by hand: the optimiser, its rate, the size of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from matplotlib.axes import Axes

from coursekit.contracts import Count, Length, Named, Some, checks_arguments, filled
from coursekit.figures.canvas import LessonFigure
from coursekit.figures.marks import ACCENT, ACCENT_INK, BLUE, CURVES

__all__ = ["descending_losses", "wrong_settings"]


@checks_arguments
def descending_losses(losses: Named[Some[float]], *, window: Count = 8) -> LessonFigure:
    """Return the loss of each step, a curve for each optimiser, as means of `window` steps.

    losses: name -> the loss of each step; up to six names.
    """
    if len(losses) > len(CURVES):
        raise ValueError(f"losses holds {len(losses)} names; expected at most {len(CURVES)}")
    figure = LessonFigure(figsize=(8.0, 3.0))
    ax = figure.add_axes((0.08, 0.16, 0.62, 0.74))
    ends = {}
    for (name, values), (colour, style) in zip(losses.items(), CURVES, strict=False):
        means = _running_means(values, window)
        ends[name] = means[-1]
        first = len(values) - len(means) + 1
        ax.plot(range(first, first + len(means)), means, color=colour, linestyle=style,
                label=f"{name}: {means[-1]:.2f}")  # fmt: skip
    ax.set(xlabel="steps", ylabel=f"loss, mean of {window} steps", ylim=(0, None))
    ax.legend(frameon=False, fontsize=9, loc="center left", bbox_to_anchor=(1.0, 0.5))
    low, high = min(ends, key=ends.__getitem__), max(ends, key=ends.__getitem__)
    ax.set_title(f"The same network, the same batches: {low} ends lowest, {high} highest",
                 fontsize=10)  # fmt: skip
    # Without the numbers: the second decimal depends on how many threads the machine has.
    fall = "all fall, and " if all(values[-1] < values[0] for values in losses.values()) else ""
    return figure.described(
        f"the loss against steps of {', '.join(losses)}: {fall}{high} ends highest."
    )


def _running_means(values: Some[float], window: int) -> list[float]:
    window = min(window, len(values))
    return [sum(values[at : at + window]) / window for at in range(len(values) - window + 1)]


Scores = Annotated[Mapping[Length, float], filled]


@checks_arguments
def wrong_settings(rates: Scores, sizes: Scores) -> LessonFigure:
    """Return accuracy against learning rate beside accuracy against batch size, on log scales.

    rates, sizes: learning rate, and images in a batch, each -> validation accuracy from 0 to 1.
    """
    figure = LessonFigure(figsize=(8.3, 3.0))
    left, right = figure.subplots(1, 2, sharey=True)
    figure.subplots_adjust(left=0.08, right=0.99, top=0.9, bottom=0.17, wspace=0.08)
    for ax, scores, what in ((left, rates, "learning rate"), (right, sizes, "batch size")):
        _sweep(ax, scores, what)
    left.set(ylim=(0, 1), ylabel="validation accuracy")
    left.text(min(rates), 0.02, "chance", fontsize=9, color=ACCENT_INK)
    return figure.described(
        f"validation accuracy after one epoch. Of {len(rates)} learning rates from {min(rates):g} "
        f"to {max(rates):g} the best is {_place(rates)}; of {len(sizes)} batch sizes from "
        f"{min(sizes):g} to {max(sizes):g} the best is {_place(sizes)}."
    )


def _place(scores: Mapping[float, float]) -> str:
    """Return where the best lies: which of two neighbours it is differs from machine to machine."""
    best = max(scores, key=scores.__getitem__)
    ends = {min(scores): "the smallest", max(scores): "the largest"}
    return ends.get(best, "one between")


def _sweep(ax: Axes, scores: Mapping[float, float], what: str) -> None:
    ax.semilogx(list(scores), list(scores.values()), "o-", color=BLUE)
    best = max(scores, key=scores.__getitem__)
    ax.plot(best, scores[best], "*", color=ACCENT, markersize=14)
    ax.axhline(0.1, color=ACCENT, linewidth=0.8, linestyle=":")
    ax.set_xticks(list(scores), [f"{value:g}" for value in scores], fontsize=9)
    ax.minorticks_off()
    ax.set_xlabel(f"{what} (log scale)")
    ax.set_title(f"{what.capitalize()}: best at {best:g}", fontsize=10)
