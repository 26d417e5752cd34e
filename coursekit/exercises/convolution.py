"""The exercises of lesson 2 on sliding a window."""

from __future__ import annotations

import torch

from coursekit.exercises.model import Explanation, FunctionExercise, Misconception, cells
from coursekit.exercises.numbers import factor, number
from coursekit.exercises.pick import Pick

Tensor = torch.Tensor


def corr2d(x: Tensor, kernel: Tensor) -> Tensor:
    """The feature map: at each position, the sum of window × kernel.

    x: (H, W); kernel: (kH, kW); result: (H − kH + 1, W − kW + 1).

    >>> corr2d(torch.arange(9.0).reshape(3, 3), torch.arange(4.0).reshape(2, 2))
    tensor([[19., 25.],
            [37., 43.]])
    """
    height, width = kernel.shape
    rows, columns = x.shape[0] - height + 1, x.shape[1] - width + 1
    result = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            window = x[i : i + height, j : j + width]
            result[i, j] = (window * kernel).sum()
    return result


def image_and_kernel(pick: Pick) -> tuple[Tensor, Tensor]:
    """An image of up to 5×5 and a kernel that fits into it."""
    height, width = pick.integer(1, 3), pick.integer(1, 3)
    x = pick.tensor(height + pick.integer(0, 2), width + pick.integer(0, 2))
    return x, pick.tensor(height, width)


def explain_corr2d(index: tuple[int, int], x: Tensor, kernel: Tensor) -> Explanation:
    """The window under the kernel, term by term."""
    (i, j), (height, width) = index, kernel.shape
    window = x[i : i + height, j : j + width]
    pairs = zip(window.flatten(), kernel.flatten(), strict=True)
    terms = " + ".join(f"{factor(a)}·{factor(b)}" for a, b in pairs)
    return Explanation(
        f"window × kernel = {terms} = {number((window * kernel).sum())}",
        {"x": cells(range(i, i + height), range(j, j + width))},
    )


SLIDE = FunctionExercise(
    id="2.2",
    title="Slide the window",
    minutes=10,
    reference=corr2d,
    examples=((torch.tensor([[0.0, 1.0]]), torch.tensor([[0.0, 1.0]])),),
    inputs=image_and_kernel,
    explain=explain_corr2d,
    hints=("Where can the top left corner of the window be?", "Two loops, one per axis."),
    reasons="One position at a time.",
    misconceptions={
        "a flipped kernel": Misconception(
            lambda x, kernel: corr2d(x, kernel.flip(0, 1)),
            "Correlation lays the kernel on the window as it is; only true convolution turns it first.",
        ),
    },
)

EXERCISES = (SLIDE,)
