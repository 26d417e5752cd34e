"""A network of 2-2-1 with its numbers: forward through the weights, backward along the same."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import torch
from matplotlib.axes import Axes
from torch import Tensor

from coursekit.contracts import Line, Matrix, checks_arguments
from coursekit.figures.canvas import LessonFigure, minus
from coursekit.figures.marks import ACCENT, BLUE, GRAY, INK

__all__ = ["propagation"]

INPUTS, HIDDEN, OUTPUT = ((0.0, 1.0), (0.0, 0.0)), ((1.6, 1.0), (1.6, 0.0)), (3.1, 0.5)


@dataclass(frozen=True)
class _Passes:
    """All numbers of one forward and one backward pass; the loss is half the squared error."""

    sums: Tensor  # (2,), of the hidden neurons
    hidden: Tensor  # (2,), after ReLU
    output: Tensor  # ()
    error: Tensor  # (), the loss's derivative by the output
    at_hidden: Tensor  # (2,), by the hidden sums
    by_hidden_weight: Tensor  # (2, 2)
    by_output_weight: Tensor  # (2,)


@checks_arguments
def propagation(x: Line, hidden_weight: Matrix, output_weight: Line, wanted: float) -> LessonFigure:
    """Return the network twice: with the numbers that go forward, and with those that come back.

    x: (2,). hidden_weight: (2, 2), a row for each hidden neuron, which are ReLUs without a bias.
    output_weight: (2,). wanted: the output that would have no error.
    """
    named = {"x": x, "hidden_weight": hidden_weight, "output_weight": output_weight}
    for (name, value), shape in zip(named.items(), ((2,), (2, 2), (2,)), strict=True):
        if tuple(value.shape) != shape:
            raise ValueError(f"{name} has shape {tuple(value.shape)}; expected {shape}")
    found = _passes(x, hidden_weight, output_weight, wanted)
    figure = LessonFigure(figsize=(8.3, 2.6))
    forward, backward = (figure.add_axes((left, 0.0, 0.48, 0.87)) for left in (0.01, 0.51))
    _draw_forward(forward, x, hidden_weight, output_weight, found)
    _draw_backward(backward, found, wanted)
    return figure.described(
        f"a network of two inputs, two hidden neurons and one output: forward {_all(x)} become the",
        f"hidden sums {_all(found.sums)}, after ReLU {_all(found.hidden)}, and the output",
        f"{minus(found.output)} where {minus(wanted)} is wanted. Backward the error",
        f"{minus(found.error)} reaches the hidden sums as {_all(found.at_hidden)}; the derivatives",
        f"are {_all(found.by_output_weight)} of the output's weights and",
        f"{' and '.join(map(_all, found.by_hidden_weight))} of the hidden neurons'.",
    )


def _passes(x: Tensor, hidden_weight: Tensor, output_weight: Tensor, wanted: float) -> _Passes:
    sums = hidden_weight @ x  # (2, 2) @ (2,) -> (2,)
    hidden = torch.relu(sums)
    output = output_weight @ hidden
    error = output - wanted
    at_hidden = error * output_weight * (sums > 0)  # a closed ReLU lets nothing back
    by_hidden_weight = at_hidden[:, None] * x  # (2, 2)
    return _Passes(sums, hidden, output, error, at_hidden, by_hidden_weight, error * hidden)


def _draw_forward(
    ax: Axes, x: Tensor, hidden_weight: Tensor, output_weight: Tensor, found: _Passes
) -> None:
    _frame(ax, f"Forward: {minus(found.output)} comes out")
    for to, start in product(range(2), range(2)):
        _edge(ax, INPUTS[start], HIDDEN[to], f"×{minus(hidden_weight[to, start])}", to != start)
    for start in range(2):
        _edge(ax, HIDDEN[start], OUTPUT, f"×{minus(output_weight[start])}")
        _node(ax, INPUTS[start], f"$x_{start + 1}$ = {minus(x[start])}", INK)
        said = f"sum {minus(found.sums[start])}\nReLU {minus(found.hidden[start])}"
        _node(ax, HIDDEN[start], said, BLUE)
    _node(ax, OUTPUT, f"output\n{minus(found.output)}", BLUE)


def _draw_backward(ax: Axes, found: _Passes, wanted: float) -> None:
    _frame(ax, f"Backward: the error {minus(found.error)} returns, and each weight gets its share")
    for to, start in product(range(2), range(2)):
        said = minus(found.by_hidden_weight[to, start])
        _edge(ax, HIDDEN[to], INPUTS[start], said, to != start, back=True)
    for start in range(2):
        _edge(ax, OUTPUT, HIDDEN[start], minus(found.by_output_weight[start]), back=True)
        _node(ax, INPUTS[start], f"$x_{start + 1}$", GRAY)
        closed = "" if found.sums[start] > 0 else "\nReLU is 0"
        _node(ax, HIDDEN[start], f"{minus(found.at_hidden[start])}{closed}", ACCENT)
    said = f"{minus(found.output)} − {minus(wanted)}\n= {minus(found.error)}"
    _node(ax, OUTPUT, said, ACCENT)


def _frame(ax: Axes, title: str) -> None:
    ax.set(xlim=(-0.45, 3.55), ylim=(-0.4, 1.35))
    ax.axis("off")
    ax.set_title(title, fontsize=10, color=INK)


def _node(ax: Axes, at: tuple[float, float], text: str, colour: str) -> None:
    box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": colour, "linewidth": 1.5}
    ax.text(*at, text, ha="center", va="center", fontsize=10, color=INK, bbox=box, zorder=3)


def _edge(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    text: str,
    crossing: bool = False,
    *,
    back: bool = False,
) -> None:
    """Draw an arrow with its number, which lies off the middle where two arrows cross."""
    colour = ACCENT if back else "#666666"
    style = {"arrowstyle": "->", "color": colour, "linewidth": 1.2, "shrinkA": 24, "shrinkB": 26}
    if back:
        style["linestyle"] = "--"
    ax.annotate("", end, start, arrowprops=style)
    along = 0.5 if not crossing else 0.64 if back else 0.36
    place = [a + along * (b - a) for a, b in zip(start, end, strict=True)]
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    ax.text(*place, text, ha="center", va="center", fontsize=10, color=INK, bbox=box)


def _all(values: Tensor) -> str:
    return " and ".join(minus(value) for value in values.tolist())
