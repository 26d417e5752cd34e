"""The exercises of lesson 2 on edges and on turning the kernel."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit import ops
from coursekit.exercises.model import Explanation, FunctionExercise, Misconception, cells
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import factor, number
from coursekit.exercises.windows import KERNEL_FACTS, explain_positions, image_and_kernel, terms


def gradient_magnitude(gx: Tensor, gy: Tensor) -> Tensor:
    """Return how steep the image is at each pixel: the square root of gx² + gy².

    gx, gy: (H, W), the change from left to right and from top to bottom. Returns (H, W).

    >>> gradient_magnitude(torch.tensor([[3.0, 0.0]]), torch.tensor([[-4.0, 2.0]]))
    tensor([[5., 2.]])
    """
    return torch.sqrt(gx**2 + gy**2)


def _two_gradients(pick: Pick) -> tuple[Tensor, Tensor]:
    height, width = pick.integer(1, 3), pick.integer(1, 3)
    return pick.tensor(height, width, low=-4, high=4), pick.tensor(height, width, low=-4, high=4)


def _explain_magnitude(index: tuple[int, int], gx: Tensor, gy: Tensor) -> Explanation:
    a, b = gx[index], gy[index]
    squares = a**2 + b**2
    said = f"√({factor(a)}² + {factor(b)}²) = √{number(squares)} = {number(squares.sqrt())}"
    here = frozenset([tuple(index)])
    return Explanation(said, {"gx": here, "gy": here})


def _with_hypot(gx: Tensor, gy: Tensor) -> np.ndarray:
    return np.hypot(gx.numpy(), gy.numpy())


MAGNITUDE = FunctionExercise(
    id="2.4",
    title="How steep is the edge?",
    minutes=5,
    reference=gradient_magnitude,
    examples=(
        (torch.tensor([[1.0]]), torch.tensor([[0.0]])),
        (torch.tensor([[3.0]]), torch.tensor([[4.0]])),
        (torch.tensor([[-3.0]]), torch.tensor([[4.0]])),
    ),
    inputs=_two_gradients,
    alternatives=(_with_hypot, lambda gx, gy: torch.stack([gx, gy]).double().norm(dim=0)),
    explain=_explain_magnitude,
    explain_shape=lambda gx, gy: "There is one magnitude for each pixel.",
    signed=("gx", "gy"),
    facts={
        "gx or gy holds a negative number": lambda gx, gy: bool((gx < 0).any() or (gy < 0).any()),
        "there is more than one pixel": lambda gx, gy: gx.numel() > 1,
        "neither gradient is zero everywhere": lambda gx, gy: bool(gx.any() and gy.any()),
    },
    hints=(
        "gx and gy are the two legs of a right triangle. What is its third side?",
        "Pythagoras: square both, add, take the square root. Each pixel on its own.",
        "torch.sqrt, and ** 2 for the square, work on whole tensors: no loop is needed.",
    ),
    reasons=(
        "At each pixel the gradient is an arrow, gx to the right and gy down, and its "
        "length is what Pythagoras says. Squares make the signs vanish, so an edge from "
        "dark to bright counts as much as one from bright to dark."
    ),
    misconceptions={
        "the sum of squares without its root": Misconception(
            lambda gx, gy: gx**2 + gy**2,
            "That is the length squared: an edge twice as steep would count four times.",
        ),
        "|gx| + |gy|": Misconception(
            lambda gx, gy: gx.abs() + gy.abs(),
            "That is the cheap version, and many programs use it; on slanted edges it is up to "
            "41 % too large, and here the exact length is wanted.",
        ),
        "gx + gy": Misconception(
            lambda gx, gy: gx + gy,
            "With opposite signs the two cancel, and an edge disappears.",
        ),
        "|gx + gy|": Misconception(
            lambda gx, gy: ((gx + gy) ** 2).sqrt(),
            "Square first, then add: in the other order opposite signs cancel.",
        ),
        "gx − gy under the root": Misconception(
            lambda gx, gy: (gx**2 - gy**2).sqrt(),
            "The squares are added; their difference can be negative, and then has no root.",
        ),
        "the larger of |gx| and |gy|": Misconception(
            lambda gx, gy: torch.maximum(gx.abs(), gy.abs()),
            "That leaves out the smaller leg of the triangle, and slanted edges come out too weak.",
        ),
        "the root mean square": Misconception(
            lambda gx, gy: ((gx**2 + gy**2) / 2).sqrt(),
            "The length of an arrow is a sum under the root; nothing is divided by 2.",
        ),
        "the mean of |gx| and |gy|": Misconception(
            lambda gx, gy: (gx.abs() + gy.abs()) / 2,
            "An arrow's length is no mean: along an upright edge, gy = 0, it would be half of gx.",
        ),
        "the change from left to right alone": Misconception(
            lambda gx, gy: gx.abs(), "Level edges show only in gy, so both are needed."
        ),
        "one number for the whole image": Misconception(
            lambda gx, gy: (gx**2 + gy**2).sum().sqrt(),
            "Every pixel has its own arrow, so nothing is summed over the image.",
        ),
        "^ in place of **": Misconception(
            lambda gx, gy: torch.sqrt(gx ^ 2 + gy ^ 2),
            "In Python ^ compares bits; the power is **.",
        ),
    },
)


def convolve2d(x: Tensor, kernel: Tensor) -> Tensor:
    """Return the convolution of mathematics: correlation with the kernel turned by half a turn.

    x: (H, W). kernel: (kH, kW). Returns (H - kH + 1, W - kW + 1).

    >>> convolve2d(torch.tensor([[0.0, 1.0, 0.0]]), torch.tensor([[1.0, 2.0]]))
    tensor([[1., 2.]])
    """
    return ops.corr2d(x, kernel.flip(0, 1))


def _explain_turned(index: tuple[int, int], x: Tensor, kernel: Tensor) -> Explanation:
    (i, j), (kH, kW) = index, kernel.shape
    window, turned = x[i : i + kH, j : j + kW], kernel.flip(0, 1)
    said = f"window × turned kernel = {terms(window.flatten(), turned.flatten())}"
    return Explanation(
        f"{said} = {number((window * turned).sum())}",
        {"x": cells(range(i, i + kH), range(j, j + kW))},
    )


def _from_the_formula(x: Tensor, kernel: Tensor) -> list[list[float]]:
    (H, W), (kH, kW) = x.shape, kernel.shape
    offsets = [(a, b) for a in range(kH) for b in range(kW)]
    return [
        [float(sum(x[i - a, j - b] * kernel[a, b] for a, b in offsets)) for j in range(kW - 1, W)]
        for i in range(kH - 1, H)
    ]


def _with_numpy(x: Tensor, kernel: Tensor) -> np.ndarray:
    turned = np.rot90(kernel.double().numpy(), 2)
    windows = np.lib.stride_tricks.sliding_window_view(x.double().numpy(), turned.shape)
    return np.einsum("ijab,ab->ij", windows, turned)


def _full(x: Tensor, kernel: Tensor) -> Tensor:
    kH, kW = kernel.shape
    return ops.convolve2d(F.pad(x, (kW - 1, kW - 1, kH - 1, kH - 1)), kernel)


TURN = FunctionExercise(
    id="2.5",
    title="Turn the kernel",
    minutes=5,
    reference=convolve2d,
    examples=(
        (torch.tensor([[0.0, 1.0]]), torch.tensor([[0.0, 1.0]])),
        (torch.eye(3).roll(1, 0), torch.tensor([[1.0, 2.0], [3.0, 4.0]])),
    ),
    inputs=image_and_kernel,
    alternatives=(_from_the_formula, _with_numpy),
    explain=_explain_turned,
    explain_shape=explain_positions,
    facts=KERNEL_FACTS,
    hints=(
        "Convolve an image that is 0 but for a single 1. What would you like to see, and what does "
        "correlation show instead?",
        "The kernel has to be turned by half a turn, which is one flip for each of its axes.",
        "kernel.flip(0, 1) turns it; corr2d does the rest.",
    ),
    reasons=(
        "Convolution pairs x[i − a] with kernel[a]: one index runs backwards. "
        "Correlation runs both forwards, so turning the kernel by half a turn makes one "
        "from the other. A turned kernel draws itself, the right way round, wherever the "
        "image has a single bright pixel."
    ),
    misconceptions={
        "correlation": Misconception(
            ops.corr2d,
            "The kernel has to be turned by half a turn first; without that, it is correlation.",
        ),
        "a kernel turned upside down only": Misconception(
            lambda x, kernel: ops.corr2d(x, kernel.flip(0)),
            "Half a turn reverses both axes, the columns as well as the rows.",
        ),
        "a kernel mirrored left to right only": Misconception(
            lambda x, kernel: ops.corr2d(x, kernel.flip(1)),
            "Half a turn reverses both axes, the rows as well as the columns.",
        ),
        "a transposed kernel": Misconception(
            lambda x, kernel: ops.corr2d(x, kernel.T),
            "Transposing swaps rows with columns; turning by half a turn reverses both.",
        ),
        "a kernel turned by a quarter": Misconception(
            lambda x, kernel: ops.corr2d(x, torch.rot90(kernel)),
            "torch.rot90 turns by a quarter; half a turn is torch.rot90(kernel, 2).",
        ),
        "a flipped image in place of a flipped kernel": Misconception(
            lambda x, kernel: ops.corr2d(x.flip(0, 1), kernel),
            "The numbers are right, but the result comes out turned, as the image went in turned.",
        ),
        "a flipped result": Misconception(
            lambda x, kernel: ops.corr2d(x, kernel).flip(0, 1),
            "Turning the result, or image and kernel both, only turns the correlation around.",
        ),
        "the full convolution": Misconception(
            _full,
            "That lets the kernel hang over the edge, as scipy does unless told otherwise; here "
            'it stays inside, which scipy calls mode="valid".',
        ),
        "kernel[::-1, ::-1] on a tensor": Misconception(
            lambda x, kernel: ops.corr2d(x, kernel[::-1, ::-1]),
            "NumPy can slice backwards, PyTorch cannot: kernel.flip(0, 1) does it.",
        ),
    },
)

EXERCISES = (MAGNITUDE, TURN)
