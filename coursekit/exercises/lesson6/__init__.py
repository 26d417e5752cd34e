"""The exercises of lesson 6: LeNet on Fashion-MNIST."""

from coursekit.exercises.lesson6 import (
    challenge,
    classification,
    confusion,
    counterexample,
    cross_entropy,
    lenet,
    softmax,
    stopping,
    training_steps,
)
from coursekit.exercises.lesson6.guesses import GUESSES, RECALLS

__all__ = ["EXERCISES", "GUESSES", "RECALLS"]

EXERCISES = (
    *softmax.EXERCISES,
    *cross_entropy.EXERCISES,
    *training_steps.EXERCISES,
    *classification.EXERCISES,
    *lenet.EXERCISES,
    *stopping.EXERCISES,
    *confusion.EXERCISES,
    *challenge.EXERCISES,
    *counterexample.EXERCISES,
)
