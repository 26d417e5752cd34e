"""The exercises of lesson 2 on the two gradients of a convolution."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit import ops
from coursekit.exercises.model import Explanation, FunctionExercise, Misconception, cells
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import number
from coursekit.exercises.windows import image_and_kernel, not_square, terms


def grad_kernel(x: Tensor, grad_y: Tensor) -> Tensor:
    """Return dL/dK for y = corr2d(x, kernel): how the loss changes with each weight.

    x: (H, W). grad_y: dL/dY, (rows, columns). Returns (H - rows + 1, W - columns + 1).

    >>> grad_kernel(torch.arange(9.0).reshape(3, 3), torch.tensor([[1.0, 0.0], [0.0, 2.0]]))
    tensor([[ 8., 11.],
            [17., 20.]])
    """
    rows, columns = grad_y.shape
    kH, kW = x.shape[0] - rows + 1, x.shape[1] - columns + 1
    result = torch.zeros(kH, kW)
    for a in range(kH):
        for b in range(kW):
            seen = x[a : a + rows, b : b + columns]
            result[a, b] = (seen * grad_y).sum()
    return result


def _explain_weight(index: tuple[int, int], x: Tensor, grad_y: Tensor) -> Explanation:
    (a, b), (rows, columns) = index, grad_y.shape
    seen = x[a : a + rows, b : b + columns]
    said = f"pixels seen × grad_y = {terms(seen.flatten(), grad_y.flatten())}"
    return Explanation(
        f"{said} = {number((seen * grad_y).sum())}",
        {"x": cells(range(a, a + rows), range(b, b + columns))},
    )


def _explain_weights(x: Tensor, grad_y: Tensor) -> str:
    (H, W), (rows, columns) = x.shape, grad_y.shape
    return (
        f"An image of {H}×{W} gave a feature map of {rows}×{columns}, so the kernel is "
        f"{H} − {rows} + 1 = {H - rows + 1} by {W} − {columns} + 1 = {W - columns + 1}."
    )


def _kernel_by_autograd(x: Tensor, grad_y: Tensor) -> Tensor:
    size = [n - m + 1 for n, m in zip(x.shape, grad_y.shape, strict=True)]
    weight = torch.zeros(size, requires_grad=True)
    y = F.conv2d(x[None, None], weight[None, None])[0, 0]
    return torch.autograd.grad(y, weight, grad_y)[0]


def _kernel_by_position(x: Tensor, grad_y: Tensor) -> Tensor:
    kH, kW = (n - m + 1 for n, m in zip(x.shape, grad_y.shape, strict=True))
    result = torch.zeros(kH, kW, dtype=torch.float64)
    for i in range(grad_y.shape[0]):
        for j in range(grad_y.shape[1]):
            result += grad_y[i, j] * x[i : i + kH, j : j + kW]
    return result


def _full_correlation(x: Tensor, kernel: Tensor) -> Tensor:
    kH, kW = kernel.shape
    return ops.corr2d(F.pad(x, (kW - 1, kW - 1, kH - 1, kH - 1)), kernel)


WEIGHTS = FunctionExercise(
    id="2.7",
    title="The gradient for the kernel",
    minutes=7,
    reference=grad_kernel,
    examples=(
        (torch.tensor([[0.0, 1.0]]), torch.tensor([[0.0, 1.0]])),
        (torch.arange(9.0).reshape(3, 3), torch.tensor([[1.0, 0.0], [0.0, 2.0]])),
    ),
    inputs=image_and_kernel,
    alternatives=(_kernel_by_autograd, _kernel_by_position),
    explain=_explain_weight,
    explain_shape=_explain_weights,
    signed=("grad_y",),
    facts={
        "grad_y is not square": lambda x, grad_y: not_square(grad_y),
        "grad_y has more than one cell": lambda x, grad_y: grad_y.numel() > 1,
        "the kernel has more than one cell": lambda x, grad_y: grad_y.shape != x.shape,
    },
    hints=(
        "Take one weight, the top left one. Which pixels does it meet while the window slides?",
        "As many as there are positions: a block of x as large as grad_y. Each of them went into "
        "one cell of y.",
        "The weight at row a, column b saw x[a : a + rows, b : b + columns]. Multiply by "
        "grad_y, sum.",
    ),
    reasons=(
        "y[i, j] holds kernel[a, b] · x[i + a, j + b], so the weight's gradient is the sum of "
        "grad_y[i, j] · x[i + a, j + b] over all positions. Read as a function of (a, b) that is "
        "corr2d(x, grad_y): the same sliding sum, with dL/dY in the kernel's place."
    ),
    misconceptions={
        "a flipped grad_y": Misconception(
            ops.convolve2d,
            "Both indices run forwards, i + a and j + b, so nothing is turned: it is a "
            "correlation.",
        ),
        "a flipped result": Misconception(
            lambda x, grad_y: ops.corr2d(x, grad_y).flip(0, 1),
            "The weight at the top left saw the pixels at the top left, so its gradient is there.",
        ),
        "a transposed result": Misconception(
            lambda x, grad_y: ops.corr2d(x, grad_y).T,
            "Row a of the result belongs to row a of the kernel.",
        ),
        "the full correlation": Misconception(
            _full_correlation,
            "The window never left the image, so no padding is needed; padding belongs to dL/dX.",
        ),
        "a mean over the positions": Misconception(
            lambda x, grad_y: ops.corr2d(x, grad_y) / grad_y.numel(),
            "The weight is used once at each position, and the chain rule adds the uses up.",
        ),
        "arguments in the wrong order": Misconception(
            lambda x, grad_y: ops.corr2d(grad_y, x),
            "The larger one, x, is slid over, and grad_y is the window.",
        ),
        "a gradient that forgets the pixels": Misconception(
            lambda x, grad_y: torch.ones_like(ops.corr2d(x, grad_y)) * grad_y.sum(),
            "That would be the gradient of a bias; a weight's share is pixel × grad_y.",
        ),
        "only the last position": Misconception(
            lambda x, grad_y: x[grad_y.shape[0] - 1 :, grad_y.shape[1] - 1 :] * grad_y[-1, -1],
            "With = each position replaces the one before; += adds them up.",
        ),
        "the sum over all weights": Misconception(
            lambda x, grad_y: ops.corr2d(x, grad_y).sum(),
            "Each weight has a gradient of its own, so the result is as large as the kernel.",
        ),
        "the sign of a descent step": Misconception(
            lambda x, grad_y: -ops.corr2d(x, grad_y),
            "The gradient itself has no minus sign; that comes in when a step is taken.",
        ),
    },
)


def grad_input(grad_y: Tensor, kernel: Tensor) -> Tensor:
    """Return dL/dX for y = corr2d(x, kernel): how the loss changes with each pixel.

    grad_y: dL/dY, (rows, columns). kernel: (kH, kW). Returns (rows + kH - 1, columns + kW - 1).

    >>> grad_input(torch.tensor([[1.0, 10.0]]), torch.tensor([[1.0, 2.0]]))
    tensor([[ 1., 12., 20.]])
    """
    kH, kW = kernel.shape
    padded = F.pad(grad_y, (kW - 1, kW - 1, kH - 1, kH - 1))
    return ops.corr2d(padded, kernel.flip(0, 1))


def _gradient_and_kernel(pick: Pick) -> tuple[Tensor, Tensor]:
    grad_y = pick.tensor(pick.integer(1, 3), pick.integer(1, 3))
    return grad_y, pick.tensor(pick.integer(1, 3), pick.integer(1, 3))


def _explain_pixel(index: tuple[int, int], grad_y: Tensor, kernel: Tensor) -> Explanation:
    (i, j), (kH, kW) = index, kernel.shape
    uses = [
        (p, q)
        for p in range(max(0, i - kH + 1), min(i + 1, grad_y.shape[0]))
        for q in range(max(0, j - kW + 1), min(j + 1, grad_y.shape[1]))
    ]
    weights = [(i - p, j - q) for p, q in uses]
    left, right = [grad_y[use] for use in uses], [kernel[weight] for weight in weights]
    total = sum(a * b for a, b in zip(left, right, strict=True))
    said = f"grad_y × the weight on this pixel = {terms(left, right)} = {number(total)}"
    return Explanation(said, {"grad_y": frozenset(uses), "kernel": frozenset(weights)})


def _explain_pixels(grad_y: Tensor, kernel: Tensor) -> str:
    (rows, columns), (kH, kW) = grad_y.shape, kernel.shape
    return (
        f"The image was {rows} + {kH} − 1 = {rows + kH - 1} by {columns} + {kW} − 1 = "
        f"{columns + kW - 1}, and each of its pixels has a gradient."
    )


def _scattered(grad_y: Tensor, kernel: Tensor) -> Tensor:
    (rows, columns), (kH, kW) = grad_y.shape, kernel.shape
    result = torch.zeros(rows + kH - 1, columns + kW - 1, dtype=torch.float64)
    for i in range(rows):
        for j in range(columns):
            result[i : i + kH, j : j + kW] += grad_y[i, j] * kernel
    return result


def _transposed_convolution(grad_y: Tensor, kernel: Tensor) -> Tensor:
    return F.conv_transpose2d(grad_y[None, None], kernel[None, None])[0, 0]


def _overwritten(grad_y: Tensor, kernel: Tensor) -> Tensor:
    (rows, columns), (kH, kW) = grad_y.shape, kernel.shape
    result = torch.zeros(rows + kH - 1, columns + kW - 1)
    for i in range(rows):
        for j in range(columns):
            result[i : i + kH, j : j + kW] = grad_y[i, j] * kernel
    return result


def _padded(grad_y: Tensor, kernel: Tensor, up: int, down: int, left: int, right: int) -> Tensor:
    return ops.corr2d(F.pad(grad_y, (left, right, up, down)), kernel.flip(0, 1))


def _wide(grad_y: Tensor, kernel: Tensor) -> Tensor:
    kH, kW = kernel.shape
    return _padded(grad_y, kernel, kH, kH, kW, kW)


def _axes_of_pad_swapped(grad_y: Tensor, kernel: Tensor) -> Tensor:
    kH, kW = kernel.shape
    return _padded(grad_y, kernel, kW - 1, kW - 1, kH - 1, kH - 1)


def _one_sided(grad_y: Tensor, kernel: Tensor) -> Tensor:
    kH, kW = kernel.shape
    return _padded(grad_y, kernel, kH - 1, 0, kW - 1, 0)


PIXELS = FunctionExercise(
    id="2.8",
    title="The gradient for the image",
    minutes=10,
    reference=grad_input,
    examples=(
        (torch.tensor([[1.0]]), torch.tensor([[1.0, 2.0]])),
        (torch.tensor([[1.0, 10.0]]), torch.tensor([[1.0, 2.0]])),
        (torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.tensor([[1.0, 2.0], [3.0, 4.0]])),
    ),
    inputs=_gradient_and_kernel,
    alternatives=(_scattered, _transposed_convolution),
    explain=_explain_pixel,
    explain_shape=_explain_pixels,
    signed=("grad_y", "kernel"),
    facts={
        "the kernel is not square": lambda grad_y, kernel: not_square(kernel),
        "the kernel has more than one cell": lambda grad_y, kernel: kernel.numel() > 1,
        "the kernel has more than one row": lambda grad_y, kernel: kernel.shape[0] > 1,
        "the kernel has more than one column": lambda grad_y, kernel: kernel.shape[1] > 1,
        "grad_y has more than one cell": lambda grad_y, kernel: grad_y.numel() > 1,
    },
    hints=(
        "Take the pixel in the top left corner. How many windows does it lie in, and which weight "
        "of the kernel lies on it there? And the pixel next to it?",
        "Each cell of grad_y sends itself, times the kernel, back to the window that it came from; "
        "where windows overlap, the contributions add up.",
        "Written as a sliding window: pad grad_y with k − 1 zeros on every side, and slide the "
        "kernel, turned by half a turn, over it.",
    ),
    reasons=(
        "Pixel (i, j) lies in the window at (p, q) under the weight kernel[i − p, j − "
        "q]: one index runs backwards, which is a convolution. Pixels at the border lie "
        "in few windows, which is what the k − 1 zeros on every side stand for."
    ),
    misconceptions={
        "a kernel that is not turned": Misconception(
            _full_correlation,
            "The window further to the right meets this pixel with a weight further to the left, "
            "so the kernel has to be turned by half a turn.",
        ),
        "a gradient without padding": Misconception(
            ops.convolve2d,
            "Every pixel of the image has a gradient, so the result is larger than grad_y: pad "
            "with k − 1 zeros on every side.",
        ),
        "a kernel turned upside down only": Misconception(
            lambda grad_y, kernel: _full_correlation(grad_y, kernel.flip(0)),
            "Half a turn reverses both axes, the columns as well as the rows.",
        ),
        "a kernel mirrored left to right only": Misconception(
            lambda grad_y, kernel: _full_correlation(grad_y, kernel.flip(1)),
            "Half a turn reverses both axes, the rows as well as the columns.",
        ),
        "a transposed kernel": Misconception(
            lambda grad_y, kernel: _full_correlation(grad_y, kernel.T),
            "Transposing swaps rows with columns; turning by half a turn reverses both.",
        ),
        "the size of grad_y": Misconception(
            lambda grad_y, kernel: F.conv2d(
                grad_y[None, None], kernel.flip(0, 1)[None, None], padding="same"
            )[0, 0],
            "grad_y is as large as y; the result is as large as x, k − 1 more along each axis.",
        ),
        "padding with k in place of k − 1": Misconception(
            _wide,
            "The outermost pixel still needs one row of grad_y under the kernel, so k − 1 zeros.",
        ),
        "height and width swapped in the padding": Misconception(
            _axes_of_pad_swapped,
            "F.pad begins with the last axis: (left, right, up, down).",
        ),
        "padding above and to the left only": Misconception(
            _one_sided,
            "The pixels at the bottom and at the right need their k − 1 zeros too.",
        ),
        "overlapping windows that overwrite each other": Misconception(
            _overwritten,
            "A pixel lies in several windows, and the chain rule adds up what they send: +=.",
        ),
        "the sign of a descent step": Misconception(
            lambda grad_y, kernel: (
                -_padded(
                    grad_y,
                    kernel,
                    *[kernel.shape[0] - 1] * 2,
                    *[kernel.shape[1] - 1] * 2,
                )
            ),
            "The gradient itself has no minus sign; that comes in when a step is taken.",
        ),
    },
)

EXERCISES = (WEIGHTS, PIXELS)
