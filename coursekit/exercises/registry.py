"""Which exercises and guesses there are: those of each bank `lessonN` in this folder."""

from __future__ import annotations

import re
import sys
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from coursekit.arguments import short
from coursekit.exercises.model import Exercise, Guess, Recall
from coursekit.machine.settings import settled

__all__ = ["catalogue", "exercise", "guess", "guesses", "recalls"]

BANK = re.compile(r"lesson\d+")


@settled  # banks hold tensors, which are made when they are imported
def banks() -> list[ModuleType]:
    """Return the lessons' banks, by their names."""
    room = import_module(__package__)
    found = (module.name for module in iter_modules(room.__path__) if BANK.fullmatch(module.name))
    return [import_module(f"{__package__}.{name}") for name in found]


@cache
def catalogue() -> tuple[Exercise, ...]:
    """Return all exercises, in the order of the lessons."""
    found = [exercise for bank in banks() for exercise in bank.EXERCISES]
    return tuple(sorted(found, key=lambda e: tuple(map(int, e.id.split(".")))))


@cache
def guesses() -> dict[str, Guess]:
    """Return all guesses by their ids, in the order of the lessons."""
    return {guess.id: guess for bank in banks() for guess in getattr(bank, "GUESSES", ())}


@cache
def recalls() -> dict[str, Recall]:
    """Return the questions that later lessons begin with, by their ids, in order of lessons."""
    return {recall.id: recall for bank in banks() for recall in getattr(bank, "RECALLS", ())}


def exercise(id: str) -> Exercise:
    """Return the exercise with this id.

    Raises ValueError, naming the ids that exist, when there is none.
    """
    if found := _in_its_bank(id):
        return found
    known = {found.id: found for found in catalogue()}
    if not isinstance(id, str) or id not in known:
        raise ValueError(f"id is {short(id)}; there is no such exercise, only {', '.join(known)}")
    return known[id]


def _in_its_bank(id: object) -> Exercise | None:
    """Return the exercise, found without the other lessons' banks, whose import takes time."""
    number = id.partition(".")[0] if isinstance(id, str) else ""
    if not number.isdecimal():
        return None
    bank = sys.modules.get(f"{__package__}.lesson{number}") or _imported(f"lesson{number}")
    return next(
        (exercise for exercise in getattr(bank, "EXERCISES", ()) if exercise.id == id), None
    )


@settled
def _imported(bank: str) -> ModuleType | None:
    room = import_module(__package__)
    if bank not in {module.name for module in iter_modules(room.__path__)}:
        return None
    return import_module(f"{__package__}.{bank}")


def guess(id: str) -> Guess:
    """Return the guess with this id.

    Raises ValueError, naming the ids that exist, when there is none.
    """
    known = guesses()
    if not isinstance(id, str) or id not in known:
        raise ValueError(f"id is {short(id)}; there is no such guess, only {', '.join(known)}")
    return known[id]
