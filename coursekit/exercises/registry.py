"""Which exercises there are: those of each bank `lessonN` in this folder."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from coursekit.arguments import short
from coursekit.exercises.model import Exercise

__all__ = ["catalogue", "exercise"]

BANK = re.compile(r"lesson\d+")


@cache
def catalogue() -> tuple[Exercise, ...]:
    """Return all exercises, in the order of the lessons."""
    room = import_module(__package__)
    banks = (found.name for found in iter_modules(room.__path__) if BANK.fullmatch(found.name))
    lessons = (import_module(f"{__package__}.{name}") for name in banks)
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
