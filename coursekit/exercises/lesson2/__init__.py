"""The exercises of lesson 2: convolution by hand."""

from coursekit.exercises.lesson2 import (
    convolution,
    convolution_gradients,
    counterexample,
    edges,
    learning,
)
from coursekit.exercises.lesson2.guesses import GUESSES, RECALLS

__all__ = ["EXERCISES", "GUESSES", "RECALLS"]

EXERCISES = (
    *convolution.EXERCISES,
    *edges.EXERCISES,
    *learning.EXERCISES,
    *convolution_gradients.EXERCISES,
    *counterexample.EXERCISES,
)
