"""The exercises of lesson 5 on filters that see several channels."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit import ops
from coursekit.exercises.model import (
    Explanation,
    FunctionExercise,
    Misconception,
    cells,
)
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import count, factor, number
from coursekit.exercises.windows import TERMS, terms


def corr2d_multi_in(x: Tensor, kernels: Tensor) -> Tensor:
    """Return the one feature map that a filter makes of several channels.

    x: (C, H, W). kernels: (C, kH, kW), one for each channel. Returns (H - kH + 1, W - kW + 1).

    >>> x = torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]]])
    >>> corr2d_multi_in(x, torch.tensor([[[1.0]], [[10.0]]]))
    tensor([[31., 42.]])
    """
    maps = [ops.corr2d(channel, kernel) for channel, kernel in zip(x, kernels, strict=True)]
    return torch.stack(maps).sum(dim=0)


def _image_and_filter(pick: Pick) -> tuple[Tensor, Tensor]:
    C, kH, kW = pick.integer(1, 3), pick.integer(1, 2), pick.integer(1, 2)
    x = pick.tensor(C, kH + pick.integer(0, 2), kW + pick.integer(0, 2))
    return x, pick.tensor(C, kH, kW)


def _partial_sums(x: Tensor, kernels: Tensor, i: int, j: int) -> tuple[list[Tensor], str]:
    """Return the sum of each channel, and how they add up: of few numbers, by their products."""
    kH, kW = kernels.shape[1:]
    windows = x[:, i : i + kH, j : j + kW]
    parts = [(window * kernel).sum() for window, kernel in zip(windows, kernels, strict=True)]
    if kernels.numel() <= TERMS:
        return parts, terms(windows.flatten(), kernels.flatten())
    return parts, " + ".join(factor(part) for part in parts)


def _explain_in(index: tuple[int, int], x: Tensor, kernels: Tensor) -> Explanation:
    (i, j), (C, kH, kW) = index, kernels.shape
    parts, said = _partial_sums(x, kernels, i, j)
    return Explanation(
        f"{count(C, 'channel')}, added up: {said} = {number(sum(parts))}",
        {"x": cells(range(C), range(i, i + kH), range(j, j + kW))},
    )


def _one_map(x: Tensor, kernels: Tensor) -> str:
    return "A filter makes one map, however many channels it sees: the channels are summed."


def _in_with_torch(x: Tensor, kernels: Tensor) -> Tensor:
    return F.conv2d(x[None].double(), kernels[None].double())[0, 0]


def _in_with_loops(x: Tensor, kernels: Tensor) -> list[list[float]]:
    (C, H, W), (_, kH, kW) = x.shape, kernels.shape
    taps = [(c, a, b) for c in range(C) for a in range(kH) for b in range(kW)]
    return [
        [sum(float(x[c, i + a, j + b] * kernels[c, a, b]) for c, a, b in taps)
         for j in range(W - kW + 1)]
        for i in range(H - kH + 1)
    ]  # fmt: skip


def _maps(x: Tensor, kernels: Tensor) -> Tensor:
    """Return the map of each channel: (C, H_out, W_out)."""
    return torch.stack([ops.corr2d(*pair) for pair in zip(x, kernels, strict=True)])


MULTI_IN = FunctionExercise(
    id="5.1",
    title="Several channels in",
    minutes=5,
    reference=corr2d_multi_in,
    examples=(
        (torch.ones(1, 1, 1), torch.ones(1, 1, 1)),
        (torch.tensor([[[1.0]], [[2.0]]]), torch.tensor([[[3.0]], [[4.0]]])),
    ),
    inputs=_image_and_filter,
    alternatives=(_in_with_torch, _in_with_loops, lambda x, kernels: sum(_maps(x, kernels))),
    explain=_explain_in,
    explain_shape=_one_map,
    signed=("kernels",),
    facts={
        "there is more than one channel": lambda x, kernels: len(x) > 1,
        "there are more than two channels": lambda x, kernels: len(x) > 2,
        "the kernels have more than one cell": lambda x, kernels: kernels[0].numel() > 1,
    },
    hints=(
        "How many maps are there when each channel has met its own kernel, and how many should "
        "come out?",
        "zip(x, kernels) pairs each channel with its kernel; corr2d makes one map of each pair.",
        "Add the maps up: they all have the same shape. sum() of a list of tensors does it.",
    ),
    reasons=(
        "The window of a filter is a box that reaches through all channels. Summing over the box "
        "is summing over each channel's window first and over the channels afterwards, so the maps "
        "of the channels are added up, and one map is left."
    ),
    misconceptions={
        "a map for each channel": Misconception(
            _maps, "One filter makes one map: what it finds in the channels is added up."
        ),
        "a mean over the channels": Misconception(
            lambda x, kernels: _maps(x, kernels).mean(dim=0),
            "The channels are summed; to divide by their number is left to the weights.",
        ),
        "the first channel alone": Misconception(
            lambda x, kernels: ops.corr2d(x[0], kernels[0]),
            "x[0] is the first channel; the filter looks at all of them.",
        ),
        "the last channel alone": Misconception(
            lambda x, kernels: ops.corr2d(x[-1], kernels[-1]),
            "With = each channel replaces the one before; += adds it to them.",
        ),
        "the first kernel for every channel": Misconception(
            lambda x, kernels: ops.corr2d(x.sum(dim=0), kernels[0]),
            "Each channel has a kernel of its own, or the filter could not tell red from blue.",
        ),
        "channels summed before the window slides": Misconception(
            lambda x, kernels: ops.corr2d(x.sum(dim=0), kernels.sum(dim=0)),
            "Each channel meets its kernel first; summed beforehand, every channel would meet "
            "every "
            "kernel.",
        ),
        "the maps multiplied": Misconception(
            lambda x, kernels: _maps(x, kernels).prod(dim=0),
            "What the channels find is added: one channel with 0 must not silence the others.",
        ),
        "the largest over the channels": Misconception(
            lambda x, kernels: _maps(x, kernels).amax(dim=0),
            "All channels count, so their maps are added; nothing is left out.",
        ),
        "the kernels in reverse order": Misconception(
            lambda x, kernels: _in_with_torch(x, kernels.flip(0)),
            "Channel 0 goes with kernel 0: only the order of the channels tells which is which.",
        ),
        "a kernel turned by half a turn": Misconception(
            lambda x, kernels: _in_with_torch(x, kernels.flip(1, 2)),
            "The kernels slide as they are; only the convolution of mathematics turns them.",
        ),
    },
)


def corr2d_multi_in_out(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return the feature maps of all filters: one map a filter, with its bias added.

    x: (C_in, H, W). weight: (C_out, C_in, kH, kW). bias: (C_out,).
    Returns (C_out, H - kH + 1, W - kW + 1).

    >>> x = torch.tensor([[[1.0, 2.0]]])
    >>> corr2d_multi_in_out(x, torch.tensor([[[[1.0]]], [[[10.0]]]]), torch.tensor([0.0, 5.0]))
    tensor([[[ 1.,  2.]],
            [[15., 25.]]])
    """
    maps = [corr2d_multi_in(x, kernels) + b for kernels, b in zip(weight, bias, strict=True)]
    return torch.stack(maps)


