"""What a course asks a learner: the questions with numbers of their own, and their answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from coursekit.authoring.lesson import find_lessons
from coursekit.classroom.drawing import SECRET, draws, secret
from coursekit.exercises import registry, variants
from coursekit.exercises.reading import show
from coursekit.exercises.whose import plain
from coursekit.machine import paths

__all__ = ["questions"]


def questions(course: Path, learner: str, lesson: int | None = None) -> str:
    """Return the learner's questions, in order, each with its answer and what mistakes give.

    course: the folder that `coursekit export nbgrader DIR --variants` has written. learner: the id
    under which they hand in. lesson: of this one alone.

    Raises ValueError where the folder has no secret to draw by, the id is empty, or the lesson has
    no such questions.
    """
    course = paths.folder("--course", course)
    if not (course / SECRET).is_file():
        raise ValueError(
            f"--course is {course}, without a {SECRET}; expected the folder of a course that was "
            "exported with --variants"
        )
    if not plain(learner):
        raise ValueError("--asked-of is empty; expected the id under which the learner hands in")
    told = [text for id, draw in _drawn(course, lesson) for text in _question(id, draw, learner)]
    if not told:
        raise ValueError(f"N is {lesson}; no question of that lesson has other numbers for each")
    return "\n".join(told)


def _drawn(course: Path, lesson: int | None) -> Iterator[tuple[str, str]]:
    """Yield the id of each exercise with variants, and what its lesson draws by."""
    known = secret(course)
    names = {found.number: found.name for found in find_lessons(paths.course_folder("lessons"))}
    for exercise in registry.catalogue():
        wanted = lesson in (None, exercise.lesson)
        if wanted and variants.has_variants(exercise):
            yield exercise.id, draws(known, names[exercise.lesson])


def _question(id: str, draw: str, learner: str) -> Iterator[str]:
    drawn = variants.variant(id, draw, learner)
    yield f"{id}  {drawn.question}"
    yield from (f"     {line}" for line in drawn.shown.splitlines())
    yield f"     answer: {show(drawn.answer)}"
    yield from (f"     {name}: {show(m.wrong)}" for name, m in drawn.misconceptions.items())
    yield ""
