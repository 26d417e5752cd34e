"""What answers without a name have in common, and a draft for each, as text for an author."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from coursekit.exercises import registry
from coursekit.exercises.model import Exercise, FunctionExercise
from coursekit.exercises.unnamed.collected import Collected, collect
from coursekit.exercises.unnamed.draft import draft, tidy
from coursekit.exercises.unnamed.groups import Answer, Group, grouped
from coursekit.exercises.unnamed.quarantine import run

__all__ = ["report"]

NO_DRAFT = "No draft: what stands in a bank has to return."


def report(folders: Sequence[Path], lesson: int | None = None) -> str:
    """Return what the answers in learners' copies do, group by group, each with a draft.

    folders: copies, or folders that hold copies. lesson: answers to its exercises only.

    Raises ValueError where a folder does not exist or holds no copy.
    """
    found = collect(folders)
    known = {e.id: e for e in _exercises(lesson)}
    kept = {key: copies for key, copies in found.answers.items() if key[0] in known}
    behaviours = run([(exercise, source) for exercise, _, source in kept])
    answers = [
        Answer(*key, tuple(copies), does)
        for (key, copies), does in zip(kept.items(), behaviours, strict=True)
    ]
    groups = grouped(answer for answer in answers if not answer.left_out)
    parts = [_summary(found, groups, lesson)]
    parts += [_told(known[g.first.exercise], g, i) for i, g in enumerate(groups, 1)]
    left_out = [answer for answer in answers if answer.left_out]
    return "\n\n\n".join(filter(None, [*parts, _left_out(left_out), _damaged(found)]))


def _exercises(lesson: int | None) -> list[Exercise]:
    functions = [e for e in registry.catalogue() if isinstance(e, FunctionExercise)]
    chosen = [e for e in functions if lesson in (None, e.lesson)]
    if not chosen:
        raise ValueError(f"lesson is {lesson}; no exercise there is answered with a function")
    return chosen


def _summary(found: Collected, groups: list[Group], lesson: int | None) -> str:
    where = f" of lesson {lesson}" if lesson else ""
    of = f"in {_many(len(found.files) - len(found.damaged), 'copy', 'copies')}"
    size = sum(group.size for group in groups)
    if not groups:
        return f"No answer{where} without a name {of}."
    return f"{_many(size, 'answer')}{where} without a name {of}, in {_many(len(groups), 'group')}."


def _told(exercise: Exercise, group: Group, number: int) -> str:
    first = group.first
    headline = (
        f"{number}. {exercise.id} {exercise.title}: {_many(group.size, 'answer')} "
        f"from {_many(group.copies, 'copy', 'copies')}"
    )
    parts = [headline, first.does.shown.strip("\n")]
    if first.does.trials[-1].call.hung:
        return "\n\n".join([*parts, tidy(first.source), NO_DRAFT])
    name = f"_{exercise.name}_{number}"
    return "\n\n".join([*parts, "A draft:", draft(first.source, name)])


def _left_out(answers: list[Answer]) -> str:
    """Return a line for each exercise and reason why answers are not among the groups."""
    counted: Counter[tuple[str, str]] = Counter()
    for answer in answers:
        counted[answer.exercise, answer.left_out] += len(answer.copies)
    lines = [f"  {id}  {_many(many, 'answer')}, {why}" for (id, why), many in counted.items()]
    return "\n".join(["Left out:", *lines]) if lines else ""


def _damaged(found: Collected) -> str:
    names = ["".join(c if c.isprintable() else "?" for c in str(file)) for file in found.damaged]
    return "\n".join(["Damaged, and not read:", *(f"  {name}" for name in names)]) if names else ""


def _many(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"
