"""Figures of channels: a picture's colours, and the sums that filters take over them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import torch
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor, nn

from coursekit import ops
from coursekit.arguments import number
from coursekit.contracts import (
    Colour,
    Count,
    Index,
    Matrix,
    Named,
    Stack,
    checks_arguments,
    fit_on,
    inside,
    one_each,
)
from coursekit.figures.canvas import LessonFigure, as_text, panels, pixels, size_text
from coursekit.figures.marks import ACCENT, ACCENT_INK, GRAY, INK, hatch, hatch_padding, outline

__all__ = ["channel_sum", "colour_planes", "train_and_eval", "volume"]

PRIMARIES = ("red", "green", "blue")
PIXEL, GAP, TITLE, ROW = 0.34, 0.3, 0.34, 0.32  # inches, in the figure of a volume


@checks_arguments
def colour_planes(image: Colour) -> LessonFigure:
    """Return a colour picture (3, H, W) of 0..1 beside its three channels, drawn in gray."""
    _, H, W = image.shape
    figure, (first, *rest) = panels([(H, W)] * 4, pixel=1.85 / W, gap=0.18)
    first.imshow(image.permute(1, 2, 0).numpy(), interpolation="nearest")
    first.set_title(f"colour, 3×{H}×{W}", fontsize=9, color=INK)
    first.set(xticks=[], yticks=[])
    means = [
        f"{name}, mean {plane.mean():.2f}" for name, plane in zip(PRIMARIES, image, strict=True)
    ]
    for ax, title, plane in zip(rest, means, image, strict=True):
        pixels(ax, plane, title=title, limits=(0, 1), numbers=False)
    return figure.described(
        f"a colour picture of {H}×{W} pixels, and its three channels as gray pictures:",
        f"{'; '.join(means)}.",
    )


@checks_arguments
def channel_sum(maps: Stack) -> LessonFigure:
    """Return what a filter finds in each channel, maps (C, H, W), and their sum (H, W).

    All have the same scale, so that the sum's colours can be compared with those of its parts.
    """
    total = maps.sum(dim=0)
    size = size_text(total)
    shown = {f"channel {c} gives": one for c, one in enumerate(maps)}
    shown |= {f"the sum, one map of {size}": total}
    limit = float(torch.stack([*maps, total]).abs().max())
    figure, axes = panels([tuple(total.shape)] * len(shown), pixel=0.5, gap=0.8)
    for ax, (name, one) in zip(axes, shown.items(), strict=True):
        pixels(ax, one, title=name, kind="signed", limits=(-limit, limit))
    said = "; ".join(f"{name}: {as_text(one)}" for name, one in shown.items())
    return figure.described(f"maps of {size} from {len(maps)} channels, added up. {said}.")


@checks_arguments
def volume(
    x: Stack,
    weight: Stack,
    bias: Annotated[Tensor | float, number],
    *,
    stride: Count,
    at: tuple[Index, Index],
    name: str,
    padding: Index = 0,
    by: Callable[..., Tensor] = ops.corr2d,
) -> LessonFigure:
    """Return one filter on all channels: windows, kernels, partial sums, and their total.

    x: (C, H, W), its border of zeros included. weight: (C, kH, kW). bias: a single number.
    at: the output pixel whose windows are framed. padding: the width of that border, hatched.
    by: what slides a kernel over one channel.
    """
    C, H, W = x.shape
    one_each("weight", weight, C, "channel of x")
    fit_on("weight", {"0": weight[0]}, "x", x[0])
    if 2 * padding >= min(H, W):
        raise ValueError(f"padding is {padding}; expected less than half of x, {H}×{W}")
    maps = [by(*pair)[::stride, ::stride] for pair in zip(x, weight, strict=True)]
    parts = torch.stack(maps)  # (C, H_out, W_out)
    total = parts.sum(0) + bias
    inside("at", at, total.shape)
    figure, channels, sums = _volume_panels(x, weight, total)
    for c, axes in enumerate(channels):
        _draw_channel(axes, c, x[c], weight[c], parts[c])
        hatch_padding(axes[0], (H - 2 * padding, W - 2 * padding), padding)
        outline(axes[0], at[0] * stride, at[1] * stride, tuple(weight.shape[1:]))
        outline(axes[2], *at, (1, 1))
    _write_sums(sums, parts, bias, at)
    sizes = f"{C}×{H}×{W} → {total.shape[0]}×{total.shape[1]}"
    figure.suptitle(
        f"{name}: each output pixel is one sum over {C} channels and a bias, {sizes}", fontsize=10
    )
    said = "; ".join(f"channel {c}: {as_text(part)}" for c, part in enumerate(parts))
    figure.described(
        f"{name} on {C} channels of {H}×{W}, stride {stride}. Partial sums, {said}.",
        f"With the bias {bias:g} the output is {as_text(total)}.",
        f"Framed, row {at[0]}, column {at[1]}: {_arithmetic(parts[:, at[0], at[1]], bias)}.",
    )
    return figure.by(by)


def _volume_panels(
    x: Tensor, weight: Tensor, total: Tensor
) -> tuple[LessonFigure, list[tuple[Axes, Axes, Axes]], Axes]:
    """Return the figure, three panels for each channel, and the one of the sums."""
    (C, H, W), (_, kH, kW), (H_out, W_out) = x.shape, weight.shape, total.shape
    # inches from the top: the figure's title, the windows, the kernels, the table of sums
    kernels_at = 0.4 + 2 * TITLE + H * PIXEL
    sums_at = kernels_at + max(kH, H_out) * PIXEL + TITLE + 0.1
    width, height = C * (W * PIXEL + GAP) + GAP, sums_at + H_out * ROW + 0.1
    figure = LessonFigure(figsize=(width, height))

    def panel(left: float, top: float, across: float, down: float) -> Axes:
        bottom = height - top - down
        return figure.add_axes((left / width, bottom / height, across / width, down / height))

    channels = []
    for c in range(C):
        left = GAP + c * (W * PIXEL + GAP)
        window = panel(left, 0.4 + TITLE, W * PIXEL, H * PIXEL)
        kernel = panel(left, kernels_at, kW * PIXEL, kH * PIXEL)
        right = left + (W - W_out) * PIXEL
        channels.append((window, kernel, panel(right, kernels_at, W_out * PIXEL, H_out * PIXEL)))
    return figure, channels, panel(GAP, sums_at, width - 2 * GAP, H_out * ROW)


def _draw_channel(
    axes: tuple[Axes, Axes, Axes], c: int, x: Tensor, kernel: Tensor, sums: Tensor
) -> None:
    window, left, right = axes
    pixels(window, x, title=f"input channel {c}, {x.shape[0]}×{x.shape[1]}", limits=(-1, 2))
    pixels(left, kernel, title=f"kernel {c}", kind="signed", limits=(-2, 2))
    pixels(right, sums, title=f"partial sums {c}", kind="signed", limits=(-9, 9))


def _write_sums(ax: Axes, parts: Tensor, bias: Tensor, at: tuple[int, int]) -> None:
    """Write the arithmetic of every output pixel into a table with a cell for each."""
    _, H, W = parts.shape
    ax.set(xlim=(0, W), ylim=(H, 0), xticks=[], yticks=[])
    ax.set_title("output = partial sums 0 + 1 + 2 + bias", fontsize=9, color=INK)
    for i in range(H):
        for j in range(W):
            framed = (i, j) == at
            words = _arithmetic(parts[:, i, j], bias)
            ax.text(j + 0.5, i + 0.5, words, ha="center", va="center", fontsize=9,
                    color=ACCENT_INK if framed else INK)  # fmt: skip
            edge = (
                {"edgecolor": ACCENT, "linewidth": 2.5, "zorder": 3}
                if framed
                else {"edgecolor": GRAY}
            )
            ax.add_patch(Rectangle((j, i), 1, 1, fill=False, clip_on=False, **edge))


def _arithmetic(parts: Tensor, bias: Tensor) -> str:
    terms = [f"({value:g})" if value < 0 else f"{value:g}" for value in (*parts, bias)]
    return f"{' + '.join(terms)} = {parts.sum() + bias:g}".replace("-", "−")


@checks_arguments
def train_and_eval(batch: Matrix, layers: Named[nn.Module]) -> LessonFigure:
    """Return what each layer makes of a batch (N, C) in training and in evaluation.

    Each layer sees N images with C channels of one pixel, first in train mode and then in eval
    mode. Numbers are rounded to tenths; what a dropout set to zero is hatched.
    """
    shown, said = {f"the batch, {'×'.join(map(str, batch.shape))}": batch}, []
    for name, layer in layers.items():
        for mode in ("train", "eval"):
            shown[f"{name}, {mode}"] = _in_tenths(layer.train(mode == "train"), batch)
    figure, axes = panels([tuple(batch.shape)] * len(shown), pixel=0.4, gap=0.5)
    for ax, (title, values) in zip(axes, shown.items(), strict=True):
        means = ", ".join(f"{mean:.1f}" for mean in (values.mean(dim=0) + 0.0).tolist())
        pixels(ax, values, title=f"{title}\nmeans {means}", kind="signed", limits=(-8, 8))
        ax.set_xlabel("columns: channels", fontsize=9)
        if "dropout" in title and title.endswith("train"):
            hatch(ax, (values == 0) & (batch != 0))
            said.append(f"{title}: by chance, each number is 0 or scaled up")
        else:
            said.append(f"{title}: {as_text(values)}, with means {means}")
    axes[0].set_ylabel("rows: images", fontsize=9)
    return figure.described("one batch through layers that have two modes.", f"{'; '.join(said)}.")


@torch.no_grad()
def _in_tenths(layer: nn.Module, batch: Tensor) -> Tensor:
    """Return what the layer makes of the batch (N, C), rounded; (N, C) again."""
    out = layer(batch[:, :, None, None])[:, :, 0, 0]  # through (N, C, 1, 1)
    return out.mul(10).round().div(10) + 0.0  # no -0
