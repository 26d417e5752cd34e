"""What to say about an error that a learner's function raises, in place of a traceback."""

from __future__ import annotations

import inspect
import linecache
import re
import traceback
import types
from collections.abc import Callable, Sequence
from typing import Any

from coursekit.exercises.judging.trials import Trial
from coursekit.exercises.telling.blocks import Block, Code, Words
from coursekit.exercises.telling.meanings import meaning
from coursekit.exercises.telling.spelling import meant

AT_MOST = 300
CODE_AT_MOST = 60
AFTERWARDS = "Your function returned, and what it left behind could not be used. It raised"


def raised(
    answer: Callable[..., Any], error: BaseException | None, *, harness: bool = False
) -> list[Block]:
    """Return the learner's own line, and what went wrong there.

    harness: whether the function is called by code of the exercise that goes on with its result.
    """
    kind, message = type(error).__name__, clean(str(error))
    where = "Your function raised" if not harness or in_answer(answer, error) else AFTERWARDS
    blocks: list[Block] = [Words(f"{where} {kind}{': ' if message else ''}{message}")]
    if line := learner_line(answer, error):
        blocks.append(Code(line))
    if why := meant(error, answer) or meaning(kind, message):
        blocks.append(Words(why))
    return blocks


def also(trials: Sequence[Trial], found: Trial) -> str:
    """Return what happens on other inputs, where that is an error and the drawn one is not."""
    errors = [trial.call.error for trial in trials if trial.kind == "raised"]
    if found.kind == "raised" or not errors:
        return ""
    said = clean(f"{type(errors[0]).__name__}: {errors[0]}")
    return f"On {len(errors)} of {len(trials)} inputs tried it raises an error, such as {said}"


def clean(message: str) -> str:
    """Return an error message without addresses and paths, on one line.

    >>> clean("bad object at 0x7f00aa in /home/me/x.py")
    'bad object at … in …'
    """
    message = re.sub(r"0x[0-9a-fA-F]+", "…", message)
    message = re.sub(r"(?<![\w.)\]])(?:[A-Za-z]:)?(?:[/\\][\w.\-]+){2,}", "…", message)
    message = " ".join(message.split()).partition(" Specify retain_graph=True")[0]
    return message if len(message) <= AT_MOST else message[:AT_MOST] + " …"


def in_answer(answer: Callable[..., Any], error: BaseException | None) -> bool:
    """Return whether an error came out of the learner's own code, or of what that called."""
    return bool(_own(answer, error))


def _own(
    answer: Callable[..., Any], error: BaseException | None
) -> list[tuple[types.FrameType, int]]:
    """Return the frames of the learner's cell that an error passed, with their lines."""
    try:
        code = inspect.unwrap(answer).__code__
    except Exception:
        return []
    frames = traceback.walk_tb(error.__traceback__ if error else None)
    return [(frame, at) for frame, at in frames if frame.f_code.co_filename == code.co_filename]


def learner_line(answer: Callable[..., Any], error: BaseException | None) -> str:
    """Return the innermost line of the learner's cell that raised, with its place, or ""."""
    own = _own(answer, error)
    if not own:
        return ""
    frame, at = own[-1]
    source = linecache.getline(frame.f_code.co_filename, at).strip()
    source = source if len(source) <= CODE_AT_MOST else source[:CODE_AT_MOST] + " …"
    code = frame.f_code
    if code.co_name.startswith("<"):  # a list in brackets: its lines are those of its function
        around = [frame.f_code for frame, _ in own if not frame.f_code.co_name.startswith("<")]
        code = around[-1] if around else inspect.unwrap(answer).__code__
    place = f"line {at - code.co_firstlineno + 1} of {code.co_name}"
    return f"{source}    ← {place}" if source else place
