"""Runs in a process of its own: tries strangers' answers, and writes one line of JSON for each.

Where the system can fork, that process stays clean: the course is loaded once, and each answer gets
a copy of the process, which is killed after it. Elsewhere it is given one answer only.
"""

from __future__ import annotations

import ast
import json
import linecache
import os
import random
import select
import signal
import time
import warnings
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import torch

from coursekit.exercises import functions, registry
from coursekit.exercises.judging.diagnose import behaviours
from coursekit.exercises.judging.sandbox import Sandbox
from coursekit.exercises.judging.trials import Trial, try_probes
from coursekit.exercises.model import FunctionExercise
from coursekit.exercises.telling import text
from coursekit.exercises.telling.blocks import Words
from coursekit.exercises.telling.errors import clean
from coursekit.exercises.telling.grids import draw
from coursekit.exercises.telling.sentences import HUNG
from coursekit.exercises.unnamed import guard
from coursekit.machine.paths import course_folder, lesson_files

__all__ = ["AT_MOST", "SECONDS", "main"]

SECONDS = 60.0  # on the clock, for one answer
AT_MOST = 4_000_000  # bytes of a reply
NUMBERS = 20_000  # of one result
CHARACTERS = 6000  # of what is shown
FILE = "<answer>"
# What an answer may import beside what its lesson does: once it is shut in, no file can be read.
COMMON = (
    "cmath", "collections", "copy", "fractions", "functools", "itertools", "math", "numpy",
    "operator", "random", "statistics", "torch.nn.functional", "typing",
)  # fmt: skip

Answer = tuple[str, str]


def main(job: dict[str, Any]) -> None:
    """Write a line for each answer; the process ends with it.

    job: answers, pairs of an exercise's id and a source; fork, whether each gets its own process.
    """
    replies = os.dup(1)
    guard.muffle(0, 1)
    torch.set_num_threads(1)
    answers: list[Answer] = [(id, source) for id, source in job["answers"]]
    names = _prepare(answers)
    for answer in answers:
        reply = _forked(answer, names) if job["fork"] else _alone(answer, names)
        os.write(replies, reply.replace(b"\n", b" ") + b"\n")
    os._exit(0)


def _prepare(answers: list[Answer]) -> dict[int, dict[str, Any]]:
    """Return what each lesson's answers find around them; load what they will need."""
    for name in COMMON:
        import_module(name)
    used: dict[int, set[str]] = {}
    for id, written in answers:
        used.setdefault(registry.exercise(id).lesson, set()).update(_words(written))
    exercises = [registry.exercise(id) for id in dict.fromkeys(id for id, _ in answers)]
    for exercise in exercises:  # two caches: what the bank does, and lines of the bank's file
        for known in behaviours(exercise).values():
            list(known)  # all that it does, before the answers' processes part ways
        _ = exercise.solution
    wrong = next(iter(exercises[0].misconceptions.values())).wrong
    for answer in (wrong, exercises[0].reference):  # loads what the search imports late
        functions.examine(exercises[0], answer)
    return {lesson: _around(lesson, words) for lesson, words in used.items()}


def _words(source: str) -> set[str]:
    try:
        nodes = ast.walk(ast.parse(source))
        return {node.id for node in nodes if isinstance(node, ast.Name)}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()


def _around(lesson: int, words: Iterable[str]) -> dict[str, Any]:
    """Return what a lesson's own imports and the solutions of its exercises put in its reach."""
    around: dict[str, Any] = {"torch": torch}
    for file in lesson_files(course_folder("lessons")):
        if not file.name.startswith(f"{lesson:02}_") or file.suffix != ".py":
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            node.names = [a for a in node.names if (a.asname or a.name).split(".")[0] in words]
            if node.names:
                exec(ast.unparse(node), around)  # a line of the course itself
    same = [e for e in registry.catalogue() if e.lesson == lesson]
    solutions = {e.name: e.reference for e in same if isinstance(e, FunctionExercise)}
    return {**around, **solutions}


def _forked(answer: Answer, names: dict[int, dict[str, Any]]) -> bytes:
    """Return the reply of a copy of this process, or what came of it until it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.dup2(writing, 3)
            os.closerange(4, os.sysconf("SC_OPEN_MAX"))
            _write(3, _alone(answer, names))
        finally:
            os._exit(0)
    os.close(writing)
    try:
        return _read(reading)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reading)


def _read(pipe: int) -> bytes:
    reply, until = b"", time.monotonic() + SECONDS
    while len(reply) < AT_MOST:
        ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
        part = os.read(pipe, 65536) if ready else b""
        if not part:
            break
        reply += part
    return reply


def _write(pipe: int, reply: bytes) -> None:
    while reply:
        reply = reply[os.write(pipe, reply) :]


def _alone(answer: Answer, names: dict[int, dict[str, Any]]) -> bytes:
    """Return the reply of this process, from now on shut in."""
    id, source = answer
    exercise = registry.exercise(id)
    random.seed(0)
    torch.manual_seed(0)
    linecache.cache[FILE] = (len(source), None, source.splitlines(keepends=True), FILE)
    guard.muffle(2)
    guard.close()
    warnings.simplefilter("ignore")
    try:
        reply = _behaviour(exercise, _function(source, dict(names[exercise.lesson])))
    except BaseException as error:
        reply = {"problem": type(error).__name__}
    return json.dumps(reply).encode()


def _function(source: str, around: dict[str, Any]) -> Any:
    if source.startswith("lambda"):
        return eval(compile(source, FILE, "eval"), around)
    exec(compile(source, FILE, "exec"), around)
    last = ast.parse(source).body[-1]
    return around[last.name] if isinstance(last, ast.FunctionDef) else None


def _behaviour(exercise: FunctionExercise, function: Any) -> dict[str, Any]:
    with Sandbox(exercise.tried(function)) as sandbox:
        trials = try_probes(sandbox, exercise)
    reply: dict[str, Any] = {"trials": [_plain(trial) for trial in trials]}
    status, named, blocks = "raised", (), ()
    if trials and trials[-1].call.hung:
        blocks = Words(HUNG), draw(exercise, trials[-1], None)
    elif not any(isinstance(trial.call.error, guard.RefusedError) for trial in trials):
        found = functions.examine(exercise, function)
        status, named, blocks = found.status, found.misconceptions, found.blocks
    page = text.render("", blocks)[:CHARACTERS]
    return {**reply, "status": status, "named": named, "shown": page}


def _plain(trial: Trial) -> dict[str, Any]:
    """Return a trial in JSON's terms."""
    call, got = trial.call, trial.got
    tensor, problem = got.tensor, got.problem
    if tensor is not None and tensor.numel() > NUMBERS:
        tensor, problem = None, f"It returned {tensor.numel()} numbers."
    return {
        "error": call.error and [type(call.error).__name__, clean(str(call.error))],
        "changed": list(call.changed),
        "hung": call.hung,
        "shape": None if tensor is None else list(tensor.shape),
        "values": None if tensor is None else tensor.flatten().tolist(),
        "problem": problem,
        "rtol": got.rtol,
        "epsilon": got.epsilon,
    }
