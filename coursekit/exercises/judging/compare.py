"""Reads what an answer returned, and finds where it first differs from what was expected."""

from __future__ import annotations

import types
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from coursekit.exercises.model import Index, Unreadable

HALF = {torch.float16, torch.bfloat16}
EXACT = 1e-5  # a share of what is expected
EPSILON = torch.finfo(torch.float32).eps
ROUNDINGS = 8  # by how many of them two right answers may differ


@dataclass(frozen=True)
class Reading:
    """A returned value as numbers, or the sentence that says why it cannot be read so.

    tensor: float64, detached, or None.
    kind: "tensor", "array", "list" or "number".
    rtol, epsilon: how exact numbers of its type can be.
    """

    tensor: torch.Tensor | None
    kind: str = "tensor"
    problem: str = ""
    rtol: float = EXACT
    epsilon: float = EPSILON


@dataclass(frozen=True)
class Difference:
    """Where a reading first differs: "type", "shape", "nan" or "value"."""

    kind: str
    index: Index = ()


def read(value: Any) -> Reading:
    """Return the value as numbers; whatever it is, this does not raise."""
    try:
        return _read(value)
    except Exception:
        return Reading(None, problem=f"It returned something unreadable ({_type(value)}).")


def _read(value: Any) -> Reading:
    if isinstance(value, Unreadable):
        return Reading(None, problem=value.problem)
    if isinstance(value, torch.Tensor):
        return _read_tensor(value)
    if isinstance(value, bool | int | float | np.number | np.bool_):
        return _read_tensor(torch.tensor(complex(value) if _is_complex(value) else value), "number")
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
        return _read_tensor(torch.from_numpy(np.ascontiguousarray(value).copy()), "array")
    if isinstance(value, list | tuple):
        return _read_list(value)
    return Reading(None, problem=_problem(value))


def _read_tensor(tensor: torch.Tensor, kind: str = "tensor") -> Reading:
    if tensor.is_complex():
        return Reading(None, problem="It returned complex numbers, where real ones are expected.")
    half = tensor.dtype in HALF
    rtol, epsilon = (1e-2, torch.finfo(tensor.dtype).eps) if half else (EXACT, EPSILON)
    plain = tensor.detach().cpu()
    plain = plain if plain.layout == torch.strided else plain.to_dense()
    return Reading(plain.double(), kind, rtol=rtol, epsilon=epsilon)


def _read_list(value: list[Any] | tuple[Any, ...]) -> Reading:
    try:
        return Reading(torch.tensor(_plain(value), dtype=torch.float64), "list")
    except (ValueError, TypeError):
        problem = "It returned a list whose rows have different lengths or hold more than numbers."
        return Reading(None, problem=problem)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.tolist() if isinstance(value, torch.Tensor | np.ndarray) else value


def _problem(value: Any) -> str:
    if value is None:
        return "It returned None: is the return statement missing?"
    if value is ...:
        return "It returned the three dots: there is still a gap to fill."
    if isinstance(value, str):
        return "It returned text (str), where numbers are expected."
    if isinstance(value, types.GeneratorType):
        return "It returned a generator: is there a `yield` where a `return` is meant?"
    if callable(value):
        return "It returned a function: is a pair of parentheses missing?"
    return f"It returned an object of type {_type(value)}, where numbers are expected."


def _type(value: Any) -> str:
    return type(value).__name__


def _is_complex(value: Any) -> bool:
    return isinstance(value, complex | np.complexfloating)


def compare(expected: Reading, got: Reading, scale: float = 1.0) -> Difference | None:
    """Return where the reading first differs from the expected one, or None.

    scale: the largest number that takes part. A float32 rounds each intermediate result by a part
    of it, and another order of the same sums rounds otherwise: where 1000 takes part in what comes
    out as 0.5, the fifth digit of that is noise.
    """
    if got.tensor is None or expected.tensor is None:
        return None if expected.tensor is got.tensor else Difference("type")
    if expected.tensor.ndim == 0 and got.tensor.numel() == 1:
        got = replace(got, tensor=got.tensor.reshape(()))  # one number, however it is wrapped
    if expected.tensor.shape != got.tensor.shape:
        return Difference("shape")
    atol = 1e-6 + ROUNDINGS * got.epsilon * scale
    close = torch.isclose(got.tensor, expected.tensor, rtol=got.rtol, atol=atol, equal_nan=True)
    if bool(close.all()):
        return None
    index = tuple((~close).nonzero()[0].tolist())
    finite = bool(torch.isfinite(got.tensor[index]))
    return Difference("value" if finite else "nan", index)
