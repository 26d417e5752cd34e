"""Where a lesson's cells ask: calls of `check`, `guess` and `reveal`, and what belongs to them."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["GUESS", "REVEAL", "Call", "calls", "only_call", "reads_answer"]

GUESS = re.compile(r'^guess\("([\w.-]+)"', re.MULTILINE)
REVEAL = re.compile(r'^reveal\("([\w.-]+)"\)', re.MULTILINE)
HEADING = re.compile(r"#{1,6} ")

CHECK = re.compile(
    r"""^check\(\s*(?P<quote>["'])(?P<id>\d+\.\d+)(?P=quote)\s*(?:,\s*(?P<answer>\w+)\s*\))?""",
    re.MULTILINE,
)


class Call(NamedTuple):
    """One call of `check`.

    answer: the name that is checked, or "" where there stands more than a name.
    """

    id: str
    answer: str


def calls(source: str) -> list[Call]:
    """Return the calls of `check` at the beginning of a line, in order.

    >>> calls('check("2.2", corr2d)')
    [Call(id='2.2', answer='corr2d')]
    """
    return [Call(found["id"], found["answer"] or "") for found in CHECK.finditer(source)]


def only_call(source: str) -> Call | None:
    """Return the call of which a cell consists, with a name for its answer, or None."""
    found = CHECK.fullmatch(source.strip())
    return Call(found["id"], found["answer"]) if found and found["answer"] else None


def reads_answer(prose: str, *, before: str, after: str) -> bool:
    """Return whether a cell of prose says what a guess came to, and so gives it away.

    before, after: the sources of the cells around it. The one paragraph that follows an answer's
    cell reads it out, but for a heading, and for one that leads on: to the next guess, or with a
    colon at its end to the cell below.

    >>> reads_answer("One weight grows.", before='reveal("1.steep")', after="x = 1")
    True
    >>> reads_answer("PyTorch agrees:", before='reveal("1.steep")', after="x = 1")
    False
    """
    leads_on = HEADING.match(prose) or GUESS.search(after) or prose.rstrip().endswith(":")
    return bool(REVEAL.search(before)) and not leads_on
