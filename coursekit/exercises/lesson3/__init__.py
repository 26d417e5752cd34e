"""The exercises of lesson 3: padding, stride and dilation."""

from coursekit.exercises.lesson3 import (
    counterexample,
    dilation,
    padding,
    predictions,
    receptive,
    sizes,
    sliding,
)
from coursekit.exercises.lesson3.guesses import GUESSES, RECALLS

__all__ = ["EXERCISES", "GUESSES", "RECALLS"]

EXERCISES = (
    *padding.EXERCISES,
    *sliding.EXERCISES,
    *dilation.EXERCISES,
    *sizes.EXERCISES,
    *predictions.EXERCISES,
    *receptive.EXERCISES,
    *counterexample.EXERCISES,
)
