"""What of a long row of cases runs in `make test`, and what in CI alone."""

from collections.abc import Callable, Iterable, Sequence

import pytest


def some(cases: Iterable, here: Callable[[object], bool]) -> list:
    """Return a row of pytest's params: those that are not to run here are marked for CI.

    here: whether a case runs in `make test` too.
    """
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=[] if here(case) else [pytest.mark.ci],
        )
        for case in cases
    ]


def two_of_each_lesson(exercises: Sequence) -> list:
    """Return the first two exercises of each lesson."""
    lessons = {e.lesson: [f for f in exercises if f.lesson == e.lesson] for e in exercises}
    return [exercise for of_one in lessons.values() for exercise in of_one[:2]]
