"""A process that has imported PyTorch and the course once, and forks those that need them.

It has one thread, reads no submission and no source notebook, and so has no secret to inherit.
"""

from __future__ import annotations

import contextlib
import gc
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

__all__ = ["Nursery"]

START = (
    "from coursekit.authoring.kernels import nursery; nursery.serve({fd}, {work!r}, {modules!r})"
)
# Not pyplot, nor d2l, which imports it: both tell the shell, which a kernel begins after the fork.
LESSONS = (
    "torch.nn.functional", "torch._dynamo", "scipy.signal", "ipykernel.kernelapp", "ipywidgets",
    "torchvision", "torchinfo", "coursekit.bench", "coursekit.book", "coursekit.explorer",
    "coursekit.figures", "coursekit.examples.board", "coursekit.studies", "coursekit.transfer",
)  # fmt: skip


class Nursery:
    """The process, from outside: `connect` gives a line to a new child, forked from it."""

    def __init__(self, work: str, modules: Sequence[str] = ()) -> None:
        """Start the process. Raises ValueError where processes cannot be forked.

        work: what a child does with its line, as "module:function". modules: what is imported
        beside that which the lessons need; a name that is not installed is left out.
        """
        if not hasattr(os, "fork"):
            raise ValueError(
                f"the kernels of lessons are forked here, which {sys.platform} cannot; expected "
                "Linux or macOS: to grade, use `nbgrader autograde`"
            )
        self._here, there = socket.socketpair()
        environment = {
            "OMP_NUM_THREADS": "1",  # a kernel has one core
            **os.environ,
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "COURSEKIT_OFFLINE": "1",
        }
        start = START.format(fd=there.fileno(), work=work, modules=tuple(modules))
        self._said = TemporaryFile()  # noqa: SIM115  as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-c", start],
            pass_fds=[there.fileno()],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=self._said,
            start_new_session=True,  # Ctrl-C is for the command alone
        )
        there.close()

    def connect(self) -> socket.socket:
        """Return a line to a new child. Raises ValueError where the nursery has died."""
        here, there = socket.socketpair()
        with there:
            self.admit(there)
        return here

    def admit(self, line: socket.socket) -> None:
        """Give the line to a new child. Raises ValueError where the nursery has died."""
        try:
            socket.send_fds(self._here, [b"child"], [line.fileno()])
        except OSError as error:
            self._said.seek(0)
            said = self._said.read().decode(errors="replace").strip() or "it said nothing"
            raise ValueError(f"the process that forks the kernels has ended: {said}") from error

    def close(self) -> None:
        """Let the process end; children that are at work go on."""
        self._here.close()
        self._process.wait()
        self._said.close()

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def serve(fd: int, work: str, modules: Sequence[str]) -> None:
    """Import what children and kernels need, then fork a child for each line that comes in."""
    course = str(Path(__file__).parents[3])  # from where hidden tests import the course anew
    own_folder = {"", str(Path.cwd())} - {course}
    sys.path[:] = [folder for folder in sys.path if folder not in own_folder]
    _warm((*LESSONS, *modules))
    line = socket.socket(fileno=fd)
    while True:
        told, fds, *_ = socket.recv_fds(line, 16, 1)
        _reap(os.WNOHANG)
        if not told:
            return _reap()
        if not os.fork():
            _be_a_child(line, fds[0], work)
        os.close(fds[0])


def _warm(modules: Sequence[str]) -> None:
    for name in modules:
        with contextlib.suppress(ImportError):
            import_module(name)
    import_module("coursekit.exercises").catalogue()
    gc.freeze()  # so that a collection in a child copies no page of what is shared


def _reap(how: int = 0) -> None:
    """Take notice of children that have ended; without WNOHANG wait for all."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, how)[0]:
            pass


def _be_a_child(line: socket.socket, fd: int, work: str) -> None:
    status = 1
    try:
        line.close()
        os.setsid()  # it and what it starts can be ended together
        module, _, function = work.partition(":")
        getattr(import_module(module), function)(socket.socket(fileno=fd))
        status = 0
    finally:
        os._exit(status)
