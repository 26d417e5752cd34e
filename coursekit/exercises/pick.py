"""Where the inputs of an exercise are drawn from: a seed, or choices made before.

An exercise describes its inputs once, as a function of a `Pick`. The fixed probes come from a
seeded generator, the same on every machine; the smallest counterexample from choices that are made
again, each a little simpler.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import Any

import torch

PARTS = (1, 2, 4, 1000)  # of a number that is drawn: whole first, which is the simplest


class Pick:
    """Draws small inputs; subclasses say where an integer comes from.

    parts: into how many of them a whole number may be divided.
    """

    parts: Sequence[int] = PARTS

    def integer(self, low: int, high: int) -> int:
        """Return an integer from low to high, both included."""
        raise NotImplementedError

    def choice(self, options: Sequence[Any]) -> Any:
        """One of the options; the first is the simplest."""
        return options[self.integer(0, len(options) - 1)]

    def number(self, low: int, high: int) -> float:
        """Return a number from low to high: a whole one, or one with decimals."""
        parts = self.choice(self.parts)
        return self.integer(low * parts, high * parts) / parts

    def tensor(
        self, *shape: int, low: int = -2, high: int = 3, whole: bool = False
    ) -> torch.Tensor:
        """Return a float32 tensor of numbers from low to high, so that arithmetic can be read.

        All of them are whole, or halves, or quarters, or have three decimals: what cuts decimals
        off, or loses precision, is seen on some, and a counterexample has the simplest that do.
        whole: where nothing but whole numbers makes sense, such as counts and labels.
        """
        parts = 1 if whole else self.choice(self.parts)
        values = [self.integer(low * parts, high * parts) for _ in range(math.prod(shape))]
        return torch.tensor(values, dtype=torch.float32).reshape(shape) / parts


class Seeded(Pick):
    """Draws from a seeded generator."""

    def __init__(self, seed: int = 0) -> None:
        self.random = Random(seed)

    def integer(self, low: int, high: int) -> int:
        """Return an integer from low to high, both included."""
        return low + int(self.random.random() * (high - low + 1))


class Chosen(Pick):
    """Makes choices again, as they are given, and from their end on those of another pick.

    made: the choices, in order; one that is out of bounds is moved into them. Where they end, and
    there is no other pick, the simplest is chosen.
    taken: the choices as they were made, each with its bounds.
    """

    def __init__(
        self, made: Sequence[int], then: Pick | None = None, parts: Sequence[int] = PARTS
    ) -> None:
        self.made, self.then, self.parts = made, then, parts
        self.taken: list[tuple[int, int, int]] = []

    def integer(self, low: int, high: int) -> int:
        """Return an integer from low to high, both included."""
        if len(self.taken) < len(self.made):
            value = min(max(self.made[len(self.taken)], low), high)
        else:
            value = self.then.integer(low, high) if self.then else simplest(low, high)
        self.taken.append((value, low, high))
        return value


def simplest(low: int, high: int) -> int:
    """Return the integer from low to high that is nearest to 0.

    >>> simplest(-2, 3), simplest(2, 5), simplest(-5, -2)
    (0, 2, -2)
    """
    return min(max(0, low), high)
