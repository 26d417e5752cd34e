"""One integer or two, for height and width, as PyTorch takes them."""

from __future__ import annotations

from functools import partial
from numbers import Integral
from typing import Annotated, TypeAlias

from coursekit.arguments import LARGEST, short

__all__ = ["Pads", "Pair", "Steps", "pair"]

Pair: TypeAlias = int | tuple[int] | tuple[int, int]


def pair(value: Pair, name: str, *, minimum: int = 0) -> tuple[int, int]:
    """Return (height, width) from one integer, which may stand in a tuple, or from two.

    Raises ValueError with the argument's name where it is neither, or out of range.

    >>> pair(3, "stride"), pair((3,), "stride"), pair((3, 1), "stride")
    ((3, 3), (3, 3), (3, 1))
    """
    if type(value) is int and minimum <= value <= LARGEST:
        return value, value  # by far the most frequent: a loop over windows feels the rest
    sizes = (value, value) if isinstance(value, Integral) else value
    if isinstance(sizes, (tuple, list)) and len(sizes) == 1:
        sizes = (*sizes, *sizes)
    fits = (
        isinstance(sizes, (tuple, list))
        and len(sizes) == 2
        and all(isinstance(size, Integral) and not isinstance(size, bool) for size in sizes)
        and all(minimum <= size <= LARGEST for size in sizes)
    )
    if not fits:
        raise ValueError(
            f"{name} is {short(value)}; expected an integer or a pair (height, width), "
            f"each at least {minimum} and at most {LARGEST}"
        )
    return int(sizes[0]), int(sizes[1])


def _checked(name: str, value: Pair, minimum: int) -> None:
    pair(value, name, minimum=minimum)


# Kinds of argument, for coursekit.contracts.
Steps: TypeAlias = Annotated[Pair, partial(_checked, minimum=1)]  # strides, dilations, windows
Pads: TypeAlias = Annotated[Pair, partial(_checked, minimum=0)]
