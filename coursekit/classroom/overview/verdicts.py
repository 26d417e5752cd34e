"""What a notebook says about its answers: the verdicts among its outputs, read one by one."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from coursekit.exercises import registry
from coursekit.exercises.model import Exercise, FunctionExercise
from coursekit.exercises.telling.outcome import HEADLINES, VERDICT
from coursekit.exercises.unnamed.draft import tidy
from coursekit.exercises.variants import known

__all__ = ["NONE", "DamagedError", "Verdict", "cells_of", "outputs_of", "verdicts"]

AT_MOST = 200_000_000  # bytes of a notebook
CHARACTERS = 3000  # of what was said
CODE = 6000  # characters of an answer
NONE = "none"  # the status of an exercise on which nothing was said
CALL = re.compile(r"""\b(?:check|grade)\(\s*["']([\d.]+)["']""")
TAIL = re.compile(r"\n*Stuck\? hint\(.*\Z", re.DOTALL)


class DamagedError(ValueError):
    """A notebook that cannot be read. The message says why, in a few words."""


@dataclass(frozen=True)
class Verdict:
    """What was found about one answer.

    status: one of an outcome's, or `NONE`. said: the text below the headline, where no
    misconception is named. source: the cell with the answer, for the same. own_numbers: whether the
    question was drawn for the learner. mistaken_id: whether the notebook asked another's.
    """

    exercise: str
    status: str
    misconceptions: tuple[str, ...] = ()
    said: str = ""
    source: str = ""
    own_numbers: bool = False
    mistaken_id: bool = False


def cells_of(path: Path) -> list[dict[str, Any]]:
    """Return the code cells of a notebook, as JSON has them.

    Raises DamagedError where it is none.
    """
    try:
        if path.stat().st_size > AT_MOST:
            raise DamagedError(f"larger than {AT_MOST // 10**6} MB")
        book = json.loads(path.read_bytes())
    except OSError as error:
        raise DamagedError(error.strerror or "unreadable") from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, DamagedError):
            raise
        raise DamagedError("no notebook's text, or cut off") from error
    cells = book.get("cells") if isinstance(book, dict) else None
    if not isinstance(cells, list):
        raise DamagedError("no notebook")
    return [c for c in cells if isinstance(c, dict) and c.get("cell_type") == "code"]


def verdicts(path: Path) -> dict[str, Verdict]:
    """Return the last verdict on each exercise, by its id; none where the notebook was never run.

    Raises DamagedError.
    """
    found: dict[str, Verdict] = {}
    cells = cells_of(path)
    for place, cell in enumerate(cells):
        for verdict in _in_cell(cells[: place + 1], cell):
            found[verdict.exercise] = verdict
    return found


def _in_cell(before: list[dict[str, Any]], cell: dict[str, Any]) -> Iterator[Verdict]:
    outputs = outputs_of(cell)
    shown = [data for o in outputs if isinstance(data := o.get("data"), dict) and VERDICT in data]
    told = [v for data in shown if (v := _verdict(data, before))]
    failed = next((o for o in outputs if o.get("output_type") == "error"), None)
    asked = _asked(text(cell.get("source"))) if failed else []
    if not asked:
        yield from told
    elif wrong := [verdict for verdict in told if verdict.status != "correct"]:
        yield from wrong
    elif told:  # right by what check tries, and then the hidden test was not run to its end
        yield Verdict(asked[0], NONE)
    else:
        yield from (_from_error(id, text(failed.get("evalue")), before) for id in asked)


def _asked(source: str) -> list[str]:
    """Return the exercises that a cell asks about, `check` or `grade`, known ones only."""
    if "check(" not in source and "grade(" not in source:
        return []
    return list(dict.fromkeys(id for id in CALL.findall(source) if id in _known()))


def _verdict(shown: dict[str, Any], before: list[dict[str, Any]]) -> Verdict | None:
    """Return what a verdict says, as far as this course knows it; nothing in it is believed."""
    told = shown[VERDICT]
    if not isinstance(told, dict) or not _is_known(told.get("exercise")):
        return None
    exercise = _known()[told["exercise"]]
    status, named = told.get("status"), told.get("misconceptions")
    if not isinstance(status, str) or status not in HEADLINES:
        return None
    names = tuple(n for n in known(exercise) if isinstance(named, list) and n in named)
    own = "variant" in told and len(known(exercise)) > len(exercise.misconceptions)
    mistaken = own and told.get("mistaken id") is True
    found = Verdict(exercise.id, status, names, own_numbers=own, mistaken_id=mistaken)
    if names or status in ("correct", "unattempted"):
        return found
    said = "" if own else _below(text(shown.get("text/plain")))
    return replace(found, said=said, source=_answer(exercise, before))


def _from_error(id: str, message: str, before: list[dict[str, Any]]) -> Verdict:
    """Return what an error's message says: of notebooks graded before verdicts were kept."""
    exercise = _known()[id]
    head, _, rest = message.partition("\n")
    words = {said: status for status, (_, said) in HEADLINES.items()}
    words["not this one"] = "wrong"
    status = next((words[w] for w in words if head.startswith(id) and head.endswith(w)), NONE)
    joined = " ".join(rest.split())
    names = tuple(n for n, known in exercise.misconceptions.items() if known.teaches in joined)
    if names or status in (NONE, "unattempted"):
        return Verdict(id, status, names if status != NONE else ())
    return Verdict(id, status, (), _below(message), _answer(exercise, before))


def _below(said: str) -> str:
    """Return the text below the headline, without the way to the hints and without addresses."""
    body = TAIL.sub("", said.partition("\n")[2]).strip("\n")
    return re.sub(r"0x[0-9a-f]+", "0x…", body)[:CHARACTERS]


def _answer(exercise: Exercise, before: list[dict[str, Any]]) -> str:
    """Return the code of an answer: the last function of that name, or the cell before."""
    sources = [text(cell.get("source")) for cell in reversed(before)]
    if not isinstance(exercise, FunctionExercise):
        return next(iter(sources[1:2]), "")[:CODE]
    start = f"def {exercise.name}("
    source = next((source for source in sources if start in source), "")[:CODE]
    return _function(source, exercise.name)


def _function(source: str, name: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(source).body
        found = [n for n in body if isinstance(n, ast.FunctionDef) and n.name == name]
        return tidy(ast.unparse(found[-1])) if found else source
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source


def _is_known(id: Any) -> bool:
    return isinstance(id, str) and id in _known()


@cache
def _known() -> dict[str, Exercise]:
    return {exercise.id: exercise for exercise in registry.catalogue()}


def outputs_of(cell: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the outputs of a cell."""
    found = cell.get("outputs")
    return [o for o in found if isinstance(o, dict)] if isinstance(found, list) else []


def text(part: Any) -> str:
    """Return a text of a notebook, which may stand there in lines."""
    if isinstance(part, list):
        return "".join(line for line in part if isinstance(line, str))
    return part if isinstance(part, str) else ""
