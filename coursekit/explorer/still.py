"""The explorer standing still: for paper, and for readers without a kernel."""

from __future__ import annotations

from typing import Literal

import torch
from matplotlib.axes import Axes
from torch import Tensor

from coursekit import ops, shapes
from coursekit.contracts import Filters, Index, Stack, checks_arguments, inside
from coursekit.explorer import colours
from coursekit.figures.canvas import (
    NUMBERS_UP_TO,
    LessonFigure,
    as_text,
    minus,
    panels,
    pixels,
    size_text,
)
from coursekit.figures.marks import hatch_padding, outline
from coursekit.shapes import Pads, Pair, Steps

__all__ = ["explored", "story"]

WHAT = {"conv": "a kernel", "max": "max pooling", "average": "average pooling"}
WIDEST, LARGEST, READABLE = 7.0, 0.34, 0.3  # inches: a figure, its pixels, pixels with numbers


@checks_arguments
def explored(
    x: Stack,
    weight: Filters,
    out: Stack,
    *,
    mode: Literal["conv", "max", "average"],
    at: tuple[Index, Index, Index],
    stride: Steps = 1,
    padding: Pads = 0,
    dilation: Steps = 1,
    predict: bool = False,
) -> LessonFigure:
    """Return input | kernels of one filter | its map, with the window of output `at` framed.

    x: (C, H, W). weight: (C_out, C, kH, kW). out: (maps, H_out, W_out). mode: "conv", or "max" or
    "average", which treat channel by channel and have no kernel. at: (map, row, column). With
    `predict` the map stays hidden.
    """
    inside("at", at, out.shape)
    if len(x) != weight.shape[1]:
        raise ValueError(f"weight has {weight.shape[1]} channels and x {len(x)}; expected as many")
    here, *place = at
    tools = list(weight[here]) if mode == "conv" else []
    seen = x if mode == "conv" else x[here : here + 1]  # (C, H, W), or (1, H, W) of a pool
    figure, axes = _panels(list(ops.pad2d(seen, padding)), tools, out[here])
    stop = len(seen)
    steps = zip(shapes.pair(stride, "stride"), place, strict=True)
    corner = [step * index for step, index in steps]
    taps = zip(shapes.pair(dilation, "dilation"), weight.shape[2:], strict=True)
    covers = [d * (k - 1) + 1 for d, k in taps]  # pixels from the first tap to the last
    for c, ax in enumerate(axes[:stop]):
        title = _named("input", x, c if tools else here)
        _draw(ax, ops.pad2d(seen, padding)[c], title, colours.of_input(x))
        hatch_padding(ax, tuple(x.shape[1:]), padding)
        outline(ax, *corner, tuple(covers))
    for c, ax in enumerate(axes[stop:-1]):
        pixels(ax, tools[c], title=_named("kernel", weight[here], c), kind="signed")
    if predict:
        _hide(axes[-1], out[here], _named("output", out, here))
    else:
        look = colours.of_output(x, weight, out, mode)
        _draw(axes[-1], out[here], _named("output", out, here), look)
    outline(axes[-1], *place, (1, 1))
    steps = {"stride": stride, "padding": padding, "dilation": dilation}
    return figure.described(story(x, weight, out, mode=mode, at=at, predict=predict, **steps))


def _panels(
    room: list[Tensor], tools: list[Tensor], out: Tensor
) -> tuple[LessonFigure, list[Axes]]:
    """Return a panel for each; kernels are drawn large enough for their numbers.

    room: the channels (H, W) with their padding. tools: kernels (kH, kW). out: a map.
    """
    many = len(room) > 1  # then a row of channels, one of kernels, one of the map
    across = len(room) * room[0].shape[1] if many else room[0].shape[1] + out.shape[1]
    pixel = min(LARGEST, (WIDEST - (0 if many else 1)) / across)  # an inch for kernel and gaps
    scale = max(1.0, READABLE / pixel)
    sizes = [
        *(tuple(one.shape) for one in room),
        *((tool.shape[0] * scale, tool.shape[1] * scale) for tool in tools),
        tuple(out.shape),
    ]
    return panels(sizes, pixel=pixel, columns=len(room) if many else None)


def _draw(ax: Axes, image: Tensor, title: str, look: colours.Look) -> None:
    pixels(ax, image, title=title, kind=look.kind, limits=look.limits)


def _hide(ax: Axes, image: Tensor, title: str) -> None:
    pixels(ax, torch.zeros_like(image), title=title, kind="ink", limits=(0, 1), numbers=False)
    for row, column in torch.ones_like(image).nonzero().tolist():
        ax.text(column, row, "?", ha="center", va="center", fontsize=9, color="#666666")


def _named(name: str, stack: Tensor, index: int) -> str:
    number = f" {index}" if len(stack) > 1 else ""
    return f"{name}{number}, {size_text(stack[0])}"


def story(
    x: Tensor,
    weight: Tensor,
    out: Tensor,
    *,
    mode: str,
    at: tuple[int, int, int],
    predict: bool = False,
    **steps: Pair,
) -> str:
    """Return what `explored` shows, in numbers that are the same on every machine.

    x: (C, H, W). weight: (C_out, C, kH, kW). out: (maps, H_out, W_out). at: (map, row, column).
    steps: stride, padding and dilation, one number or (height, width) each.
    """
    kernel = "×".join(map(str, weight.shape[2:]))
    pairs = {name: shapes.pair(value, name) for name, value in steps.items()}
    usual = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1)}
    how = "".join(f", {n} {h}×{w}" for n, (h, w) in pairs.items() if (h, w) != usual[n])
    where = f"map {at[0]}, row {at[1]}, column {at[2]}"
    makes = "what is to be predicted" if predict else minus(float(out[at]), ".3g")
    said = (
        f"the convolution explorer at rest: {WHAT[mode]} of {kernel} on {size_text(x)}{how}, makes "
        f"{size_text(out)}. The framed window makes {makes} at {where}."
    )
    told = max(out.shape[1:]) <= NUMBERS_UP_TO and not predict
    return f"{said} That map is {_told(out[at[0]])}." if told else said


def _told(shown: Tensor) -> str:
    values = shown.unique()
    return minus(float(values[0])) + " everywhere" if len(values) == 1 else as_text(shown)
