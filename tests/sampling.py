"""What of a long row of cases runs in `make test`, and what in CI alone."""

from collections.abc import Callable, Iterable

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
