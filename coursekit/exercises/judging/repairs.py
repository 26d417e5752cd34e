"""Finds a piece of an answer that, written otherwise, would make it right.

Each operator, number, name, bound and order in the function's source is changed, one at a time, and
what comes of it is tried on the same inputs. Where a change makes all of them right, the piece is
what the learner is told to look at; what to write there is left to them.
"""

from __future__ import annotations

import ast
import copy
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from coursekit.exercises.judging import syntax
from coursekit.exercises.judging.edits import Edit, edits
from coursekit.exercises.judging.sandbox import OutOfTimeError, Sandbox
from coursekit.exercises.judging.trials import Trial, attempt
from coursekit.exercises.model import FunctionExercise

CALLS = 400  # of changed functions, in all
SECONDS = 0.4  # of work


@dataclass(frozen=True)
class Repair:
    """Where one change makes an answer right.

    line: the statement's number in the function, from 1.
    statement: its first line, as Python writes it.
    piece: what is to be changed in it.
    how: "piece", or "order" or "place" where the piece itself may stay.
    """

    line: int
    statement: str
    piece: str
    how: str


def repair(
    exercise: FunctionExercise, answer: Callable[..., Any], trials: Sequence[Trial]
) -> Repair | None:
    """Return where one change makes every trial come out right, or None."""
    tree = syntax.definition(answer)
    if tree is None or not _can_be_made_anew(answer, tree):
        return None
    ordered = sorted(trials, key=lambda trial: trial.kind == "right")
    left = CALLS
    with Sandbox(exercise.tried(answer), seconds=SECONDS) as sandbox:
        for edit, changed in _changed(answer, tree):
            sandbox.answer = exercise.tried(changed)
            for trial in ordered:
                left -= 1
                try:
                    right = attempt(sandbox, trial.args, trial.expected).kind == "right"
                except OutOfTimeError:
                    return None
                if not right:
                    break
            else:
                return _told(tree, edit)
            if left <= 0:
                return None
    return None


def _can_be_made_anew(answer: Callable[..., Any], tree: ast.FunctionDef) -> bool:
    """Return whether the source alone makes the function; a `while` might never end, changed."""
    plain = isinstance(answer, types.FunctionType) and not answer.__code__.co_freevars
    ends = not any(isinstance(node, ast.While) for node in ast.walk(tree))
    return plain and ends and not tree.decorator_list


def _changed(
    answer: Callable[..., Any], tree: ast.FunctionDef
) -> Iterator[tuple[Edit, Callable[..., Any]]]:
    """Yield each edit with the function that it makes; the learner's own names stay untouched."""
    for edit in edits(tree):
        changed = copy.deepcopy(tree)
        edit.make(changed)
        names = dict(answer.__globals__)
        try:
            module = ast.fix_missing_locations(ast.Module([changed], []))
            exec(compile(module, "<changed>", "exec"), names)
        except (SyntaxError, ValueError, TypeError):
            continue
        yield edit, names[tree.name]


def _told(tree: ast.FunctionDef, edit: Edit) -> Repair:
    written = ast.unparse(edit.statement).splitlines()[0].rstrip(":")
    return Repair(edit.statement.lineno - tree.lineno + 1, written, edit.piece, edit.how)
