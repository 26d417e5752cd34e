"""The exercises of lesson 5: channels, blocks and their cost."""

from coursekit.exercises.lesson5 import channels, counterexample, layer_costs, matrix_products
from coursekit.exercises.lesson5.guesses import GUESSES, RECALLS

__all__ = ["EXERCISES", "GUESSES", "RECALLS"]

EXERCISES = (
    *channels.EXERCISES,
    *matrix_products.EXERCISES,
    *layer_costs.EXERCISES,
    *counterexample.EXERCISES,
)
