"""The exercises of lesson 7: transfer learning."""

from coursekit.exercises.lesson7 import fine_tuning, freezing, preparing, probing
from coursekit.exercises.lesson7.guesses import GUESSES, RECALLS

__all__ = ["EXERCISES", "GUESSES", "RECALLS"]

EXERCISES = (
    *preparing.EXERCISES,
    *freezing.EXERCISES,
    *probing.EXERCISES,
    *fine_tuning.EXERCISES,
)
