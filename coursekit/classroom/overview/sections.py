"""The sections of the page, each as HTML; "" where there is nothing to say."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from coursekit.classroom.overview.bars import bar, key
from coursekit.classroom.overview.found import AGAIN, MISNAMED, NOTHING, TWICE, UNGRADED
from coursekit.classroom.overview.items import ENOUGH, Item
from coursekit.classroom.overview.tally import (
    DAMAGED,
    KINDS,
    NEVER_RUN,
    Group,
    LessonTally,
    Shared,
    Tally,
)
from coursekit.classroom.overview.words import People, many, printable, share, wide
from coursekit.exercises import registry
from coursekit.exercises.model import CounterexampleExercise

__all__ = [
    "Seen", "foot", "hand_ins", "misconceptions", "nameless", "questions", "table", "tomorrow",
]  # fmt: skip

FIRST = 3  # misconceptions to show again
GROUPS = 25
NO_REMARK = "None is too easy or too hard, and each tells strong from weak."
HEADS = {
    "right": "right", "named": "known mistake", "unnamed": "other mistake",
    "error": "error", "incomparable": "not com&shy;parable", "unattempted": "not tried",
    "unknown": "no verdict",
}  # fmt: skip
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
    NEVER_RUN: "Never run: the notebook holds no verdict",
}


@dataclass(frozen=True)
class Seen:
    """What the sections tell of: counts, what people are called, counterexamples drawn."""

    tally: Tally
    people: People
    drawn: dict[tuple[str, str], str]

    def lesson(self, exercise: str) -> LessonTally:
        """Return the counts of the lesson of an exercise."""
        number = registry.exercise(exercise).lesson
        return next(one for one in self.tally.lessons if one.lesson.number == number)


def tomorrow(seen: Seen) -> str:
    """Tell the three most shared misconceptions, ready to be shown."""
    first = seen.tally.shared[:FIRST]
    if not first:
        return "<p>No answer behaves like a misconception that the course knows.</p>"
    return "".join(_card(seen, place, one) for place, one in enumerate(first, 1))


def _card(seen: Seen, place: int, one: Shared) -> str:
    whole = seen.lesson(one.exercise.id).read
    return (
        f'<article class="card"><h3>{place}. {_called(one)}</h3>'
        f'<p><span class="many">{share(len(one.learners), whole)}</span> in '
        f"{_title(one.exercise.id)}</p><p>{escape(one.teaches)}</p>"
        f"{_drawing(seen, one)}{_who(seen, one.learners)}</article>"
    )


def _drawing(seen: Seen, one: Shared) -> str:
    drawn = seen.drawn.get((one.exercise.id, one.name), "")
    return wide(drawn, f"Example: {one.name}, {one.exercise.id}") if drawn else ""


def _who(seen: Seen, learners: tuple[int, ...] | list[int]) -> str:
    if not seen.people.named:
        return ""
    return f'<p class="who quiet">{seen.people.called(learners)}</p>'


def table(seen: Seen) -> str:
    """Tell how the answers to each exercise came out, as bars and as numbers."""
    lessons = seen.tally.lessons
    met = {kind for one in lessons for kinds in one.kinds.values() for kind in +kinds}
    used = [kind for kind in KINDS if kind in met]
    heads = "".join(f'<th scope="col">{HEADS[kind]}</th>' for kind in used)
    first = '<th scope="col">exercise</th><th scope="col" class="bar">answers</th>'
    head = f"<thead><tr>{first}{heads}</tr></thead>"
    bodies = "".join(_body(one, used) for one in seen.tally.lessons)
    return key() + wide(f'<table class="counts">{head}{bodies}</table>', "Answers by exercise")


def _body(one: LessonTally, used: list[str]) -> str:
    rows = []
    for id in one.exercises:
        kinds = one.kinds[id]
        cells = "".join(
            f'<td class="{"" if kinds[kind] else "none"}">{kinds[kind] or "–"}</td>'
            for kind in used
        )
        rows.append(
            f'<tr><th scope="row"><a href="#e{id}">{id}</a> {_name(id)}</th>'
            f'<td class="bar">{bar(kinds, one.read)}</td>{cells}</tr>'
        )
    label = f"Lesson {one.lesson.number}, {many(one.read, 'notebook')}"
    head = f'<tr class="lesson"><th scope="rowgroup" colspan="{len(used) + 2}">{label}</th></tr>'
    return f"<tbody>{head}{''.join(rows)}</tbody>"


def misconceptions(seen: Seen) -> str:
    """Tell every misconception that somebody has: how many, what helps, an example to unfold."""
    parts = []
    for id in (id for lesson in seen.tally.lessons for id in lesson.exercises):
        here = [one for one in seen.tally.shared if one.exercise.id == id]
        told = "".join(_line(seen, one) for one in here)
        none = "<p class='quiet'>No misconception that the course knows.</p>"
        body = f'<ul class="list">{told}</ul>' if told else none
        parts.append(f'<h3 id="e{id}">{_title(id)}</h3>{body}')
    return "".join(parts)


def _line(seen: Seen, one: Shared) -> str:
    whole = seen.lesson(one.exercise.id).read
    drawn = _drawing(seen, one)
    fold = f"<details><summary>Example</summary><div>{drawn}</div></details>" if drawn else ""
    return (
        f'<li><span class="many">{share(len(one.learners), whole)}</span> '
        f"<b>{_called(one)}</b><p>{escape(one.teaches)}</p>{fold}"
        f"{_who(seen, one.learners)}</li>"
    )


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
    title = escape(registry.exercise(group.exercise).title)
    inside = "".join(
        wide(f"<pre>{part}</pre>", f"{label}, {group.exercise} {group.status}")
        for label, part in (("What check says", said), ("The shortest answer", source))
        if part
    )
    fold = f"<details><summary>What it does, and its code</summary><div>{inside}</div></details>"
    return (
        f'<li><span class="many">{share(len(group.learners), whole)}</span> in '
        f"{group.exercise} {title} – {STATUS[group.status]}{fold if inside else ''}"
        f"{_who(seen, group.learners)}</li>"
    )


def questions(seen: Seen) -> str:
    """Tell how many get each exercise right, and whether those do who are strong elsewhere."""
    found = [item for lesson in seen.tally.lessons for item in lesson.items]
    small = min(lesson.read for lesson in seen.tally.lessons) < ENOUGH
    note = (
        f"<p><b>Fewer than {ENOUGH} notebooks were read: whether an exercise tells strong from "
        "weak is then mostly chance, and nothing is made of it below.</b></p>"
        if small
        else ""
    )
    intro = (
        "<p>Right: the share of right answers. Tells apart: how closely a right answer here goes "
        "with being right in the lesson's other exercises, from −1 over 0 (not at all) to 1; it is "
        "the point-biserial correlation with the rest of the score.</p>"
    )
    rows = "".join(map(_item, found))
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("exercise", "right", "tells apart"))
    head = f'<thead><tr>{heads}<th scope="col" class="words">what to make of it</th></tr></thead>'
    body = f'<table class="counts">{head}<tbody>{rows}</tbody></table>'
    none = "" if any(i.remark for i in found) or small else f"<p>{NO_REMARK}</p>"
    return intro + note + none + wide(body, "Exercises as questions")


def _item(item: Item) -> str:
    value = item.discrimination
    told = "–" if value is None else f"{value:.2f}".replace("-", "−")
    return (
        f'<tr><th scope="row">{item.exercise} {_name(item.exercise)}</th>'
        f"<td>{item.facility:.0%}</td><td>{told}</td>"
        f'<td class="words">{escape(item.remark)}</td></tr>'
    ).replace("%</td>", " %</td>")


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


def _trouble(seen: Seen, head: str, who: list[tuple[int, tuple[str, ...]]]) -> str:
    called = []
    for place, told in who:
        # Files may be called by a person's name.
        shown = told if seen.people.named or head == TROUBLES[DAMAGED] else ()
        names = ", ".join(escape(printable(part)) for part in shown)
        called.append(f"{seen.people.called([place])}{f' ({names})' if names else ''}")
    return f'<li><span class="many">{len(who)}</span> {head}<p>{"; ".join(called)}</p></li>'


def foot(seen: Seen) -> str:
    """Return how the page came about."""
    numbered = " Learners are numbered in the order of their folders' names; --names shows those."
    whose = "" if seen.people.named else numbered
    return (
        f'<p class="quiet foot">Read from {seen.tally.of.kind}: in each notebook, the last verdict '
        "on each exercise. A known mistake is an answer that behaves like a misconception of the "
        "course; one that behaves like two counts for both. The examples of the most shared are "
        f"drawn, each on the smallest input that shows it.{whose}</p>"
    )


def _title(id: str) -> str:
    return f"{id} {escape(registry.exercise(id).title)}"


def _name(id: str) -> str:
    return escape(registry.exercise(id).title)


def _called(one: Shared) -> str:
    """Return the name of a misconception, or of an input on which a bug stays hidden."""
    hidden = isinstance(one.exercise, CounterexampleExercise)
    return f"the bug hidden by {escape(one.name)}" if hidden else escape(one.name)
