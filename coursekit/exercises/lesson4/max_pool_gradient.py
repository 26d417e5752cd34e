"""The exercise of lesson 4 on the way back through a pool."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit import ops
from coursekit.exercises.model import Explanation, FunctionExercise, Misconception, cells
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import number


def max_pool_backward(x: Tensor, grad_out: Tensor, window: int) -> Tensor:
    """Return dL/dX for max pooling with windows side by side.

    x: (H, W), whose sides are multiples of window. grad_out: dL/dY, (H / window, W / window).
    Among equals in a window the first in reading order wins. Returns (H, W).

    >>> x = torch.tensor([[1.0, 4.0], [4.0, 0.0]])
    >>> max_pool_backward(x, torch.tensor([[3.0]]), window=2)
    tensor([[0., 3.],
            [0., 0.]])
    """
    grad = torch.zeros_like(x)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            top, left = i * window, j * window
            place = int(x[top : top + window, left : left + window].argmax())
            row, column = divmod(place, window)
            grad[top + row, left + column] = grad_out[i, j]
    return grad


def _map_and_gradient(pick: Pick) -> tuple[Tensor, Tensor, int]:
    window, rows, columns = pick.integer(1, 3), pick.integer(1, 2), pick.integer(1, 2)
    x = pick.tensor(rows * window, columns * window, low=-3, high=4)
    return x, pick.tensor(rows, columns, low=1, high=5), window


def _explain_route(index: tuple[int, int], x: Tensor, grad_out: Tensor, window: int) -> Explanation:
    i, j = (place // window for place in index)
    top, left = i * window, j * window
    seen = x[top : top + window, left : left + window]
    row, column = divmod(int(seen.argmax()), window)
    won = (top + row, left + column) == tuple(index)
    role = "which is this pixel" if won else "so this pixel gets 0"
    listed = ", ".join(number(value) for value in seen.flatten())
    return Explanation(
        f"of {listed} the first largest is {number(seen.max())}, at row {top + row}, "
        f"column {left + column}: it gets {number(grad_out[i, j])}, {role}",
        {
            "x": cells(range(top, top + window), range(left, left + window)),
            "grad_out": frozenset([(i, j)]),
        },
    )


def _with_autograd(x: Tensor, grad_out: Tensor, window: int) -> Tensor:
    leaf = x.double().requires_grad_()
    F.max_pool2d(leaf[None, None], window)[0, 0].backward(grad_out.double())
    return leaf.grad


def _spread(values: Tensor, window: int) -> Tensor:
    """Return each number of a map repeated over its window."""
    return values.repeat_interleave(window, 0).repeat_interleave(window, 1)


def _is_largest(x: Tensor, window: int) -> Tensor:
    return (x == _spread(ops.max_pool2d(x, window), window)).to(x.dtype)


def _split_among_equals(x: Tensor, grad_out: Tensor, window: int) -> Tensor:
    mask = _is_largest(x, window)
    number_of_equals = ops.avg_pool2d(mask, window) * window**2
    return mask * _spread(grad_out / number_of_equals, window)


def _last_wins(x: Tensor, grad_out: Tensor, window: int) -> Tensor:
    turned = max_pool_backward(x.flip(0, 1), grad_out.flip(0, 1), window)
    return turned.flip(0, 1)


def _place_swapped(x: Tensor, grad_out: Tensor, window: int) -> Tensor:
    grad = torch.zeros_like(x)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            top, left = i * window, j * window
            place = int(x[top : top + window, left : left + window].argmax())
            column, row = divmod(place, window)
            grad[top + row, left + column] = grad_out[i, j]
    return grad


def _no_offset(x: Tensor, grad_out: Tensor, window: int) -> Tensor:
    grad = torch.zeros_like(x)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            top, left = i * window, j * window
            place = int(x[top : top + window, left : left + window].argmax())
            grad[divmod(place, window)] += grad_out[i, j]
    return grad


def _first_pixel(x: Tensor, grad_out: Tensor, window: int) -> Tensor:
    grad = torch.zeros_like(x)
    grad[::window, ::window] = grad_out
    return grad


BACKWARD = FunctionExercise(
    id="4.6",
    title="The gradient goes to the winner",
    minutes=10,
    reference=max_pool_backward,
    examples=(
        (torch.tensor([[2.0]]), torch.tensor([[3.0]]), 1),
        (torch.tensor([[1.0, 4.0], [4.0, 0.0]]), torch.tensor([[3.0]]), 2),
        (torch.tensor([[0.0, 0.0], [0.0, 0.0]]), torch.tensor([[1.0]]), 2),
        (torch.tensor([[-2.0, -1.0], [-1.0, -3.0]]), torch.tensor([[1.0]]), 2),
        (torch.tensor([[0.12, 0.14], [0.11, 0.13]]), torch.tensor([[1.0]]), 2),
        (
            torch.tensor([[9.0, 1, 2, 3], [4, 0, 8, 5], [7, 2, 1, 0], [3, 6, 4, 5]]),
            torch.tensor([[1.0, 2], [3, 4]]),
            2,
        ),
    ),
    inputs=_map_and_gradient,
    alternatives=(
        _with_autograd,
        lambda x, grad_out, window: ops.max_pool2d_backward(grad_out, x, window),
    ),
    explain=_explain_route,
    explain_shape=lambda x, grad_out, window: (
        "A gradient has the shape of what it belongs to: here x."
    ),
    signed=("grad_out",),
    facts={
        "a window's largest number occurs twice": lambda x, grad_out, window: bool(
            _is_largest(x, window).sum() > grad_out.numel()
        ),
        "there is more than one window": lambda x, grad_out, window: grad_out.numel() > 1,
        "the window is larger than one pixel": lambda x, grad_out, window: window > 1,
        "a window is negative throughout": lambda x, grad_out, window: bool(
            (ops.max_pool2d(x, window) < 0).any()
        ),
    },
    hints=(
        "Raise one pixel of a window a little. When does the window's largest number change?",
        "Only the winner has a slope, and it is 1. So the window's gradient goes there, unchanged.",
        "argmax of a window counts its pixels in reading order; divmod(place, window) gives row "
        "and column inside the window. Add the window's own corner.",
    ),
    reasons=(
        "The largest number is the winner itself, so its slope is 1, and a small change of any "
        "other pixel changes nothing: slope 0. argmax names the first of equals, which is how "
        "PyTorch breaks ties."
    ),
    misconceptions={
        "the whole gradient for all equals": Misconception(
            lambda x, grad_out, window: _is_largest(x, window) * _spread(grad_out, window),
            "Comparing with the maximum finds every pixel that equals it; where two do, the "
            "gradient must not count twice, so the first alone gets it.",
        ),
        "a share for each of the equals": Misconception(
            _split_among_equals,
            "Sharing would be fair, and PyTorch's amax does so; max pooling names one winner, the "
            "first in reading order.",
        ),
        "the last of equals as winner": Misconception(
            _last_wins,
            "With >= a later equal replaces an earlier one; with > the first stays, as in PyTorch.",
        ),
        "a share for every pixel": Misconception(
            lambda x, grad_out, window: ops.avg_pool2d_backward(grad_out, x, window),
            "That is the way back through average pooling; here only one pixel made the output.",
        ),
        "the whole gradient for every pixel": Misconception(
            lambda x, grad_out, window: _spread(grad_out, window),
            "The other pixels could change a little and the output would not: their slope is 0.",
        ),
        "the gradient in the window's corner": Misconception(
            _first_pixel,
            "The gradient returns to where the largest number was, not to the window's first "
            "pixel.",
        ),
        "swapping row and column of the winner": Misconception(
            _place_swapped,
            "argmax counts row by row, so row = place // window and column = place % window.",
        ),
        "counting places from the first window": Misconception(
            _no_offset,
            "argmax counts inside the window: add the window's corner, i · window and j · window.",
        ),
        "the winner's number in place of its gradient": Misconception(
            lambda x, grad_out, window: max_pool_backward(x, ops.max_pool2d(x, window), window),
            "Forward, the number goes up; backward, what comes down is dL/dY, and it goes to the "
            "winner.",
        ),
        "the gradient times the winner": Misconception(
            lambda x, grad_out, window: max_pool_backward(
                x, grad_out * ops.max_pool2d(x, window), window
            ),
            "The output is 1 · winner, so the slope is 1, whatever the winner's size.",
        ),
        "the largest size as winner": Misconception(
            lambda x, grad_out, window: max_pool_backward(x.abs(), grad_out, window),
            "−3 is not larger than 1: the winner is the largest number, signs included.",
        ),
    },
)


EXERCISES = (BACKWARD,)
