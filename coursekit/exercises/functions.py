"""Turns what a function did into an outcome."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from coursekit.exercises.judging import stub, syntax
from coursekit.exercises.judging.diagnose import (
    alike,
    behaviours,
    fact,
    misconceptions,
    where_both_return,
)
from coursekit.exercises.judging.sandbox import OutOfTimeError, Sandbox
from coursekit.exercises.judging.search import smallest
from coursekit.exercises.judging.trials import Trial, attempt, probes, try_probes
from coursekit.exercises.model import FunctionExercise
from coursekit.exercises.telling import sentences
from coursekit.exercises.telling.blocks import Block, Code, Words
from coursekit.exercises.telling.clues import clue
from coursekit.exercises.telling.errors import also, raised
from coursekit.exercises.telling.grids import draw
from coursekit.exercises.telling.idle import without_effect
from coursekit.exercises.telling.outcome import Outcome
from coursekit.exercises.telling.relations import loosely, relation, shape_relation
from coursekit.exercises.telling.spelling import meant

AGAIN = 4
EXACTLY = "It fails exactly"


def examine(exercise: FunctionExercise, answer: Any) -> Outcome:
    """Return the outcome of an answer to a function exercise; nothing is recorded."""
    if stub.is_gap(answer) or (callable(answer) and stub.is_stub(answer)):
        return sentences.unattempted(exercise)
    if problem := _unusable(exercise, answer):
        return sentences.stuck(exercise, "not comparable", [Words(problem)])
    planned = len(probes(exercise))
    with Sandbox(exercise.tried(answer)) as sandbox:
        trials = try_probes(sandbox, exercise)
        if early := _early(exercise, answer, sandbox, trials):
            return early
        found = smallest(sandbox, exercise, trials, _typical(trials))
    if found is None:
        return sentences.correct(exercise, trials, planned)
    if found.call.hung:
        return _hung(exercise, found, sandbox)
    return _failed(exercise, answer, trials, found)


def worked(exercise: FunctionExercise) -> tuple[Block, ...]:
    """Return the worked solution, and its reasons."""
    return Code(exercise.solution), Words(exercise.reasons)


def _early(
    exercise: FunctionExercise, answer: Any, sandbox: Sandbox, trials: list[Trial]
) -> Outcome | None:
    """Return the outcome of an answer for which no smaller input need be searched, or None."""
    if not trials:
        return sentences.stuck(exercise, "not comparable", [Words(sentences.TOO_SLOW)])
    if trials[-1].call.hung:
        return _hung(exercise, trials[-1], sandbox)
    calls = [trial.call for trial in trials]
    if all(stub.is_unfinished(answer, call.value, call.error) for call in calls):
        return sentences.unattempted(exercise)
    if all(call.value is None and call.error is None for call in calls):
        said = sentences.nothing(answer, calls[0].printed)
        return sentences.stuck(exercise, "not comparable", said)
    if not all(alike(first, second) for first, second in _again(sandbox, trials)):
        return sentences.stuck(exercise, "not comparable", [Words(sentences.FLAKY)])
    return None


def _typical(trials: list[Trial]) -> str | None:
    """Return the most frequent way in which trials fail, or None where none does."""
    kinds = [trial.kind for trial in trials if trial.kind != "right"]
    return max(dict.fromkeys(kinds), key=kinds.count) if kinds else None


def _again(sandbox: Sandbox, trials: list[Trial]) -> list[tuple[Trial, Trial]]:
    """Return the first trials and the first failing one, each with a repetition."""
    failing = next((i for i, trial in enumerate(trials) if trial.kind != "right"), 0)
    pairs = []
    for index in sorted({*range(min(AGAIN, 1 + len(trials) // 10)), failing}):
        trial = trials[index]
        try:
            pairs.append((trial, attempt(sandbox, trial.args, trial.expected)))
        except OutOfTimeError:
            break
    return pairs


def _failed(
    exercise: FunctionExercise, answer: Callable[..., Any], trials: list[Trial], found: Trial
) -> Outcome:
    named, known = _diagnosis(exercise, answer, trials, found)
    status, blocks = _complaint(exercise, answer, found)
    explanation = sentences.explanation(exercise, found)
    blocks.append(Words(sentences.INTRODUCTION.get(found.kind, sentences.SHOWS_IT)))
    blocks.append(draw(exercise, found, explanation))
    blocks += sentences.difference(exercise, found, explanation)
    blocks += [Words(said, strong=named) for said in (*known, also(trials, found)) if said]
    if printed := found.call.printed.strip():
        blocks += [Words("On this input it printed:"), Code(printed)]
    return sentences.stuck(exercise, status, blocks, named)


def _diagnosis(
    exercise: FunctionExercise, answer: Callable[..., Any], trials: list[Trial], found: Trial
) -> tuple[tuple[str, ...], list[str]]:
    """Return the misconceptions that are recognised, and what there is to say."""
    named, said = _named(exercise, trials)
    if named:
        return named, [said, without_effect(syntax.definition(answer))]
    if all(trial.kind == "raised" for trial in trials) and meant(found.call.error, answer):
        return (), []  # a name is misspelled, and nothing else is known yet
    said = said or clue(exercise, answer, trials, found)
    said = said or loosely(trials, behaviours(exercise)) or shape_relation(exercise, trials)
    common = fact(exercise, trials)
    return (), [said, common if not said or common.startswith(EXACTLY) else ""]


def _named(exercise: FunctionExercise, trials: list[Trial]) -> tuple[tuple[str, ...], str]:
    """Return the misconceptions that fit, and how; or a relation to what is expected alone."""
    if named := misconceptions(exercise, trials):
        return named, sentences.diagnosis(exercise, named)
    if named := where_both_return(exercise, trials):
        return named, sentences.diagnosis(exercise, named, "Where it returns numbers, this is")
    said, name = relation(trials, behaviours(exercise))
    return ((name,), f"{said} {exercise.misconceptions[name].teaches}") if name else ((), said)


def _complaint(
    exercise: FunctionExercise, answer: Callable[..., Any], found: Trial
) -> tuple[str, list[Block]]:
    """Return the status of a failing answer, and what is said before the drawing."""
    match found.kind:
        case "raised":
            harness = exercise.harness is not None
            return "raised", raised(answer, found.call.error, harness=harness)
        case "changed":
            return "not comparable", [Words(sentences.changed(exercise, found))]
        case "type":
            return "not comparable", [Words(found.got.problem)]
    return "wrong", []


def _hung(exercise: FunctionExercise, trial: Trial, sandbox: Sandbox) -> Outcome:
    blocks: list[Block] = [Words(sentences.HUNG), draw(exercise, trial, None)]
    if sandbox.still_running:
        blocks.append(Words(sentences.STILL_RUNNING))
    return sentences.stuck(exercise, "raised", blocks)


def _unusable(exercise: FunctionExercise, answer: Any) -> str:
    """Return why an answer cannot even be called, or ""."""
    if not callable(answer):
        return sentences.not_a_function(exercise, answer)
    try:
        signature = inspect.signature(answer)
    except Exception:
        return ""
    try:
        signature.bind(*exercise.arguments)
    except TypeError:
        return sentences.other_arguments(exercise, signature)
    return ""
