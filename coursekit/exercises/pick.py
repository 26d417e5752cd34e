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


class Pick:
    """Draws small inputs; subclasses say where an integer comes from."""

    def integer(self, low: int, high: int) -> int:
        """Return an integer from low to high, both included."""
        raise NotImplementedError

    def choice(self, options: Sequence[Any]) -> Any:
        """One of the options; the first is the simplest."""
        return options[self.integer(0, len(options) - 1)]

    def tensor(self, *shape: int, low: int = -2, high: int = 3) -> torch.Tensor:
        """Return a float tensor of small whole numbers, so that arithmetic can be read."""
        values = [self.integer(low, high) for _ in range(math.prod(shape))]
        return torch.tensor(values, dtype=torch.float32).reshape(shape)


class Seeded(Pick):
    """Draws from a seeded generator."""

    def __init__(self, seed: int = 0) -> None:
        self.random = Random(seed)

    def integer(self, low: int, high: int) -> int:
        """Return an integer from low to high, both included."""
        return low + int(self.random.random() * (high - low + 1))


class Drawn(Pick):
    """Draws from Hypothesis, which then shrinks what it drew."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        self.draw = draw

    def integer(self, low: int, high: int) -> int:
        """Return an integer from low to high, both included."""
        from hypothesis import strategies

        return self.draw(strategies.integers(low, high))
