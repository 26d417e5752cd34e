"""Calls a learner's function so that nothing it does stops the notebook.

The function runs in a thread of its own: one that never returns is interrupted there, and the
notebook's own thread never sees a stray exception.
"""

from __future__ import annotations

import copy
import ctypes
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

import torch

from coursekit.exercises.judging.apart import kept_apart

SECONDS = 3.0  # of work, for all calls of one check
PATIENCE = 12.0  # seconds on the clock, for an answer that waits more than it works
POLL = 0.02
PRINTED_AT_MOST = 400


class Stopped(SystemExit):
    """Raised inside an answer that does not return."""


class OutOfTimeError(Exception):
    """The time for all calls of one check is over; no single call is to blame."""


@dataclass(frozen=True)
class Call:
    """What one call did.

    changed: positions of the arguments that are not what they were.
    after: the arguments as the call left them.
    hung: it had not returned when time was up.
    """

    value: Any = None
    error: BaseException | None = None
    changed: tuple[int, ...] = ()
    after: tuple[Any, ...] = ()
    printed: str = ""
    hung: bool = False


class _Worker(threading.Thread):
    """A thread that ends without a word, also where it is stopped a second time on its way out."""

    def run(self) -> None:
        """Run the target."""
        with suppress(Stopped), suppress(Stopped):
            super().run()


class _Spent:
    """What one call has used up, in seconds of work and on the clock."""

    def __init__(self, left: tuple[float, float]) -> None:
        self.left = left
        self.began = time.process_time(), time.monotonic()

    def used(self) -> tuple[float, float]:
        """Return seconds of work and on the clock since the call began."""
        return time.process_time() - self.began[0], time.monotonic() - self.began[1]

    def remaining(self) -> tuple[float, float]:
        """Return what is left for the calls that follow."""
        return self.left[0] - self.used()[0], self.left[1] - self.used()[1]

    def little(self) -> bool:
        """Whether the call used little: time ran out through the calls before it."""
        return self.used()[0] < SECONDS / 2 and self.used()[1] < PATIENCE / 2


class Sandbox:
    """Calls one answer, many times, within some seconds of work for all calls together.

    Work is what the process computes, and not what the clock shows: on a machine that is busy with
    something else a right answer is slow, and must not be taken for one that never returns.
    """

    def __init__(self, answer: Callable[..., Any], seconds: float | None = None) -> None:
        self.answer = answer
        self.left = SECONDS if seconds is None else seconds, PATIENCE
        self._over = False
        self._requests: SimpleQueue[tuple[Any, ...] | None] = SimpleQueue()
        self._replies: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()
        self._worker = _Worker(target=self._serve, daemon=True)
        self._router = Router(self._worker)

    def __enter__(self) -> Sandbox:
        self._streams = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = self._router
        self._router.elsewhere = self._streams[0]
        self._threads = torch.get_num_threads()
        self._apart = ExitStack()
        self._apart.enter_context(kept_apart(self._worker))
        self._worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._requests.put(None)
        torch.set_num_threads(self._threads)
        self._apart.close()
        sys.stdout, sys.stderr = self._streams

    @property
    def still_running(self) -> bool:
        """Whether the answer went on in spite of being interrupted."""
        return self._worker.is_alive()

    def call(self, args: tuple[Any, ...]) -> Call:
        """Return what the answer does with fresh copies of the arguments.

        Raises OutOfTimeError when calls have been slow and the time is over.
        """
        if self._over:
            raise OutOfTimeError
        copies = tuple(map(clone, args))
        self._router.kept.clear()
        spent = _Spent(self.left)
        self._requests.put(copies)
        reply = self._await(spent)
        self.left = spent.remaining()
        if reply is None:
            self._stop()
            if spent.little():
                raise OutOfTimeError
            return Call(hung=True, printed=self._router.text())
        value, error = reply
        if isinstance(error, KeyboardInterrupt):
            raise error
        changed = tuple(i for i, pair in enumerate(zip(args, copies, strict=True)) if differ(*pair))
        return Call(value, error, changed, copies, self._router.text())

    def _await(self, spent: _Spent) -> tuple[Any, BaseException | None] | None:
        """Return the reply of the worker, or None when the time for it is over."""
        while True:
            try:
                return self._replies.get(timeout=POLL)
            except Empty:
                if min(spent.remaining()) < 0:
                    return None

    def _serve(self) -> None:
        torch.set_num_threads(1)  # on tiny tensors, a pool of threads only costs time
        try:
            while (args := self._requests.get()) is not None:
                self._replies.put(_attempt(self.answer, args))
        except Stopped:
            return

    def _stop(self) -> None:
        self._over = True
        threading.Thread(target=_chase, args=(self._worker,), daemon=True).start()
        self._worker.join(0.6)


class Router:
    """A stream that keeps what one thread writes and passes on what others write."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, thread: threading.Thread) -> None:
        self.thread = thread
        self.elsewhere: Any = None
        self.kept: list[str] = []

    def write(self, text: str) -> int:
        """Keep or pass on the text; its length."""
        if threading.current_thread() is not self.thread:
            return self.elsewhere.write(text)
        if len(self.kept) <= PRINTED_AT_MOST:
            self.kept.append(str(text)[: PRINTED_AT_MOST + 1])
        return len(text)

    def flush(self) -> None:
        """Flush the stream that others write to."""
        self.elsewhere.flush()

    def isatty(self) -> bool:
        """No: nobody types into it."""
        return False

    def text(self) -> str:
        """Return what was kept, cut to a readable length."""
        text = "".join(self.kept)
        return text if len(text) <= PRINTED_AT_MOST else text[:PRINTED_AT_MOST] + " ..."


def clone(value: Any) -> Any:
    """Return a copy that shares nothing with the value."""
    return value.clone() if isinstance(value, torch.Tensor) else copy.deepcopy(value)


def differ(before: Any, after: Any) -> bool:
    """Whether an argument is no longer what it was."""
    try:
        if isinstance(before, torch.Tensor):
            followed = before.requires_grad != after.requires_grad
            return followed or before.shape != after.shape or not torch.equal(before, after)
        return bool(before != after)
    except Exception:
        return False


def _attempt(answer: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, BaseException | None]:
    try:
        return answer(*args), None
    except Stopped:
        raise
    except BaseException as error:
        return None, error


def _chase(worker: threading.Thread, seconds: float = 60.0) -> None:
    """Interrupt the worker again and again, as it may catch what is raised in it.

    Only a loop that catches everything inside another loop outlives this.
    """
    pause, until = 0.002, time.monotonic() + seconds
    while worker.is_alive() and time.monotonic() < until:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(worker.ident or 0), ctypes.py_object(Stopped)
        )
        time.sleep(pause)
        pause = min(pause * 1.2, 0.25)
