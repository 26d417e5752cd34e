"""The exercises of lesson 3 on receptive fields."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch.nn import functional as F

from coursekit.exercises.model import (
    Explanation,
    FunctionExercise,
    Misconception,
)
from coursekit.exercises.pick import Pick


def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    """Return how many pixels of the input, side by side, one output of the stack can see.

    layers: (kernel, stride, dilation) of each, from the input upwards; one axis.

    >>> receptive_field([(3, 1, 1), (3, 1, 1)])
    5
    """
    field, step = 1, 1
    for kernel, stride, dilation in layers:
        field += dilation * (kernel - 1) * step
        step *= stride
    return field


def _stack(pick: Pick) -> tuple[list[tuple[int, int, int]]]:
    count = pick.integer(1, 3)
    return ([(pick.integer(1, 4), pick.integer(1, 3), pick.integer(1, 2)) for _ in range(count)],)


def _explain_field(index: tuple[int, ...], layers: list[tuple[int, int, int]]) -> Explanation:
    field, step, parts = 1, 1, []
    for kernel, stride, dilation in layers:
        field += dilation * (kernel - 1) * step
        parts.append(f"{dilation}·({kernel} − 1)·{step}")
        step *= stride
    return Explanation(f"1 + d·(k − 1)·step for each layer: 1 + {' + '.join(parts)} = {field}")


def _downwards(layers: list[tuple[int, int, int]]) -> int:
    width = 1
    for kernel, stride, dilation in reversed(layers):
        width = (width - 1) * stride + dilation * (kernel - 1) + 1
    return width


def _by_gradient(layers: list[tuple[int, int, int]]) -> int:
    x = torch.zeros(1, 1, _downwards(layers), requires_grad=True)
    out = x
    for kernel, stride, dilation in layers:
        weight = torch.ones(1, 1, kernel)
        out = F.conv1d(out, weight, stride=stride, dilation=dilation)
    out[0, 0, 0].backward()
    touched = x.grad.flatten().nonzero()
    return int(touched.max() - touched.min()) + 1


def _grown(layers: Sequence[tuple[int, int, int]], *, start: int = 1, taps: int = 1) -> int:
    """Return the field where growth starts elsewhere, or counts all `kernel` taps (taps=0)."""
    field, step = start, 1
    for kernel, stride, dilation in layers:
        field += dilation * (kernel - taps) * step
        step *= stride
    return field


def _own_stride_too(layers: Sequence[tuple[int, int, int]]) -> int:
    field, step = 1, 1
    for kernel, stride, dilation in layers:
        step *= stride
        field += dilation * (kernel - 1) * step
    return field


def their_receptive_field(layers: list[tuple[int, int, int]]) -> int:
    """Return what comes out where strides are added up."""
    field, step = 1, 1
    for kernel, stride, dilation in layers:
        field += dilation * (kernel - 1) * step
        step += stride - 1
    return field


def _multiplied(layers: Sequence[tuple[int, int, int]]) -> int:
    field = 1
    for kernel, stride, dilation in layers:
        field = field * stride + dilation * (kernel - 1)
    return field


FIELD = FunctionExercise(
    id="3.14",
    title="How far one output sees",
    minutes=6,
    reference=receptive_field,
    examples=(
        ([(3, 1, 1)],),
        ([(3, 1, 1), (3, 1, 1)],),
        ([(3, 2, 1), (3, 1, 1)],),
        ([(2, 1, 2), (3, 1, 1)],),
    ),
    inputs=_stack,
    alternatives=(_downwards, _by_gradient),
    explain=_explain_field,
    signed=(),
    facts={
        "there is more than one layer": lambda layers: len(layers) > 1,
        "a layer other than the last has a stride": lambda layers: any(
            stride > 1 for _, stride, _ in layers[:-1]
        ),
        "the last layer has a stride": lambda layers: layers[-1][1] > 1,
        "a layer is dilated": lambda layers: any(d > 1 and k > 1 for k, _, d in layers),
    },
    hints=(
        "One layer with a kernel of 3 sees 3 pixels. How many new ones does a second such layer "
        "bring into view on each side?",
        "Each layer adds dilation·(kernel − 1) steps. How long is a step, in pixels of the input, "
        "behind a layer of stride 2?",
        "Keep two numbers, field = 1 and step = 1. For each layer: field += dilation·(kernel − 1)"
        "·step, and only then step *= stride.",
    ),
    reasons=(
        "Neighbours in a map lie as far apart in the input as all strides below it multiply to. A "
        "window adds d·(k − 1) such steps to the one pixel that it starts from. Its own stride "
        "moves the next layer's neighbours apart, and so comes after."
    ),
    misconceptions={
        "the strides ignored": Misconception(
            lambda layers: 1 + sum(d * (k - 1) for k, _, d in layers),
            "Behind a stride of 2 neighbours lie two pixels apart, and every later step counts "
            "double.",
        ),
        "the dilations ignored": Misconception(
            lambda layers: _grown([(k, s, 1) for k, s, _ in layers]),
            "Taps that lie `dilation` apart reach dilation·(kernel − 1) steps.",
        ),
        "a layer's own stride counted for itself": Misconception(
            _own_stride_too,
            "The stride moves windows, it does not widen them: multiply it in after the layer.",
        ),
        "each layer's step taken from its own stride": Misconception(
            lambda layers: 1 + sum(d * (k - 1) * s for k, s, d in layers),
            "A layer's steps are as long as the product of the strides below it; its own stride "
            "counts for the layers above.",
        ),
        "the kernels added": Misconception(
            lambda layers: sum(k for k, _, _ in layers),
            "Windows of neighbours overlap, so a second kernel adds k − 1 pixels and not k.",
        ),
        "the widths of the windows, added": Misconception(
            lambda layers: sum(d * (k - 1) + 1 for k, _, d in layers),
            "Windows of neighbours overlap: after the first layer each adds d·(k − 1) steps, "
            "without the + 1.",
        ),
        "a field multiplied by each stride": Misconception(
            _multiplied,
            "That formula holds from the last layer down to the input. Upwards, the strides below "
            "lengthen the steps that a layer adds.",
        ),
        "the kernels multiplied": Misconception(
            lambda layers: math.prod(k for k, _, _ in layers),
            "Windows overlap when the stride is 1: two kernels of 3 see 5 pixels, not 9.",
        ),
        "k in place of k − 1": Misconception(
            lambda layers: _grown(layers, taps=0),
            "One of the k taps looks at what was in view already; k − 1 are new.",
        ),
        "a start at 0": Misconception(
            lambda layers: _grown(layers, start=0),
            "Without any layer an output sees one pixel, itself: start from 1.",
        ),
        "strides that are added up": Misconception(
            their_receptive_field,
            "Two strides of 2 make a step of 4, and three make 8: strides multiply.",
        ),
        "a walk from the top layer down": Misconception(
            lambda layers: _grown(list(reversed(layers))),
            "The strides that count for a layer are those between it and the input: go upwards.",
        ),
        "the last layer alone": Misconception(
            lambda layers: layers[-1][2] * (layers[-1][0] - 1) + 1,
            "That is what the last layer sees of the map below it, and that map sees further.",
        ),
    },
)

EXERCISES = (FIELD,)
