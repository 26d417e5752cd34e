"""Small words and numbers of the page, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["People", "many", "share", "wide"]

LISTED = 60  # people in one line


@dataclass(frozen=True)
class People:
    """What learners are called: by their names where those were asked for, else by numbers."""

    learners: Sequence[str]
    named: bool

    def called(self, places: Iterable[int]) -> str:
        """Return these learners as one line."""
        found = list(places)
        if self.named:
            words = [escape(printable(self.learners[place])) for place in found[:LISTED]]
        else:
            words = [f"learner {place + 1}" for place in found[:LISTED]]
        more = len(found) - LISTED
        return ", ".join(words) + (f" and {more} more" if more > 0 else "")


def many(number: int, one: str, more: str = "") -> str:
    """Return a number and what it counts.

    >>> many(1, "learner"), many(2, "copy", "copies")
    ('1 learner', '2 copies')
    """
    return f"{number} {one if number == 1 else more or one + 's'}"


def share(part: int, whole: int) -> str:
    """Return a part of a whole, with its percentage.

    >>> share(5, 30)
    '5 of 30 (17 %)'
    """
    return f"{part} of {whole} ({part / whole:.0%})".replace("%", " %") if whole else f"{part} of 0"


def wide(inside: str, label: str) -> str:
    """Return what may be wider than the screen, in a frame that scrolls and takes the keyboard."""
    return (
        f'<div class="wide" tabindex="0" role="group" aria-label="{escape(label)}">{inside}</div>'
    )


def printable(text: str) -> str:
    """Return a text without what is no visible character; line ends stay."""
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in text)
