"""The sections of the page that tell what was misunderstood, each as HTML."""

from __future__ import annotations

from html import escape

from coursekit.classroom.overview.bars import bar, key
from coursekit.classroom.overview.seen import Seen, name_of, title, who
from coursekit.classroom.overview.tally import KINDS, LessonTally, Shared
from coursekit.classroom.overview.words import many, share, wide
from coursekit.exercises.model import CounterexampleExercise

__all__ = ["foot", "misconceptions", "table", "tomorrow"]

FIRST = 3  # misconceptions to show again
OWN = "Each learner had other numbers; here are the lesson's own."
HEADS = {
    "right": "right", "named": "known mistake", "unnamed": "other mistake",
    "error": "error", "incomparable": "not com&shy;parable", "unattempted": "not tried",
    "unknown": "no verdict",
}  # fmt: skip


def tomorrow(seen: Seen) -> str:
    """Tell the three most shared misconceptions, ready to be shown."""
    first = [one for one in seen.tally.shared if one.is_taught][:FIRST]
    if not first:
        return "<p>No answer behaves like a misconception that the course knows.</p>"
    return "".join(_card(seen, place, one) for place, one in enumerate(first, 1))


def _card(seen: Seen, place: int, one: Shared) -> str:
    whole = seen.lesson(one.exercise.id).read
    return (
        f'<article class="card"><h3>{place}. {_called(one)}</h3>'
        f'<p><span class="many">{share(len(one.learners), whole)}</span> in '
        f"{title(one.exercise.id)}</p>{_own_numbers(seen, one)}<p>{escape(one.teaches)}</p>"
        f"{_drawing(seen, one)}{who(seen, one.learners)}</article>"
    )


def _drawing(seen: Seen, one: Shared) -> str:
    drawn = seen.drawn.get((one.exercise.id, one.name), "")
    return wide(drawn, f"Example: {one.name}, {one.exercise.id}") if drawn else ""


def _own_numbers(seen: Seen, one: Shared) -> str:
    """Return whose numbers the sentence that teaches has, where each learner had other ones."""
    own = one.exercise.id in seen.lesson(one.exercise.id).own_numbers
    return f"<p class='quiet'>{OWN}</p>" if own and one.is_taught else ""


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
            f'<tr><th scope="row"><a href="#e{id}">{id}</a> {name_of(id)}</th>'
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
        parts.append(f'<h3 id="e{id}">{title(id)}</h3>{body}')
    return "".join(parts)


def _line(seen: Seen, one: Shared) -> str:
    whole = seen.lesson(one.exercise.id).read
    drawn = _drawing(seen, one)
    fold = f"<details><summary>Example</summary><div>{drawn}</div></details>" if drawn else ""
    return (
        f'<li><span class="many">{share(len(one.learners), whole)}</span> '
        f"<b>{_called(one)}</b>{_own_numbers(seen, one)}<p>{escape(one.teaches)}</p>{fold}"
        f"{who(seen, one.learners)}</li>"
    )


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


def _called(one: Shared) -> str:
    """Return the name of a misconception, or of an input on which a bug stays hidden."""
    hidden = isinstance(one.exercise, CounterexampleExercise)
    return f"the bug hidden by {escape(one.name)}" if hidden else escape(one.name)
