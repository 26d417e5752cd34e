"""The exercises of lesson 1: the perceptron and gradient descent."""

from coursekit.exercises.lesson1 import descent, logistic, perceptron

EXERCISES = (
    *perceptron.EXERCISES,
    *descent.EXERCISES,
    *logistic.EXERCISES,
)
