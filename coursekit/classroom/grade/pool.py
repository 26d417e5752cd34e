"""Many submissions at a time: each in a process of its own, from which no other is held up."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, Protocol

from coursekit.authoring.kernels.nursery import Nursery
from coursekit.classroom.grade.submissions import Submission

__all__ = ["Graders", "GradesOne", "graded"]

WORK = "coursekit.classroom.grade.worker:work"
MODULES = (
    "nbgrader.apps", "nbgrader.converters", "nbgrader.preprocessors", "nbconvert.exporters",
    "jupyter_client.provisioning", "zmq.asyncio", "coursekit.classroom.restore",
    "coursekit.classroom.grade.worker",
)  # fmt: skip
ENDED = "the process that graded it was ended, by the submission or for want of time or memory"


class GradesOne(Protocol):
    """What grades a submission a call, here or elsewhere."""

    def grade(self, submission: Submission) -> dict[str, Any]:
        """Return {"score", "max_score"}, or {"error": what went wrong}."""

    def stop(self) -> None:
        """End those at work, and begin no other."""


class Graders:
    """Grades one submission a call, in a process forked for it; calls may come from threads."""

    def __init__(self, jobs: int | None = None) -> None:
        """Start the process from which graders are forked. jobs: how many at a time."""
        self.jobs = jobs or os.cpu_count() or 1
        self._nursery, self._running = Nursery(WORK, MODULES), set()
        self._lock, self._stopped = threading.Lock(), False

    def grade(self, submission: Submission) -> dict[str, Any]:
        """Return {"score", "max_score"}, or {"error": what went wrong}."""
        with self._lock:
            if self._stopped:
                return {"error": "not begun"}
            line = self._connect()
        with line, line.makefile("rw", encoding="utf-8") as talk:
            pid = int(talk.readline() or 0)
            if not pid:
                return {"error": ENDED}
            self._running.add(pid)
            if self._stopped:  # since the line was given
                self.stop()
            try:
                talk.write(json.dumps(submission.to_json()) + "\n")
                talk.flush()
                said = talk.readline()
            except OSError:
                said = ""
            finally:
                self._running.discard(pid)
        if said:
            return json.loads(said)
        if submission.is_graded():  # it was ended between its last step and its word
            return submission.recorded() or {}
        _remove_half_graded(submission)
        return {"error": ENDED}

    def _connect(self) -> socket.socket:
        try:
            return self._nursery.connect()
        except ValueError:  # a submission has ended that process: another, once
            self._nursery.close()
            self._nursery = Nursery(WORK, MODULES)
            return self._nursery.connect()

    def stop(self) -> None:
        """End the graders that are at work, and begin no other."""
        with self._lock:
            self._stopped = True
        for pid in list(self._running):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)  # its zygote sees that, and ends its kernels

    def __enter__(self) -> Graders:
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()
        self._nursery.close()


def graded(
    submissions: Sequence[Submission], graders: GradesOne, jobs: int
) -> Iterator[tuple[Submission, dict[str, Any]]]:
    """Yield each submission and how it went, as they end; `jobs` of them are graded at a time.

    Where the caller stops early, as by Ctrl-C, those at work are ended and the rest not begun.
    """
    with ThreadPoolExecutor(jobs) as threads:
        waiting: dict[Future, Submission] = {
            threads.submit(graders.grade, submission): submission for submission in submissions
        }
        try:
            while waiting:
                done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield waiting.pop(future), future.result()
        except BaseException:
            graders.stop()  # or the threads would wait for them to the end
            for future in waiting:
                future.cancel()
            raise


def _remove_half_graded(submission: Submission) -> None:
    """Remove what nbgrader would have removed, had it not been ended."""
    for step in ("autograded", "feedback"):
        folder = submission.course / step / submission.student / submission.lesson
        shutil.rmtree(folder, ignore_errors=True)
