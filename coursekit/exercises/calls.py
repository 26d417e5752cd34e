"""Where a lesson's cells call `check`: which exercise they ask about, and with which answer."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Call", "calls", "only_call"]

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
