"""The exercise of lesson 4 on average pooling as a convolution."""

from __future__ import annotations

import torch
from torch import Tensor

from coursekit.exercises.model import Explanation, FunctionExercise, Misconception
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import count, number


def averaging_weight(channels: int, window: int) -> Tensor:
    """Return the weight with which a convolution of stride `window` is average pooling.

    Returns (channels, channels, window, window); output channel c sees input channel c alone.

    >>> averaging_weight(channels=1, window=2)
    tensor([[[[0.2500, 0.2500],
              [0.2500, 0.2500]]]])
    """
    weight = torch.zeros(channels, channels, window, window)
    for channel in range(channels):
        weight[channel, channel] = 1 / window**2
    return weight


def _channels_and_window(pick: Pick) -> tuple[int, int]:
    return pick.integer(1, 3), pick.integer(1, 3)


def _with_an_identity(channels: int, window: int) -> Tensor:
    mix = torch.eye(channels)[:, :, None, None]
    return mix.expand(-1, -1, window, window) / window**2


def _one_pixel(channels: int, window: int) -> Tensor:
    weight = torch.zeros(channels, channels, window, window)
    weight[:, :, 0, 0] = torch.eye(channels)
    return weight


def _explain_weight(index: tuple[int, ...], channels: int, window: int) -> Explanation:
    out, channel, *_ = index
    if out != channel:
        return Explanation(f"filter {out} must not see channel {channel}: 0")
    share = f"1 / {window}² = {number(1 / window**2)}"
    return Explanation(f"filter {out} averages {window}·{window} of channel {out}: {share}")


TWIN = FunctionExercise(
    id="4.8",
    title="A convolution that pools",
    minutes=6,
    reference=averaging_weight,
    examples=((1, 1), (1, 2), (2, 1), (2, 2), (3, 2)),
    inputs=_channels_and_window,
    alternatives=(
        _with_an_identity,
        lambda channels, window: torch.einsum(
            "ab,ij->abij", torch.eye(channels), torch.full((window, window), 1 / window**2)
        ),
    ),
    explain=_explain_weight,
    explain_shape=lambda channels, window: (
        f"{count(channels, 'filter')} of {count(channels, 'kernel')} each, {window}×{window}: "
        "(C_out, C_in, kH, kW), with as many channels out as in."
    ),
    facts={
        "there is more than one channel": lambda channels, window: channels > 1,
        "the window is larger than one pixel": lambda channels, window: window > 1,
    },
    hints=(
        "Which nine numbers turn a 3×3 window of one channel into its mean?",
        "That is one kernel. Filter c must ignore all channels but c: what are its other kernels?",
        "Start with zeros of shape (C, C, k, k), and fill weight[c, c] for each channel c.",
    ),
    reasons=(
        "A mean is a sum of products with 1/k² for every weight. A convolution also sums over "
        "channels, which pooling must not, so the kernels that connect different channels are "
        "zero. Average pooling is a convolution whose weights nobody trains."
    ),
    misconceptions={
        "mixing all channels": Misconception(
            lambda channels, window: torch.full(
                (channels, channels, window, window), 1 / window**2
            ),
            "A filter sums over its input channels: kernels that join different channels have to "
            "be zero.",
        ),
        "the mean over the channels too": Misconception(
            lambda channels, window: torch.full(
                (channels, channels, window, window), 1 / (channels * window**2)
            ),
            "Pooling never mixes channels; every output would be the same gray map.",
        ),
        "ones": Misconception(
            lambda channels, window: _with_an_identity(channels, window) * window**2,
            "Weights of one add the window up: that is sum pooling, k² times the mean.",
        ),
        "one over the side": Misconception(
            lambda channels, window: _with_an_identity(channels, window) * window,
            "A window has k² pixels, so each weighs 1/k².",
        ),
        "one kernel for each channel": Misconception(
            lambda channels, window: torch.full((channels, 1, window, window), 1 / window**2),
            "That is the weight of a convolution with groups=C, which never mixes; without "
            "groups each filter has a kernel for every input channel.",
        ),
        "one filter for all": Misconception(
            lambda channels, window: torch.full((1, channels, window, window), 1 / window**2),
            "One filter makes one map; C maps have to come out, so C filters are needed.",
        ),
        "the first pixel of the window": Misconception(
            _one_pixel,
            "That copies one pixel in k² and throws the others away; all of them weigh 1/k².",
        ),
        "putting the window's axes first": Misconception(
            lambda channels, window: _with_an_identity(channels, window).permute(2, 3, 0, 1),
            "A weight is (C_out, C_in, kH, kW): channels first, then the window.",
        ),
        "dividing by the channels": Misconception(
            lambda channels, window: _with_an_identity(channels, window) / channels,
            "Each filter sees one channel, so the number of channels is no part of its mean.",
        ),
    },
)

EXERCISES = (TWIN,)