def _image_and_layer(pick: Pick) -> tuple[Tensor, Tensor, Tensor]:
    C_in, C_out, kH, kW = (pick.integer(1, high) for high in (3, 3, 2, 2))
    x = pick.tensor(C_in, kH + pick.integer(0, 1), kW + pick.integer(0, 1))
    return x, pick.tensor(C_out, C_in, kH, kW), pick.tensor(C_out)


def _explain_out(
    index: tuple[int, int, int], x: Tensor, weight: Tensor, bias: Tensor
) -> Explanation:
    (o, i, j), (_, C_in, kH, kW) = index, weight.shape
    parts, said = _partial_sums(x, weight[o], i, j)
    total = number(sum(parts) + bias[o])
    return Explanation(
        f"filter {o}: {count(C_in, 'channel')} and the bias, {said} + {factor(bias[o])} = {total}",
        {
            "x": cells(range(C_in), range(i, i + kH), range(j, j + kW)),
            "weight": cells([o], range(C_in), range(kH), range(kW)),
            "bias": cells([o]),
        },
    )


def _all_maps(x: Tensor, weight: Tensor) -> Tensor:
    """Return the map of each filter without bias: (C_out, H_out, W_out)."""
    return torch.stack([corr2d_multi_in(x, kernels) for kernels in weight])


def _spread(bias: Tensor) -> Tensor:
    return bias[:, None, None]


