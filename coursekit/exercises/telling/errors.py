"""What to say about an error that a learner's function raises, in place of a traceback."""

from __future__ import annotations

import inspect
import linecache
import re
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from coursekit.exercises.judging.trials import Trial
from coursekit.exercises.telling.blocks import Block, Code, Words

AT_MOST = 300
CODE_AT_MOST = 60
UNEQUAL = "Two tensors that meet element by element have different shapes."
MEANINGS = {
    ("RecursionError", ""): "A function that calls itself has to stop somewhere.",
    ("NameError", ""): "Is the name spelled as where it was defined, and has that cell been run?",
    ("UnboundLocalError", ""): "It is used before the function has given it a value.",
    ("SystemExit", ""): "exit() would end the kernel; return is what ends a function.",
    ("IndexError", "out of (bounds|range)"): (
        "An index went past the end: n rows are numbered from 0 to n − 1."
    ),
    ("RuntimeError", "must match the size"): UNEQUAL,
    ("RuntimeError", "expanded size of the tensor"): UNEQUAL,
    ("ValueError", "broadcast together"): UNEQUAL,
    ("RuntimeError", "(mat1 and mat2|inconsistent tensor size)"): (
        "@ is the matrix product, rows by columns; number by number is *."
    ),
    ("ValueError", "only one element tensors"): (
        "The functions of math take one number; torch.sqrt and the like take whole tensors."
    ),
    ("RuntimeError", "does not require grad"): (
        "backward() needs a tensor with requires_grad_(); a formula needs neither."
    ),
    ("RuntimeError", "negative dimension"): (
        "A size came out negative: what is subtracted from what?"
    ),
}


def raised(answer: Callable[..., Any], error: BaseException | None) -> list[Block]:
    """Return the learner's own line, and what went wrong there."""
    kind, message = type(error).__name__, clean(str(error))
    said = f"Your function raised {kind}{': ' if message else ''}{message}"
    blocks: list[Block] = [Words(said)]
    if line := learner_line(answer, error):
        blocks.append(Code(line))
    if why := meaning(kind, message):
        blocks.append(Words(why))
    return blocks


def also(trials: Sequence[Trial], found: Trial) -> str:
    """Return what happens on other inputs, where that is an error and the drawn one is not."""
    errors = [trial.call.error for trial in trials if trial.kind == "raised"]
    if found.kind == "raised" or not errors:
        return ""
    said = clean(f"{type(errors[0]).__name__}: {errors[0]}")
    return f"On {len(errors)} of {len(trials)} inputs tried it raises an error, such as {said}"


def meaning(kind: str, message: str) -> str:
    """Return what such an error usually means, or "".

    >>> meaning("IndexError", "index 3 is out of bounds for dimension 0 with size 3")
    'An index went past the end: n rows are numbered from 0 to n − 1.'
    """
    fits = (
        why for (name, part), why in MEANINGS.items() if name == kind and re.search(part, message)
    )
    return next(fits, "")


def clean(message: str) -> str:
    """Return an error message without addresses and paths, on one line.

    >>> clean("bad object at 0x7f00aa in /home/me/x.py")
    'bad object at … in …'
    """
    message = re.sub(r"0x[0-9a-fA-F]+", "…", message)
    message = re.sub(r"(?<![\w.)\]])(?:[A-Za-z]:)?(?:[/\\][\w.\-]+){2,}", "…", message)
    message = " ".join(message.split())
    return message if len(message) <= AT_MOST else message[:AT_MOST] + " …"


def learner_line(answer: Callable[..., Any], error: BaseException | None) -> str:
    """Return the innermost line of the learner's cell that raised, with its place, or ""."""
    try:
        code = inspect.unwrap(answer).__code__
    except Exception:
        return ""
    frames = traceback.walk_tb(error.__traceback__ if error else None)
    own = [(frame, at) for frame, at in frames if frame.f_code.co_filename == code.co_filename]
    if not own:
        return ""
    frame, at = own[-1]
    source = linecache.getline(frame.f_code.co_filename, at).strip()
    source = source if len(source) <= CODE_AT_MOST else source[:CODE_AT_MOST] + " …"
    place = f"line {at - frame.f_code.co_firstlineno + 1} of {frame.f_code.co_name}"
    return f"{source}    ← {place}" if source else place
