"""Answers that do the same with every probe, as groups."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.exercises.judging.diagnose import alike
from coursekit.exercises.unnamed.quarantine import Behaviour

__all__ = ["Answer", "Group", "grouped"]

NO_FILE = os.strerror(errno.EMFILE)  # what C++ says where the system refuses it a file


@dataclass(frozen=True)
class Answer:
    """One text, the copies that hold it, and what it does."""

    exercise: str
    status: str
    source: str
    copies: tuple[Path, ...]
    does: Behaviour

    @property
    def left_out(self) -> str:
        """Why there is nothing to draft from it, or ""."""
        does = self.does
        if does.problem:
            return f"not tried to the end: {does.problem}"
        if does.named:
            return f"now named: {' or '.join(does.named)}"
        if does.status in ("correct", "unattempted") or not does.trials:
            return f"now met with another verdict: {does.status or 'none'}"
        errors = {type(trial.call.error).__name__: trial.call.error for trial in does.trials}
        if "RefusedError" in errors or any(NO_FILE in str(error) for error in errors.values()):
            return "refused a file, a connection or a program, which no answer needs"
        if "NameError" in errors and self.status != "raised":
            return "in need of a name that only its notebook has"
        return ""


@dataclass
class Group:
    """Answers to one exercise that do the same, those of the shortest text first."""

    answers: list[Answer] = field(default_factory=list)

    @property
    def first(self) -> Answer:
        """The answer that stands for all: the one of the shortest text."""
        return min(self.answers, key=lambda a: (len(a.source), a.source))

    @property
    def size(self) -> int:
        """How many answers there are, each counted once for each copy that holds it."""
        return sum(len(answer.copies) for answer in self.answers)

    @property
    def copies(self) -> int:
        """How many copies hold one or more of them."""
        return len({copy for answer in self.answers for copy in answer.copies})


def grouped(answers: Iterable[Answer]) -> list[Group]:
    """Return the groups, the largest first."""
    groups: list[Group] = []
    for answer in answers:
        home = next((group for group in groups if _same(group.answers[0], answer)), None)
        if home is None:
            groups.append(home := Group())
        home.answers.append(answer)
    return sorted(groups, key=lambda g: (-g.size, -g.copies, _place(g), g.first.source))


def _place(group: Group) -> list[int]:
    return [int(part) for part in group.first.exercise.split(".")]


def _same(ours: Answer, known: Answer) -> bool:
    """Return whether two answers do the same with every probe, as check tells it."""
    both = ours.does.trials, known.does.trials
    same_length = len(both[0]) == len(both[1])
    if ours.exercise != known.exercise or not same_length:
        return False
    return all(alike(*pair) for pair in zip(*both, strict=True))
