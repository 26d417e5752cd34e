"""The exercises of lesson 3 on stride and on the rows that it drops."""

from __future__ import annotations

import math
from random import Random

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit import ops
from coursekit.exercises.model import (
    Explanation,
    FunctionExercise,
    Misconception,
    ValueExercise,
    cells,
)
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import listed, number
from coursekit.exercises.windows import KERNEL_FACTS, terms

Steps = tuple[int, int]


def strided_corr2d(x: Tensor, kernel: Tensor, stride: tuple[int, int]) -> Tensor:
    """Return the sums of window × kernel, where the window moves by `stride` = (down, across).

    x: (H, W). kernel: (kH, kW). Returns (⌊(H - kH)/sH⌋ + 1, ⌊(W - kW)/sW⌋ + 1).

    >>> strided_corr2d(torch.tensor([[1.0, 2.0, 3.0, 4.0]]), torch.ones(1, 2), (1, 2))
    tensor([[3., 7.]])
    """
    (H, W), (kH, kW), (sH, sW) = x.shape, kernel.shape, stride
    rows, columns = (H - kH) // sH + 1, (W - kW) // sW + 1
    result = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            window = x[i * sH : i * sH + kH, j * sW : j * sW + kW]
            result[i, j] = (window * kernel).sum()
    return result


def _strided_task(pick: Pick) -> tuple[Tensor, Tensor, Steps]:
    stride = pick.integer(1, 3), pick.integer(1, 3)
    height, width = pick.integer(1, 2), pick.integer(1, 2)
    x = pick.tensor(height + pick.integer(0, 4), width + pick.integer(0, 4))
    return x, pick.tensor(height, width), stride


def _explain_strided(index: Steps, x: Tensor, kernel: Tensor, stride: Steps) -> Explanation:
    (i, j), (kH, kW), (sH, sW) = index, kernel.shape, stride
    window = x[i * sH : i * sH + kH, j * sW : j * sW + kW]
    said = (
        f"the window starts in row {i}·{sH} = {i * sH} and column {j}·{sW} = {j * sW}: "
        f"{terms(window.flatten(), kernel.flatten())} = {number((window * kernel).sum())}"
    )
    return Explanation(said, {"x": cells(range(i * sH, i * sH + kH), range(j * sW, j * sW + kW))})


def _explain_strided_shape(x: Tensor, kernel: Tensor, stride: Steps) -> str:
    counts = [
        f"⌊({n} − {k})/{s}⌋ + 1 = {(n - k) // s + 1} {where}"
        for n, k, s, where in zip(x.shape, kernel.shape, stride, ("down", "across"), strict=True)
    ]
    return f"The window takes {' and '.join(counts)}."


def _hanging_over(x: Tensor, kernel: Tensor, stride: Steps) -> Tensor:
    sizes = [
        math.ceil((n - k) / s) + 1 for n, k, s in zip(x.shape, kernel.shape, stride, strict=True)
    ]
    below, right = (
        (count - 1) * s + k - n
        for count, s, k, n in zip(sizes, stride, kernel.shape, x.shape, strict=True)
    )
    return ops.corr2d(F.pad(x, (0, right, 0, below)), kernel)[:: stride[0], :: stride[1]]


def _steps_forgotten(x: Tensor, kernel: Tensor, stride: Steps) -> Tensor:
    rows, columns = ops.corr2d(x, kernel)[:: stride[0], :: stride[1]].shape
    return ops.corr2d(x, kernel)[:rows, :columns]


