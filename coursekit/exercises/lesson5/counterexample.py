"""The exercise of lesson 5 on finding an input that exposes a bug."""

from __future__ import annotations

import torch
from torch import Tensor

from coursekit.exercises.lesson5.channels import POINTWISE
from coursekit.exercises.model import CounterexampleExercise, HidingPlace


def _no_mixture(x: Tensor, weight: Tensor) -> str:
    """Return that the weight is not for so many channels, or ""."""
    return "" if weight.shape[1] == len(x) else "The weight needs a column for each channel of x."


RESHAPED = CounterexampleExercise(
    id="5.9",
    title="Expose the bug in conv1x1",
    minutes=4,
    question="For which x and weight does their_conv1x1 give a wrong map?",
    about=POINTWISE,
    bug="pixels reshaped into rows, and maps reshaped out of them",
    answer=(torch.tensor([[[1.0, 2.0]]]), torch.tensor([[1.0], [0.0]])),
    alternatives=(
        (torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]]]), torch.tensor([[1.0, 0.0]])),
        (torch.arange(12.0).reshape(3, 2, 2), torch.eye(3)[:2]),
    ),
    outside=_no_mixture,
    hints=(
        "Every shape in the program is right. Which number stands where in x.reshape(H * W, C)?",
        "Write the numbers of x in the order in which memory holds them: all of channel 0, then "
        "channel 1. reshape cuts this row anew. When is a piece of it no pixel?",
        "One channel and two pixels come in as they should. Let two maps go out, and look at how "
        "the second reshape cuts them.",
    ),
    reasons=(
        "With one channel in, x.reshape(H·W, 1) is right. mixed then has a row for each pixel, and "
        "memory holds pixel 0 in both maps, then pixel 1 in both; reshape cuts that in the "
        "middle, as if all of map 0 came first. Two pixels and two maps are the "
        "least that can be mixed up, and with two channels in it goes wrong at the first reshape. "
        "movedim moves axes; reshape does not."
    ),
    misconceptions={
        "the same number everywhere in x, and in the weight": HidingPlace(
            (torch.ones(2, 2, 2), torch.ones(2, 2)),
            "Numbers that change places cannot be told apart when all of them are equal. Use "
            "torch.arange.",
            lambda x, weight: bool((x == x[0, 0, 0]).all() and (weight == weight[0, 0]).all()),
        ),
        "zeros": HidingPlace(
            (torch.arange(4.0).reshape(1, 2, 2), torch.zeros(2, 1)),
            "Zero times anything is zero, in whatever order it lies.",
            lambda x, weight: not x.any() or not weight.any(),
        ),
        "a single pixel": HidingPlace(
            (torch.tensor([[[1.0]], [[2.0]]]), torch.tensor([[1.0, 10.0]])),
            "What gets mixed up is pixels with channels, and one pixel has none to be mixed up "
            "with.",
            lambda x, weight: x[0].numel() == 1,
        ),
        "one channel in and one map out": HidingPlace(
            (torch.arange(4.0).reshape(1, 2, 2), torch.tensor([[2.0]])),
            "With a single channel on both sides memory holds nothing but pixels, in their order.",
            lambda x, weight: len(x) == len(weight) == 1,
        ),
        "a weight that gives back every channel as it is": HidingPlace(
            (torch.arange(8.0).reshape(2, 2, 2), torch.eye(2)),
            "The second reshape cuts the memory back as the first one cut it, and where nothing is "
            "mixed in between, the two cancel.",
            lambda x, weight: (
                torch.equal(weight, weight[0, 0] * torch.eye(*weight.shape))
                and len(weight) == len(x)
            ),
        ),
    },
)

EXERCISES = (RESHAPED,)
