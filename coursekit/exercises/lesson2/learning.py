"""The exercises of lesson 2 on learning a kernel."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit import ops
from coursekit.exercises.model import Explanation, FunctionExercise, Misconception, cells
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import factor, number
from coursekit.exercises.windows import not_square, terms


def learning_step(x: Tensor, y: Tensor, kernel: Tensor, rate: float) -> Tensor:
    """Return the kernel after one step of gradient descent on the sum of squared errors.

    x: (H, W). y: (H - kH + 1, W - kW + 1), the wanted feature map. kernel: (kH, kW).
    rate: how far to step. Returns a new kernel (kH, kW).

    >>> x, y = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0]])
    >>> learning_step(x, y, kernel=torch.tensor([[1.0, 0.0]]), rate=0.25)
    tensor([[2., 2.]])
    """
    error = ops.corr2d(x, kernel) - y
    gradient = ops.corr2d(x, 2 * error)
    return kernel - rate * gradient


def _task(pick: Pick) -> tuple[Tensor, Tensor, Tensor, float]:
    kH, kW, rows, columns = (pick.integer(1, 2) for _ in range(4))
    rate = pick.choice((1.0, 0.5, 0.25))
    x = pick.tensor(kH + rows - 1, kW + columns - 1)
    return x, pick.tensor(rows, columns), pick.tensor(kH, kW), rate


def _gradient(x: Tensor, y: Tensor, kernel: Tensor) -> Tensor:
    return ops.corr2d(x, 2 * (ops.corr2d(x, kernel) - y))


def _explain_step(
    index: tuple[int, int], x: Tensor, y: Tensor, kernel: Tensor, rate: float
) -> Explanation:
    (a, b), (rows, columns) = index, y.shape
    error = ops.corr2d(x, kernel) - y
    seen = x[a : a + rows, b : b + columns]
    gradient = 2 * (seen * error).sum()
    said = (
        f"gradient = 2·(pixel × error) = 2·({terms(seen.flatten(), error.flatten())}) "
        f"= {number(gradient)}, and kernel − rate·gradient = {number(kernel[index])} − "
        f"{factor(rate)}·{factor(gradient)} = {number(kernel[index] - rate * gradient)}"
    )
    seen_cells = cells(range(a, a + rows), range(b, b + columns))
    return Explanation(said, {"x": seen_cells, "kernel": frozenset([(a, b)])})


def _with_autograd(x: Tensor, y: Tensor, kernel: Tensor, rate: float) -> Tensor:
    weight = kernel.double().requires_grad_()
    loss = ((F.conv2d(x[None, None].double(), weight[None, None])[0, 0] - y) ** 2).sum()
    loss.backward()
    return weight - rate * weight.grad


def _weight_by_weight(x: Tensor, y: Tensor, kernel: Tensor, rate: float) -> list[list[float]]:
    (rows, columns), (kH, kW) = y.shape, kernel.shape
    error = (ops.corr2d(x, kernel) - y).double()
    gradient = [
        [float(2 * (x[a : a + rows, b : b + columns] * error).sum()) for b in range(kW)]
        for a in range(kH)
    ]
    return (kernel.double() - rate * torch.tensor(gradient).double()).tolist()


def _in_place(x: Tensor, y: Tensor, kernel: Tensor, rate: float) -> Tensor:
    kernel -= rate * _gradient(x, y, kernel)
    return kernel


STEP = FunctionExercise(
    id="2.6",
    title="One step of learning",
    minutes=8,
    reference=learning_step,
    examples=(
        (torch.tensor([[1.0]]), torch.tensor([[0.0]]), torch.tensor([[1.0]]), 0.5),
        (torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0]]), torch.tensor([[1.0, 0.0]]), 0.25),
    ),
    inputs=_task,
    alternatives=(_with_autograd, _weight_by_weight),
    explain=_explain_step,
    explain_shape=lambda x, y, kernel, rate: "The new kernel is as large as the old one.",
    facts={
        "the rate is not 1": lambda x, y, kernel, rate: rate != 1,
        "y has more than one cell": lambda x, y, kernel, rate: y.numel() > 1,
        "the kernel has more than one cell": lambda x, y, kernel, rate: kernel.numel() > 1,
        "the kernel is not square": lambda x, y, kernel, rate: not_square(kernel),
    },
    hints=(
        "If the prediction at one position is too large by e, and the weight there saw a bright "
        "pixel: should that weight grow or shrink?",
        "Three lines: the error is corr2d(x, kernel) − y, the gradient comes from the error, the "
        "new kernel comes from the gradient.",
        "The gradient of the sum of squared errors is corr2d(x, 2 * error): each weight collects "
        "what it saw times how wrong the result was. Subtract rate × gradient.",
    ),
    reasons=(
        "The square's derivative gives 2 × error, and each weight saw one window of "
        "pixels, as large as the feature map: pixel × error, summed, is its part in the "
        "loss. That sum over a sliding window is a correlation again. Descent subtracts, "
        "and the result is a new tensor, so whoever called still has the old kernel."
    ),
    misconceptions={
        "a step uphill": Misconception(
            lambda x, y, kernel, rate: kernel + rate * _gradient(x, y, kernel),
            "The gradient points to a larger loss, so it is subtracted, with error = "
            "prediction − y.",
        ),
        "a step without the rate": Misconception(
            lambda x, y, kernel, rate: kernel - _gradient(x, y, kernel),
            "The gradient gives the direction; rate says how far to go.",
        ),
        "a gradient without its factor 2": Misconception(
            lambda x, y, kernel, rate: kernel - rate * _gradient(x, y, kernel) / 2,
            "The derivative of error² is 2·error; leaving out the 2 halves every step.",
        ),
        "the mean of the squared errors": Misconception(
            lambda x, y, kernel, rate: kernel - rate * _gradient(x, y, kernel) / y.numel(),
            "The loss here is the sum; the mean's gradient is smaller by the number of cells of y.",
        ),
        "the gradient in place of the kernel": Misconception(
            lambda x, y, kernel, rate: _gradient(x, y, kernel),
            "The step starts from the old kernel: kernel − rate × gradient.",
        ),
        "the step in place of the kernel": Misconception(
            lambda x, y, kernel, rate: -rate * _gradient(x, y, kernel),
            "That is how far to move; added to the old kernel it gives the new one.",
        ),
        "a kernel changed in place": Misconception(
            _in_place,
            "kernel -= … writes into the caller's tensor; kernel = kernel - … makes a new one.",
        ),
        "a flipped gradient": Misconception(
            lambda x, y, kernel, rate: kernel - rate * _gradient(x, y, kernel).flip(0, 1),
            "The weight at row a, column b saw the pixels that start at row a, column b: nothing "
            "is turned.",
        ),
        "a flipped kernel in the prediction": Misconception(
            lambda x, y, kernel, rate: kernel - rate * _gradient(x, y, kernel.flip(0, 1)),
            "The prediction is corr2d(x, kernel), with the kernel as it is.",
        ),
        "errors without their size": Misconception(
            lambda x, y, kernel, rate: (
                kernel - rate * ops.corr2d(x, torch.sign(ops.corr2d(x, kernel) - y))
            ),
            "That is the gradient of the absolute error; with squares, large errors push harder.",
        ),
        "a gradient that forgets the pixels": Misconception(
            lambda x, y, kernel, rate: kernel - rate * 2 * (ops.corr2d(x, kernel) - y).sum(),
            "Each weight's share is pixel × error: a weight that saw black is not to blame.",
        ),
        "one gradient for all weights": Misconception(
            lambda x, y, kernel, rate: kernel - rate * _gradient(x, y, kernel).sum(),
            "Every weight has a gradient of its own; only the positions of the window are summed.",
        ),
    },
)


EXERCISES = (STEP,)
