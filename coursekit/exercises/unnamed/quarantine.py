"""Runs strangers' answers in processes of their own, and reads what they did."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch

from coursekit.exercises import registry
from coursekit.exercises.judging.compare import Reading
from coursekit.exercises.judging.sandbox import Call
from coursekit.exercises.judging.trials import Trial, probes
from coursekit.exercises.model import FunctionExercise
from coursekit.exercises.unnamed.inside import AT_MOST, SECONDS

__all__ = ["Behaviour", "run"]

FORKS = sys.platform.startswith("linux")  # elsewhere PyTorch does not outlive a fork
STARTING = 180.0  # seconds on the clock, for loading PyTorch and the banks on a slow machine
START = (
    "import json, sys; job = json.load(sys.stdin); sys.path[:] = job['path']; "
    "from coursekit.exercises.unnamed.inside import main; main(job)"
)
ENVIRONMENT = {
    "COURSEKIT_OFFLINE": "1",
    "CUDA_VISIBLE_DEVICES": "",  # with a GPU, PyTorch's backward() does not outlive a fork
    "MPLBACKEND": "agg",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}


@dataclass(frozen=True)
class Behaviour:
    """What an answer did.

    status, named, shown: what check says of it today; shown is its text.
    problem: why nothing more is known of it, or "".
    """

    status: str = ""
    named: tuple[str, ...] = ()
    shown: str = ""
    trials: tuple[Trial, ...] = ()
    problem: str = ""


def run(answers: Sequence[tuple[str, str]]) -> list[Behaviour]:
    """Return what each answer, an exercise's id and a source, does with the exercise's probes.

    Raises OSError where the process that runs them does not start.
    """
    batches = [list(answers)] if FORKS and answers else [[answer] for answer in answers]
    lines = [line for batch in batches for line in _lines(batch)]
    return [_behaviour(id, line) for (id, _), line in zip(answers, lines, strict=True)]


def _lines(answers: list[tuple[str, str]]) -> list[bytes]:
    path = [str(Path(entry).resolve()) for entry in sys.path if entry]
    job = json.dumps({"answers": answers, "fork": FORKS, "path": path})
    with _process(STARTING + SECONDS * len(answers)) as process:
        process.stdin.write(job.encode())
        process.stdin.close()
        written = process.stdout.read(AT_MOST * len(answers))
    lines = written.split(b"\n")[:-1]
    if FORKS and len(lines) < len(answers):
        raise OSError("the process that tries the answers stopped; the lines above say why")
    return lines[: len(answers)] or [b""]


@contextmanager
def _process(seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    """Give a process in an empty folder; with what it started, it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="coursekit-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-c", START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, **ENVIRONMENT, "HOME": folder},
            start_new_session=True,
        )
        timer = threading.Timer(seconds, _kill, [process])
        timer.start()
        try:
            yield process
        finally:
            timer.cancel()
            _kill(process)
            process.stdout.close()
            process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
    else:
        process.kill()


def _behaviour(id: str, line: bytes) -> Behaviour:
    """Return what a line of JSON says; nothing in it is believed before it is looked at."""
    exercise = registry.exercise(id)
    try:
        told = json.loads(line)
        if "problem" in told:
            return Behaviour(problem=f"check stumbled ({_printable(told['problem'])[:60]})")
        trials = tuple(
            _trial(exercise, *pair) for pair in zip(probes(exercise), told["trials"], strict=False)
        )
        named = tuple(name for name in exercise.misconceptions if name in told["named"])
        return Behaviour(str(told["status"]), named, _printable(told["shown"]), trials)
    except (ValueError, TypeError, KeyError, RuntimeError, OverflowError, RecursionError):
        return Behaviour(problem="it ended its process, or blocked it")


def _trial(exercise: FunctionExercise, probe: tuple[Any, Reading], told: dict[str, Any]) -> Trial:
    args, expected = probe
    error = None
    if told["error"]:
        name, message = map(_printable, told["error"])
        error = _error_type(name)(message)
    changed = tuple(int(at) for at in told["changed"] if 0 <= at < len(exercise.shown))
    tensor = None
    if told["values"] is not None:
        tensor = torch.tensor(told["values"], dtype=torch.float64).reshape(told["shape"])
    rtol, epsilon = min(float(told["rtol"]), 0.1), min(float(told["epsilon"]), 0.1)
    got = Reading(tensor, problem=str(told["problem"]), rtol=rtol, epsilon=epsilon)
    return Trial(args, expected, Call(None, error, changed, hung=bool(told["hung"])), got, None)


@cache
def _error_type(name: str) -> type[Exception]:
    """Return a type of that name, the same for the same name: an error is told by it."""
    return type(name, (Exception,), {})


def _printable(text: Any) -> str:
    """Return a text without what would steer the terminal that it is printed on."""
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in str(text))
