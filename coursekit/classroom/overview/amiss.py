"""The sections on what needs a look: answers without a name, and hand-ins; "" for nothing."""

from __future__ import annotations

from html import escape

from coursekit.classroom.overview.found import AGAIN, MISNAMED, NOTHING, TWICE, UNGRADED
from coursekit.classroom.overview.seen import Seen, title, who
from coursekit.classroom.overview.tally import DAMAGED, MISTAKEN_ID, NEVER_RUN, Group
from coursekit.classroom.overview.words import many, printable, share, wide

__all__ = ["hand_ins", "nameless"]

GROUPS = 25
STATUS = {
    "wrong": "wrong", "raised": "stopped by an error", "not comparable": "cannot be compared",
}  # fmt: skip
TROUBLES = {
    NOTHING: "Handed in nothing",
    DAMAGED: "Damaged: cannot be read, and counts nowhere on this page",
    MISNAMED: "Misnamed: nbgrader does not grade it under this name",
    TWICE: "Handed in twice: the one with the right name counts",
    UNGRADED: "Handed in and not graded yet",
    AGAIN: "Handed in again after it was graded: the earlier one is what counts here",
    MISTAKEN_ID: "Worked with another id: the notebook asked somebody else's questions",
    NEVER_RUN: "Never run: the notebook holds no verdict",
}


def nameless(seen: Seen) -> str:
    """Tell the wrong answers for which the course has no name, in groups that do the same."""
    groups = seen.tally.groups
    if not groups:
        return ""
    intro = (
        "<p>The course has no name for these mistakes. Answers stand together where they fail on "
        "the same input in the same way; the code is the shortest of each group, without "
        "comments.</p>"
    )
    more = (
        f"<p>And {many(len(groups) - GROUPS, 'smaller group')}.</p>" if len(groups) > GROUPS else ""
    )
    return f'{intro}<ul class="list">{"".join(_group(seen, g) for g in groups[:GROUPS])}</ul>{more}'


def _group(seen: Seen, group: Group) -> str:
    whole = seen.lesson(group.exercise).read
    said, source = (escape(printable(part)) for part in (group.said, group.source))
    inside = "".join(
        wide(f"<pre>{part}</pre>", f"{label}, {group.exercise} {group.status}")
        for label, part in (("What check says", said), ("The shortest answer", source))
        if part
    )
    fold = f"<details><summary>What it does, and its code</summary><div>{inside}</div></details>"
    return (
        f'<li><span class="many">{share(len(group.learners), whole)}</span> in '
        f"{title(group.exercise)} – {STATUS[group.status]}{fold if inside else ''}"
        f"{who(seen, group.learners)}</li>"
    )


def hand_ins(seen: Seen) -> str:
    """Tell who has handed in nothing, or something that is amiss."""
    parts = []
    for lesson in seen.tally.lessons:
        found = [
            _trouble(seen, head, lesson.troubles[trouble])
            for trouble, head in TROUBLES.items()
            if lesson.troubles.get(trouble)
        ]
        if found:
            parts.append(
                f"<h3>Lesson {lesson.lesson.number}</h3><ul class='list'>{''.join(found)}</ul>"
            )
    return "".join(parts) or "<p>Nothing is missing, damaged, misnamed or there twice.</p>"


def _trouble(seen: Seen, head: str, late: list[tuple[int, tuple[str, ...]]]) -> str:
    called = []
    for place, told in late:
        # Files may be called by a person's name.
        shown = told if seen.people.named or head == TROUBLES[DAMAGED] else ()
        names = ", ".join(escape(printable(part)) for part in shown)
        called.append(f"{seen.people.called([place])}{f' ({names})' if names else ''}")
    return f'<li><span class="many">{len(late)}</span> {head}<p>{"; ".join(called)}</p></li>'
