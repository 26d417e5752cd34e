"""The exercises of lesson 4: pooling and invariance."""

from coursekit.exercises.lesson4 import (
    averages,
    averaging_weights,
    counterexample,
    max_pool_gradient,
    pooled_picture,
    pooling,
    shifts,
)
from coursekit.exercises.lesson4.guesses import GUESSES, RECALLS

__all__ = ["EXERCISES", "GUESSES", "RECALLS"]

EXERCISES = (
    *pooling.EXERCISES,
    *pooled_picture.EXERCISES,
    *averages.EXERCISES,
    *averaging_weights.EXERCISES,
    *max_pool_gradient.EXERCISES,
    *shifts.EXERCISES,
    *counterexample.EXERCISES,
)
