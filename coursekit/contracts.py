"""What functions take: kinds of argument, which stand as annotations, and hold for every call.

A kind is `Annotated[type, rule]`; rules are in `coursekit.arguments`. What depends on two
arguments at once, a function checks itself, in the same words.

>>> import torch
>>> @checks_arguments
... def framed(image: Matrix, *, at: tuple[Index, Index]) -> None: ...
>>> framed(torch.ones(2, 2), at=(0, -1))
Traceback (most recent call last):
ValueError: at[1] is -1; expected at least 0
"""

from __future__ import annotations

import collections.abc
import inspect
import os
from collections.abc import Callable, Mapping, Sequence, Sized
from contextlib import nullcontext
from functools import cache, partial, wraps
from itertools import chain
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    ParamSpec,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from torch import Tensor

from coursekit import arguments
from coursekit.arguments import LARGEST, drawable, integer, number, short
from coursekit.machine import paths
from coursekit.machine.settings import as_delivered

__all__ = [
    "AtLeastOne",
    "Colour",
    "Count",
    "Curve",
    "File",
    "Filters",
    "Images",
    "Index",
    "Length",
    "Line",
    "Matrix",
    "Named",
    "NotNegative",
    "Places",
    "Positive",
    "Seed",
    "Share",
    "Some",
    "Span",
    "Stack",
    "checks_arguments",
    "filled",
    "fit_on",
    "inside",
    "one_each",
]

APART = ("coursekit.figures", "coursekit.explorer")
MOST = 100  # of what is drawn side by side
T, P, R = TypeVar("T"), ParamSpec("P"), TypeVar("R")
Check: TypeAlias = Callable[[str, object], object]  # of an argument's name and value


def filled(name: str, value: object) -> None:
    """Raise ValueError where there is nothing in the value."""
    if isinstance(value, Sized) and not isinstance(value, str) and len(value) == 0:
        raise ValueError(f"{name} is empty; expected something to draw")


def _rising(name: str, value: object) -> None:
    low, high = value if isinstance(value, (tuple, list)) and len(value) == 2 else (None, None)
    if number(f"{name}[0]", low) >= number(f"{name}[1]", high):
        raise ValueError(f"{name} is {short(value)}; expected (low, high), the lower one first")


def _curve(name: str, value: object) -> None:
    if arguments.tensor(name, value, "(T,)", real=True).numel() == 0:
        raise ValueError(f"{name} has no place on it; expected at least one")


def _images(name: str, value: object) -> None:
    if arguments.tensor(name, value, "(N, C, H, W)").numel() == 0:
        raise ValueError(f"{name} has shape {tuple(value.shape)}; expected at least one image")


# A rule is a function of an argument's name and value that raises where the value does not fit.
Matrix: TypeAlias = Annotated[Tensor, partial(drawable, axes="(H, W)")]
Stack: TypeAlias = Annotated[Tensor, partial(drawable, axes="(C, H, W)")]
Colour: TypeAlias = Annotated[Tensor, partial(drawable, axes="(3, H, W)")]
Filters: TypeAlias = Annotated[Tensor, partial(drawable, axes="(N, C, H, W)")]
Places: TypeAlias = Annotated[Tensor, partial(drawable, axes="(N, 2)")]
Line: TypeAlias = Annotated[Tensor, partial(drawable, axes="(W,)")]
Curve: TypeAlias = Annotated[Tensor, _curve]  # (T,), which may run away to infinity
Count: TypeAlias = Annotated[int, partial(integer, minimum=1, maximum=MOST)]
Index: TypeAlias = Annotated[int, partial(integer, minimum=0)]
Length: TypeAlias = Annotated[float, partial(number, above=0)]
Share: TypeAlias = Annotated[float, partial(number, minimum=0, maximum=1)]
Span: TypeAlias = Annotated[tuple[float, float], _rising]
Seed: TypeAlias = Annotated[int, arguments.seed]
Named: TypeAlias = Annotated[Mapping[str, T], filled]
Some: TypeAlias = Annotated[Sequence[T], filled]
AtLeastOne: TypeAlias = Annotated[int, partial(integer, minimum=1, maximum=LARGEST)]
Positive: TypeAlias = Annotated[float, partial(number, above=0)]
NotNegative: TypeAlias = Annotated[float, partial(number, minimum=0)]
File: TypeAlias = Annotated[str | os.PathLike[str], paths.given]
Images: TypeAlias = Annotated[Tensor, _images]  # for a network: of any dtype, finite or not


