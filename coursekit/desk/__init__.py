"""The learner's desk: one's own copy of the lessons, and what the machine has."""
