"""Checks of arguments: an error names the argument, says what it got, and what would fit.

A value of the wrong kind is a TypeError; one of the right kind that does not fit, a ValueError.
Each check returns the value, so that it can stand where the value is used.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from numbers import Integral, Real
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["LARGEST", "flag", "function", "integer", "number", "one_of", "tensor"]

LARGEST = 2**31 - 1  # of what counts pixels: more fits in no memory


def integer(
    name: str, value: object, *, minimum: int | None = None, maximum: int | None = None
) -> int:
    """Return the value as an int: a Python or numpy integer, and no bool.

    >>> integer("stride", 2, minimum=1)
    2
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} is {short(value)}; expected an integer")
    if minimum is not None and value < minimum:
        raise ValueError(f"{name} is {value}; expected at least {minimum}")
    if maximum is not None and value > maximum:
        raise ValueError(f"{name} is {value}; expected at most {maximum}")
    return int(value)


def number(
    name: str,
    value: object,
    *,
    above: float | None = None,
    minimum: float | None = None,
    infinite: bool = False,
) -> float:
    """Return the value, a real number: Python's, numpy's, or a tensor of one.

    It must be finite, unless it may be `infinite`; not a number it must never be.

    >>> number("rate", 0.1, above=0)
    0.1
    """
    single = value.item() if _is_tensor(value) and value.numel() == 1 else value
    if isinstance(single, bool) or not isinstance(single, Real):
        raise TypeError(f"{name} is {short(value)}; expected a number")
    fits = math.isfinite(single) or (infinite and not math.isnan(single))
    fits = fits and (above is None or single > above) and (minimum is None or single >= minimum)
    if not fits:
        bound = "" if infinite else "finite "
        bound = f"a {bound}number" + (f" above {above:g}" if above is not None else "")
        bound += f" of at least {minimum:g}" if minimum is not None else ""
        raise ValueError(f"{name} is {single}; expected {bound}")
    return float(single)


def flag(name: str, value: object) -> bool:
    """Return the value, True or False: another would count as one of them by accident."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} is {short(value)}; expected True or False")
    return value


def function(name: str, value: object) -> Callable[..., object]:
    """Return the value, a function."""
    if not callable(value):
        raise TypeError(f"{name} is {short(value)}; expected a function")
    return value


def one_of(name: str, value: object, options: Collection[str]) -> str:
    """Return the value, one of the options."""
    if not isinstance(value, str) or value not in options:
        raise ValueError(f"{name} is {short(value)}; expected one of {', '.join(options)}")
    return value


def tensor(name: str, value: object, axes: str = "", *, real: bool = False) -> Tensor:
    """Return the value, a tensor with these axes: "(N, C, H, W)", or "(..., H, W)" for two or more.

    real: whether its numbers must have an order, as those of a maximum: no bool, no complex.
    """
    if not _is_tensor(value):
        kind = type(value).__name__
        raise TypeError(f"{name} is {short(value)}, a {kind}; expected a tensor {axes}".rstrip())
    if axes and not _fits(value.dim(), axes):
        raise ValueError(f"{name} has shape {tuple(value.shape)}; expected {axes}")
    if real and (value.is_complex() or str(value.dtype) == "torch.bool"):
        raise ValueError(f"{name} is {value.dtype}; expected real numbers, such as torch.float32")
    return value


def short(value: object, *, width: int = 60) -> str:
    """Return the value's repr, cut where it is long: an error is read, not scrolled."""
    if _is_tensor(value):
        return f"a tensor {tuple(value.shape)}"
    text = " ".join(repr(value).split())
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _is_tensor(value: object) -> bool:
    import torch

    return isinstance(value, torch.Tensor)


def _fits(rank: int, axes: str) -> bool:
    named = axes.strip("()").split(",")
    named = [axis for axis in map(str.strip, named) if axis]
    return rank >= len(named) - 1 if "..." in named else rank == len(named)
