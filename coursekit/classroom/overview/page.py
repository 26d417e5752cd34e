"""The page of a class: one HTML file that needs nothing else."""

from __future__ import annotations

from html import escape
from pathlib import Path
from statistics import median

from coursekit.classroom.overview import amiss, sections
from coursekit.classroom.overview.drawn import drawings
from coursekit.classroom.overview.questions import questions
from coursekit.classroom.overview.seen import Seen
from coursekit.classroom.overview.tally import Tally
from coursekit.classroom.overview.words import People, many
from coursekit.machine.template import filled

__all__ = ["page"]

TITLE = "What the class misunderstood"
SECTIONS = {
    "tomorrow": ("Show again tomorrow", sections.tomorrow),
    "exercises": ("The exercises at a glance", sections.table),
    "handed-in": ("Hand-ins to look at", amiss.hand_ins),
    "nameless": ("Wrong answers without a name", amiss.nameless),
    "questions": ("The exercises as questions", questions),
    "misconceptions": ("Misconceptions, exercise by exercise", sections.misconceptions),
}


def page(tally: Tally, *, names: bool = False) -> str:
    """Return the page.

    names: whether learners are called by the names of their folders; else they are numbered.
    """
    seen = Seen(tally, People(tally.of.learners, names), drawings(tally.shared))
    shown = {id: (head, told) for id, (head, tell) in SECTIONS.items() if (told := tell(seen))}
    links = " ".join(f'<a href="#{id}">{head}</a>' for id, (head, _) in shown.items())
    main = "\n".join(
        f'<section aria-labelledby="{id}"><h2 id="{id}">{head}</h2>\n{told}</section>'
        for id, (head, told) in shown.items()
    )
    header = f'{_header(tally)}<nav class="screen" aria-label="On this page">{links}</nav>'
    title = f"{TITLE}: {_lessons(tally)}"
    parts = {"TITLE": title, "HEADER": header, "MAIN": main + sections.foot(seen)}
    return filled(Path(__file__).with_name("page.html"), parts)


def _header(tally: Tally) -> str:
    learners, read = len(tally.of.learners), sum(lesson.read for lesson in tally.lessons)
    halves = [
        (median(map(sum, lesson.right)), len(lesson.exercises), lesson.lesson.number)
        for lesson in tally.lessons
    ]
    facts = [
        (str(learners), "learner" if learners == 1 else "learners"),
        (str(read), "notebook read" if read == 1 else "notebooks read"),
        *((f"{half:g} of {all}", f"right: the median of lesson {n}") for half, all, n in halves),
        (str(sum(one.is_taught for one in tally.shared)), "misconceptions met"),
    ]
    told = "".join(f"<li><b>{number}</b>{escape(what)}</li>" for number, what in facts)
    return (
        f"<h1>{TITLE}</h1><p class='quiet'>{escape(_lessons(tally))}</p>"
        f'<ul class="facts">{told}</ul>'
    )


def _lessons(tally: Tally) -> str:
    numbers = [str(lesson.lesson.number) for lesson in tally.lessons]
    if len(numbers) == 1:
        topic = tally.lessons[0].lesson.name[3:].replace("_", " ")
        return f"Lesson {numbers[0]}, {topic}"
    return f"Lessons {', '.join(numbers[:-1])} and {numbers[-1]} ({many(len(numbers), 'lesson')})"
