"""Where a lesson's cells ask: calls of `check`, `guess` and `reveal`, and what belongs to them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["GUESS", "HEADING", "REVEAL", "Call", "calls", "only_call", "readings"]

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


def readings(cells: Iterable[tuple[str, str]]) -> list[bool]:
    """Return for each cell, (its kind, its source), whether it says what a guess came to.

    The one cell of prose that follows an answer's cell reads it out, and so gives it away, but for
    a heading, and for one that leads on: to the next guess, or with a colon to the cell below.

    >>> readings([("code", 'reveal("1.steep")'), ("markdown", "One weight grows.")])
    [False, True]
    >>> readings([("code", 'reveal("1.steep")'), ("markdown", "PyTorch agrees:")])
    [False, False]
    """
    cells = [("", ""), *cells, ("", "")]
    around = zip(cells, cells[1:], cells[2:], strict=False)
    return [
        kind == "markdown" and _reads(before, prose, after)
        for (_, before), (kind, prose), (_, after) in around
    ]


def _reads(before: str, prose: str, after: str) -> bool:
    leads_on = HEADING.match(prose) or GUESS.search(after) or prose.rstrip().endswith(":")
    return bool(REVEAL.search(before)) and not leads_on
