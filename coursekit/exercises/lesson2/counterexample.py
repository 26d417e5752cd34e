"""The exercise of lesson 2 on finding an input that exposes a bug."""

from __future__ import annotations

import torch

from coursekit.exercises.lesson2.convolution_gradients import PIXELS
from coursekit.exercises.model import CounterexampleExercise, HidingPlace

TURN = CounterexampleExercise(
    id="2.9",
    title="Expose the bug in grad_input",
    minutes=4,
    question="On which grad_y and which kernel does their_grad_input give a wrong gradient?",
    about=PIXELS,
    bug="a kernel that is not turned",
    answer=(torch.tensor([[1.0]]), torch.tensor([[1.0, 2.0]])),
    alternatives=(
        (torch.tensor([[1.0]]), torch.tensor([[1.0], [2.0]])),
        (torch.ones(2, 3), torch.tensor([[0.0, 1.0], [2.0, 3.0]])),
    ),
    hints=(
        "Compare the program with your own solution, line by line. What does it leave out?",
        "It does not turn the kernel by half a turn. Which kernels are the same after the turn?",
        "Take a kernel of 1×2 with two different numbers, and the smallest grad_y that there is.",
    ),
    reasons=(
        "A single 1 for grad_y hands back the kernel: the gradient is [1, 2], as pixel 0 lay under "
        "weight 0. Without the turn it comes back in reverse. Two different numbers are "
        "the least that reads differently backwards; a test on a blur or on a kernel of ones, "
        "which look alike after half a turn, would have passed."
    ),
    misconceptions={
        "a gradient of zeros": HidingPlace(
            (torch.zeros(1, 2), torch.tensor([[1.0, 2.0]])),
            "Zero times any weight is zero: nothing comes back, by whatever way.",
            lambda grad_y, kernel: not grad_y.any(),
        ),
        "a kernel of a single number": HidingPlace(
            (torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0]])),
            "Half a turn moves numbers around, and here there is only one.",
            lambda grad_y, kernel: kernel.numel() == 1,
        ),
        "a kernel with the same number everywhere": HidingPlace(
            (torch.tensor([[1.0, 2.0]]), torch.ones(2, 2)),
            "Half a turn swaps numbers that are equal. Box blurs and kernels of ones are the usual "
            "test inputs, and see nothing of it.",
            lambda grad_y, kernel: bool((kernel == kernel[0, 0]).all()),
        ),
        "a kernel that is the same after half a turn": HidingPlace(
            (torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 2.0, 1.0]])),
            "Lay it upside down and back to front: the same numbers lie in the same places.",
            lambda grad_y, kernel: torch.equal(kernel, kernel.flip(0, 1)),
        ),
    },
)

EXERCISES = (TURN,)
