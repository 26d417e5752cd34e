"""Which exercises there are."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from coursekit.exercises.model import Exercise

MODULES = (
    "perceptron",
    "descent",
    "logistic",
    "convolution",
    "edges",
    "learning",
    "convolution_gradients",
    "pooling",
    "pooled_picture",
    "averages",
    "averaging_weights",
    "max_pool_gradient",
    "shifts",
    "padding",
    "sliding",
    "dilation",
    "sizes",
    "predictions",
    "receptive",
    "channels",
    "matrix_products",
    "layer_costs",
    "classification",
)


@cache
def catalogue() -> tuple[Exercise, ...]:
    """All exercises, in the order of the lessons."""
    modules = (import_module(f"coursekit.exercises.{name}") for name in MODULES)
    found = [exercise for module in modules for exercise in module.EXERCISES]
    return tuple(sorted(found, key=lambda e: tuple(map(int, e.id.split(".")))))


def exercise(id: str) -> Exercise:
    """Return the exercise with this id.

    Raises ValueError, naming the ids that exist, when there is none.
    """
    known = {found.id: found for found in catalogue()}
    if str(id) not in known:
        raise ValueError(f"there is no exercise {id!r}; there are {', '.join(known)}")
    return known[str(id)]
