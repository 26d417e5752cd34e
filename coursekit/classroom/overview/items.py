"""How an exercise did as a question: how many get it right, and whether the strong ones do.

Facility is the share of right answers. Discrimination is the point-biserial correlation between
being right here and the score on the rest: the lesson's other exercises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

__all__ = ["ENOUGH", "Item", "items"]

EASY, HARD, WEAK = 0.95, 0.2, 0.15
ENOUGH = 20  # learners: with fewer, a correlation is mostly chance


@dataclass(frozen=True)
class Item:
    """One exercise.

    learners: whose notebooks were read. facility: from 0 to 1.
    discrimination: from -1 to 1, or None where it is not defined: all answers, or all other
    scores, are the same.
    """

    exercise: str
    learners: int
    facility: float
    discrimination: float | None

    @property
    def remark(self) -> str:
        """What a teacher may want to do about it, or ""."""
        if self.facility >= EASY:
            return "too easy: it takes time and tells nothing"
        if self.facility <= HARD:
            return "too hard: teach it again, or ask for less at a time"
        if self.learners < ENOUGH or self.discrimination is None:
            return ""
        if self.discrimination < 0:
            return "the strong miss it more often than the weak: is the question misread?"
        if self.discrimination < WEAK:
            return "does not tell strong from weak: is it guessed, or passed on?"
        return ""


def items(exercises: Sequence[str], right: Sequence[Sequence[bool]]) -> list[Item]:
    """Return the statistics of each exercise.

    right: for each learner, whether each exercise is right, in the order of the exercises.

    >>> [item.facility for item in items(["1.1", "1.2"], [[True, False], [True, True]])]
    [1.0, 0.5]
    """
    scores = [sum(row) for row in right]
    found = []
    for place, exercise in enumerate(exercises):
        here = [row[place] for row in right]
        rest = [score - own for score, own in zip(scores, here, strict=True)]
        facility = fmean(here) if here else 0.0
        found.append(Item(exercise, len(here), facility, _correlation(here, rest)))
    return found


def _correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    if len(first) < 2:
        return None
    one, two = fmean(first), fmean(second)
    both = sum((a - one) * (b - two) for a, b in zip(first, second, strict=True))
    spread = sum((a - one) ** 2 for a in first) * sum((b - two) ** 2 for b in second)
    return both / sqrt(spread) if spread else None
