"""What `guess` and `reveal` do: a guess is kept, and the page that answers it says how it did."""

from __future__ import annotations

import math
import textwrap
from typing import Any

from coursekit.exercises import progress, registry
from coursekit.exercises.model import Guess
from coursekit.exercises.reading import is_open, letter, numbers, same, show
from coursekit.exercises.telling import sentences
from coursekit.exercises.telling.outcome import Page

__all__ = ["guess", "read", "reveal", "told", "wanted"]

WIDTH = 100  # characters; on a laptop's screen JupyterLab breaks longer lines inside a word


def guess(id: str, answer: Any = ..., *more: Any) -> Page:
    """Keep a guess, and return what it was read as; another one takes its place.

    more: further numbers, where they come without brackets around them.
    """
    asked = registry.guess(id)
    answer = (answer, *more) if more else answer
    if is_open(answer):
        return _page(f"Your guess first: {wanted(asked)}, in place of the dots.")
    value = read(asked, answer)
    if value is None:
        return _page(
            f"Guess {wanted(asked)}; this is {sentences.what(answer)}.{_comma(asked, more)}"
        )
    trouble = progress.record(asked.id, progress.GUESSED, show(value))
    said = f"You guess {_named(asked, value)}. The next cell answers."
    return _page(f"{said} {trouble}".rstrip())


def reveal(id: str) -> None:
    """Print the answer of a guess, why it is so, and how the learner's guess did."""
    asked = registry.guess(id)
    last = progress.guessed(asked.id)
    said = told(asked, None if last is None else read(asked, last))
    print(textwrap.fill(said, WIDTH, break_long_words=False, break_on_hyphens=False))


def told(asked: Guess, value: Any, *, you: str = "You guessed") -> str:
    """Return the answer in words, and how a guess did: the value that was read, or None."""
    right = f"{_named(asked, asked.answer)}. {asked.because}"
    if value is None:
        return f"The answer: {right}"
    if same(value, asked.answer):
        return f"{you} {_named(asked, value)}, and so it is. {asked.because}"
    guessed = f"{_named(asked, value)}{_near(asked, value)}"
    return f"{you} {guessed}; it is {right}{_slip(asked, value)}"


def read(asked: Guess, answer: Any) -> Any:
    """Return the guess as a number, a tuple of numbers or a letter; None where it is neither."""
    if asked.options:
        return letter(asked.options, answer)
    many = isinstance(asked.answer, tuple)
    try:
        value = numbers(answer, one=not many)
    except Exception:
        return None
    if value is None or isinstance(value, tuple) != many:
        return None
    return None if asked.share and not 0 <= value <= 1 else value


def _comma(asked: Guess, more: tuple[Any, ...]) -> str:
    """Return what is said to 1,35, which is two numbers in Python."""
    one = not asked.options and not isinstance(asked.answer, tuple)
    return " A decimal number has a point, as in 0.5." if one and len(more) == 1 else ""


def _named(asked: Guess, value: Any) -> str:
    meaning = asked.options.get(value, "") if asked.options else ""
    return f"{show(value)}, {meaning}" if meaning else show(value)


def _near(asked: Guess, value: Any) -> str:
    if not asked.near or isinstance(value, tuple | str):
        return ""
    return ", and that is near" if math.isclose(value, asked.answer, abs_tol=asked.near) else ""


def _slip(asked: Guess, value: Any) -> str:
    found = (said for other, said in asked.slips.items() if same(value, other))
    return f" {said}" if (said := next(found, "")) else ""


def wanted(asked: Guess) -> str:
    """Return what kind of answer fits."""
    if asked.options:
        *most, last = asked.options
        return f"{', '.join(most)} or {last}"
    if asked.share:
        return "a share from 0 to 1, such as 0.6 for 60 %"
    many = len(asked.answer) if isinstance(asked.answer, tuple) else 1
    return "a number" if many == 1 else f"{many} numbers, such as ({', '.join('5' * many)})"


def _page(said: str) -> Page:
    return Page(headline=said)
