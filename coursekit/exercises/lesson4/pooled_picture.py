"""The exercise of lesson 4 that shows a drawing, and five pictures that pools made of it."""

from __future__ import annotations

import torch

from coursekit import figures, ops
from coursekit.exercises.model import ChoiceExercise, Misconception
from coursekit.figures import LessonFigure

MADE = {
    "A": lambda x: x[::2, ::2],  # the top left pixel of each window
    "B": lambda x: -ops.max_pool2d(-x, 2),  # the smallest
    "C": lambda x: ops.avg_pool2d(x, 2),
    "D": lambda x: (ops.avg_pool2d(x, 2) >= 0.5).float(),  # a vote
    "E": lambda x: ops.max_pool2d(x, 2),
}

LINES = """
    ............
    ..######...#
    ............
    ............
    .#........##
    ..#.......##
    ...#........
    ....#.......
    .....#....#.
    ......#...#.
    #.........#.
    ..........#."""


def _picture(exercise: ChoiceExercise) -> LessonFigure:
    drawing = torch.tensor([[float(mark == "#") for mark in row] for row in LINES.split()])
    return figures.which_pool(
        drawing, {letter: MADE[letter](drawing) for letter in exercise.options}
    )


PICTURE = ChoiceExercise(
    id="4.4",
    title="Which picture did max pooling make?",
    minutes=2,
    question="White is 1, black is 0. Which picture is the drawing after nn.MaxPool2d(2)?",
    options={
        "A": "a block, a bar and a dot",
        "B": "one white pixel",
        "C": "shades of gray",
        "D": "a block and two bars",
        "E": "a block, two bars, a slanted line and two dots",
    },
    answer="E",
    picture=_picture,
    hints=(
        "Take a window of 2×2 with one white pixel. What is the largest of its four numbers?",
        "So one white pixel makes its whole window white. Where has the drawing thin lines?",
        "Every line of the drawing survives, and none is gray.",
    ),
    reasons=(
        "A window is white after max pooling as soon as one of its pixels is. So the thin lines "
        "all survive, and are twice as wide for the size of the picture."
    ),
    misconceptions={
        "keeping one pixel in four": Misconception(
            "A",
            "That picture keeps the top left pixel of each window; max pooling looks at all four, "
            "so it cannot lose a whole line.",
        ),
        "the smallest": Misconception(
            "B",
            "There a window is white only if all four of its pixels are: the smallest number wins.",
        ),
        "the mean": Misconception(
            "C",
            "Gray comes from averaging; the largest of zeros and ones is zero or one.",
        ),
        "a vote of the pixels": Misconception(
            "D",
            "There two white pixels of four are needed; for the largest number one is enough.",
        ),
    },
)

EXERCISES = (PICTURE,)
