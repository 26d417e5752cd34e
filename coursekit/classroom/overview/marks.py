"""Grades as CSV in the forms that Moodle and Canvas import.

Moodle's grade import wants a header, a column that finds the user, and a column for each grade;
"-" is no grade. Canvas's gradebook wants Student, ID, SIS User ID, SIS Login ID and Section first,
a row "Points Possible", and leaves a grade alone where a cell is empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.authoring.lesson import Lesson
from coursekit.classroom.overview.found import Class
from coursekit.classroom.overview.verdicts import DamagedError, cells_of, outputs_of

__all__ = ["FORMS", "Marks", "as_csv", "from_gradebook", "from_notebooks", "marks"]


@dataclass
class Marks:
    """The points of a class.

    people: a learner's id -> first name, last name, email, as far as they are known.
    most: the points that each lesson has. points: (learner, lesson) -> points; late ones less.
    by_hand: (learner, lesson) of which a part is still to be graded by hand.
    """

    people: dict[str, tuple[str, str, str]]
    most: dict[str, float]
    points: dict[tuple[str, str], float] = field(default_factory=dict)
    by_hand: list[tuple[str, str]] = field(default_factory=list)


def marks(of: Class, lessons: Sequence[Lesson]) -> Marks:
    """Return the points: nbgrader's own where it keeps a gradebook, else those in the notebooks.

    Raises ValueError where nothing is graded.
    """
    gradebook = of.folder / "gradebook.db"
    found = from_gradebook(gradebook, lessons) if gradebook.is_file() else from_notebooks(of)
    if not found.points:
        raise ValueError(
            f"DIR is {of.folder}, in which no submission is graded; expected nbgrader's folder "
            "after `nbgrader autograde`"
        )
    return found


def from_gradebook(path: Path, lessons: Sequence[Lesson]) -> Marks:
    """Return the points in nbgrader's gradebook, with what was graded by hand and what was late.

    Raises ValueError where it cannot be read, or nbgrader is not installed.
    """
    try:
        from nbgrader.api import Gradebook
        from sqlalchemy.exc import SQLAlchemyError
    except ModuleNotFoundError as error:
        raise ValueError("nbgrader is missing, which keeps the gradebook; install it") from error
    wanted = {lesson.name for lesson in lessons}
    try:
        with Gradebook(f"sqlite:///{path.resolve()}") as gradebook:
            people = {
                one.id: (one.first_name or "", one.last_name or "", one.email or "")
                for one in gradebook.students
            }
            most = {a.name: a.max_score for a in gradebook.assignments if a.name in wanted}
            found = Marks(people, dict(sorted(most.items())))
            for name in found.most:
                for one in gradebook.assignment_submissions(name):
                    late = one.late_submission_penalty or 0.0
                    found.points[one.student_id, name] = max(0.0, one.score - late)
                    if one.needs_manual_grade:
                        found.by_hand.append((one.student_id, name))
    except SQLAlchemyError as error:
        raise ValueError(f"{path} is no gradebook of nbgrader's, or damaged") from error
    return found


def from_notebooks(of: Class) -> Marks:
    """Return the points in graded notebooks: those of a test count where it did not fail."""
    found = Marks(dict.fromkeys(of.learners, ("", "", "")), {})
    for one in of.hand_ins:
        if one.path is None:
            continue
        try:
            tests = [cell for cell in cells_of(one.path) if _points(cell) is not None]
        except DamagedError:
            continue
        if not any(cell.get("outputs") for cell in tests):
            continue  # handed in, and not graded
        name = one.lesson.name
        found.points[one.learner, name] = sum(_points(t) or 0.0 for t in tests if not _failed(t))
        most = sum(_points(test) or 0.0 for test in tests)
        found.most[name] = max(found.most.get(name, 0.0), most)
    return found


def _points(cell: dict) -> float | None:
    marked = cell.get("metadata")
    own = marked.get("nbgrader") if isinstance(marked, dict) else None
    if not isinstance(own, dict) or own.get("grade") is not True:
        return None
    points = own.get("points")
    return float(points) if isinstance(points, int | float) else 0.0


def _failed(cell: dict) -> bool:
    outputs = outputs_of(cell)
    return not outputs or any(
        o.get("output_type") == "error" or o.get("name") == "stderr" for o in outputs
    )


def _moodle(found: Marks) -> list[list[str]]:
    rows = [["Username", "First name", "Last name", "Email address", *found.most]]
    for learner, (first, last, email) in sorted(found.people.items()):
        grades = [_number(found.points.get((learner, name)), "-") for name in found.most]
        rows.append([learner, first, last, email, *grades])
    return rows


def _canvas(found: Marks) -> list[list[str]]:
    rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *found.most]]
    rows.append(["Points Possible", "", "", "", "", *map(_number, found.most.values())])
    for learner, (first, last, _) in sorted(found.people.items()):
        name = ", ".join(filter(None, (last, first))) or learner
        grades = [_number(found.points.get((learner, lesson)), "") for lesson in found.most]
        rows.append([name, "", "", learner, "", *grades])
    return rows


FORMS: dict[str, Callable[[Marks], list[list[str]]]] = {"moodle": _moodle, "canvas": _canvas}


def as_csv(found: Marks, form: str) -> str:
    """Return the grades as a file for Moodle or Canvas, a key of `FORMS`."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(FORMS[form](found))
    return text.getvalue()


def _number(points: float | None, none: str = "") -> str:
    return none if points is None else f"{points:.2f}".rstrip("0").rstrip(".")
