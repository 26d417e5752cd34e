"""Turns what an answer did into an outcome."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from coursekit.exercises import stub, words
from coursekit.exercises.diagnose import fact, misconceptions, relation
from coursekit.exercises.drawing import draw
from coursekit.exercises.model import FunctionExercise
from coursekit.exercises.outcome import Block, Code, Outcome, Words
from coursekit.exercises.sandbox import OutOfTimeError, Sandbox
from coursekit.exercises.search import Trial, attempt, probes, smallest, try_probes

AGAIN = 4


def examine(exercise: FunctionExercise, answer: Any) -> Outcome:
    """The outcome of an answer to a function exercise; nothing is recorded."""
    if stub.is_gap(answer) or (callable(answer) and stub.is_stub(answer)):
        return words.unattempted(exercise)
    if problem := _unusable(exercise, answer):
        return _outcome(exercise, "not comparable", [Words(problem)])
    probes(exercise)
    with Sandbox(answer) as sandbox:
        return _examine(exercise, answer, sandbox)


def _examine(exercise: FunctionExercise, answer: Callable[..., Any], sandbox: Sandbox) -> Outcome:
    trials = try_probes(sandbox, exercise)
    if not trials:
        return _outcome(exercise, "not comparable", [Words(words.SLOW_BEFORE_ANY)])
    if all(words.untouched(trial) for trial in trials):
        return words.unattempted(exercise)
    if trials[-1].call.hung:
        return _hung(exercise, trials[-1], sandbox)
    if words.flaky(trials, _again(sandbox, trials)):
        return _outcome(exercise, "not comparable", [Words(words.FLAKY)])
    failing = next((trial for trial in trials if trial.kind != "right"), None)
    found = smallest(sandbox, exercise, failing, failing and failing.kind)
    if found is None:
        return words.correct(exercise, trials, len(trials) < len(probes(exercise)))
    if found.call.hung:
        return _hung(exercise, found, sandbox)
    return _failed(exercise, answer, trials, found)


def _again(sandbox: Sandbox, trials: list[Trial]) -> list[Trial]:
    """The first trials and the first failing one once more."""
    failing = next((i for i, trial in enumerate(trials) if trial.kind != "right"), 0)
    again = []
    for index in sorted({*range(min(AGAIN, len(trials))), failing}):
        trial = trials[index]
        try:
            again.append(attempt(sandbox, trial.args, trial.expected))
        except OutOfTimeError:
            break
    return again


def _failed(
    exercise: FunctionExercise, answer: Callable[..., Any], trials: list[Trial], found: Trial
) -> Outcome:
    named = misconceptions(exercise, trials)
    blocks: list[Block] = []
    match found.kind:
        case "raised":
            status, first = "raised", words.raised(exercise, answer, found)
        case "changed":
            status, first = "not comparable", [Words(words.changed(exercise, found))]
        case "type":
            status, first = "not comparable", [Words(found.got.problem)]
        case _:
            status, first = "wrong", []
    blocks += first
    explanation = words.explanation(exercise, found)
    blocks += [Words(words.INTRODUCTION[found.kind]), draw(exercise, found, explanation)]
    blocks += words.difference(exercise, found, explanation)
    blocks += words.diagnosis(exercise, named)
    if not named and status == "wrong":
        same = relation(trials)
        said = f"On every input tried, yours is {same}." if same else fact(exercise, trials)
        blocks += [Words(said)] if said else []
    if found.call.printed.strip():
        blocks += [Words("On this input it printed:"), Code(found.call.printed.strip())]
    return _outcome(exercise, status, [*blocks, words.invitation(exercise)], named)


def _hung(exercise: FunctionExercise, trial: Trial, sandbox: Sandbox) -> Outcome:
    blocks: list[Block] = [Words(words.HUNG), draw(exercise, trial, None)]
    if sandbox.still_running:
        blocks.append(Words(words.STILL_RUNNING))
    return _outcome(exercise, "raised", [*blocks, words.invitation(exercise)])


def _unusable(exercise: FunctionExercise, answer: Any) -> str:
    if not callable(answer):
        return words.not_a_function(exercise, answer)
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):
        return ""
    try:
        signature.bind(*exercise.arguments)
    except TypeError:
        return words.other_arguments(exercise, signature)
    return ""


def _outcome(
    exercise: FunctionExercise,
    status: str,
    blocks: list[Block],
    named: tuple[str, ...] = (),
) -> Outcome:
    return Outcome(status, exercise.id, exercise.title, tuple(blocks), named)
