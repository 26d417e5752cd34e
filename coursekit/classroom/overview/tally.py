"""Counts what the notebooks of a class say, one notebook after the other."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from coursekit.authoring.lesson import Lesson
from coursekit.classroom.overview.found import Class, HandIn
from coursekit.classroom.overview.items import Item, items
from coursekit.classroom.overview.verdicts import NONE, DamagedError, Verdict, verdicts
from coursekit.exercises import registry
from coursekit.exercises.model import Exercise
from coursekit.exercises.variants import known

__all__ = [
    "DAMAGED",
    "KINDS",
    "MISTAKEN_ID",
    "NEVER_RUN",
    "Group",
    "LessonTally",
    "Shared",
    "Tally",
    "tally",
]

DAMAGED = "damaged"
MISTAKEN_ID = "worked with another id"
NEVER_RUN = "never run: no output to read"
# The columns of the table, in order; each answer counts in one.
KINDS = ("right", "named", "unnamed", "error", "incomparable", "unattempted", "unknown")
KIND_OF = {
    "correct": "right", "wrong": "unnamed", "raised": "error", "not comparable": "incomparable",
    "unattempted": "unattempted", NONE: "unknown",
}  # fmt: skip
# In which line an answer stopped: its own, and no part of what it does.
WHERE = re.compile(r"^ {4}line \d+ of .*(?:\n {4}.*)*", re.MULTILINE)


@dataclass
class Group:
    """Answers without a name that check says the same about.

    learners: their places in the class. source: the shortest of them, without comments.
    """

    exercise: str
    status: str
    said: str
    learners: list[int] = field(default_factory=list)
    source: str = ""

    def add(self, learner: int, source: str) -> None:
        """Count one more answer."""
        self.learners.append(learner)
        if source and (not self.source or len(source) < len(self.source)):
            self.source = source


@dataclass(frozen=True)
class Shared:
    """A misconception, and the places in the class of the learners who have it."""

    exercise: Exercise
    name: str
    learners: tuple[int, ...]

    @property
    def is_taught(self) -> bool:
        """Whether it is one of the bank's, and not the answer to another learner's question."""
        return self.name in self.exercise.misconceptions

    @property
    def teaches(self) -> str:
        """The sentence that helps."""
        return known(self.exercise)[self.name].teaches


@dataclass
class LessonTally:
    """What was counted for one lesson.

    read: how many notebooks. kinds: exercise -> how many answers of each of `KINDS`.
    named: (exercise, misconception) -> learners. right: for each notebook, which exercises are.
    own_numbers: exercises whose question was drawn for each learner. troubles: what is amiss ->
    (learner, names of files).
    """

    lesson: Lesson
    exercises: tuple[str, ...]
    read: int = 0
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    named: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[tuple[str, str, str], Group] = field(default_factory=dict)
    right: list[list[bool]] = field(default_factory=list)
    own_numbers: set[str] = field(default_factory=set)
    troubles: dict[str, list[tuple[int, tuple[str, ...]]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, learner: int, found: dict[str, Verdict]) -> None:
        """Count one learner's notebook."""
        self.read += 1
        row = []
        for id in self.exercises:
            verdict = found.get(id) or Verdict(id, NONE)
            kind = "named" if verdict.misconceptions else KIND_OF[verdict.status]
            self.kinds.setdefault(id, Counter())[kind] += 1
            row.append(kind == "right")
            if verdict.own_numbers:
                self.own_numbers.add(id)
            for name in verdict.misconceptions:
                self.named[id, name].append(learner)
            if kind in ("unnamed", "error", "incomparable"):
                key = id, verdict.status, WHERE.sub("", verdict.said)
                group = self.groups.setdefault(key, Group(id, verdict.status, verdict.said))
                group.add(learner, verdict.source)
        self.right.append(row)

    @property
    def items(self) -> list[Item]:
        """How each exercise did as a question."""
        return items(self.exercises, self.right)


@dataclass(frozen=True)
class Tally:
    """What was counted for a class, lesson by lesson."""

    of: Class
    lessons: tuple[LessonTally, ...]

    @cached_property
    def shared(self) -> list[Shared]:
        """The misconceptions that somebody has, the most shared first."""
        found = [
            Shared(registry.exercise(id), name, tuple(learners))
            for lesson in self.lessons
            for (id, name), learners in lesson.named.items()
        ]
        return sorted(found, key=lambda s: (-len(s.learners), _order(s.exercise.id), s.name))

    @cached_property
    def groups(self) -> list[Group]:
        """The answers without a name, grouped, the largest group first."""
        found = [group for lesson in self.lessons for group in lesson.groups.values()]
        return sorted(found, key=lambda g: (-len(g.learners), _order(g.exercise), g.said))


def tally(of: Class, step: Callable[[], None] = lambda: None) -> Tally:
    """Return the counts of a class; one notebook is in memory at a time.

    step: called after each hand-in. Lessons in which no notebook was ever run are left out.

    Raises ValueError where that leaves none.
    """
    counted: dict[str, LessonTally] = {}
    places = {learner: place for place, learner in enumerate(of.learners)}
    for hand_in in of.hand_ins:
        lesson = counted.setdefault(hand_in.lesson.name, _begun(hand_in.lesson))
        _count(lesson, places[hand_in.learner], hand_in)
        step()
    kept = tuple(lesson for lesson in counted.values() if lesson.read)
    if not kept:
        raise ValueError(f"DIR is {of.folder}, {_why(counted)}")
    return Tally(of, kept)


def _begun(lesson: Lesson) -> LessonTally:
    ids = (e.id for e in registry.catalogue() if e.lesson == lesson.number)
    return LessonTally(lesson, tuple(ids))


def _count(lesson: LessonTally, learner: int, hand_in: HandIn) -> None:
    for trouble, files in hand_in.troubles.items():
        lesson.troubles[trouble].append((learner, files))
    if hand_in.path is None:
        return
    try:
        found = verdicts(hand_in.path)
    except DamagedError as error:
        lesson.troubles[DAMAGED].append((learner, (str(error),)))
        return
    if any(id in found for id in lesson.exercises):
        lesson.add(learner, found)
        if any(verdict.mistaken_id for verdict in found.values()):
            lesson.troubles[MISTAKEN_ID].append((learner, ()))
    else:
        lesson.troubles[NEVER_RUN].append((learner, (hand_in.path.name,)))


def _why(counted: dict[str, LessonTally]) -> str:
    many: Counter[str] = Counter()
    for lesson in counted.values():
        many.update({trouble: len(who) for trouble, who in lesson.troubles.items()})
    told = "; ".join(f"{number} {trouble}" for trouble, number in many.most_common())
    return f"in which no notebook holds a verdict ({told}); expected notebooks that were run"


def _order(id: str) -> list[int]:
    return [int(part) for part in id.split(".")]
