"""The exercises of lesson 3 on the size formula."""

from __future__ import annotations

import math

import torch
from torch.nn import functional as F

from coursekit.exercises.model import (
    Explanation,
    FunctionExercise,
    Misconception,
)
from coursekit.exercises.pick import Pick

Window = tuple[int, int, int, int, int]


def output_size(n: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """Return how many positions a window takes along an axis of n pixels.

    kernel: its number of taps, `dilation` pixels apart. padding: zeros at each end.

    >>> output_size(8, kernel=3, stride=2, padding=1, dilation=1)
    4
    """
    return (n + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def _window(pick: Pick) -> Window:
    kernel, stride, padding = pick.integer(1, 4), pick.integer(1, 3), pick.integer(0, 2)
    dilation = pick.integer(1, 3)
    fits = max(1, dilation * (kernel - 1) + 1 - 2 * padding)
    return fits + pick.integer(0, 5), kernel, stride, padding, dilation


def _explain_size(
    index: tuple[int, ...], n: int, kernel: int, stride: int, padding: int, dilation: int
) -> Explanation:
    covers = dilation * (kernel - 1) + 1
    room = n + 2 * padding - covers
    return Explanation(
        f"padded {n} + 2·{padding} = {n + 2 * padding}; the window covers "
        f"{dilation}·({kernel} − 1) + 1 = {covers}; room {n + 2 * padding} − {covers} = {room}; "
        f"⌊{room}/{stride}⌋ + 1 = {room // stride + 1}"
    )


def _size_from_torch(n: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    x, weight = torch.zeros(1, 1, n), torch.zeros(1, 1, kernel)
    return F.conv1d(x, weight, stride=stride, padding=padding, dilation=dilation).shape[-1]


def _size_by_counting(n: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    last = n + padding - 1 - dilation * (kernel - 1)
    return len(range(-padding, last + 1, stride))


SIZE = FunctionExercise(
    id="3.7",
    title="The one formula",
    minutes=5,
    reference=output_size,
    examples=((1, 1, 1, 0, 1), (4, 3, 1, 1, 1), (8, 3, 2, 1, 1), (7, 3, 2, 0, 2)),
    inputs=_window,
    alternatives=(_size_from_torch, _size_by_counting),
    explain=_explain_size,
    signed=(),
    facts={
        "there is padding": lambda n, kernel, stride, padding, dilation: padding > 0,
        "the stride is more than 1": lambda n, kernel, stride, padding, dilation: stride > 1,
        "the dilation is more than 1": lambda n, kernel, stride, padding, dilation: dilation > 1,
        "the last step does not fit": lambda n, kernel, stride, padding, dilation: (
            (n + 2 * padding - dilation * (kernel - 1) - 1) % stride > 0
        ),
    },
    hints=(
        "How many pixels does a window of `kernel` taps cover when they lie `dilation` apart?",
        "Padded length minus what the window covers is the room to move in. How many steps of "
        "`stride` fit into it?",
        "(n + 2·padding − dilation·(kernel − 1) − 1) // stride + 1",
    ),
    reasons=(
        "n + 2p is the padded length, d(k − 1) + 1 what the window covers, and the difference is "
        "its room. It fits once where it stands, and once more for each whole step in that room."
    ),
    misconceptions={
        "the dilation ignored": Misconception(
            lambda n, kernel, stride, padding, dilation: (n + 2 * padding - kernel) // stride + 1,
            "Taps that lie `dilation` apart cover dilation·(kernel − 1) + 1 pixels.",
        ),
        "a window that covers dilation × kernel": Misconception(
            lambda n, kernel, stride, padding, dilation: (
                (n + 2 * padding - dilation * kernel) // stride + 1
            ),
            "k taps have k − 1 gaps: they cover d·(k − 1) + 1 pixels, fewer than d·k.",
        ),
        "padding on one side": Misconception(
            lambda n, kernel, stride, padding, dilation: (
                (n + padding - dilation * (kernel - 1) - 1) // stride + 1
            ),
            "The padding is added at both ends, which makes 2 · padding.",
        ),
        "k in place of k − 1": Misconception(
            lambda n, kernel, stride, padding, dilation: (
                (n + 2 * padding - dilation * kernel - 1) // stride + 1
            ),
            "k taps have k − 1 gaps; the − 1 at the end of the formula is for the first tap.",
        ),
        "padding added after the division": Misconception(
            lambda n, kernel, stride, padding, dilation: (
                (n - dilation * (kernel - 1) - 1) // stride + 1 + 2 * padding
            ),
            "The padding widens the input, and the window strides over it too: add it before you "
            "divide.",
        ),
        "the padding ignored": Misconception(
            lambda n, kernel, stride, padding, dilation: (
                (n - dilation * (kernel - 1) - 1) // stride + 1
            ),
            "Zeros count as pixels for the window's walk: the padded length is n + 2 · padding.",
        ),
        "the stride ignored": Misconception(
            lambda n, kernel, stride, padding, dilation: n + 2 * padding - dilation * (kernel - 1),
            "Only every stride-th position is taken.",
        ),
        "a division without rounding": Misconception(
            lambda n, kernel, stride, padding, dilation: (
                (n + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
            ),
            "A window cannot take part of a step: // in place of / rounds down.",
        ),
        "rounding up": Misconception(
            lambda n, kernel, stride, padding, dilation: (
                math.ceil((n + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1
            ),
            "A last window that would hang over the end is not taken, so round down.",
        ),
        "the + 1 forgotten": Misconception(
            lambda n, kernel, stride, padding, dilation: (
                (n + 2 * padding - dilation * (kernel - 1) - 1) // stride
            ),
            "Steps are counted, not positions: the window also stands where it started.",
        ),
        "the − 1 forgotten": Misconception(
            lambda n, kernel, stride, padding, dilation: (
                (n + 2 * padding - dilation * (kernel - 1)) // stride + 1
            ),
            "The window covers d·(k − 1) + 1 pixels; with the + 1 forgotten it seems to have one "
            "more pixel of room.",
        ),
        "n ÷ stride": Misconception(
            lambda n, kernel, stride, padding, dilation: -(-n // stride),
            "n/s, rounded up, holds for same padding only.",
        ),
    },
)


EXERCISES = (SIZE,)
