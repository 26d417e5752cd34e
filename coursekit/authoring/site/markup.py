"""HTML inside MyST's Markdown, and data inside HTML."""

from __future__ import annotations

import html
import json
import re

__all__ = ["code", "data", "escaped", "raw", "sentence_case"]

PROGRAM = re.compile(r"nan\b|\w+[._(=]\w")

escaped = html.escape


def raw(markup: str) -> str:
    """Return a block of MyST that puts the HTML into the page as it is."""
    return _fenced("{raw} html", markup)


def code(source: str, language: str = "python") -> str:
    """Return a block of MyST that shows a program in colours."""
    return _fenced(f"{{code-block}} {language}", source)


def data(value: object) -> str:
    """Return a script element that holds a value for the page's programs; the search skips it."""
    text = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json">{text}</script>'


def sentence_case(text: str) -> str:
    """Return the text with a capital at its beginning, unless it begins with a word of a program.

    >>> sentence_case("both letters"), sentence_case("model.eval() before it"), sentence_case("nan")
    ('Both letters', 'model.eval() before it', 'nan')
    """
    return text if PROGRAM.match(text) else f"{text[:1].upper()}{text[1:]}"


def _fenced(kind: str, content: str) -> str:
    runs = re.findall(r"`{3,}", content)
    fence = "`" * max([3, *(len(run) + 1 for run in runs)])
    return f"{fence}{kind}\n{content}\n{fence}"
