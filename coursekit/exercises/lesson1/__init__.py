"""The exercises of lesson 1: the perceptron and gradient descent."""

from coursekit.exercises.lesson1 import descent, logistic, perceptron
from coursekit.exercises.lesson1.guesses import GUESSES, RECALLS

__all__ = ["EXERCISES", "GUESSES", "RECALLS"]

EXERCISES = (
    *perceptron.EXERCISES,
    *descent.EXERCISES,
    *logistic.EXERCISES,
)
