"""The counts of a class as a table for a spreadsheet; nobody's name is in it."""

from __future__ import annotations

import csv
import io

from coursekit.classroom.overview.tally import KINDS, Tally
from coursekit.exercises import registry

__all__ = ["counts"]

COLUMNS = ("lesson", "exercise", "title", "what", "name", "learners", "of")


def counts(tally: Tally) -> str:
    """Return the table as CSV: a line for each kind of answer, then for each misconception.

    what: "answers", where name is a kind of answer, and these add up to `of`; "misconception",
    where one answer may count for two.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for one in tally.lessons:
        for id in one.exercises:
            begin = one.lesson.number, id, registry.exercise(id).title
            for kind in KINDS:
                table.writerow((*begin, "answers", kind, one.kinds[id][kind], one.read))
            here = [(len(who), name) for (of, name), who in one.named.items() if of == id]
            for many, name in sorted(here, key=lambda pair: (-pair[0], pair[1])):
                table.writerow((*begin, "misconception", name, many, one.read))
    return text.getvalue()
