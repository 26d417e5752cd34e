"""The function that a lesson goes on with: the learner's, or the course's in its place."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable
from typing import Any

import torch

from coursekit.exercises.judging.sandbox import Stopped

__all__ = ["Own"]

SECONDS = 2.0  # of work for one call: what a figure may wait for
POLL = 0.05
_inside = threading.local()


class Own:
    """A function, with the answer that was given for it.

    answer: what the learner wrote, right or not; check looks at it.
    mine: the learner's function where it is right, or None.
    course: the course's function for the same.
    as_tensor: whether that returns a tensor; a list or an array of the learner's becomes one.
    spare: finds the learner's function, or None, where the course's raises. Where nobody looks at
        what is drawn, the course's comes first: it is as right, and sooner.

    A call goes to the learner's function. Where that raises, works for longer than two seconds, or
    returns numbers in which autograd finds no way back to the input (those of NumPy), the course's
    goes on from there, for this call and those that follow, and a line says so. An input that makes
    both raise changes nothing: a wrong answer to a later exercise may hand on what does not fit.
    """

    def __init__(
        self,
        name: str,
        *,
        answer: Any,
        mine: Callable[..., Any] | None,
        course: Callable[..., Any],
        as_tensor: bool = False,
        spare: Callable[[], Callable[..., Any] | None] | None = None,
    ) -> None:
        self.__name__, self.answer, self.course = name, answer, course
        self.__doc__ = course.__doc__
        self._mine, self._as_tensor, self._spare = mine, as_tensor, spare

    @property
    def yours(self) -> bool:
        """Whether the learner's function is the one that is called."""
        return self._mine is not None

    @property
    def function(self) -> Callable[..., Any]:
        """The function that is called."""
        return self.course if self._mine is None else self._mine

    @property
    def whose(self) -> str:
        """Whose it is, as it stands under a figure: "your corr2d"."""
        return f"{'your' if self.yours else 'the course’s'} {self.__name__}"

    def __call__(self, *args: Any, **settings: Any) -> Any:
        """Return what the function returns."""
        if getattr(_inside, "another", False):
            return self._result(self.function(*args, **settings))
        if self._mine is None:
            try:
                return self._result(self.course(*args, **settings))
            except Exception:
                self._mine, self._spare = self._spare and self._spare(), None
                if self._mine is None:
                    raise
        try:
            value = self._result(_limited(lambda: self.function(*args, **settings)))
            if not self._loses_the_gradient(value, args, settings):
                return value
            why = "leaves autograd no way back to it"
        except Stopped:
            why = f"worked for more than {SECONDS:g} seconds"
        except Exception as error:
            why = f"raised {type(error).__name__} ({str(error).partition(chr(10))[0][:80]})"
        return self._handed_over(why, args, settings)

    def _handed_over(self, why: str, args: tuple[Any, ...], settings: dict[str, Any]) -> Any:
        """Return what the course's function returns, and go on with it.

        Where that raises too, the input is to blame and not the learner, whose function stays.
        """
        value = self.course(*args, **settings)
        self._say(args, why)
        self._mine = None
        return value

    def _say(self, args: tuple[Any, ...], why: str) -> None:
        sizes = ["×".join(map(str, value.shape)) for value in args if hasattr(value, "shape")]
        where = f"an input of {' and '.join(sizes)}" if any(sizes) else "this input"
        print(f"{self.__name__}: on {where} yours {why}; the course’s goes on.")

    def _loses_the_gradient(self, value: Any, args: tuple[Any, ...], settings: Any) -> bool:
        """Return whether a gradient is wanted, and only the course's function passes it on."""
        wanted = torch.is_grad_enabled() and any(getattr(x, "requires_grad", False) for x in args)
        if not wanted or getattr(value, "requires_grad", False):
            return False
        return getattr(self.course(*args, **settings), "requires_grad", False)

    def _result(self, value: Any) -> Any:
        """Return a list or an array as the tensor that the lesson goes on with."""
        if not self._as_tensor or isinstance(value, torch.Tensor):
            return value
        found = torch.as_tensor(value)
        return found.float() if found.is_floating_point() else found

    def __repr__(self) -> str:
        return self.whose


def _limited(call: Callable[[], Any]) -> Any:
    """Return what the call returns. Raises Stopped, inside it, when it has worked for too long.

    It runs in the thread of whoever calls, so that gradients, random numbers and what it changes in
    its arguments are as they would be without a limit.
    """
    watch = _Watch()
    _inside.another = True
    try:
        try:
            value = call()
        finally:
            watch.end()
        if watch.fired:
            time.sleep(4 * POLL)  # an interrupt on its way must strike here, not in the notebook
            raise Stopped  # the call has caught it, and returned all the same
    finally:
        _inside.another = False
    return value


class _Watch:
    """Interrupts the thread that made it once the process has worked for too long."""

    def __init__(self) -> None:
        self.fired = False
        self._thread = ctypes.c_ulong(threading.get_ident())
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._until = time.process_time() + SECONDS
        threading.Thread(target=self._wait, daemon=True).start()

    def end(self) -> None:
        """Say that the call is over; from here on nothing is interrupted."""
        with self._lock:
            self._ended.set()

    def _wait(self) -> None:
        # Again and again, as the call may catch what is raised in it.
        while not self._ended.wait(POLL):
            if time.process_time() >= self._until:
                self._fire()

    def _fire(self) -> None:
        with self._lock:
            if not self._ended.is_set():
                self.fired = True
                stop = ctypes.py_object(Stopped)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(self._thread, stop)
