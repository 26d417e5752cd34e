"""Which exercises there are."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from coursekit.arguments import short
from coursekit.exercises.model import Exercise

LESSONS = (1, 2, 3, 4, 5, 6, 7)


@cache
def catalogue() -> tuple[Exercise, ...]:
    """All exercises, in the order of the lessons."""
    lessons = (import_module(f"coursekit.exercises.lesson{number}") for number in LESSONS)
    found = [exercise for lesson in lessons for exercise in lesson.EXERCISES]
    return tuple(sorted(found, key=lambda e: tuple(map(int, e.id.split(".")))))


def exercise(id: str) -> Exercise:
    """Return the exercise with this id.

    Raises ValueError, naming the ids that exist, when there is none.
    """
    known = {found.id: found for found in catalogue()}
    if not isinstance(id, str) or id not in known:
        raise ValueError(f"id is {short(id)}; there is no such exercise, only {', '.join(known)}")
    return known[id]
