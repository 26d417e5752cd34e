"""The exercise of lesson 4 on what a pooled map notices of a shift."""

from __future__ import annotations

import torch
from torch import Tensor

from coursekit import ops
from coursekit.exercises.model import Explanation, FunctionExercise, Misconception
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import number


def pooled_change(x: Tensor, window: int, shift: int) -> Tensor:
    """Return how much the max-pooled map changes when x moves right by `shift` pixels.

    x: (H, W), no negative numbers. What leaves on the right comes back on the left (x.roll).
    Returns one number: the sum of |before - after|, divided by the sum of before and after.

    >>> pooled_change(torch.tensor([[0.0, 1.0, 0.0, 0.0]]), window=1, shift=1)
    tensor(1.)
    """
    before = ops.max_pool2d(x, window)
    after = ops.max_pool2d(x.roll(shift, dims=1), window)
    return (before - after).abs().sum() / (before + after).sum()


def _map_window_shift(pick: Pick) -> tuple[Tensor, int, int]:
    window = pick.integer(1, 2)
    x = pick.tensor(window * pick.integer(1, 2), window * pick.integer(1, 3), low=0, high=4)
    x[0, 0] = x[0, 0] + 1
    return x, window, pick.integer(0, 3)


def _with_numpy(x: Tensor, window: int, shift: int) -> float:
    import numpy as np

    H, W = x.shape
    blocks = (H // window, window, W // window, window)
    pooled = x.numpy().reshape(blocks).max(axis=(1, 3))
    moved = np.roll(x.numpy(), shift, axis=1).reshape(blocks).max(axis=(1, 3))
    return float(np.abs(pooled - moved).sum() / (pooled.sum() + moved.sum()))


def _with_slices(x: Tensor, window: int, shift: int) -> Tensor:
    at = -shift % x.shape[1]
    moved = torch.cat([x[:, at:], x[:, :at]], dim=1).double()
    return _between(ops.max_pool2d(x.double(), window), ops.max_pool2d(moved, window))


def _explain_change(index: tuple[()], x: Tensor, window: int, shift: int) -> Explanation:
    before, after = (ops.max_pool2d(map_, window) for map_ in (x, x.roll(shift, dims=1)))
    maps = [", ".join(number(value) for value in map_.flatten()) for map_ in (before, after)]
    gap, total = (before - after).abs().sum(), (before + after).sum()
    return Explanation(
        f"pooled before: {maps[0]}; pooled after: {maps[1]}; {number(gap)} / {number(total)} = "
        f"{number(gap / total)}"
    )


def _between(before: Tensor, after: Tensor) -> Tensor:
    return (before - after).abs().sum() / (before + after).sum()


def _rolled(x: Tensor, window: int, shift: int, dims: int | None = 1) -> tuple[Tensor, Tensor]:
    return ops.max_pool2d(x, window), ops.max_pool2d(x.roll(shift, dims=dims), window)


def _absolute_after_sum(x: Tensor, window: int, shift: int) -> Tensor:
    before, after = _rolled(x, window, shift)
    return (before - after).sum().abs() / (before + after).sum()


def _gap_only(x: Tensor, window: int, shift: int) -> Tensor:
    before, after = _rolled(x, window, shift)
    return (before - after).abs().sum()


def _by_before(x: Tensor, window: int, shift: int) -> Tensor:
    before, after = _rolled(x, window, shift)
    return (before - after).abs().sum() / before.sum()


def _unpooled(x: Tensor, window: int, shift: int) -> Tensor:
    return _between(x, x.roll(shift, dims=1))


def _pooled_then_moved(x: Tensor, window: int, shift: int) -> Tensor:
    before = ops.max_pool2d(x, window)
    return _between(before, before.roll(shift, dims=1))


def _averaged(x: Tensor, window: int, shift: int) -> Tensor:
    return _between(ops.avg_pool2d(x, window), ops.avg_pool2d(x.roll(shift, dims=1), window))


def _share_of_pixels(x: Tensor, window: int, shift: int) -> Tensor:
    before, after = _rolled(x, window, shift)
    return (before != after).float().mean()


MEASURE = FunctionExercise(
    id="4.7",
    title="Measure the invariance",
    minutes=6,
    reference=pooled_change,
    examples=(
        (torch.tensor([[0.0, 1.0, 0.0, 0.0]]), 1, 1),
        (torch.tensor([[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]), 2, 1),
        (torch.tensor([[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]), 2, 1),
    ),
    inputs=_map_window_shift,
    alternatives=(
        _with_numpy,
        _with_slices,
    ),
    explain=_explain_change,
    explain_shape=lambda x, window, shift: "One number says how much the map changed.",
    signed=(),
    facts={
        "the shift is not 0": lambda x, window, shift: shift != 0,
        "the window is larger than one pixel": lambda x, window, shift: window > 1,
        "the map has more than one row": lambda x, window, shift: x.shape[0] > 1,
    },
    hints=(
        "Which two maps do you compare, and what happens to x before the second one is made?",
        "Move first, then pool: x.roll(shift, dims=1) moves to the right, max_pool2d pools.",
        "Add up the differences without their signs, then divide by the sum of both maps.",
    ),
    reasons=(
        "The input moves, then both are pooled: so the number says what the next layer notices. "
        "Divided by the sum of both maps it lies between 0, nothing changed, and 1, nothing in "
        "common, whatever the scale of the map."
    ),
    misconceptions={
        "moving the pooled map": Misconception(
            _pooled_then_moved,
            "The input moves, by pixels; a pixel of the pooled map is a whole window wide.",
        ),
        "no pooling": Misconception(
            _unpooled, "That is how much the map changes before the pool; pool both, then compare."
        ),
        "a move down": Misconception(
            lambda x, window, shift: _between(*_rolled(x, window, shift, dims=0)),
            "dims=0 moves rows, that is, down; dims=1 moves columns, to the right.",
        ),
        "a move of one long row": Misconception(
            lambda x, window, shift: _between(*_rolled(x, window, shift, dims=None)),
            "Without dims, roll treats the map as one long row, and pixels slip into the next row.",
        ),
        "a move to the left": Misconception(
            lambda x, window, shift: _between(*_rolled(x, window, -shift)),
            "A positive shift rolls to the right; the windows' borders make the two differ.",
        ),
        "average pooling": Misconception(
            _averaged,
            "The max is asked for; the mean answers each shift with a small change.",
        ),
        "gains and losses that cancel": Misconception(
            _absolute_after_sum,
            "Take abs before the sum, or a pixel that lost 5 and one that won 5 make no change.",
        ),
        "a sum that is not divided": Misconception(
            _gap_only, "Divide by the sum of both maps, or a brighter picture seems to change more."
        ),
        "dividing by the map before alone": Misconception(
            _by_before, "Divide by both sums: then maps with nothing in common give exactly 1."
        ),
        "the share of pixels that differ": Misconception(
            _share_of_pixels,
            "Counting treats a change of 0.01 like one of 100; here sizes count.",
        ),
    },
)

EXERCISES = (MEASURE,)
