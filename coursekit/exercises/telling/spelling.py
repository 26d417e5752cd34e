"""Says which name is meant where one is misspelled."""

from __future__ import annotations

import builtins
import inspect
import re
import types
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import torch
from torch import nn

LIKE = 0.7  # how much of a name has to agree, from 0 to 1
MODULES = ("torch", "F", "nn", "math")  # in which a name that stands alone is looked for


def meant(error: BaseException | None, answer: Any = None) -> str:
    """Return which name was probably meant by one that is not there, or "".

    answer: the function that raised it, or the one that made what raised it.

    >>> try:
    ...     torch.sofmax
    ... except AttributeError as error:
    ...     meant(error)
    'torch has no sofmax: softmax is meant?'
    """
    if isinstance(error, UnboundLocalError):
        return ""
    if isinstance(error, NameError):
        return _of_a_name(error)
    if isinstance(error, AttributeError):
        return _of_an_attribute(error)
    if isinstance(error, KeyError):
        return _of_a_key(error, answer)
    return _of_a_keyword(error) if isinstance(error, TypeError) else ""


def closest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is most like this one, or "".

    >>> closest("Conv2D", ["Conv1d", "Conv2d"]), closest("shpae", ["shape", "share"])
    ('Conv2d', 'shape')
    """
    public = [other for other in known if name.startswith("_") or not other.startswith("_")]
    same = [other for other in public if _plain(other) == _plain(name) and other != name]
    same = same or [o for o in public if sorted(_plain(o)) == sorted(_plain(name)) and o != name]
    found = same or get_close_matches(name, [o for o in public if o != name], n=1, cutoff=LIKE)
    return found[0] if found else ""


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _last_frame(error: BaseException) -> types.FrameType | None:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return None if trace is None else trace.tb_frame


def _of_a_name(error: NameError) -> str:
    name, frame = error.name, _last_frame(error)
    if not name or frame is None:
        return ""
    around = {**vars(builtins), **frame.f_globals, **frame.f_locals}
    if hasattr(around.get("self"), name):
        return f"Inside a class, {name} is self.{name}."
    for module in MODULES:
        if isinstance(around.get(module), types.ModuleType) and hasattr(around[module], name):
            return f"There is no {name} here: {module}.{name} is meant?"
    local = closest(name, [*frame.f_code.co_varnames, *frame.f_locals])
    found = local or closest(name, [k for k in around if k != name])
    return f"There is no {name} here: {found} is meant?" if found else ""


def _of_an_attribute(error: AttributeError) -> str:
    name, owner = error.name, error.obj
    frame = _last_frame(error)
    if owner is None and frame is not None and frame.f_code.co_name == "__getattr__":
        owner, name = frame.f_locals.get("self"), frame.f_locals.get("name")
    if owner is None or not isinstance(name, str):
        return ""
    if not (found := closest(name, dir(owner))):
        return _layers_of(owner, name) if isinstance(owner, nn.Module) else ""
    return f"{_called(owner)} has no {name}: {found} is meant?"


def _layers_of(network: nn.Module, name: str) -> str:
    names = [child for child, _ in network.named_children()]
    if not names or name == "forward":
        return ""
    return (
        f"The network that it is tried on has no {name}. Its layers are {', '.join(names)}, and in "
        "other networks they have other names."
    )


def _of_a_key(error: KeyError, answer: Any) -> str:
    key, code = (error.args or ("",))[0], getattr(answer, "__code__", None)
    if not isinstance(key, str) or code is None:
        return ""
    written = {word for const in code.co_consts for word in _words(const)}
    found = closest(key, written)
    return f'"{found}" is written where "{key}" is meant?' if found and key not in written else ""


def _words(constant: Any) -> list[str]:
    """Return the strings in a constant of a function: alone, or the keys of a dictionary."""
    parts = constant if isinstance(constant, tuple) else (constant,)
    return [part for part in parts if isinstance(part, str)]


def _called(owner: Any) -> str:
    if isinstance(owner, types.ModuleType):
        return {"torch.nn": "nn", "torch.nn.functional": "F", "coursekit.ops": "ops"}.get(
            owner.__name__, owner.__name__
        )
    if isinstance(owner, type):
        return owner.__name__
    kind = type(owner).__name__
    if isinstance(owner, nn.Module) and not type(owner).__module__.startswith("torch."):
        return "The network"
    return f"{'An' if kind[0] in 'AEIOUaeiou' else 'A'} {'tensor' if kind == 'Tensor' else kind}"


def _of_a_keyword(error: TypeError) -> str:
    found = re.search(
        r"(\w+)(?:\.__init__)?\(\) got an unexpected keyword argument '(\w+)'", str(error)
    )
    if not found:
        return ""
    for module in (nn, torch.optim, nn.functional, torch):
        if callable(function := getattr(module, found[1], None)):
            try:
                taken = list(inspect.signature(function).parameters)
            except (TypeError, ValueError):
                return ""
            like = closest(found[2], taken)
            return f"{found[1]} takes no {found[2]}: {like} is meant?" if like else ""
    return ""
