"""Grades one submission with nbgrader's own applications, in a process of its own."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import socket
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coursekit.authoring.kernels.forking import ForkingKernelManager, Zygote
from coursekit.classroom.execute import Execute
from coursekit.classroom.grade.submissions import Submission

__all__ = ["grade", "work"]

REASON = re.compile(r"[\w.]+: \S")
ENDS = ("SystemExit", "Please see the")  # nbgrader's last words, which give no reason
SPARE = 300  # seconds above those of the submission's cells, for all that nbgrader does around them


def work(line: socket.socket) -> None:
    """Grade what the line asks for; say this process's id first, and at the end how it went."""
    zygote = ForkingKernelManager.zygote = Zygote.forked()  # before anything is read
    Execute.kernel_managers = ForkingKernelManager
    with line.makefile("rw", encoding="utf-8") as talk:
        talk.write(f"{os.getpid()}\n")
        talk.flush()
        said = grade(Submission.from_json(json.loads(talk.readline())))
        zygote.close()
        talk.write(json.dumps(said) + "\n")


def grade(submission: Submission) -> dict[str, Any]:
    """Return {"score", "max_score"} of a submission, now graded, or {"error": what went wrong}."""
    content = submission.content()
    submission.log.parent.mkdir(parents=True, exist_ok=True)
    with submission.log.open("w", encoding="utf-8") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    os.chdir(submission.course)
    with _one_at_a_time(submission.course):
        try:
            found = _run(submission)
        except (Exception, SystemExit):
            traceback.print_exc()
            return {"error": _reason(submission.log)}
    submission.record(content, found)
    return found


def _run(submission: Submission) -> dict[str, Any]:
    from nbgrader.api import Gradebook
    from nbgrader.apps import AutogradeApp, GenerateFeedbackApp

    arguments = [submission.lesson, f"--student={submission.student}", "--force"]
    app = _started(AutogradeApp, arguments)
    _started(GenerateFeedbackApp, arguments)
    with Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
        graded = gradebook.find_submission(submission.lesson, submission.student)
        return {"score": graded.score, "max_score": graded.max_score}


def _started(kind: type, arguments: list[str]) -> Any:
    app = kind.instance()
    app.initialize(arguments)
    if hasattr(signal, "alarm"):
        limit = app.config.Execute.get("seconds", Execute.seconds.default_value)
        signal.alarm(int(limit) + SPARE)  # ends this process, whatever it waits for
    app.start()
    kind.clear_instance()  # the next application would find this one in its place
    return app


@contextmanager
def _one_at_a_time(course: Path) -> Iterator[None]:
    """Let one process at a time have nbgrader's gradebook open: SQLite has one writer."""
    from nbgrader.api import Gradebook

    opened, closed, depth = Gradebook.__init__, Gradebook.close, 0
    with (course / ".coursekit-grading.lock").open("w") as lock:

        def enter(self: Any, *args: Any, **kwargs: Any) -> None:
            nonlocal depth
            depth += 1
            fcntl.flock(lock, fcntl.LOCK_EX)
            opened(self, *args, **kwargs)

        def leave(self: Any) -> None:
            nonlocal depth
            closed(self)
            depth -= 1
            if not depth:
                fcntl.flock(lock, fcntl.LOCK_UN)

        Gradebook.__init__, Gradebook.close = enter, leave
        try:
            yield
        finally:
            Gradebook.__init__, Gradebook.close = opened, closed


def _reason(log: Path) -> str:
    """Return the last line of a log that names an error, other than that nbgrader then ended."""
    sys.stderr.flush()
    lines = map(str.strip, log.read_text(encoding="utf-8", errors="replace").splitlines())
    named = [line for line in lines if REASON.match(line) and not any(map(line.count, ENDS))]
    return named[-1] if named else "nbgrader gave up on it"
