"""Executes a submission to the end, whatever its cells do to the kernel."""

from __future__ import annotations

import os
import re
import sys
import time
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import preprocessors, utils
from traitlets import Bool, Float, Integer, default

from coursekit.exercises.telling.outcome import VERDICT
from coursekit.exercises.variants import mark
from coursekit.exercises.whose import LEARNER
from coursekit.machine.settings import PICTURES

__all__ = ["Execute"]

SEEDED = re.compile(
    r'^ *grade\("(?P<exercise>[\d.]+)", \w+, '
    r'(?:draw="(?P<draw>\w+)", )?seed=(?P<seed>\d+)\)$',
    re.M,
)
LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_DATA, ({0}, {0}))"
# Importing PyTorch takes seconds, and no cell is to run out of time by them.
PRELOAD = "import coursekit.exercises; coursekit.exercises.catalogue(); del coursekit"
ENDED = "This cell ended the kernel. The other cells were run without it."
TIMED_OUT = "This cell did not end in time. The other cells were run without it."
BLOCKED = "This cell could not be interrupted. The other cells were run without it."
NOT_RUN = "This cell was not run: the cells above used up the time or the kernels of a submission."
NO_VERDICT = "The check did not run to its end here: what Python runs a cell with was changed."
CUT = "\n… the output of this cell is cut off here.\n"
AT_LEAST = 1000  # characters that any output counts for


class _StartAgainError(Exception):
    """A cell has ended or blocked the kernel; the rest is run in a new one, without it."""


class Execute(preprocessors.Execute):
    """nbgrader's execution, for submissions that end their kernel, block it, or flood it.

    A cell that ends the kernel, or cannot be interrupted, gets an error for its output, and the
    submission is run again without it and without those that ran out of time. A hidden test has
    passed only where it says so.
    """

    seconds = Float(600, help="Seconds for a submission, all kernels together").tag(config=True)
    restarts = Integer(5, help="Kernels started anew for a submission").tag(config=True)
    gibibytes = Float(4, help="Memory for the kernel, on Linux; 0: no limit").tag(config=True)
    characters = Integer(2_000_000, help="Characters of output a cell").tag(config=True)
    pictures = Bool(False, help="Whether the course's figures are drawn").tag(config=True)
    kernel_managers: type = AsyncKernelManager  # what starts the kernels

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"kernel_manager_class": self.kernel_managers, **kwargs})

    @default("shutdown_kernel")
    def _shutdown_kernel_default(self) -> str:
        return "immediate"

    @default("extra_arguments")
    def _extra_arguments_default(self) -> list[str]:
        lines = [PRELOAD]
        if sys.platform.startswith("linux") and self.gibibytes:
            lines.append(LIMIT.format(int(self.gibibytes * 2**30)))
        first = [f"--IPKernelApp.exec_lines={line}" for line in lines]
        return ["--HistoryManager.hist_file=:memory:", *first]

    def preprocess(
        self, nb: NotebookNode, resources: Any = None, km: Any = None
    ) -> tuple[NotebookNode, Any]:
        """Return the notebook, each of its code cells executed or with an error that says why."""
        self.learner = str((resources or {}).get("nbgrader", {}).get("student", ""))
        self.lost: dict[int, str] = {}
        self.until = time.monotonic() + self.seconds
        self.timeout_func = lambda cell: max(1, min(self.timeout, int(self._left())))
        for _ in range(self.restarts + 1):
            try:
                return super().preprocess(nb, resources, km)
            except _StartAgainError:
                self.log.warning("The kernel was lost in cell %s; once more without it", self.at)
        for cell in nb.cells[self.at + 1 :]:
            _fail(cell, NOT_RUN)
        return nb, resources

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, index: int
    ) -> tuple[NotebookNode, Any]:
        """Return the cell, executed. Raises where another kernel is needed for the rest."""
        self.at, self.written = index, 0
        if index in self.lost or self._left() <= 0:
            _fail(cell, self.lost.get(index, NOT_RUN))
            return cell, resources
        try:
            cell, resources = super().preprocess_cell(cell, resources, index)
        except (DeadKernelError, CellTimeoutError) as error:
            self.lost[index] = ENDED if isinstance(error, DeadKernelError) else BLOCKED
            _fail(cell, self.lost[index])
            raise _StartAgainError from error
        if (
            utils.is_grade(cell)
            and not utils.has_failed(cell)
            and not _has_verdict(cell, self.learner)
        ):
            _fail(cell, NO_VERDICT)
        return cell, resources

    def on_cell_executed(self, **kwargs: Any) -> None:
        """Record an error as nbgrader does; raise where the cell asked its kernel to exit."""
        super().on_cell_executed(**kwargs)
        content = kwargs["execute_reply"]["content"]
        if content.get("ename") == self.error_on_timeout["ename"]:
            self.lost[self.at] = TIMED_OUT
        asked = content.get("payload", [])
        if any(part.get("source") == "ask_exit" for part in asked):
            raise DeadKernelError("exit() was called")

    async def async_start_new_kernel(self, **kwargs: Any) -> None:
        """Start a kernel that is told to leave the network alone, and to draw no figure."""
        environment = {**os.environ, "COURSEKIT_OFFLINE": "1", "CI": "true"}
        environment[LEARNER] = self.learner  # whose numbers count, whatever the notebook says
        if not self.pictures:
            environment[PICTURES] = "words"
        await super().async_start_new_kernel(**{"env": environment, **kwargs})

    start_new_kernel = run_sync(async_start_new_kernel)  # nbconvert calls this one

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: Any, cell_index: int
    ) -> NotebookNode | None:
        """Keep an output, as long as the cell has not written too much."""
        if self.written > self.characters:
            return None
        content = msg["content"]
        text = content.get("text", "")
        shown = content.get("data") or {}
        self.written += max(AT_LEAST, len(text) + sum(len(str(part)) for part in shown.values()))
        if self.written <= self.characters:
            return super().output(outs, msg, display_id, cell_index)
        cut = text[: max(0, self.characters - self.written + len(text))] + CUT
        outs.append(new_output("stream", name="stdout", text=cut))
        return None

    def _left(self) -> float:
        return self.until - time.monotonic()


def _fail(cell: NotebookNode, said: str) -> None:
    """Give a code cell an error, for which nbgrader gives no points."""
    if cell.cell_type == "code":
        outputs = [output for output in cell.get("outputs", []) if output.output_type == "stream"]
        error = new_output("error", ename="NotGraded", evalue=said, traceback=[said])
        cell.outputs = [*outputs, error]


def _has_verdict(cell: NotebookNode, learner: str) -> bool:
    """Return whether a cell with a hidden test says that it has passed; others need not.

    Where the numbers are the learner's own, it has to have passed with those.
    """
    test = SEEDED.search(cell.source)
    if test is None:
        return True
    said = [output.get("data", {}).get(VERDICT, {}) for output in cell.outputs]
    wanted = {"exercise": test["exercise"], "status": "correct", "seed": int(test["seed"])}
    if test["draw"]:
        wanted["variant"] = mark(test["exercise"], test["draw"], learner)
    return any(wanted.items() <= verdict.items() for verdict in said)
