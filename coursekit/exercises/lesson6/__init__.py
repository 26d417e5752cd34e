"""The exercises of lesson 6: LeNet on Fashion-MNIST."""

from coursekit.exercises.lesson6 import classification

EXERCISES = (*classification.EXERCISES,)
