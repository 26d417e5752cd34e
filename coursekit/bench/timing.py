"""Seconds and ratios, as medians of ways that take turns."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from statistics import median
from time import perf_counter

import torch

__all__ = ["cpu_seconds", "ratios", "seconds_of", "times"]


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


def ratios(
    slow: Callable[[], object],
    fast: Callable[[], object],
    *,
    rounds: int = 3,
    one_thread: bool = True,
) -> list[float]:
    """Return how many times the CPU seconds of `fast` those of `slow` are, once a round, in order.

    A round calls fast, slow, fast, after one of each that is not counted: what else runs on the
    machine falls on both, and it stretches the seconds of the wall, but hardly those of the CPU.
    """
    found = []
    with _one_thread() if one_thread else nullcontext():
        fast(), slow()
        for _ in range(rounds):
            before, between, after = (seconds_of(way, cpu_seconds) for way in (fast, slow, fast))
            found.append(2 * between / (before + after))
    return sorted(found)


def cpu_seconds() -> float:
    """Return the CPU seconds of this process so far, and of its children that have ended."""
    return sum(os.times()[:4])


def seconds_of(way: Callable[[], object], clock: Callable[[], float] = perf_counter) -> float:
    """Return the seconds that one call takes, by the wall clock or another."""
    started = clock()
    way()
    return clock() - started


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
