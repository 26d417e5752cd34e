"""Seconds, as medians of ways that take turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from statistics import median
from time import perf_counter

import torch

__all__ = ["seconds_of", "times"]


def times(
    ways: Mapping[str, Callable[[], object]], *, repeats: int = 5, one_thread: bool = True
) -> dict[str, float]:
    """Return the median seconds of each way by name, after one call of each that is not counted.

    The ways take turns, so that a busy moment of the machine falls on all of them. With one
    thread, a ratio does not depend on who else uses the other cores.
    """
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    with _one_thread() if one_thread else nullcontext():
        for way in ways.values():
            way()  # the first call allocates memory and picks algorithms
        for _ in range(repeats):
            for name, way in ways.items():
                seconds[name].append(seconds_of(way))
    return {name: median(taken) for name, taken in seconds.items()}


def seconds_of(way: Callable[[], object]) -> float:
    """Return the seconds that one call takes, by the wall clock."""
    started = perf_counter()
    way()
    return perf_counter() - started


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
