"""Reads an answer as the arguments of a function, of the kinds that its examples have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import torch
from torch import Tensor

from coursekit.exercises.model import FunctionExercise

AT_MOST = 10_000  # numbers in all arguments together, and the size of a whole number
Args = tuple[Any, ...]


class UnfitError(Exception):
    """An answer that is no input of a function.

    why: "count", "kind", "axes", "empty", "infinite" or "large".
    name: the argument that does not fit, or "" where it is all of them.
    value: what was given.
    wanted: an argument that fits, or how many there are.
    """

    def __init__(self, why: str, name: str = "", value: Any = None, wanted: Any = None) -> None:
        super().__init__(why)
        self.why, self.name, self.value, self.wanted = why, name, value, wanted


def arguments(exercise: FunctionExercise, answer: Any) -> Args:
    """Return the arguments that an answer stands for: a tuple of them, or the only one.

    A list, an array or a number becomes what the exercise's first example has in its place.

    Raises UnfitError where that cannot be done, or there are more than 10,000 numbers.
    """
    names, examples = exercise.shown, exercise.examples[0]
    if len(names) == 1:
        read = (_only(names[0], answer, examples[0]),)
    else:
        parts = _parts(answer)
        if len(parts) != len(names):
            raise UnfitError("count", value=answer, wanted=len(names))
        read = tuple(map(_read, names, parts, examples))
    if sum(1 for _ in _numbers(read, 4 * AT_MOST)) > AT_MOST:
        raise UnfitError("large")
    return read


def has_gap(answer: Any) -> bool:
    """Return whether one of the arguments is still `...`.

    >>> has_gap((1, ...)), has_gap((1, 2))
    (True, False)
    """
    return any(part is ... for part in _parts(answer))


def _only(name: str, answer: Any, example: Any) -> Any:
    """Return the one argument, given as it is or as a tuple of one."""
    try:
        return _read(name, answer, example)
    except UnfitError:
        if len(parts := _parts(answer)) == 1:
            with suppress(UnfitError):
                return _read(name, parts[0], example)
        raise


def _read(name: str, value: Any, example: Any) -> Any:
    """Return one argument as what the example is."""
    try:
        fitting = _like(value, example)
    except UnfitError as error:
        raise UnfitError(error.why, name, value, example) from error
    except Exception as error:  # an object of the learner's own may raise anything
        raise UnfitError("kind", name, value, example) from error
    return fitting


def _like(value: Any, example: Any) -> Any:
    if isinstance(example, Tensor):
        return _tensor(value, example)
    if isinstance(example, list | tuple):
        if not isinstance(value, list | tuple | Tensor | np.ndarray):
            raise UnfitError("kind")
        parts = _parts(value) if isinstance(value, list | tuple) else value.tolist()
        if not parts:
            raise UnfitError("empty")
        if len(parts) > AT_MOST:
            raise UnfitError("large")
        if isinstance(example, list):
            return [_like(part, example[0]) for part in parts]
        return tuple(_like(*pair) for pair in zip(parts, example, strict=True))
    return _scalar(value, example)


def _scalar(value: Any, example: Any) -> Any:
    value = value.item() if isinstance(value, Tensor | np.ndarray | np.generic) else value
    if isinstance(example, str):
        if not isinstance(value, str):
            raise UnfitError("kind")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnfitError("kind")
    if isinstance(example, int) and value != int(value):
        raise UnfitError("kind")
    if abs(value) > AT_MOST:
        raise UnfitError("large")
    return type(example)(value)


def _tensor(value: Any, example: Tensor) -> Tensor:
    if isinstance(value, Tensor | np.ndarray):
        if (value.numel() if isinstance(value, Tensor) else value.size) > AT_MOST:
            raise UnfitError("large")
        found = torch.as_tensor(value).detach().cpu()
        found = found if found.layout == torch.strided else found.to_dense()
    else:
        for _ in _numbers(value, 4 * AT_MOST):
            pass
        found = torch.tensor(_plain(value))
    if found.is_complex():
        raise UnfitError("kind")
    if found.ndim != example.ndim:
        raise UnfitError("axes")
    if not found.numel():
        raise UnfitError("empty")
    converted = found.to(example.dtype).clone()
    if not torch.isfinite(converted).all():
        raise UnfitError("infinite")
    if not example.is_floating_point() and not torch.equal(converted.double(), found.double()):
        raise UnfitError("kind")
    return converted


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(part) for part in _parts(value)]
    return value.tolist() if isinstance(value, Tensor | np.ndarray | np.generic) else value


def _parts(value: Any) -> list[Any]:
    """Return what a list or tuple holds, whatever its class says of itself; else nothing."""
    for kind in (list, tuple):
        with suppress(TypeError):
            return list(kind.__iter__(value))
    return []


def _numbers(value: Any, steps: int) -> Iterator[Any]:
    """Yield what is in lists and tensors, however deep.

    Raises UnfitError after so many steps: a list may hold itself, or never end.
    """
    left = [value]
    while left:
        steps -= 1
        part = left.pop()
        if isinstance(part, Tensor | np.ndarray):
            count = part.numel() if isinstance(part, Tensor) else part.size
            if count > AT_MOST:
                raise UnfitError("large")
            yield from [part] * count
        elif isinstance(part, list | tuple):
            left += _parts(part)
        else:
            yield part
        if steps < 0 or len(left) > 4 * AT_MOST:
            raise UnfitError("large")
