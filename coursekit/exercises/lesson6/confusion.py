"""The exercises of lesson 6 on reading a confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import torch
from torch import Tensor

from coursekit.exercises.model import (
    Explanation,
    FunctionExercise,
    Misconception,
    ValueExercise,
    cells,
)
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import number


def recall_and_precision(counts: Tensor) -> Tensor:
    """Return two rows: the recall of each class, and below it the precision of each class.

    counts: (C, C), how often each true class (row) was called each class (column).
    Recall: the share of the images of a class that were called so.
    Precision: the share of the images called so that are of the class.

    >>> recall_and_precision(torch.tensor([[3.0, 1.0], [0.0, 4.0]]))
    tensor([[0.7500, 1.0000],
            [1.0000, 0.8000]])
    """
    right = counts.diagonal()
    return torch.stack([right / counts.sum(dim=1), right / counts.sum(dim=0)])


def _counts(pick: Pick) -> tuple[Tensor]:
    """Draw a matrix in which each class comes up, and is called at least once."""
    C = pick.integer(2, 3)
    counts = pick.tensor(C, C, low=0, high=4, whole=True)
    return (counts + torch.eye(C),)


def _explain(index: tuple[int, int], counts: Tensor) -> Explanation:
    row, place = index
    line = counts[place] if row == 0 else counts[:, place]
    whose = f"row {place}" if row == 0 else f"column {place}"
    said = f"{number(counts[place, place])} right of {' + '.join(map(number, line))} in {whose}"
    C = range(len(counts))
    taken = cells([place], C) if row == 0 else cells(C, [place])
    share = number(counts[place, place] / line.sum())
    return Explanation(f"{said} = {share}", {"counts": taken})


def _with_loops(counts: Tensor) -> list[list[float]]:
    table, C = counts.tolist(), range(len(counts))
    recall = [table[i][i] / sum(table[i]) for i in C]
    return [recall, [table[i][i] / sum(table[j][i] for j in C) for i in C]]


def _with_numpy(counts: Tensor) -> np.ndarray:
    table = counts.double().numpy()
    return np.array([np.diag(table) / table.sum(axis=1), np.diag(table) / table.sum(axis=0)])


def _pair(recall: Tensor, precision: Tensor) -> Tensor:
    return torch.stack([recall, precision])


def _right(counts: Tensor) -> tuple[Tensor, Tensor]:
    first, second = recall_and_precision(counts)
    return first, second


READING = FunctionExercise(
    id="6.7",
    title="Recall and precision",
    minutes=5,
    reference=recall_and_precision,
    examples=(
        (torch.tensor([[1.0, 0.0], [1.0, 1.0]]),),
        (torch.tensor([[3.0, 1.0], [0.0, 4.0]]),),
        (torch.tensor([[4.0, 0.0, 1.0], [0.0, 2.0, 0.0], [3.0, 1.0, 1.0]]),),
    ),
    inputs=_counts,
    any_numbers=False,
    alternatives=(_with_loops, _with_numpy),
    explain=_explain,
    signed=(),
    facts={
        "a class comes up more often than it is called": lambda counts: bool(
            (counts.sum(0) != counts.sum(1)).any()
        ),
        "there are more than two classes": lambda counts: len(counts) > 2,
    },
    hints=(
        "Where in the matrix do the images of class 3 stand, and where those that were called "
        "class 3?",
        "Row 3 holds the images of class 3, column 3 those that were called so. Both hold the "
        "count on the diagonal, which is right.",
        "counts.diagonal() divided by counts.sum(dim=1) is one of the two; torch.stack puts two "
        "rows into a tensor.",
    ),
    reasons=(
        "A row is all images of a class, a column all images that were called so; the diagonal is "
        "what they share. dim=1 is the axis that disappears when rows are summed. A class may be "
        "found always and called far too often: then recall is 1 and precision low."
    ),
    misconceptions={
        "precision above recall": Misconception(
            lambda counts: _pair(*reversed(_right(counts))),
            "Recall divides by the row, all images of the class; precision by the column, all "
            "that were called so.",
        ),
        "recall twice": Misconception(
            lambda counts: _pair(_right(counts)[0], _right(counts)[0]),
            "Precision divides by the column: the images that were called so, dim=0.",
        ),
        "precision twice": Misconception(
            lambda counts: _pair(_right(counts)[1], _right(counts)[1]),
            "Recall divides by the row: the images that are of the class, dim=1.",
        ),
        "shares of all images": Misconception(
            lambda counts: _pair(*2 * [counts.diagonal() / counts.sum()]),
            "A class is judged by its own images, in its row or its column, not by all of them.",
        ),
        "the shares that went wrong": Misconception(
            lambda counts: 1 - recall_and_precision(counts),
            "Recall and precision are the shares that are right: the diagonal's.",
        ),
        "the count of right ones": Misconception(
            lambda counts: _pair(counts.diagonal(), counts.diagonal()),
            "A count says little without what it is a count of: divide by the row, and by the "
            "column.",
        ),
        "right ones divided by wrong ones": Misconception(
            lambda counts: _pair(
                counts.diagonal() / (counts.sum(1) - counts.diagonal()),
                counts.diagonal() / (counts.sum(0) - counts.diagonal()),
            ),
            "The right ones are part of the whole row, so they belong below the line too.",
        ),
        "every class with the mean": Misconception(
            lambda counts: (
                recall_and_precision(counts).mean(1, keepdim=True).expand(2, len(counts))
            ),
            "Each class has a recall and a precision of its own; the mean hides the weak one.",
        ),
        "percent instead of shares": Misconception(
            lambda counts: 100 * recall_and_precision(counts),
            "A share goes from 0 to 1; the factor 100 belongs to the way it is printed.",
        ),
        "one column for each measure": Misconception(
            lambda counts: recall_and_precision(counts).T,
            "Recall is the first row and precision the second; torch.stack puts them below each "
            "other.",
        ),
    },
)

SHOWN = torch.tensor([[70, 2, 4, 24], [1, 76, 22, 1], [0, 9, 90, 1], [16, 6, 18, 60]])
"""T-shirt, pullover, coat and shirt, 100 images of each: the matrix that exercise 6.8 is about."""


def _box(counts: Sequence[Sequence[int]], question: str, *, shown: str = "", also: str = "") -> (
    ValueExercise
):  # fmt: skip
    """Return the question for the precision of coat, the third of four classes of 100 images."""
    column = [row[2] for row in counts]
    coats, box = column[2], sum(column)
    correct = sum(counts[i][i] for i in range(4))
    return ValueExercise(
        id="6.8",
        title="The box marked coat",
        minutes=3,
        question=question,
        answer=coats / box,
        shown=shown,
        vary=_other_box,
        hints=(
            "Which numbers of the matrix land in the box: a row, or a column?",
            f"The column of coat: {column[0]} T-shirts, {column[1]} pullovers, {coats} coats and "
            f"{column[3]} shirts.",
        ),
        reasons=(
            f"The box is the column of coat, {' + '.join(map(str, column))} = {box} pieces, of "
            f"which {coats} are coats: a precision of {coats / box:.2f}.{also}"
        ),
        misconceptions={
            "the share of the coats that are found": Misconception(
                coats / 100,
                "That is the recall, along the row: how many of the coats reach the box.",
            ),
            "the share of the box that is something else": Misconception(
                (box - coats) / box,
                f"{box - coats} pieces in the box are no coats; the coats are the other {coats}.",
            ),
            "the accuracy of the whole matrix": Misconception(
                correct / 400, "The diagonal over everything judges all four boxes at once."
            ),
            "the share of all pieces": Misconception(
                coats / 400, f"Only what is in the box counts: {box} pieces, not 400."
            ),
            "the share of pieces that are called coat": Misconception(
                box / 400, "That is how full the box is, whatever lies in it."
            ),
            "the number of coats in the box": Misconception(
                coats, "A share is asked for: divide by how many pieces are in the box."
            ),
            "coats against the rest of the box": Misconception(
                coats / (box - coats), f"The coats are part of the box: divide by all {box}."
            ),
        },
    )


def _other_box(random: Random) -> ValueExercise:
    right = [random.randrange(50, 96, 5) for _ in range(4)]
    counts = [_row(random, place, hits) for place, hits in enumerate(right)]
    names = ("T-shirt", "pullover", "coat", "shirt")
    head = " " * 10 + "".join(f"{name:>10}" for name in names)
    lines = [f"{name:10}" + "".join(f"{count:10}" for count in row)
             for name, row in zip(names, counts, strict=True)]  # fmt: skip
    asked = f"A row is what 100 images show, a column what the network calls them. {INTO_A_BOX}"
    return _box(counts, asked, shown="\n".join([head, *lines]))


def _row(random: Random, place: int, hits: int) -> list[int]:
    """Return how 100 images of a class are called: `hits` by their own name."""
    first, second = sorted(random.sample(range(101 - hits), 2))
    wrong = [first, second - first, 100 - hits - second]
    return [*wrong[:place], hits, *wrong[place:]]


INTO_A_BOX = (
    "A machine puts every piece that the network calls coat into one box. What share of the box "
    "are coats?"
)
BOX = _box(
    SHOWN.tolist(),
    INTO_A_BOX,
    also=(
        " Nine in ten coats are found, and a third of the box is something else: what is called "
        "most generously has high recall and low precision."
    ),
)


EXERCISES = (READING, BOX)
