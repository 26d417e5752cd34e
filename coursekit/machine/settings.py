"""Settings as PyTorch, numpy and matplotlib are delivered with, whatever a notebook has set.

A notebook may set a default dtype or device, turn gradients off, autocast, ask for deterministic
algorithms, let numpy raise, or take another style for its own figures. None of that is meant for
the course's figures, checks and training: they run inside `as_delivered`.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

__all__ = ["PICTURES", "are_unkept", "as_delivered", "is_in_words", "settled"]

# In the environment. "words": no picture is drawn; "unkept": drawn, and not made small;
# of a moving one three frames.
PICTURES = "COURSEKIT_PICTURES"
P, R = ParamSpec("P"), TypeVar("R")
_inside = threading.local()
# What matplotlib keeps among its settings that is no matter of style.
NO_STYLE = {"backend", "backend_fallback", "interactive", "toolbar", "timezone", "webagg.port"}


@contextmanager
def as_delivered() -> Iterator[None]:
    """Run the block with all settings as they are delivered; afterwards they are as before.

    What the block itself sets is undone too. Inside another such block, it does nothing.
    """
    if getattr(_inside, "now", False):
        yield
        return
    _inside.now = True
    try:
        with ExitStack() as stack:
            for entered in (_torch, _numpy, _matplotlib):
                stack.enter_context(entered())
            yield
    finally:
        _inside.now = False


def settled(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function, which from now on runs with all settings as they are delivered."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with as_delivered():
            return function(*args, **kwargs)

    return run


def is_in_words() -> bool:
    """Return whether pictures are told in words alone: nobody looks, as where a class is graded."""
    return os.environ.get(PICTURES) == "words"


def are_unkept() -> bool:
    """Return whether pictures are drawn and not kept, as in a test: their bytes may be many."""
    return os.environ.get(PICTURES) == "unkept"


@contextmanager
def _torch() -> Iterator[None]:
    import torch

    dtype = torch.get_default_dtype()
    strict = torch.are_deterministic_algorithms_enabled()
    lenient = torch.is_deterministic_algorithms_warn_only_enabled()
    with ExitStack() as stack:
        if torch.get_default_device().type != "cpu":
            stack.enter_context(torch.device("cpu"))
        stack.enter_context(torch.inference_mode(False))
        stack.enter_context(torch.enable_grad())
        for kind in ("cpu", "cuda"):
            if torch.is_autocast_enabled(kind):
                stack.enter_context(torch.autocast(kind, enabled=False))
        try:
            torch.set_default_dtype(torch.float32)
            _deterministic(False, False)
            yield
        finally:
            torch.set_default_dtype(dtype)
            _deterministic(strict, lenient)


def _deterministic(strict: bool, lenient: bool) -> None:
    """Say whether PyTorch takes deterministic algorithms only, and whether it then only warns.

    Saying so imports PyTorch's compiler, which takes two seconds: not where it is so already.
    """
    import torch

    now = (
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
    )
    if now != (strict, lenient):
        torch.use_deterministic_algorithms(strict, warn_only=lenient)


@contextmanager
def _numpy() -> Iterator[None]:
    import numpy as np

    with np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"):
        yield


@contextmanager
def _matplotlib() -> Iterator[None]:
    if "matplotlib" not in sys.modules:
        yield
        return
    import matplotlib

    # As plain dictionaries: matplotlib's own checks of each entry, once more for the way back, take
    # longer than many a figure.
    settings: dict[str, Any] = matplotlib.rcParams
    before = _style(settings)
    dict.update(settings, _style(matplotlib.rcParamsDefault))
    try:
        yield
    finally:
        dict.update(settings, before)


def _style(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in dict.items(settings) if name not in NO_STYLE}