def checks_arguments(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function, which from now on holds its arguments to its annotations.

    A call raises ValueError or TypeError with the argument's name where one does not fit.
    """
    names = tuple(inspect.signature(function).parameters)
    # What is drawn is not reached by what a notebook has set.
    within = as_delivered if function.__module__.startswith(APART) else nullcontext

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        checks = _checks(function)
        for name, value in chain(zip(names, args, strict=False), kwargs.items()):
            if name in checks:
                checks[name](name, value)
        with within():
            return function(*args, **kwargs)

    return checked


def inside(name: str, at: Sequence[int], shape: Sequence[int]) -> None:
    """Raise ValueError where a tensor of that shape has no place `at`."""
    if any(place >= size for place, size in zip(at, shape, strict=True)):
        raise ValueError(f"{name} is {tuple(at)}; expected a place in {tuple(shape)}")


def one_each(name: str, value: Sized, count: int, what: str) -> None:
    """Raise ValueError where there is not one for each of the `count` things."""
    if len(value) != count:
        raise ValueError(f"{name} has {len(value)}; expected {count}, one for each {what}")


def fit_on(name: str, kernels: Mapping[str, Tensor], whose: str, image: Tensor) -> None:
    """Raise ValueError where one of the kernels (kH, kW) is larger than the image (H, W)."""
    for label, kernel in kernels.items():
        if any(k > n for k, n in zip(kernel.shape, image.shape, strict=True)):
            raise ValueError(
                f"{name}[{label!r}] has shape {tuple(kernel.shape)}; "
                f"expected one that fits {whose}, {tuple(image.shape)}"
            )


@cache
def _checks(function: Callable[..., Any]) -> dict[str, Check]:
    """Return each argument's check: made at the first call, when all names are defined."""
    kinds = get_type_hints(function, include_extras=True)
    return {name: _check(kind) for name, kind in kinds.items()}


def _check(kind: Any) -> Check:
    """Return the check of a kind, which is taken apart once: a call then only runs it."""
    origin = get_origin(kind) or kind
    if origin is Annotated:
        return _narrowed(*get_args(kind))
    if origin is Literal:
        return partial(arguments.one_of, options=get_args(kind))
    if origin in OF_PARTS:
        return partial(OF_PARTS[origin], parts=tuple(map(_check, get_args(kind))))
    return PLAIN.get(origin) or partial(arguments.instance, kind=origin)


def _narrowed(kind: Any, *rules: Check) -> Check:
    plain = _check(kind)
    # A rule that is the kind's own check, with bounds, has said all that the plain one would.
    contained = any(getattr(rule, "func", rule) is plain for rule in rules)
    checks = rules if contained else (*rules, plain)
    return partial(_all_of, parts=checks) if len(checks) > 1 else checks[0]


def _all_of(name: str, value: object, parts: Sequence[Check]) -> None:
    for part in parts:
        part(name, value)


def _one_of(name: str, value: object, parts: Sequence[Check]) -> None:
    if value is None and _nothing in parts:
        return
    problems = []
    for part in parts:
        try:
            part(name, value)
        except (TypeError, ValueError) as error:
            problems.append(error)
        else:
            return
    raise problems[0]


def _tuple(name: str, value: object, parts: Sequence[Check]) -> None:
    if not isinstance(value, (tuple, list)) or len(value) != len(parts):
        raise TypeError(f"{name} is {short(value)}; expected {len(parts)} things in a tuple")
    for place, (each, part) in enumerate(zip(value, parts, strict=True)):
        part(f"{name}[{place}]", each)


def _sequence(name: str, value: object, parts: Sequence[Check]) -> None:
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
        raise TypeError(f"{name} is {short(value)}; expected a list")
    for place, each in enumerate(value):
        parts[0](f"{name}[{place}]", each)


def _mapping(name: str, value: object, parts: Sequence[Check]) -> None:
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} is {short(value)}; expected a dict")
    for key, each in value.items():
        parts[0](f"a key of {name}", key)
        parts[1](f"{name}[{short(key)}]", each)


def _nothing(name: str, value: object) -> None:
    if value is not None:
        raise TypeError(f"{name} is {short(value)}; expected None")


def _anything(name: str, value: object) -> None:
    """Raise nothing."""


OF_PARTS: dict[Any, Callable[..., None]] = {
    Union: _one_of,
    UnionType: _one_of,
    tuple: _tuple,
    collections.abc.Sequence: _sequence,
    collections.abc.Mapping: _mapping,
}
PLAIN: dict[Any, Check] = {
    Any: _anything,
    NoneType: _nothing,
    int: integer,
    float: number,
    bool: arguments.flag,
    collections.abc.Callable: arguments.function,
}
