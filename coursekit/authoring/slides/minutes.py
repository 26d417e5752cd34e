"""How the minutes of a lesson are shared among its slides."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["share"]

UNIT = 0.5  # minutes
EXERCISES_AT_MOST = 0.5  # of the lesson's time; the rest of a long exercise is for after the hour


def share(total: float, exercises: Sequence[float], words: Sequence[int]) -> list[float]:
    """Return the minutes of each slide, in halves; they add up to `total`.

    exercises: minutes of the exercises on each slide, 0 where there is none. They count in full,
    or in proportion where together they would take more than half of the time.
    words: of each slide and its notes. The other slides share what is left in proportion to them,
    and have half a minute at least.
    Raises ValueError where `total` has no half minute for each slide.

    >>> share(10, [0, 2, 0], [30, 5, 10])
    [6.0, 2.0, 2.0]
    """
    if total < UNIT * len(words):
        raise ValueError(f"total is {total} minutes; expected {UNIT * len(words)} for the slides")
    allowed = EXERCISES_AT_MOST * total / max(sum(exercises), EXERCISES_AT_MOST * total)
    asked = [max(1, round(minutes * allowed / UNIT)) if minutes else 0 for minutes in exercises]
    others = [0 if units else max(count, 1) for units, count in zip(asked, words, strict=True)]
    if not sum(others):
        others = list(asked)
    left = round(total / UNIT) - sum(asked)
    shares = _apportion(left, others)
    return [(a + b) * UNIT for a, b in zip(asked, shares, strict=True)]


def _apportion(units: int, weights: Sequence[int]) -> list[int]:
    """Return whole units in proportion to the weights, one at least where there is a weight."""
    given = [int(weight > 0) for weight in weights]
    while sum(given) < units:
        owed = [
            weight / (2 * have + 1) if have else 0.0
            for weight, have in zip(weights, given, strict=True)
        ]
        given[owed.index(max(owed))] += 1
    return given
