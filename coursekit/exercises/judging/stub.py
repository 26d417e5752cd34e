"""Recognises an exercise that has not been touched."""

from __future__ import annotations

import dis
import types
from itertools import pairwise
from typing import Any

SILENT = {"RESUME", "NOP", "CACHE", "COPY_FREE_VARS", "MAKE_CELL", "EXTENDED_ARG", "POP_TOP"}
GAPS = (None, ...)


def is_gap(answer: Any) -> bool:
    """Whether the answer is `...` or None."""
    return answer is None or answer is ...


def is_stub(function: Any) -> bool:
    """Whether a function's body is only a docstring, `...` or `pass`.

    >>> def stub(x, kernel):
    ...     '''Returns the feature map.'''
    ...     ...
    >>> is_stub(stub), is_stub(lambda x: x)
    (True, False)
    """
    code = _code(function)
    if code is None:
        return False
    left = [step for step in dis.get_instructions(code) if step.opname not in SILENT]
    names = [step.opname for step in left]
    if names not in (["LOAD_CONST", "RETURN_VALUE"], ["RETURN_CONST"]):
        return False
    return any(left[0].argval is gap for gap in GAPS)


def returns_something(function: Any) -> bool:
    """Return whether a function's code has a `return` with more than None behind it.

    >>> returns_something(lambda x: x.grad), returns_something(lambda x: None)
    (True, False)
    """
    code = _code(function)
    steps = list(dis.get_instructions(code)) if code else []
    for before, step in pairwise(steps):
        constant = before.opname.startswith("LOAD_CONST")
        if step.opname == "RETURN_VALUE" and not (constant and before.argval is None):
            return True
        if step.opname == "RETURN_CONST" and step.argval is not None:
            return True
    return False


def is_unfinished(function: Any, value: Any, error: BaseException | None) -> bool:
    """Return whether a call says that its function is not written yet.

    That is a result of `...`, or a NotImplementedError that the function itself raises; torch
    raises one too, for operations that a type of number does not have.
    """
    if value is ...:
        return True
    names = getattr(_code(function), "co_names", ())
    return isinstance(error, NotImplementedError) and "NotImplementedError" in names


def _code(function: Any) -> types.CodeType | None:
    try:
        code = function.__code__
    except Exception:
        return None
    return code if isinstance(code, types.CodeType) else None
