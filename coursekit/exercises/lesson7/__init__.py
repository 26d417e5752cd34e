"""The exercises of lesson 7: transfer learning."""

from coursekit.exercises.lesson7 import fine_tuning, freezing, preparing, probing

EXERCISES = (
    *preparing.EXERCISES,
    *freezing.EXERCISES,
    *probing.EXERCISES,
    *fine_tuning.EXERCISES,
)
