"""Figures of a classifier: its data, its training, its mistakes."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from coursekit.contracts import Count, Matrix, Some, checks_arguments, filled, one_each
from coursekit.data import ImageSet
from coursekit.figures.canvas import LessonFigure, panels, pixels
from coursekit.figures.marks import ACCENT, INK, outline
from coursekit.training import History

__all__ = ["class_sheet", "confusion_matrix", "training_curves", "worst_mistakes"]

CELL = 0.4  # inches of an image among those of ten classes, which together fit a slide


@checks_arguments
def class_sheet(data: ImageSet, *, per_class: Count = 8) -> LessonFigure:
    """Return the first `per_class` images of each class, a row for each class.

    data: images (N, 1, 28, 28) uint8, and where they come from, which becomes the title.
    """
    figure = LessonFigure(figsize=(1.35 + CELL * per_class, CELL * len(data.classes) + 0.4))
    grid = figure.subplots(
        len(data.classes), per_class, gridspec_kw={"wspace": 0.06, "hspace": 0.06}
    )
    figure.subplots_adjust(left=1.3 / figure.get_figwidth(), right=0.995, top=0.93, bottom=0.01)
    for row, name in enumerate(data.classes):
        chosen = data.images[data.labels == row][:per_class]
        for ax, image in zip(grid[row], chosen, strict=False):
            pixels(ax, image[0], limits=(0, 255))
        grid[row, 0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=9)
    figure.suptitle(_capital(data.source), fontsize=10, x=0.6)
    return figure.described(f"{per_class} images of each of {', '.join(data.classes)}.")


@checks_arguments
def training_curves(history: History) -> LessonFigure:
    """Return loss and accuracy against epochs, in training (line) and validation (dashes).

    Raises ValueError where the history has no epoch.
    """
    filled("history", history)
    epochs = range(1, len(history.loss) + 1)
    figure = LessonFigure(figsize=(7.2, 2.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    size, count = 6 if len(epochs) <= 12 else 3, len(epochs)
    for ax, name in ((left, "loss"), (right, "accuracy")):
        ax.plot(epochs, getattr(history, name), "o-", color=INK, label="training", markersize=size)
        if history.validation:
            values = [getattr(scores, name) for scores in history.validation]
            ax.plot(epochs, values, "s--", color=ACCENT, label="validation", markersize=size)
        ax.set_xlabel("epoch")
        ax.xaxis.set_major_locator(MaxNLocator(10, integer=True))
        ax.set_title(f"{ax.lines[-1].get_label()} {name} after {count} epochs: {_last(ax):.3f}",
                     fontsize=9)  # fmt: skip
    left.legend(frameon=False)
    return figure.described("loss and accuracy against epochs, in training and validation.")


@checks_arguments
def confusion_matrix(counts: Matrix, classes: Some[str]) -> LessonFigure:
    """Return how often each true class (row) was called each class (column).

    counts: (classes, classes) int64. The largest confusion is framed and named in the title.
    """
    one_each("classes", classes, len(counts), "row of counts")
    if counts.shape[0] != counts.shape[1] or counts.min() < 0 or counts.is_floating_point():
        raise ValueError(
            f"counts is {counts.dtype} {tuple(counts.shape)}, with {counts.min()}; "
            "expected whole numbers (classes, classes), none below 0"
        )
    shares = counts / counts.sum(dim=1, keepdim=True).clamp(min=1)
    mistakes = counts.clone().fill_diagonal_(0)
    true, called = divmod(int(mistakes.argmax()), len(classes))
    figure = LessonFigure(figsize=(6.1, 4.4), layout="constrained")
    ax = figure.subplots()
    # roots: a mistake of 1 in 100 is seen, and a class of 9 in 10 is not as bright as one of 10
    ax.imshow(shares.sqrt().numpy(), cmap="cividis", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts.numpy()):
        bright = shares[row, column] > 0.25  # the upper half of the scale of roots
        ax.text(column, row, str(count), ha="center", va="center", fontsize=9,
                color="black" if bright else "white")  # fmt: skip
    ax.set_xticks(range(len(classes)), classes, rotation=40, ha="right")
    ax.set_yticks(range(len(classes)), classes)
    ax.set_xlabel("called")
    ax.set_ylabel("true class")
    outline(ax, true, called, (1, 1))
    most = f"{classes[true]} called {classes[called]}, {int(mistakes.max())} times"
    ax.set_title(f"The most frequent mistake: {most}", fontsize=10)
    return figure.described(f"confusion matrix; the most frequent mistake is {most}.")


@checks_arguments
def worst_mistakes(data: ImageSet, probabilities: Matrix, *, count: Count = 8) -> LessonFigure:
    """Return the images that were called wrong with the most certainty.

    probabilities: (N, classes), the softmax of a model's logits on `data`.
    """
    if probabilities.shape != (len(data), len(data.classes)):
        raise ValueError(
            f"probabilities has shape {tuple(probabilities.shape)}; "
            f"expected {(len(data), len(data.classes))}, a row for each image of data"
        )
    confidence, called = probabilities.max(dim=1)
    wrong = (called != data.labels).nonzero().flatten()
    if len(wrong) == 0:
        raise ValueError("probabilities has no image wrong; expected a mistake to draw")
    worst = wrong[confidence[wrong].argsort(descending=True)][:count]
    figure, axes = panels([(28, 28)] * len(worst), pixel=1.35 / 28, columns=4, gap=0.3)
    for ax, place in zip(axes, worst.tolist(), strict=True):
        says = f"{data.classes[called[place]]} {confidence[place]:.0%}"
        truth = data.classes[data.labels[place]]
        pixels(ax, data.images[place, 0], limits=(0, 255), title=f"is {truth}\ncalled {says}")
    return figure.described(f"{len(worst)} images called wrong with the most certainty.")


def _last(ax: Axes) -> float:
    return float(ax.lines[-1].get_ydata()[-1])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