STRIDE = FunctionExercise(
    id="3.4",
    title="Larger steps",
    minutes=6,
    reference=strided_corr2d,
    examples=(
        (torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0]]), (1, 2)),
        (torch.arange(9.0).reshape(3, 3), torch.ones(1, 2), (2, 1)),
    ),
    inputs=_strided_task,
    alternatives=(
        lambda x, kernel, stride: ops.corr2d(x, kernel)[:: stride[0], :: stride[1]],
        lambda x, kernel, stride: F.conv2d(x[None, None], kernel[None, None], stride=stride)[0, 0],
    ),
    explain=_explain_strided,
    explain_shape=_explain_strided_shape,
    facts={
        "the two strides differ": lambda x, kernel, stride: stride[0] != stride[1],
        "a stride is more than 1": lambda x, kernel, stride: max(stride) > 1,
        "the last step would leave the image": lambda x, kernel, stride: any(
            (n - k) % s for n, k, s in zip(x.shape, kernel.shape, stride, strict=True)
        ),
        **{
            said: lambda x, kernel, stride, holds=holds: holds(x, kernel)
            for said, holds in KERNEL_FACTS.items()
        },
    },
    hints=(
        "With a step of 2, in which rows does the window start: 0, 1, 2 or 0, 2, 4?",
        "Number the results i and j as before; the window of result i starts in row i · sH.",
        "How many there are: (H − kH) // sH + 1 down, (W − kW) // sW + 1 across. Or compute "
        "every position with ops.corr2d, and keep every sH-th row and every sW-th column.",
    ),
    reasons=(
        "Stride leaves out positions and changes nothing else: the result is every sH-th row and "
        "every sW-th column of the map at stride 1. Computing only those is sH·sW times less work. "
        "The floor says that a last window which would hang over the edge is not taken."
    ),
    misconceptions={
        "the stride ignored": Misconception(
            lambda x, kernel, stride: ops.corr2d(x, kernel),
            "The window has to move by stride[0] rows and stride[1] columns at a time.",
        ),
        "steps down and across swapped": Misconception(
            lambda x, kernel, stride: ops.corr2d(x, kernel)[:: stride[1], :: stride[0]],
            "A pair is (height, width): stride[0] is the step from row to row.",
        ),
        "one stride for both axes": Misconception(
            lambda x, kernel, stride: ops.corr2d(x, kernel)[:: stride[0], :: stride[0]],
            "Height and width have a step each; stride[1] has to be used too.",
        ),
        "the right count of windows, one pixel apart": Misconception(
            _steps_forgotten,
            "The shape is right, but result i belongs to the window that starts at row i·sH; at "
            "row i the windows lie one step apart.",
        ),
        "an image thinned out beforehand": Misconception(
            lambda x, kernel, stride: ops.corr2d(x[:: stride[0], :: stride[1]], kernel),
            "Every pixel stays in the image; it is the window's positions that are left out.",
        ),
        "a last window that hangs over the edge": Misconception(
            _hanging_over,
            "Where the step does not fit any more the walk ends: // rounds down.",
        ),
        "the stride as the number of pixels skipped": Misconception(
            lambda x, kernel, stride: ops.corr2d(x, kernel)[:: stride[0] + 1, :: stride[1] + 1],
            "A stride of 1 is the ordinary step to the next pixel; a stride of 2 skips one.",
        ),
        "windows side by side": Misconception(
            lambda x, kernel, stride: ops.corr2d(x, kernel)[:: kernel.shape[0], :: kernel.shape[1]],
            "The step is the stride, whatever size the kernel has.",
        ),
    },
)


def _dropped(n: int, k: int, s: int) -> ValueExercise:
    """Return the question for the rows that no window reads."""
    room = n - k
    starts, share = range(0, room + 1, s), room % s / s
    end, answer = starts[-1] + k - 1, room % s
    by = f"{s} or {k}" if n % s == n % k else f"{s}"
    return ValueExercise(
        id="3.5",
        title="Rows that no window reads",
        minutes=3,
        question=(
            f"An image has {n} rows, the kernel {k}, the stride is {s}, and there is no padding. "
            "How many rows of the image does no window read?"
        ),
        answer=answer,
        vary=_other_dropped,
        hints=(
            f"The first window starts in row 0, the next in row {s}: in which rows do the others "
            "start?",
            f"The last window that fits starts in row {starts[-1]}. Which is the last row that it "
            "reads?",
            f"It reads rows {starts[-1]} to {end}, and the image ends with row {n - 1}.",
        ),
        reasons=(
            f"The windows start in rows {listed(starts)}, and the last one ends in row {end}. Rows "
            f"{listed(range(end + 1, n))} are left: the remainder of ({n} − {k}) divided by {s}, "
            "which the floor throws away."
        ),
        misconceptions={
            f"the remainder of {n} by {by}": Misconception(
                n % s,
                f"What has to be divided is the room of the window, {n} − {k} = {room}; {room} ÷ "
                f"{s} leaves {answer}.",
            ),
            f"the rows from {end + 2} on": Misconception(
                answer - 1,
                f"A window of {k} that starts in row {starts[-1]} ends in row {end}, as row "
                f"{starts[-1]} itself is one of the {k}.",
            ),
            "the number of windows": Misconception(
                len(starts),
                f"There are {len(starts)} windows indeed; they read rows 0 to {end}.",
            ),
            "the rows that are read": Misconception(
                end + 1, f"{end + 1} rows are read; the question asks for the rest."
            ),
            "the rows by which the map is shorter": Misconception(
                n - len(starts),
                "The map is shorter because windows summarise; most rows still take part.",
            ),
            "n − k": Misconception(
                room,
                f"{n} − {k} = {room} is the room that the window has; what is left over of it "
                "counts here.",
            ),
            f"the {share:g} that is rounded away, as a whole row": Misconception(
                1,
                f"Rounding down {room} ÷ {s} = {room / s:g} loses {share:g} of a step, and a step "
                f"is {s} rows.",
            ),
        },
    )


def _other_dropped(random: Random) -> ValueExercise:
    s = random.choice([5, 8, 10])
    k, left = s + random.randint(0, 5), random.randint(3, s - 1)
    return _dropped(k + random.randint(1, 5) * s + left, k, s)


DROPPED = _dropped(20, 5, 4)


EXERCISES = (STRIDE, DROPPED)
