"""The exercises of lesson 3 on dilation."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit import ops
from coursekit.exercises.model import (
    Explanation,
    FunctionExercise,
    Misconception,
)
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import number
from coursekit.exercises.windows import not_square

Steps = tuple[int, int]


def dilate(kernel: Tensor, dilation: int) -> Tensor:
    """Return the kernel with its taps `dilation` pixels apart and zeros between them.

    kernel: (kH, kW). Returns (dilation·(kH - 1) + 1, dilation·(kW - 1) + 1).

    >>> dilate(torch.tensor([[1.0, 2.0, 3.0]]), 2)
    tensor([[1., 0., 2., 0., 3.]])
    """
    kH, kW = kernel.shape
    spread = torch.zeros(dilation * (kH - 1) + 1, dilation * (kW - 1) + 1)
    spread[::dilation, ::dilation] = kernel
    return spread


def _kernel_and_dilation(pick: Pick) -> tuple[Tensor, int]:
    kernel = pick.tensor(pick.integer(1, 3), pick.integer(1, 3), low=1, high=9)
    return kernel, pick.integer(1, 3)


def _explain_dilate(index: Steps, kernel: Tensor, dilation: int) -> Explanation:
    (i, j), d = index, dilation
    if i % d or j % d:
        return Explanation(f"between the taps, which lie {d} apart, everything is 0")
    a, b = i // d, j // d
    said = f"kernel[{i} ÷ {d}, {j} ÷ {d}] = kernel[{a}, {b}] = {number(kernel[a, b])}"
    return Explanation(said, {"kernel": frozenset([(a, b)])})


def _with_a_kronecker_product(kernel: Tensor, dilation: int) -> Tensor:
    tap = torch.zeros(dilation, dilation)
    tap[0, 0] = 1
    cut = 1 - dilation or None
    return torch.kron(kernel, tap)[:cut, :cut]


def _tap_by_tap(kernel: Tensor, dilation: int) -> list[list[float]]:
    kH, kW = kernel.shape
    rows = [[0.0] * (dilation * (kW - 1) + 1) for _ in range(dilation * (kH - 1) + 1)]
    for a in range(kH):
        for b in range(kW):
            rows[a * dilation][b * dilation] = float(kernel[a, b])
    return rows


def _too_small(kernel: Tensor, dilation: int) -> Tensor:
    kH, kW = kernel.shape
    spread = torch.zeros(dilation * (kH - 1), dilation * (kW - 1))
    spread[::dilation, ::dilation] = kernel
    return spread


def _trailing(kernel: Tensor, dilation: int) -> Tensor:
    kH, kW = kernel.shape
    spread = torch.zeros(dilation * kH, dilation * kW)
    spread[::dilation, ::dilation] = kernel
    return spread


def _rows_only(kernel: Tensor, dilation: int) -> Tensor:
    spread = torch.zeros(dilation * (kernel.shape[0] - 1) + 1, kernel.shape[1])
    spread[::dilation] = kernel
    return spread


DILATE = FunctionExercise(
    id="3.6",
    title="A kernel with room between its taps",
    minutes=5,
    reference=dilate,
    examples=(
        (torch.tensor([[5.0]]), 2),
        (torch.tensor([[1.0, 2.0]]), 2),
        (torch.tensor([[1.0, 2.0], [3.0, 4.0]]), 3),
    ),
    inputs=_kernel_and_dilation,
    alternatives=(_with_a_kronecker_product, _tap_by_tap),
    explain=_explain_dilate,
    explain_shape=lambda kernel, dilation: (
        "Taps that lie d apart cover d·(k − 1) + 1 pixels: "
        f"{dilation}·{kernel.shape[0] - 1} + 1 = {dilation * (kernel.shape[0] - 1) + 1} down and "
        f"{dilation}·{kernel.shape[1] - 1} + 1 = {dilation * (kernel.shape[1] - 1) + 1} across."
    ),
    signed=(),
    facts={
        "the dilation is more than 1": lambda kernel, dilation: dilation > 1,
        "the dilation is more than 2": lambda kernel, dilation: dilation > 2,
        "the kernel is not square": lambda kernel, dilation: not_square(kernel),
        "the kernel has more than one cell": lambda kernel, dilation: kernel.numel() > 1,
    },
    hints=(
        "Three fence posts, two metres apart: how long is the fence?",
        "k taps have k − 1 gaps, each `dilation` long, so the result is dilation·(k − 1) + 1 long.",
        "Start from zeros of that shape; spread[::dilation, ::dilation] are the places of the "
        "taps, and can be assigned to.",
    ),
    reasons=(
        "The number of weights stays; only their distance grows. k taps have k − 1 gaps, which "
        "is the fence-post count that also stands in the size formula: the window covers "
        "d(k − 1) + 1 pixels. A slice with a step addresses the taps alone."
    ),
    misconceptions={
        "`dilation` zeros between the taps": Misconception(
            lambda kernel, dilation: dilate(kernel, dilation + 1),
            "Dilation is the distance from tap to tap, so dilation − 1 zeros lie between; at 1 "
            "the kernel stays as it is.",
        ),
        "zeros behind the last tap too": Misconception(
            _trailing,
            "The last tap needs no gap behind it: d·(k − 1) + 1 pixels, not d·k.",
        ),
        "d·(k − 1) without the + 1": Misconception(
            _too_small,
            "k − 1 gaps and one more tap at the end: d·(k − 1) + 1.",
        ),
        "every tap repeated": Misconception(
            lambda kernel, dilation: kernel.repeat_interleave(dilation, 0).repeat_interleave(
                dilation, 1
            ),
            "That enlarges the kernel as a picture; dilation puts zeros between the weights.",
        ),
        "zeros around the kernel": Misconception(
            lambda kernel, dilation: ops.pad2d(kernel, dilation - 1),
            "The zeros go between the taps, not around them.",
        ),
        "a frame of `dilation` zeros around the kernel": Misconception(
            lambda kernel, dilation: F.pad(kernel, (dilation,) * 4),
            "The zeros go between the taps, not around them: F.pad only frames the kernel.",
        ),
        "a kernel whose rows alone are spread": Misconception(
            _rows_only,
            "Columns move apart as rows do.",
        ),
        "a kernel whose columns alone are spread": Misconception(
            lambda kernel, dilation: _rows_only(kernel.T, dilation).T,
            "Rows move apart as columns do.",
        ),
        "the weights multiplied": Misconception(
            lambda kernel, dilation: dilation * kernel,
            "Dilation changes where the weights lie and leaves their values alone.",
        ),
    },
)


EXERCISES = (DILATE,)
