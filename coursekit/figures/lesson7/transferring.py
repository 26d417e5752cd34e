"""Figures of transfer learning: the curve, what is frozen, what is predicted for files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Annotated, TypeAlias

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import nn

from coursekit.contracts import Count, Named, Share, Some, checks_arguments, filled, one_each
from coursekit.data.picture import read_picture
from coursekit.figures.canvas import LessonFigure
from coursekit.figures.marks import ACCENT, INK, PALE_BLUE, SERIES

__all__ = ["file_predictions", "frozen_network", "transfer_curve", "worlds"]

FROZEN, LEARNS = "#D9D9D9", PALE_BLUE
DASHES = (":", "-", "--")  # of from scratch, the probe, fine-tuning: solid is what is taught
SHIFTS = (-0.015, 0.0, 0.015)  # powers of ten: bars at the same place do not hide one another


Runs: TypeAlias = Annotated[Mapping[Count, Some[float]], filled]  # images a class -> each run


@checks_arguments
def transfer_curve(table: Named[Runs], *, chance: Share, title: str) -> LessonFigure:
    """Return accuracy against images a class: for each method the mean of its runs, and their span.

    table: method -> images a class -> the accuracy of each run, from 0 to 1.
    """
    if len(table) > len(DASHES):
        raise ValueError(f"table holds {len(table)} methods; expected at most {len(DASHES)}")
    figure = LessonFigure(figsize=(7.4, 3.9), layout="constrained")
    ax = figure.subplots()
    said = []
    counts = sorted({count for row in table.values() for count in row})
    styles = zip(SERIES, DASHES, SHIFTS, strict=False)
    for (method, row), ((colour, marker, _), dash, shift) in zip(
        table.items(), styles, strict=False
    ):
        _draw_method(ax, method, row, (colour, marker, dash), shift)
        means = ", ".join(f"{round(100 * fmean(row[count]))}" for count in sorted(row))
        at = "" if sorted(row) == counts else f" (at {', '.join(map(str, sorted(row)))})"
        said.append(f"{method} {means}{at}")
    ax.axhline(chance, color="#777777", linewidth=0.9)
    ax.text(counts[-1], chance - 0.015, "chance", fontsize=9, ha="right", va="top", color="#555555")
    ax.set_xscale("log")
    ax.set_xticks(counts, [str(count) for count in counts])
    ax.minorticks_off()
    ax.set(ylim=(0, 1.02), xlabel="images a class", ylabel="accuracy")
    ax.set_title(title, fontsize=10)
    figure.legend(frameon=False, fontsize=9, loc="outside lower center", ncols=3)
    axis = ", ".join(map(str, counts))
    sentence = title if title.endswith(("?", ".")) else f"{title}."
    return figure.described(
        f"{sentence} Mean accuracy in percent at {axis} images a class: {'; '.join(said)};",
        f"chance {round(100 * chance)}.",
    )


def _draw_method(
    ax: Axes,
    method: str,
    row: Mapping[int, Sequence[float]],
    line: tuple[str, str, str],
    shift: float,
) -> None:
    """Draw a method's means and spans. line: colour, marker, dash. shift: in powers of ten."""
    colour, marker, style = line
    counts = sorted(row)
    means = [fmean(row[count]) for count in counts]
    below = [max(0.0, mean - min(row[n])) for n, mean in zip(counts, means, strict=True)]
    above = [max(0.0, max(row[n]) - mean) for n, mean in zip(counts, means, strict=True)]
    ax.errorbar(
        [count * 10**shift for count in counts], means, yerr=(below, above),
        color=colour, marker=marker, linestyle=style, capsize=3, linewidth=1.6, label=method,
    )  # fmt: skip


@checks_arguments
def frozen_network(model: nn.Module, *, title: str) -> LessonFigure:
    """Return the parts of a network in order, each with its size; frozen ones are hatched.

    A part is frozen where none of its parameters asks for a gradient; parts without parameters,
    such as pooling, are left out.
    """
    parts = [(name, *_numbers(part)) for name, part in model.named_children()]
    parts = [part for part in parts if part[1]]
    if not parts:
        raise ValueError(f"model is a {type(model).__name__} without parts that have numbers")
    width = 8.2
    figure = LessonFigure(figsize=(width, 1.75))
    ax = figure.add_axes((0.01, 0.0, 0.98, 0.88))
    ax.set(xlim=(0, len(parts)), ylim=(0, 1.75))
    ax.axis("off")
    said = []
    for place, (name, total, learning) in enumerate(parts):
        _draw_part(ax, place, name, total, learning)
        said.append(f"{name} {learning:,} of {total:,}")
        if place:
            ax.annotate("", (place + 0.1, 1.2), (place - 0.1, 1.2),
                        arrowprops={"arrowstyle": "->", "color": INK})  # fmt: skip
    figure.text(0.5, 0.91, title, ha="center", fontsize=10)
    return figure.described(f"{title}. Numbers that learn: {', '.join(said)}.")


def _numbers(part: nn.Module) -> tuple[int, int]:
    """Return how many numbers a part has, and how many of them learn."""
    parameters = list(part.parameters())
    return (
        sum(p.numel() for p in parameters),
        sum(p.numel() for p in parameters if p.requires_grad),
    )


