"""What `check`, `hint` and `solution` do."""

from __future__ import annotations

from typing import Any

from coursekit.exercises import registry
from coursekit.exercises.judge import examine
from coursekit.exercises.outcome import Outcome


def check(id: str, answer: Any) -> Outcome:
    """What can be said about an answer to an exercise."""
    exercise = registry.exercise(id)
    return examine(exercise, answer)
