"""What an answer does to the notebook around it, kept from it: displays, figures, exit, input."""

from __future__ import annotations

import builtins
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any
from unittest.mock import patch

__all__ = ["kept_apart"]

EXITS = "exit() ends a notebook's kernel; a function ends with return"


@contextmanager
def kept_apart(thread: threading.Thread) -> Iterator[None]:
    """Keep what this thread would show or end from the notebook, while the block runs.

    Displays and progress bars are dropped, figures that it leaves open in pyplot are closed, and
    exit() and input() raise in it. The folder that the notebook stands in stays as it is.
    """
    here = os.getcwd()  # noqa: PTH109, it is put back as it was, whatever it was
    with ExitStack() as stack:
        stack.enter_context(patch.object(builtins, "input", _only(thread, _input, builtins.input)))
        shell = _shell()
        if shell is not None:
            publisher = shell.display_pub
            for owner, name, instead in (
                (publisher, "publish", _nothing),
                (publisher, "clear_output", _nothing),
                (shell, "ask_exit", _exit),
            ):
                if hasattr(owner, name):
                    there = getattr(owner, name)
                    stack.enter_context(patch.object(owner, name, _only(thread, instead, there)))
        open_before = _open_figures()
        try:
            yield
        finally:
            for number in _open_figures() - open_before:
                sys.modules["matplotlib.pyplot"].close(number)
            with suppress(OSError):
                os.chdir(here)


def _only(
    thread: threading.Thread, instead: Callable[..., Any], otherwise: Callable[..., Any]
) -> Callable[..., Any]:
    """Return a function that does the one in the thread, and the other everywhere else."""

    def run(*args: Any, **settings: Any) -> Any:
        chosen = instead if threading.current_thread() is thread else otherwise
        return chosen(*args, **settings)

    return run


def _shell() -> Any:
    """Return the IPython that runs the notebook, or None outside one."""
    known = sys.modules.get("IPython")
    return None if known is None else known.get_ipython()


def _open_figures() -> set[int]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set() if pyplot is None else set(pyplot.get_fignums())


def _nothing(*_: Any, **__: Any) -> None:
    """Show nothing."""


def _exit(*_: Any, **__: Any) -> None:
    raise SystemExit(EXITS)


def _input(*_: Any) -> str:
    raise EOFError("input() asks somebody at the keyboard, and a check has nobody to ask")