def _draw_part(ax: Axes, place: int, name: str, total: int, learning: int) -> None:
    frozen = learning == 0
    box = Rectangle(
        (place + 0.12, 0.75), 0.76, 0.9, facecolor=FROZEN if frozen else LEARNS,
        edgecolor="#888888" if frozen else ACCENT, hatch="///" if frozen else None,
        linewidth=1 if frozen else 2.5,
    )  # fmt: skip
    ax.add_patch(box)
    plate = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    ax.text(place + 0.5, 1.2, name, ha="center", va="center", fontsize=9, color=INK, bbox=plate)
    word = "frozen" if frozen else "learns"
    ax.text(place + 0.5, 0.6, f"{word}\n{total:,}", ha="center", va="top", fontsize=9,
            color=INK)  # fmt: skip


@checks_arguments
def file_predictions(
    files: Some[str | Path], predictions: Some[Some[tuple[str, Share]]], *, says: str
) -> LessonFigure:
    """Return each file's picture, as it is, beside the probabilities of its classes.

    predictions: for each file (class, probability from 0 to 1), the most likely first.
    """
    one_each("files", files, len(predictions), "entry of predictions")
    figure = LessonFigure(figsize=(8.2, 1.5 * len(files)), layout="constrained")
    grid = figure.subplots(len(files), 2, squeeze=False, gridspec_kw={"width_ratios": [1, 2.4]})
    for (picture, bars), file, ranked in zip(grid, files, predictions, strict=True):
        picture.imshow(read_picture(file, argument="files").pixels.permute(1, 2, 0).numpy())
        picture.set_axis_off()
        picture.set_title("/".join(Path(file).parts[-2:]), fontsize=9, color=INK)
        names = [name for name, _ in ranked]
        shares = [share for _, share in ranked]
        drawn = bars.barh(names, shares, color=[LEARNS, *["#EEEEEE"] * len(names)], edgecolor=INK)
        percent = [f"{share:.{0.0005 < share < 0.01:d}%}" for share in shares]
        bars.bar_label(drawn, percent, padding=3, fontsize=9)
        bars.invert_yaxis()
        bars.set(xlim=(0, 1.1))
        bars.set_xticks([])
        bars.tick_params(labelsize=9)
        bars.spines[["top", "right", "bottom"]].set_visible(False)
    return figure.described(says)


@checks_arguments
def worlds(table: Named[Named[Some[float]]], *, chance: Some[Share], title: str) -> LessonFigure:
    """Return accuracies as a table: a row for each world of pictures, a column for each backbone.

    table: world -> backbone -> the accuracy of each run, from 0 to 1; the backbones are the same in
    each world. chance: what guessing gets, one for each world. The best of a row is framed.
    """
    one_each("chance", chance, len(table), "row of table")
    backbones = list(next(iter(table.values())))
    if any(list(row) != backbones for row in table.values()):
        raise ValueError(f"table has rows of other backbones; expected {backbones} in each")
    figure = LessonFigure(figsize=(2.4 + 1.75 * len(backbones), 0.75 + 0.8 * len(table)))
    ax = figure.add_axes((0, 0, 1, 1 - 0.3 / figure.get_figheight()))
    ax.set(xlim=(-2.4 / 1.75, len(backbones)), ylim=(len(table), -0.45 / 0.8))
    ax.axis("off")
    said = []
    for row, ((world, cells), share) in enumerate(zip(table.items(), chance, strict=True)):
        means = [fmean(cells[name]) for name in backbones]
        ax.text(-0.06, row + 0.5, f"{world}\nchance {share:.2f}", ha="right", va="center",
                fontsize=9, color=INK)  # fmt: skip
        for column, (name, mean) in enumerate(zip(backbones, means, strict=True)):
            _world(ax, (row, column), mean, best=mean == max(means), share=share)
            said.append(f"{world}, {name}: {mean:.2f}")
    for column, name in enumerate(backbones):
        ax.text(column + 0.5, -0.1, name, ha="center", va="bottom", fontsize=9, color=INK)
    figure.text(0.5, 1 - 0.08 / figure.get_figheight(), title, ha="center", va="top", fontsize=10)
    return figure.described(f"{title}. {'; '.join(said)}.")


def _world(ax: Axes, place: tuple[int, int], mean: float, *, best: bool, share: float) -> None:
    """Draw one accuracy as a bar from chance to 1 behind its number."""
    row, column = place
    frame = {"edgecolor": ACCENT if best else "#888888", "linewidth": 2.5 if best else 1}
    ax.add_patch(Rectangle((column + 0.04, row + 0.06), 0.92, 0.88, facecolor="white", **frame))
    gain = max(0.0, (mean - share) / (1 - share)) if share < 1 else 0.0
    ax.add_patch(Rectangle((column + 0.06, row + 0.74), 0.88 * gain, 0.17, facecolor=PALE_BLUE))
    ax.text(column + 0.5, row + 0.42, f"{mean:.2f}", ha="center", va="center", fontsize=15,
            color=INK)  # fmt: skip
