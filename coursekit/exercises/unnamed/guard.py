"""What a stranger's function may not do in the process that is given up to it.

An audit hook refuses, with an error, what Python is asked for; the system's limits refuse the rest:
no file or connection can be opened from anywhere, C++ included. It is a fence against carelessness
and mischief. Python has no wall against an attacker who means to break out.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any

__all__ = ["RefusedError", "close", "muffle"]

CPU = 15  # seconds of work, more than all calls of one answer are given
MEMORY = 4 * 2**30  # bytes
# What code that only computes makes happen; everything else is refused, what is new included.
ALLOWED = {
    "_thread.start_joinable_thread", "_thread.start_new_thread", "array.__new__", "builtins.id",
    "code.__new__", "compile", "exec", "function.__new__", "import",
    "marshal.dumps", "marshal.loads", "object.__delattr__", "object.__getattr__",
    "object.__setattr__", "sys._getframe", "sys._getframemodulename", "sys.excepthook",
    "sys.monitoring.register_callback", "sys.setprofile", "sys.settrace", "sys.unraisablehook",
    "threading.excepthook", "time.sleep",
}  # fmt: skip


class RefusedError(PermissionError):
    """A function asked for something that a pure computation has no use for."""


def close() -> None:
    """Refuse this process, for good, everything that computing does not need."""
    _limit()
    # These start a program without an audit event.
    vars(subprocess).pop("_fork_exec", None)
    vars(subprocess).pop("_posixsubprocess", None)
    sys.modules["_posixsubprocess"] = None  # type: ignore[assignment]
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in ALLOWED:
        raise RefusedError(f"{event} is refused to an answer that is tried")


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: the audit hook stands alone
        return
    used = int(time.process_time())
    limits = {"CPU": used + CPU, "FSIZE": 0, "NOFILE": 0, "CORE": 0}
    limits |= {"DATA": MEMORY} if sys.platform.startswith("linux") else {}
    for name, most in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(kind, (most, most))


def muffle(*streams: int) -> None:
    """Point these of the standard streams 0, 1, 2 at nothing."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in streams:
        os.dup2(nothing, stream)
    os.close(nothing)
