"""In which colours the explorer draws its numbers: the rules of `js/colours.js`, for paper."""

from __future__ import annotations

from typing import Literal, NamedTuple

from torch import Tensor

__all__ = ["Look", "of_input", "of_output"]


class Look(NamedTuple):
    """A kind of `figures.pixels`, and the values at both ends of its scale."""

    kind: Literal["gray", "ink", "signed"]
    limits: tuple[float, float]


def of_input(x: Tensor) -> Look:
    """Return how an image (C, H, W) is drawn: in gray, in colour, or as ink, 1, on paper, -1."""
    return Look("ink", (-1.0, 1.0)) if _on_paper(x) else _look(x, _much_below(x))


def of_output(x: Tensor, weight: Tensor, out: Tensor, mode: str) -> Look:
    """Return how the maps (C_out, H_out, W_out) are drawn that come of x (C, H, W).

    weight: (C_out, C, kH, kW). What a picture without negative numbers becomes is a picture again,
    in gray, unless the weights of a filter sum to zero: then zero is the middle.
    """
    if mode != "conv":
        return of_input(out)
    if _on_paper(x):  # pale up to the largest sum that there could be
        return _look(out, True, float(weight.abs().sum(dim=(1, 2, 3)).max()))
    if x.min() < 0:
        return _look(out, _much_below(out))
    return _look(out, bool((weight.sum(dim=(1, 2, 3)) < 1e-5).any()))


def _look(values: Tensor, coloured: bool, reach: float = 0.0) -> Look:
    most = max(float(values.abs().max()), reach) or 1.0
    return Look("signed", (-most, most)) if coloured else Look("gray", (0.0, most))


def _on_paper(values: Tensor) -> bool:
    return bool((values.abs() == 1).all() and (values < 0).any())


def _much_below(values: Tensor) -> bool:
    """Return whether there is more than a few negative numbers, which are as black as zero."""
    return -4 * float(values.min()) > float(values.max())
