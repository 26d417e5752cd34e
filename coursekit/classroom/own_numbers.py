"""Puts cells that ask, each learner with numbers of their own, in place of a lesson's questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from coursekit.authoring.lesson import BEGIN
from coursekit.exercises import registry
from coursekit.exercises.variants import has_variants

__all__ = ["STATEMENT", "argument", "asked", "asks"]

STATEMENT = re.compile(r"### Exercise (?P<id>[\d.]+):")
OTHERS = "In this question each learner has other numbers. The next cell asks it with yours."
WHOSE = """\
## Whose numbers?

In some questions each learner has other numbers, drawn from the id under which they hand in. Run
the cell below. If it does not name yours, write it in place of the dots, in quotation marks, and
run the cell again. What the lesson goes on with after such a question is its own numbers."""
LEARNER = """\
from coursekit.exercises import learner

learner(...)"""
ASK = """\
from coursekit.exercises import question

question("{id}"{own})"""
ASKS = re.compile(r'^question\("[\d.]+", draw="\w+"\)$', re.MULTILINE)
SOLUTION = "# To the lesson's own question; each learner's has another answer."


def asked(cells: Sequence[NotebookNode], draw: str) -> list[NotebookNode]:
    """Return a lesson's cells, with a cell that asks before each answer that has variants.

    What stood between such a question and its answer belongs to the lesson's own numbers, and is
    left out. Before the first of them the learner is asked for their id.
    """
    found = list(_asked(cells, draw))
    first = next((place for place, cell in enumerate(found) if asks(cell.source)), None)
    if first is not None:
        whose = new_markdown_cell(WHOSE, id="whose"), new_code_cell(LEARNER, id="learner")
        found[first - 1 : first - 1] = whose  # above the exercise's own heading
    return found


def asks(source: str) -> bool:
    """Return whether a cell asks a question with a learner's own numbers."""
    return ASKS.search(source) is not None


def argument(id: str, draw: str) -> str:
    """Return what a call says beside the exercise where its numbers are the learner's own."""
    own = draw and has_variants(registry.exercise(id))
    return f', draw="{draw}"' if own else ""


def _asked(cells: Sequence[NotebookNode], draw: str) -> Iterator[NotebookNode]:
    id = ""  # the exercise whose answer comes next, where it has variants
    for cell in cells:
        if statement := STATEMENT.match(cell.source):
            id = statement["id"] if argument(statement["id"], draw) else ""
            if id:
                cell.source = f"{cell.source.splitlines()[0]}\n\n{OTHERS}"
        elif id and BEGIN in cell.source:
            cell.source = cell.source.replace(BEGIN, f"{BEGIN}\n{SOLUTION}", 1)
            name = cell.id.replace("answer-", "question-", 1)
            yield new_code_cell(ASK.format(id=id, own=argument(id, draw)), id=name)
            id = ""
        elif id:
            continue
        yield cell
