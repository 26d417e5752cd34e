"""A process that has imported PyTorch, nbgrader and the course once, and forks those that grade.

It has one thread, reads no submission and no source notebook, and so has no secret to inherit.
"""

from __future__ import annotations

import contextlib
import gc
import os
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

__all__ = ["Nursery"]

START = "from coursekit.classroom.grade import nursery; nursery.serve({fd})"
LESSONS = (
    "torch.nn.functional", "scipy.signal", "matplotlib.pyplot", "matplotlib_inline.backend_inline",
    "ipykernel.kernelapp", "ipywidgets", "torchvision", "torchinfo",
    "coursekit.bench", "coursekit.book", "coursekit.explorer", "coursekit.figures",
    "coursekit.examples.board", "coursekit.studies", "coursekit.transfer",
)  # fmt: skip
GRADING = (
    "nbgrader.apps", "nbgrader.converters", "nbgrader.preprocessors", "nbconvert.exporters",
    "jupyter_client.provisioning", "zmq.asyncio", "coursekit.classroom.restore",
    "coursekit.classroom.grade.worker",
)  # fmt: skip


class Nursery:
    """The process, from outside: `connect` gives a line to a new grader, forked from it."""

    def __init__(self) -> None:
        """Start the process. Raises ValueError where processes cannot be forked."""
        if not hasattr(os, "fork"):
            raise ValueError(
                f"`coursekit grade` forks its processes, which {sys.platform} cannot; "
                "expected Linux or macOS: grade with `nbgrader autograde` here"
            )
        self._here, there = socket.socketpair()
        environment = {
            "OMP_NUM_THREADS": "1",  # a submission has one core
            **os.environ,
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "COURSEKIT_OFFLINE": "1",
        }
        self._said = TemporaryFile()  # noqa: SIM115  as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-c", START.format(fd=there.fileno())],
            pass_fds=[there.fileno()],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=self._said,
            start_new_session=True,  # Ctrl-C is for the command alone
        )
        there.close()

    def connect(self) -> socket.socket:
        """Return a line to a new grader. Raises ValueError where the nursery has died."""
        here, there = socket.socketpair()
        try:
            socket.send_fds(self._here, [b"grader"], [there.fileno()])
        except OSError as error:
            self._said.seek(0)
            said = self._said.read().decode(errors="replace").strip() or "it said nothing"
            raise ValueError(f"the process that starts the graders has ended: {said}") from error
        finally:
            there.close()
        return here

    def close(self) -> None:
        """Let the process end; graders that are at work go on."""
        self._here.close()
        self._process.wait()

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def serve(fd: int) -> None:
    """Import what graders and kernels need, then fork a grader for each line that comes in."""
    course = str(Path(__file__).parents[3])  # from where hidden tests import the course anew
    own_folder = {"", str(Path.cwd())} - {course}
    sys.path[:] = [folder for folder in sys.path if folder not in own_folder]
    for name in (*LESSONS, *GRADING):
        with contextlib.suppress(ImportError):
            import_module(name)
    import_module("coursekit.exercises").catalogue()
    with contextlib.redirect_stdout(None):
        import_module("coursekit.book").load_book()
    gc.freeze()  # so that a collection in a child copies no page of what is shared
    line = socket.socket(fileno=fd)
    while True:
        told, fds, *_ = socket.recv_fds(line, 16, 1)
        _reap(os.WNOHANG)
        if not told:
            return _reap()
        if not os.fork():
            _be_a_grader(line, fds[0])
        os.close(fds[0])


def _reap(how: int = 0) -> None:
    """Take notice of graders that have ended; without WNOHANG wait for all."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, how)[0]:
            pass


def _be_a_grader(line: socket.socket, fd: int) -> None:
    status = 1
    try:
        line.close()
        os.setsid()  # it and what it starts can be ended together
        import_module("coursekit.classroom.grade.worker").work(socket.socket(fileno=fd))
        status = 0
    finally:
        os._exit(status)
