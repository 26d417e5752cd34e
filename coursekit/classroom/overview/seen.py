"""What the sections of the page tell of, and how they call it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from coursekit.classroom.overview.tally import LessonTally, Tally
from coursekit.classroom.overview.words import People
from coursekit.exercises import registry

__all__ = ["Seen", "name_of", "title", "who"]


@dataclass(frozen=True)
class Seen:
    """What the sections tell of: counts, what people are called, counterexamples drawn."""

    tally: Tally
    people: People
    drawn: dict[tuple[str, str], str]

    def lesson(self, exercise: str) -> LessonTally:
        """Return the counts of the lesson of an exercise."""
        number = registry.exercise(exercise).lesson
        return next(one for one in self.tally.lessons if one.lesson.number == number)


def who(seen: Seen, learners: Sequence[int]) -> str:
    """Return the names of learners, where those were asked for."""
    if not seen.people.named:
        return ""
    return f'<p class="who quiet">{seen.people.called(learners)}</p>'


def title(id: str) -> str:
    """Return an exercise's id and title."""
    return f"{id} {escape(registry.exercise(id).title)}"


def name_of(id: str) -> str:
    """Return an exercise's title."""
    return escape(registry.exercise(id).title)