def _depthwise(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    maps = [ops.corr2d(x[o % len(x)], w[o % len(x)]) for o, w in enumerate(weight)]
    return torch.stack(maps) + _spread(bias)


def _out_with_torch(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return F.conv2d(x[None].double(), weight.double(), bias.double())[0]


def _first_axis_taken_for_input(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    maps = [corr2d_multi_in(x, weight[:, o]) + bias[o] for o in range(weight.shape[1])]
    return torch.stack(maps)


MULTI_OUT = FunctionExercise(
    id="5.2",
    title="Several channels out",
    minutes=4,
    reference=corr2d_multi_in_out,
    examples=(
        (torch.ones(1, 1, 1), torch.ones(1, 1, 1, 1), torch.tensor([1.0])),
        (torch.ones(1, 1, 1), torch.tensor([[[[2.0]]], [[[3.0]]]]), torch.tensor([0.0, 1.0])),
    ),
    inputs=_image_and_layer,
    alternatives=(
        _out_with_torch,
        lambda x, weight, bias: ops.conv2d(x[None], weight, bias)[0],
        lambda x, weight, bias: (_all_maps(x, weight) + _spread(bias)).numpy(),
    ),
    explain=_explain_out,
    explain_shape=lambda x, weight, bias: (
        f"The weight holds {count(len(weight), 'filter')}, and each filter makes one map."
    ),
    signed=("weight", "bias"),
    facts={
        "there is more than one filter": lambda x, weight, bias: len(weight) > 1,
        "there is more than one input channel": lambda x, weight, bias: len(x) > 1,
        "a bias is not zero": lambda x, weight, bias: bool(bias.any()),
        "the biases differ": lambda x, weight, bias: len(bias.unique()) > 1,
    },
    hints=(
        "You can make one map of all channels. What changes from one filter to the next?",
        "weight[o] is filter o, with a kernel for each input channel, and bias[o] is its bias.",
        "Make a list with one map for each filter, each with its bias added, and torch.stack it.",
    ),
    reasons=(
        "Filters do not know of each other: each looks at the same input with its own kernels and "
        "adds its own bias. So the layer is a loop over the first axis of the weight, and stacking "
        "the maps makes the channels that the next layer sees."
    ),
    misconceptions={
        "no bias": Misconception(
            lambda x, weight, bias: _all_maps(x, weight),
            "Each filter adds its bias to every pixel of its map.",
        ),
        "the first bias for every filter": Misconception(
            lambda x, weight, bias: _all_maps(x, weight) + bias[0],
            "There is a bias for each filter: bias[o] goes with weight[o].",
        ),
        "the sum of all biases for every filter": Misconception(
            lambda x, weight, bias: _all_maps(x, weight) + bias.sum(),
            "A filter adds its own bias alone, and not those of the others.",
        ),
        "the bias once for each input channel": Misconception(
            lambda x, weight, bias: _all_maps(x, weight) + len(x) * _spread(bias),
            "The bias is added once, after the channels have been summed.",
        ),
        "the bias as a factor": Misconception(
            lambda x, weight, bias: _all_maps(x, weight) * _spread(bias),
            "A bias is added; with a factor of 0 the filter would be blind.",
        ),
        "the filters summed into one map": Misconception(
            lambda x, weight, bias: (_all_maps(x, weight) + _spread(bias)).sum(dim=0),
            "Input channels are summed, filters are not: each keeps its map.",
        ),
        "the input channels not summed": Misconception(
            lambda x, weight, bias: torch.stack(
                [_maps(x, kernels) + b for kernels, b in zip(weight, bias, strict=True)]
            ),
            "Each filter adds up what it finds in the channels, and makes one map.",
        ),
        "each filter on one channel alone": Misconception(
            _depthwise,
            "Every filter sees every channel; with one channel each it would be a depthwise layer.",
        ),
        "the weight's axes in the wrong order": Misconception(
            _first_axis_taken_for_input,
            "The weight is (C_out, C_in, kH, kW): filters come first, so filter o is weight[o].",
        ),
        "the maps on the last axis": Misconception(
            lambda x, weight, bias: _out_with_torch(x, weight, bias).movedim(0, -1),
            "PyTorch keeps channels in front of height and width: (C_out, H, W).",
        ),
    },
)


def conv1x1(x: Tensor, weight: Tensor) -> Tensor:
    """Return what a 1×1 convolution makes: at each pixel, mixtures of the channels.

    x: (C_in, H, W). weight: (C_out, C_in). Returns (C_out, H, W).

    >>> conv1x1(torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]]]), torch.tensor([[1.0, 10.0]]))
    tensor([[[31., 42.]]])
    """
    _, H, W = x.shape
    pixels = x.reshape(len(x), H * W)  # (C_in, H·W): a column for each pixel
    return (weight @ pixels).reshape(len(weight), H, W)


def _image_and_mixtures(pick: Pick) -> tuple[Tensor, Tensor]:
    C_in, C_out, H, W = (pick.integer(1, 3) for _ in range(4))
    return pick.tensor(C_in, H, W), pick.tensor(C_out, C_in)


def _explain_mixture(index: tuple[int, int, int], x: Tensor, weight: Tensor) -> Explanation:
    o, i, j = index
    said = terms(weight[o], x[:, i, j])
    return Explanation(
        f"row {o} of the weight with the channels of pixel ({i}, {j}): {said} = "
        f"{number(weight[o] @ x[:, i, j])}",
        {"x": cells(range(len(x)), [i], [j]), "weight": cells([o], range(len(x)))},
    )


def _pixel_by_pixel(x: Tensor, weight: Tensor) -> np.ndarray:
    out = np.empty((len(weight), *x.shape[1:]))
    for i, j in np.ndindex(*x.shape[1:]):
        out[:, i, j] = weight.double().numpy() @ x[:, i, j].double().numpy()
    return out


def their_conv1x1(x: Tensor, weight: Tensor) -> Tensor:
    """Return what comes out where pixels are reshaped into rows, and maps out of them."""
    C, H, W = x.shape
    pixels = x.reshape(H * W, C)  # a row for each pixel
    mixed = pixels @ weight.T  # (H·W, C_out)
    return mixed.reshape(len(weight), H, W)


POINTWISE = FunctionExercise(
    id="5.3",
    title="A 1×1 convolution as a matrix product",
    minutes=5,
    reference=conv1x1,
    examples=(
        (torch.tensor([[[1.0]]]), torch.tensor([[2.0]])),
        (torch.tensor([[[1.0]], [[2.0]]]), torch.tensor([[1.0, 10.0]])),
        (torch.arange(1.0, 13).reshape(3, 2, 2), torch.tensor([[1.0, 0, 0], [0, 1, -1]])),
    ),
    inputs=_image_and_mixtures,
    alternatives=(
        _pixel_by_pixel,
        lambda x, weight: torch.einsum("oc,chw->ohw", weight.double(), x.double()),
        lambda x, weight: (x.movedim(0, -1) @ weight.T).movedim(-1, 0),
    ),
    explain=_explain_mixture,
    explain_shape=lambda x, weight: (
        "The size stays, and there is a map for each row of the weight: "
        f"{count(len(weight), 'map')}."
    ),
    signed=("weight",),
    facts={
        "there is more than one pixel": lambda x, weight: x[0].numel() > 1,
        "there is more than one input channel": lambda x, weight: len(x) > 1,
        "there is more than one filter": lambda x, weight: len(weight) > 1,
        "the image is not square": lambda x, weight: x.shape[1] != x.shape[2],
    },
    hints=(
        "At one pixel there are C_in numbers and C_out wanted. Which product of matrix and vector "
        "does that?",
        "Many pixels are many vectors: lay them side by side as columns, a matrix (C_in, H·W).",
        "x.flatten(1) is that matrix; weight @ it gives (C_out, H·W), which you give its shape "
        "back.",
    ),
    reasons=(
        "A matrix product treats every column alike, and that is what a 1×1 convolution does with "
        "every pixel. Flattening height and width keeps the channels in front, so a pixel's "
        "channels are a column, and the product mixes them and nothing else."
    ),
    misconceptions={
        "the weight transposed": Misconception(
            lambda x, weight: torch.einsum("co,chw->ohw", weight, x),
            "The weight is (C_out, C_in): a row for each map that comes out.",
        ),
        "pixels reshaped into rows without moving the axes": Misconception(
            lambda x, weight: (weight @ x.reshape(-1, len(x)).T).reshape(-1, *x.shape[1:]),
            "reshape cuts the memory anew, it does not move axes; x.flatten(1) leaves the channels "
            "where they are.",
        ),
        "pixels reshaped into rows, and maps reshaped out of them": Misconception(
            their_conv1x1,
            "reshape cuts the memory anew, it does not move axes; both times pixels and channels "
            "get mixed up.",
        ),
        "a result that is still flat": Misconception(
            lambda x, weight: weight @ x.flatten(1),
            "The pixels are right; give the last axis its height and width back.",
        ),
        "height and width swapped": Misconception(
            lambda x, weight: (weight @ x.flatten(1)).reshape(-1, x.shape[2], x.shape[1]),
            "The pixels were flattened row by row: (H, W) is the order that brings them back.",
        ),
        "the channels last": Misconception(
            lambda x, weight: x.movedim(0, -1) @ weight.T,
            "Linear wants channels last, the maps want them first: move the axis back.",
        ),
        "weight @ x without flattening": Misconception(
            lambda x, weight: weight @ x,
            "@ works on the last two axes, so it would mix rows of the image; the channels are "
            "the first axis.",
        ),
        "the first filter alone": Misconception(
            lambda x, weight: torch.einsum("c,chw->hw", weight[0], x)[None],
            "Each row of the weight makes a map of its own.",
        ),
        "a mean over the channels": Misconception(
            lambda x, weight: torch.einsum("oc,chw->ohw", weight, x) / len(x),
            "Weighted channels are summed; dividing is left to the weights.",
        ),
        "channels weighted and not summed": Misconception(
            lambda x, weight: weight[:, :, None, None] * x,
            "Each map is a sum over the channels: the products have to be added up.",
        ),
    },
)

EXERCISES = (MULTI_IN, MULTI_OUT, POINTWISE)
