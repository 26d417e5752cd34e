"""What `warm_up` does: three questions on earlier lessons, those that were missed before first."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

from coursekit.arguments import integer
from coursekit.exercises import progress, registry
from coursekit.exercises.guessing import read, told, wanted
from coursekit.exercises.model import Guess, Recall
from coursekit.exercises.reading import is_open, same, show
from coursekit.exercises.telling import sentences
from coursekit.exercises.telling.blocks import Words
from coursekit.exercises.telling.outcome import Page

__all__ = ["chosen", "first_met", "warm_up"]

QUESTIONS = 3
WRONG = {"wrong", "raised"}


def warm_up(lesson: int, *answers: Any) -> Page:
    """Return three questions, or what can be said about their answers."""
    lesson = integer("lesson", lesson, minimum=2)
    if all(map(is_open, answers)):
        return _asked(lesson, _questions(lesson, again=True))
    questions = _questions(lesson, again=False)
    if len(answers) != len(questions):
        said = f"There are {len(questions)} questions, and this is {len(answers)}: put ... for one"
        return Page(headline="Warm-up", blocks=(Words(f"{said} that you leave open."),))
    pairs = list(zip(questions, answers, strict=True))
    blocks = tuple(Words(f"{n}. {_verdict(*pair)}") for n, pair in enumerate(pairs, 1))
    if all(read(question, answer) is not None for question, answer in pairs):
        progress.record(_name(lesson), progress.FINISHED)
    return Page(headline="Warm-up", blocks=blocks)


def chosen(lesson: int) -> list[Recall]:
    """Return the questions for a learner who begins this lesson: three, or fewer where fewer are.

    First those that they missed the last time, then those about exercises that they answered wrong,
    then those of the lessons just before.
    """
    known = [recall for recall in registry.recalls().values() if recall.lesson < lesson]
    if not known:
        raise ValueError(f"lesson is {lesson}; expected one that has lessons with questions before")
    places = {recall.id: _turn(known, recall) for recall in known}
    return sorted(known, key=lambda recall: (*_need(recall), *places[recall.id]))[:QUESTIONS]


def first_met(lesson: int) -> list[Guess]:
    """Return the questions as they are drawn for a learner who has answered nothing yet."""
    known = [recall for recall in registry.recalls().values() if recall.lesson < lesson]
    first = sorted(known, key=lambda recall: _turn(known, recall))[:QUESTIONS]
    return [recall.ask(Random(f"{recall.id} 1")) for recall in first]


def _turn(known: list[Recall], recall: Recall) -> tuple[int, int]:
    """Return where a question stands: the first of each lesson, the latest lesson first."""
    siblings = [other.id for other in known if other.lesson == recall.lesson]
    return siblings.index(recall.id), -recall.lesson


def _need(recall: Recall) -> tuple[bool, int]:
    """Return what puts a question first: it was missed, or exercises about it went wrong."""
    last = next((a.status for a in reversed(progress.attempts(recall.id))), "")
    wrong = sum(a.status in WRONG for id in recall.about for a in progress.attempts(id))
    return last != progress.MISSED, 0 if last == progress.RECALLED else -wrong


def _questions(lesson: int, *, again: bool) -> list[Guess]:
    """Return the questions of this round; a new round begins where the last one is finished.

    again: whether a new round may begin.
    """
    rounds = progress.attempts(_name(lesson))
    begun = any(attempt.status == progress.ASKED for attempt in rounds)
    if not begun or (again and rounds[-1].status == progress.FINISHED):
        ids = [recall.id for recall in chosen(lesson)]
        progress.record(_name(lesson), progress.ASKED, " ".join(ids))
    known = registry.recalls()
    return [known[id].ask(Random(f"{id} {nth}")) for id, nth in _latest(lesson) if id in known]


def _latest(lesson: int) -> list[tuple[str, int]]:
    """Return the questions of a lesson's latest round, and how often each was asked by then.

    In any lesson: a question that comes back has other numbers than those whose answer was told.
    """
    times: Counter[str] = Counter()
    latest = []
    for attempt in progress.attempts():
        if attempt.status == progress.ASKED:
            times.update(ids := attempt.answer.split())
            if attempt.exercise == _name(lesson):
                latest = [(id, times[id]) for id in ids]
    return latest


def _asked(lesson: int, questions: list[Guess]) -> Page:
    blocks = tuple(Words(f"{n}. {q.asks} ({wanted(q)})") for n, q in enumerate(questions, 1))
    call = f"warm_up({lesson}, {', '.join(['...'] * len(questions))})"
    how = Words(f"Answer all three in one line, in place of the dots: {call}")
    return Page(headline="Warm-up: three minutes on what you know", blocks=(*blocks, how))


def _verdict(question: Guess, answer: Any) -> str:
    if is_open(answer):
        return f"{question.asks} (open)"
    value = read(question, answer)
    if value is None:
        return f"{question.asks} Answer with {wanted(question)}; this is {sentences.what(answer)}."
    right = same(value, question.answer)
    progress.record(question.id, progress.RECALLED if right else progress.MISSED, show(value))
    return f"{question.asks} {told(question, value, you='You say')}"


def _name(lesson: int) -> str:
    return f"{lesson}.warm-up"
