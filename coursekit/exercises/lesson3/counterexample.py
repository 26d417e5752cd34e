"""The exercise of lesson 3 on finding an input that exposes a bug."""

from __future__ import annotations

from coursekit.exercises.lesson3.receptive import FIELD
from coursekit.exercises.model import CounterexampleExercise, HidingPlace

LENET = [(5, 1, 1), (2, 2, 1), (5, 1, 1), (2, 2, 1)]


def _no_layers(layers: list[tuple[int, int, int]]) -> str:
    """Return which setting of a layer is none."""
    if all(setting >= 1 for layer in layers for setting in layer):
        return ""
    return "Kernel, stride and dilation of a layer are whole numbers from 1 on."


def _strided(layers: list[tuple[int, int, int]]) -> int:
    """Return how many layers have a stride."""
    return sum(stride > 1 for _, stride, _ in layers)


STEPS = CounterexampleExercise(
    id="3.15",
    title="Expose the bug in receptive_field",
    minutes=4,
    question="For which layers does their_receptive_field give a wrong number?",
    about=FIELD,
    bug="strides that are added up",
    answer=([(1, 2, 1), (1, 2, 1), (2, 1, 1)],),
    alternatives=(
        ([(3, 2, 1)] * 3,),
        ([(7, 2, 1), (3, 2, 1), (3, 1, 1), (3, 1, 1)],),
    ),
    outside=_no_layers,
    hints=(
        "What is step after one layer with a stride of 2, in the program and in your own solution? "
        "And after two such layers?",
        "One stride of 2 makes 2 either way; two make 2·2 = 4, and the program has 1 + 1 + 1 = 3. "
        "Which layers ever use that number?",
        "Two layers with a stride, and above them a layer with a kernel of more than 1.",
    ),
    reasons=(
        "Strides multiply, and the program adds them. Behind one stride both come to the same; "
        "two strides of 2 make a step of 4, and not of 3. The step counts only where a layer "
        "above takes it, with a kernel of at least 2. LeNet's second stride has no such layer "
        "above it, so a test on LeNet would have passed."
    ),
    misconceptions={
        "strides of 1": HidingPlace(
            ([(3, 1, 1), (3, 1, 2)],),
            "Without strides every step is one pixel, added or multiplied.",
            lambda layers: _strided(layers) == 0,
        ),
        "a single layer with a stride": HidingPlace(
            ([(3, 2, 1), (3, 1, 1)],),
            "1 + (2 − 1) and 1·2 are both 2; the two ways part when a second stride joins in.",
            lambda layers: _strided(layers) == 1,
        ),
        "a second stride in the last layer": HidingPlace(
            (LENET,),
            "A layer's stride lengthens the steps of the layers above, and above the last one "
            "there is none. That is how LeNet hides it.",
            lambda layers: _strided(layers[:-1]) == 1,
        ),
        "kernels of 1 above the second stride": HidingPlace(
            ([(3, 2, 1), (3, 2, 1), (1, 1, 1)],),
            "A kernel of 1 takes no step, so it does not matter how long one would be.",
            lambda layers: all(
                kernel == 1 or _strided(layers[:below]) < 2
                for below, (kernel, _, _) in enumerate(layers)
            ),
        ),
    },
)

EXERCISES = (STEPS,)
