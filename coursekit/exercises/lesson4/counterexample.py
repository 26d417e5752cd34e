"""The exercise of lesson 4 on finding an input that exposes a bug."""

from __future__ import annotations

import torch
from torch import Tensor

from coursekit import ops
from coursekit.exercises.lesson4.pooling import MAX
from coursekit.exercises.model import CounterexampleExercise, HidingPlace


def _no_window(x: Tensor, window: int, stride: int) -> str:
    """Return why there is no such pooling of x, or ""."""
    if window < 1 or stride < 1:
        return "Window and stride are whole numbers from 1 on."
    if window > min(x.shape):
        return "A window has to fit inside x."
    return ""


START = CounterexampleExercise(
    id="4.9",
    title="Expose the bug in max_pool2d",
    minutes=4,
    question="For which x, window and stride does their_max_pool2d give a wrong number?",
    about=MAX,
    bug="a maximum that starts at zero",
    answer=(torch.tensor([[-1.0]]), 1, 1),
    alternatives=(
        (torch.tensor([[-3.0, -1.0], [-2.0, -4.0]]), 2, 2),
        (torch.tensor([[5.0, -1.0, -2.0], [-0.5, -1.0, -3.0]]), 2, 1),
    ),
    outside=_no_window,
    hints=(
        "Which number stands in pooled[i, j] before the first pixel is compared with it?",
        "It is zero, which need not be in the window. When is zero larger than every pixel there?",
        "Make all pixels of one window negative.",
    ),
    reasons=(
        "The largest number of a window is kept, and the program keeps the largest of the window "
        "and 0. That is wrong where every pixel of a window is negative: one pixel of −1 is "
        "enough. Photographs and maps behind a ReLU have no negative pixel, so the bug may live "
        "there for years; it comes to light in the first map that was not clipped. Start from "
        "−∞, or from the window's first pixel."
    ),
    misconceptions={
        "zeros": HidingPlace(
            (torch.zeros(2, 2), 2, 2),
            "The maximum starts at 0 and stays there, and here that is right.",
            lambda x, window, stride: not x.any(),
        ),
        "an image without a negative pixel": HidingPlace(
            (torch.tensor([[1.0, 5.0], [2.0, 0.0]]), 2, 1),
            "Every pixel is at least 0, so the largest is too: a start at 0 does no harm on a "
            "photograph.",
            lambda x, window, stride: not (x < 0).any(),
        ),
        "windows with a pixel of at least 0 each": HidingPlace(
            (torch.tensor([[-1.0, 5.0], [-2.0, -3.0]]), 2, 1),
            "Negative pixels lose against the largest one; what is needed is a window with nothing "
            "else.",
            lambda x, window, stride: bool(
                (ops.max_pool2d(x, window, stride=stride) >= 0).all()
                and (-ops.max_pool2d(-x, window, stride=stride) < 0).any()
            ),
        ),
        "negative pixels that no window reads": HidingPlace(
            (torch.tensor([[2.0, -1.0]]), 1, 2),
            "The windows take steps over the negative pixels, or end before them.",
            lambda x, window, stride: bool((-ops.max_pool2d(-x, window, stride=stride) >= 0).all()),
        ),
    },
)

EXERCISES = (START,)
