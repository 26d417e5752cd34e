"""The exercise of lesson 2 on finding an input that exposes a bug."""

from __future__ import annotations

import torch
from torch import Tensor

from coursekit.exercises.lesson2.convolution import SLIDE
from coursekit.exercises.model import CounterexampleExercise, HidingPlace


def _does_not_fit(x: Tensor, kernel: Tensor) -> str:
    """Return that the kernel has no place in x, or ""."""
    fits = all(k <= n for k, n in zip(kernel.shape, x.shape, strict=True))
    return "" if fits else "The kernel has to fit inside x."


def _windows(x: Tensor, kernel: Tensor) -> Tensor:
    """Return every window that the kernel is laid on: (rows, columns, kH, kW)."""
    return x.unfold(0, kernel.shape[0], 1).unfold(1, kernel.shape[1], 1)


FLIP = CounterexampleExercise(
    id="2.9",
    title="Expose the bug in corr2d",
    minutes=4,
    question="On which x and which kernel does their_corr2d give a wrong feature map?",
    about=SLIDE,
    bug="a flipped kernel",
    answer=(torch.tensor([[0.0, 1.0]]), torch.tensor([[0.0, 1.0]])),
    alternatives=(
        (torch.tensor([[0.0], [1.0]]), torch.tensor([[0.0], [1.0]])),
        (torch.arange(12.0).reshape(3, 4), torch.tensor([[0.0, 1.0], [2.0, 3.0]])),
    ),
    outside=_does_not_fit,
    hints=(
        "Let a and b be 0: which pixel of the window meets which weight of the kernel?",
        "The first pixel meets the last weight: the kernel is read backwards, turned by half a "
        "turn. Which kernels are the same after the turn?",
        "Take a kernel of 1×2 with two different numbers, and an image of 1×2 that is not even "
        "either.",
    ),
    reasons=(
        "The window [0, 1] on the kernel [0, 1] gives 0·0 + 1·1 = 1, and backwards 0·1 + 1·0 = 0. "
        "Both have to differ from their own reverse: two pixels and two weights are the least that "
        "can. Blurs, and kernels of ones, are the same after half a turn, so a test on them passes "
        "both the correlation and the convolution."
    ),
    misconceptions={
        "zeros": HidingPlace(
            (torch.zeros(2, 3), torch.tensor([[1.0, 2.0]])),
            "Zero times any number is zero, whichever pixel meets whichever weight.",
            lambda x, kernel: not x.any() or not kernel.any(),
        ),
        "a kernel of a single number": HidingPlace(
            (torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0]])),
            "Half a turn moves numbers around, and here there is only one.",
            lambda x, kernel: kernel.numel() == 1,
        ),
        "a kernel with the same number everywhere": HidingPlace(
            (torch.tensor([[1.0, 2.0, 3.0]]), torch.ones(1, 2)),
            "Half a turn swaps numbers that are equal. Kernels of ones are the usual test input, "
            "and see nothing of it.",
            lambda x, kernel: bool((kernel == kernel[0, 0]).all()),
        ),
        "a kernel that is the same after half a turn": HidingPlace(
            (torch.tensor([[1.0, 2.0, 3.0, 5.0]]), torch.tensor([[1.0, 2.0, 1.0]])),
            "Lay it upside down and back to front: the same numbers lie in the same places.",
            lambda x, kernel: torch.equal(kernel, kernel.flip(0, 1)),
        ),
        "an image of a single gray value": HidingPlace(
            (torch.ones(2, 3), torch.tensor([[1.0, 2.0]])),
            "Every weight meets the same number, so their order makes no difference to the sum.",
            lambda x, kernel: bool((x == x[0, 0]).all()),
        ),
        "windows that are the same after half a turn": HidingPlace(
            (torch.tensor([[1.0, 2.0, 1.0]]), torch.tensor([[1.0, 0.0, 3.0]])),
            "To turn the kernel, or to turn the window under it, comes to the same, and these "
            "windows do not mind.",
            lambda x, kernel: torch.equal(_windows(x, kernel), _windows(x, kernel).flip(2, 3)),
        ),
    },
)

EXERCISES = (FLIP,)
