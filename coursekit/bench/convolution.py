"""Times of the course's convolutions beside PyTorch's, as ratios measured in one run."""

from __future__ import annotations

from collections.abc import Callable

import torch
from rich.table import Table
from torch import Tensor
from torch.nn import functional as F

from coursekit import ops
from coursekit.bench.timing import times
from coursekit.shapes import output_sizes

__all__ = ["FOUR_WAYS", "layer_times", "loops", "shifts", "small_times", "table"]

GOAL = 3.0  # times PyTorch, for coursekit.ops.conv2d on a layer of ordinary size


def loops(x: Tensor, weight: Tensor) -> Tensor:
    """Return conv2d with a Python loop for each axis: one multiplication at a time.

    x: (N, C_in, H, W). weight: (C_out, C_in, kH, kW). Returns (N, C_out, H_out, W_out).
    """
    N, C_in, H, W = x.shape
    C_out, _, kH, kW = weight.shape
    H_out, W_out = output_sizes((H, W), (kH, kW))
    # Plain numbers: reading one from a tensor costs more than the multiplication.
    pixels, weights = x.tolist(), weight.tolist()
    out = torch.empty(N, C_out, H_out, W_out)
    for n in range(N):
        for o in range(C_out):
            for i in range(H_out):
                for j in range(W_out):
                    total = 0.0
                    for c in range(C_in):
                        for a in range(kH):
                            for b in range(kW):
                                total += pixels[n][c][i + a][j + b] * weights[o][c][a][b]
                    out[n, o, i, j] = total
    return out


def shifts(x: Tensor, weight: Tensor) -> Tensor:
    """Return conv2d with a loop over the kernel's taps alone: each moves the whole input at once.

    x: (N, C_in, H, W). weight: (C_out, C_in, kH, kW). Returns (N, C_out, H_out, W_out).
    """
    kH, kW = weight.shape[-2:]
    H_out, W_out = output_sizes(tuple(x.shape[-2:]), (kH, kW))
    out = torch.zeros(len(x), len(weight), H_out, W_out)
    for a in range(kH):
        for b in range(kW):
            moved = x[:, :, a : a + H_out, b : b + W_out]  # (N, C_in, H_out, W_out), a view
            out += torch.einsum("nchw,oc->nohw", moved, weight[:, :, a, b])
    return out


FOUR_WAYS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "loops": loops,
    "vectorised": shifts,
    "im2col": ops.conv2d,
    "torch": F.conv2d,
}


def small_times(*, repeats: int = 5) -> dict[str, float]:
    """Return the seconds of the four ways on an input small enough for loops: (1, 3, 32, 32).

    With 8 filters, the weight (8, 3, 3, 3). repeats: of which the median is taken.
    """
    x, weight = torch.randn(1, 3, 32, 32), torch.randn(8, 3, 3, 3)
    return times({name: _call(way, x, weight) for name, way in FOUR_WAYS.items()}, repeats=repeats)


def layer_times(*, repeats: int = 20) -> dict[str, float]:
    """Return the seconds of ours and of PyTorch's on (8, 16, 64, 64) with 32 filters of 3×3.

    repeats: of which the median is taken.
    """
    x, weight = torch.randn(8, 16, 64, 64), torch.randn(32, 16, 3, 3)
    ways = {name: _call(FOUR_WAYS[name], x, weight) for name in ("im2col", "torch")}
    return times(ways, repeats=repeats)


def _call(
    way: Callable[[Tensor, Tensor], Tensor], x: Tensor, weight: Tensor
) -> Callable[[], Tensor]:
    return lambda: way(x, weight)


def table() -> tuple[Table, bool]:
    """Return the times of both inputs with their ratios, and whether the goal is reached."""
    drawn = Table("input", "way", "milliseconds", "times torch", title="Convolution")
    for column in drawn.columns[2:]:
        column.justify = "right"
    measured = {"(1, 3, 32, 32), 8 filters of 3×3": small_times()}
    measured["(8, 16, 64, 64), 32 filters of 3×3"] = layer_times()
    for size, seconds in measured.items():
        for name, taken in seconds.items():
            ratio = f"{taken / seconds['torch']:,.1f}"
            drawn.add_row(size, name, f"{1000 * taken:,.2f}", ratio)
        drawn.add_section()
    reached = seconds["im2col"] <= GOAL * seconds["torch"]
    drawn.caption = f"goal: im2col within {GOAL:g} times torch on the larger input: " + (
        "reached" if reached else "missed"
    )
    return drawn, reached
