"""Reads an answer that is no function, in the many ways in which a person may write it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["is_open", "letter", "numbers", "same", "show"]

THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")


def is_open(answer: Any) -> bool:
    """Return whether nothing is answered: dots, None, or a text of nothing but dots."""
    return answer is None or answer is ... or (isinstance(answer, str) and not answer.strip(". "))


def letter(options: Mapping[str, str], answer: Any) -> str | None:
    """Return the letter, from the letter itself or from the name of its option, or None."""
    said = answer.strip().strip("().").lower() if isinstance(answer, str) else ""
    names = {name.lower(): letter for letter, name in options.items()}
    letters = {letter.lower(): letter for letter in options}
    return {**names, **letters}.get(said)


def numbers(answer: Any, *, one: bool) -> Any:
    """Return a number, or a tuple of several, from whatever a person may write for one.

    one: whether one number is asked for, so that "8,768" is thousands, and no pair.
    Raises ValueError or TypeError for what is neither, such as a table of numbers.
    """
    if isinstance(answer, str):
        return _from_text(answer, one)
    value = answer.tolist() if hasattr(answer, "tolist") else answer
    if isinstance(value, Iterable):
        parts = tuple(map(_number, value))
        return parts[0] if one and len(parts) == 1 else parts or None
    return _number(value)


def same(left: Any, right: Any) -> bool:
    """Return whether an answer is the right one: a number with a point, as far as it is written.

    Two digits that count are enough, and a part in a thousand is no difference.

    >>> same((4, 7), (4, 7)), same(0.67, 90 / 134), same(0.7, 90 / 134), same("A", "B")
    (True, True, False, False)
    """
    if isinstance(left, str) or isinstance(right, str):
        return left == right
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, tuple) or isinstance(right, tuple):
        return False
    if left == right or not isinstance(right, float):
        return left == right
    if math.isclose(left, right, rel_tol=1e-3, abs_tol=1e-9):
        return True
    places = len(f"{left!r}".partition(".")[2])
    return abs(left) * 10**places >= 10 and round(right, places) == left


def show(value: Any) -> str:
    """Return an answer as it is shown and recorded.

    >>> show((4, 7)), show(3.0), show("B")
    ('(4, 7)', '3', 'B')
    """
    if isinstance(value, tuple):
        return f"({', '.join(map(show, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.6g}"
    return str(value)


def _number(value: Any) -> int | float:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"{value!r} is no number")
    return int(value) if float(value).is_integer() else float(value)


def _from_text(text: str, one: bool) -> Any:
    """Return the numbers in a text such as "4×7", "(4, 7)" or, where one is asked, "8,768"."""
    if one and text.rstrip().endswith("%"):
        return _number(float(text.strip().removesuffix("%")) / 100)
    bare = text.strip().strip("()[]").replace("×", ",").replace("x", ",").replace("−", "-")
    if one and THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    parts = tuple(_number(float(part)) for part in bare.split(",") if part.strip())
    return parts[0] if len(parts) == 1 else parts or None
