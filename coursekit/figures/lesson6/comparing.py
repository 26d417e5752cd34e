"""Figures that compare networks: their curves, their gradients, their accuracies."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import stdev

from matplotlib.axes import Axes

from coursekit.contracts import Count, Length, Named, Some, checks_arguments
from coursekit.figures.canvas import LessonFigure
from coursekit.figures.marks import ACCENT, ACCENT_INK, BLUE, INK, SERIES

__all__ = ["against_first", "gradients_by_layer", "measured"]

BEHIND = "#888888"  # darker than GRAY, as it is a measurement too


@checks_arguments
def against_first(curves: Named[Some[Some[float]]], *, columns: Count = 4) -> LessonFigure:
    """Return a panel for each training, its accuracy against epochs, with the first one's behind.

    curves: name -> one curve for each seed: accuracy before training and after each epoch.
    """
    (first, base), *others = curves.items()
    if not others:
        raise ValueError(f"curves holds {first!r} alone; expected others to draw against it")
    columns = min(columns, len(others))
    rows = -(-len(others) // columns)
    figure = LessonFigure(figsize=(8.3, 1.85 * rows + 0.25), layout="constrained")
    grid = list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
    for ax, (name, runs) in zip(grid, others, strict=False):
        _curves(ax, base, "s--", BEHIND, first)
        _curves(ax, runs, "o-", BLUE, name)
        ax.set_title(name, fontsize=9, color=INK)
        ax.axhline(0.1, color=ACCENT, linewidth=0.8, linestyle=":")
        ax.tick_params(labelsize=9)
    for ax in grid[len(others) :]:
        ax.remove()
    grid[0].set(ylim=(-0.12, 1), yticks=(0, 0.5, 1), xticks=_ticks(len(base[0]) - 1))
    grid[0].text(0, -0.07, "chance", fontsize=9, color=ACCENT_INK)
    figure.supxlabel("epochs", fontsize=9)
    figure.supylabel("accuracy", fontsize=9)
    figure.suptitle(f"One change at a time (line), against {first} (dashes)", fontsize=10)
    return figure.described(
        f"accuracy against epochs of {', '.join(name for name, _ in others)}, "
        f"each beside that of {first}."
    )


def _curves(ax: Axes, runs: Sequence[Sequence[float]], style: str, colour: str, label: str) -> None:
    for run in runs:
        ax.plot(range(len(run)), run, style, color=colour, markersize=3, linewidth=1.2, label=label)


def _ticks(last: int) -> list[int]:
    return list(range(0, last + 1, max(1, last // 5)))


@checks_arguments
def gradients_by_layer(norms: Named[Named[Length]]) -> LessonFigure:
    """Return the length of the gradient in each layer, first to last, a line for each network.

    norms: network -> layer -> the gradient's norm, above 0, the same layers in each network.
    """
    if len(next(iter(norms.values()))) < 2:
        raise ValueError("norms holds one layer alone; expected a first and a last one")
    figure = LessonFigure(figsize=(7.4, 3.1), layout="constrained")
    ax = figure.subplots()
    for (name, by_layer), (colour, marker, dash) in zip(norms.items(), SERIES, strict=False):
        look = {"color": colour, "marker": marker, "linestyle": dash}
        ax.semilogy(list(by_layer), list(by_layer.values()), **look, label=name)
    first, *_, last = next(iter(norms.values())).values()
    ax.set_ylabel("length of the gradient (log scale)")
    ax.set_title(f"{_capital(next(iter(norms)))}: the first layer's gradient is {first / last:.1%} "
                 "of the last one's", fontsize=10)  # fmt: skip
    ax.legend(fontsize=9, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure.described(
        f"the length of the gradient before training in {', '.join(next(iter(norms.values())))}, "
        f"of {', '.join(norms)}. That of {next(iter(norms))} falls steeply towards the input; "
        "that of ReLU does not."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@checks_arguments
def measured(rows: Named[Some[float]], *, base: str, what: str = "test accuracy") -> LessonFigure:
    """Return a line for each row: its values as dots, their mean as a bar, the base's mean behind.

    rows: name -> accuracies, one for each seed. Rows stand in the order of their means, the largest
    on top. Raises ValueError where `base` names none of them.
    """
    if base not in rows:
        raise ValueError(f"base is {base!r}; expected one of the rows {', '.join(rows)}")
    means = {name: sum(values) / len(values) for name, values in rows.items()}
    names = sorted(rows, key=means.__getitem__)
    figure = LessonFigure(figsize=(7.6, 0.27 * len(rows) + 1.0), layout="constrained")
    ax = figure.subplots()
    ax.axvline(means[base], color=ACCENT, linestyle="--", linewidth=1)
    for place, name in enumerate(names):
        ax.plot(rows[name], [place] * len(rows[name]), "o", color=BLUE, alpha=0.5, markersize=4)
        ax.plot([means[name]] * 2, [place - 0.32, place + 0.32], "-", color=INK, linewidth=2.2)
    ax.set_yticks(range(len(names)), names, fontsize=9)
    ax.set_xlabel(f"{what}: a dot for each seed, a bar for their mean", fontsize=9)
    ax.tick_params(axis="x", labelsize=9)
    ax.grid(axis="y", color="#DDDDDD", linewidth=0.6)
    count = sum(_counts(rows[name], rows[base]) for name in names if name != base)
    ax.set_title(f"{count} of {len(names) - 1} changes gain more than their spread over “{base}” "
                 "(dashes)", fontsize=10)  # fmt: skip
    said = ", ".join(f"{name} {means[name]:.3f}" for name in reversed(names))
    return figure.described(f"mean {what}, from best to worst: {said}.")


def _counts(values: Sequence[float], base: Sequence[float]) -> bool:
    """Return whether the mean gain, seed by seed, is larger than the gains' spread."""
    gains = [a - b for a, b in zip(values, base, strict=False)]
    spread = stdev(gains) if len(gains) > 1 else 0.0
    return sum(gains) / len(gains) > spread
