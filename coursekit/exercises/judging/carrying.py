"""A learner's function as a text that runs by itself, in another notebook."""

from __future__ import annotations

import ast
import dis
import types
from collections.abc import Iterator
from typing import Any

from coursekit.exercises.judging.own import Own
from coursekit.exercises.judging.source import parsed, source

__all__ = ["carried"]

PLAIN = (int, float, str, bool, bytes, type(None))


class _StaysError(Exception):
    """Something that the function needs cannot be written down."""


def carried(function: types.FunctionType) -> str:
    """Return the function's text below all that it needs from its notebook, or "".

    That is modules and what they define, as imports; other functions of the notebook, and what
    those need; plain numbers and texts, as they are now. A tensor of the notebook, a closure, a
    lambda cannot come along: then there is no text.
    """
    needs: dict[str, str] = {}
    try:
        _gather(function, needs)
    except (_StaysError, RecursionError):
        return ""
    imports = sorted(text for text in needs.values() if text.startswith(("import ", "from ")))
    rest = [text for text in needs.values() if text not in imports]
    parts = ["\n".join(imports), *rest] if imports else rest
    return "\n\n\n".join(parts)


def _gather(function: types.FunctionType, needs: dict[str, str]) -> None:
    """Add to `needs` the texts of what the function uses, and behind them its own."""
    text = source(function)
    definition = parsed(text)
    if not isinstance(definition, ast.FunctionDef) or definition.decorator_list:
        raise _StaysError
    if function.__code__.co_freevars:
        raise _StaysError
    needs[function.__name__] = ""  # under way: it may call itself
    for name in dict.fromkeys((*_outside(definition), *_inside(function.__code__))):
        if name in function.__globals__ and name not in needs:
            _add(name, function.__globals__[name], needs)
    del needs[function.__name__]
    needs[function.__name__] = text


def _add(name: str, value: Any, needs: dict[str, str]) -> None:
    value = value.function if isinstance(value, Own) else value
    if isinstance(value, types.ModuleType):
        needs[name] = _import(name, value)
    elif isinstance(value, PLAIN):
        needs[name] = f"{name} = {value!r}"
    elif getattr(value, "__module__", "__main__") not in ("__main__", "my_answers", None):
        needs[name] = _from(name, value)
    elif isinstance(value, types.FunctionType) and value.__name__ == name:
        _gather(value, needs)
    else:
        raise _StaysError


def _import(name: str, module: types.ModuleType) -> str:
    whole = module.__name__
    if whole == name:
        return f"import {name}"
    package, _, last = whole.rpartition(".")
    if not package:
        return f"import {whole} as {name}"
    alias = "" if last == name else f" as {name}"
    return f"from {package} import {last}{alias}"


def _from(name: str, value: Any) -> str:
    """Return the import of what a module defines, where it can be found there by its own name."""
    own = getattr(value, "__qualname__", None)
    if not isinstance(own, str) or not own.isidentifier():
        raise _StaysError
    return f"from {value.__module__} import {own}{'' if own == name else f' as {name}'}"


def _outside(definition: ast.FunctionDef) -> Iterator[str]:
    """Yield the names that the `def` itself looks up: in defaults and annotations."""
    parts = [definition.args, *([definition.returns] if definition.returns else [])]
    for part in parts:
        yield from (node.id for node in ast.walk(part) if isinstance(node, ast.Name))


def _inside(code: types.CodeType) -> Iterator[str]:
    """Yield the global names that the code looks up, those of functions inside it too."""
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield step.argval
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _inside(constant)
