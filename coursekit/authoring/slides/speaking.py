"""What the speaker knows of each part of a divided slide."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from itertools import accumulate

from coursekit.authoring.slides.assembly import Remark

__all__ = ["about_parts"]

DRAWN = re.compile(r'<figure [^>]*><img [^>]*alt="(?:Part \d+: )?([^"]*)"')
SENTENCE = re.compile(r"(?<=[.?!])\s")


def about_parts(remarks: Sequence[Remark], parts: Sequence[Sequence[str]]) -> list[list[Remark]]:
    """Return the remarks of each part: those about its blocks.

    parts: a slide's blocks in order, those of each part together. Where nothing is known about a
    part, its pictures are what there is to say; where it has none, what was known before goes on,
    as what there is to say: nothing is asked twice.
    """
    ends = list(accumulate(len(part) for part in parts))
    shared: list[list[Remark]] = [[] for _ in parts]
    for remark in remarks:
        part = next((n for n, end in enumerate(ends) if remark.about < end), len(parts) - 1)
        shared[part].append(remark)
    for place in range(1, len(parts)):
        shared[place] = shared[place] or _pictured(parts[place]) or _going_on(shared[place - 1])
    return shared


def _pictured(blocks: Sequence[str]) -> list[Remark]:
    """Return the first sentence of each picture's description, as something to say."""
    told = [html.unescape(words) for block in blocks for words in DRAWN.findall(block)]
    return [Remark("say", _sentence(words)) for words in told if words]


def _going_on(before: Sequence[Remark]) -> list[Remark]:
    return [remark for remark in before if remark.kind != "ask"]


def _sentence(words: str) -> str:
    first = SENTENCE.split(words, maxsplit=1)[0]
    return f"{first[:1].upper()}{first[1:]}"
