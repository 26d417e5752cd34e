"""The exercises of lesson 5: channels, blocks and their cost."""

from coursekit.exercises.lesson5 import channels, counterexample, layer_costs, matrix_products

EXERCISES = (
    *channels.EXERCISES,
    *matrix_products.EXERCISES,
    *layer_costs.EXERCISES,
    *counterexample.EXERCISES,
)
