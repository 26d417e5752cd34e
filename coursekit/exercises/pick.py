"""Where the inputs of an exercise are drawn from: a seed, or Hypothesis.

An exercise describes its inputs once, as a function of a `Pick`. The fixed probes come from a
seeded generator, the same on every machine; the smallest counterexample comes from Hypothesis.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
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


class Drawn(Pick):
    """Draws from Hypothesis, which then shrinks what it drew."""

    def __init__(self, draw: Callable[..., Any], parts: Sequence[int] = PARTS) -> None:
        self.draw, self.parts = draw, parts

    def integer(self, low: int, high: int) -> int:
        """Return an integer from low to high, both included."""
        from hypothesis import strategies

        return self.draw(strategies.integers(low, high))
