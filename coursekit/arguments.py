"""Rules for arguments: an error names the argument, says what it got, and what would fit.

A rule is a function of an argument's name and value. It stands in an annotation,
`num_epochs: Annotated[int, partial(integer, minimum=1)]`, which `contracts.checks_arguments` holds
a call to; where it also converts, it is called. A value of the wrong kind is a TypeError; one of
the right kind that does not fit, a ValueError.

>>> integer("num_epochs", 0, minimum=1)
Traceback (most recent call last):
ValueError: num_epochs is 0; expected at least 1
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from functools import cache
from numbers import Integral, Real
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from torch import Tensor

__all__ = [
    "LARGEST",
    "drawable",
    "flag",
    "function",
    "instance",
    "integer",
    "names",
    "number",
    "one_of",
    "seed",
    "share",
    "short",
    "tensor",
    "text",
]

LARGEST = 2**31 - 1  # of what counts pixels: more fits in no memory
LARGEST_SEED = 2**63 - 1  # that PyTorch takes: it keeps seeds in 64 bits, with a sign
Kind = TypeVar("Kind")


def integer(
    name: str, value: object, *, minimum: int | None = None, maximum: int | None = None
) -> int:
    """Return the value as an int: a Python or numpy integer, and no bool.

    >>> integer("stride", 2, minimum=1)
    2
    """
    # True is an int in Python: `stride=True` would count as 1 without a word.
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} is {short(value)}; expected an integer")
    if minimum is not None and value < minimum:
        raise ValueError(f"{name} is {value}; expected at least {minimum}")
    if maximum is not None and value > maximum:
        raise ValueError(f"{name} is {value}; expected at most {maximum}")
    return int(value)


def seed(name: str, value: object) -> int:
    """Return the value, from which PyTorch's random numbers may begin: from 0 to 2⁶³ - 1."""
    return integer(name, value, minimum=0, maximum=LARGEST_SEED)


def number(
    name: str,
    value: object,
    *,
    above: float | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
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
    if not fits or (maximum is not None and single > maximum):
        bound = "a number" if infinite else "a finite number"
        bound += f" above {above:g}" if above is not None else ""
        least = "of at least" if maximum is None else "from"
        bound += f" {least} {minimum:g}" if minimum is not None else ""
        bound += f" to {maximum:g}" if maximum is not None else ""
        raise ValueError(f"{name} is {single}; expected {bound}")
    return float(single)


def flag(name: str, value: object) -> bool:
    """Return the value, True or False: another would count as one of them by accident."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} is {short(value)}; expected True or False")
    return value


def share(name: str, value: object) -> float:
    """Return the value, a part of a whole that is neither nothing nor all of it: 0 < value < 1."""
    part = number(name, value)
    if not 0 < part < 1:
        raise ValueError(f"{name} is {part:g}; expected a number between 0 and 1, such as 0.2")
    return part


def text(name: str, value: object) -> str:
    """Return the value, a string."""
    return instance(name, value, str)


def names(name: str, value: object, *, minimum: int = 1) -> tuple[str, ...]:
    """Return the value, a list or a tuple of so many different strings at least, as a tuple."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) for each in value):
        raise TypeError(f"{name} is {short(value)}; expected a list of strings")
    if len(set(value)) < max(minimum, len(value)):  # too few, or one of them twice
        raise ValueError(f"{name} is {short(value)}; expected {minimum} or more, each of them once")
    return tuple(value)


def instance(name: str, value: object, kind: type[Kind]) -> Kind:
    """Return the value, an object of that class."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {short(value)}; expected {_article(kind.__name__)}")
    return value


def function(name: str, value: object) -> Callable[..., object]:
    """Return the value, a function."""
    if not callable(value):
        raise TypeError(f"{name} is {short(value)}; expected a function")
    return value


def one_of(name: str, value: object, options: Collection[str]) -> str:
    """Return the value, one of the options, which the error lists."""
    if not isinstance(value, str) or value not in options:
        raise ValueError(f"{name} is {short(value)}; expected one of {', '.join(options)}")
    return value


def tensor(name: str, value: object, axes: str = "", *, real: bool = False) -> Tensor:
    """Return the value, a tensor with these axes: "(N, 3, H, W)", or "(..., H, W)" for two or more.

    A number among the axes is the size that the axis must have. Of "(N, C, H, W) or (C, H, W)" it
    has one or the other.
    real: whether its numbers must have an order, as those of a maximum: no bool, no complex.

    >>> import torch
    >>> tensor("image", torch.zeros(4, 5, 5), "(3, H, W)")
    Traceback (most recent call last):
    ValueError: image has shape (4, 5, 5); expected (3, H, W)
    """
    if not _is_tensor(value):
        kind = _article(type(value).__name__)
        raise TypeError(f"{name} is {short(value)}, {kind}; expected a tensor {axes}".rstrip())
    if axes and not any(_fits(value.shape, layout) for layout in axes.split(" or ")):
        raise ValueError(f"{name} has shape {tuple(value.shape)}; expected {axes}")
    if real and (value.is_complex() or str(value.dtype) == "torch.bool"):
        raise ValueError(f"{name} is {value.dtype}; expected real numbers, such as torch.float32")
    return value


def drawable(name: str, value: object, axes: str) -> Tensor:
    """Return the value, a tensor with these axes that holds numbers, all real and finite.

    axes: as for `tensor`. Raises ValueError also for a tensor without a single number.
    """
    # A mask of True and False may be drawn too, although it has no order.
    x = tensor(name, value, axes, real=str(getattr(value, "dtype", "")) != "torch.bool")
    if x.numel() == 0:
        raise ValueError(f"{name} has shape {tuple(x.shape)}, no number at all; expected {axes}")
    if not x.isfinite().all():
        raise ValueError(f"{name} holds numbers that are not finite; expected none")
    return x


def short(value: object, *, width: int = 60) -> str:
    """Return the value's repr, cut where it is long: an error is read, not scrolled."""
    if _is_tensor(value):
        return f"a tensor {tuple(value.shape)}"
    text = " ".join(repr(value).split())
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _is_tensor(value: object) -> bool:
    import torch  # here, so that what checks integers alone needs no torch

    return isinstance(value, torch.Tensor)


def _fits(shape: tuple[int, ...], axes: str) -> bool:
    sizes, more = _sizes(axes)
    if more:
        return len(shape) >= len(sizes)
    return len(shape) == len(sizes) and all(
        wanted in (None, size) for wanted, size in zip(sizes, shape, strict=True)
    )


@cache
def _sizes(axes: str) -> tuple[tuple[int | None, ...], bool]:
    """Return the size of each axis, None where it is free, and whether "..." stands for more."""
    named = [axis.strip() for axis in axes.strip("()").split(",") if axis.strip()]
    sizes = tuple(int(axis) if axis.isdigit() else None for axis in named if axis != "...")
    return sizes, "..." in named


def _article(word: str) -> str:
    return f"{'an' if word[0] in 'AEIOUaeiou' else 'a'} {word}"
