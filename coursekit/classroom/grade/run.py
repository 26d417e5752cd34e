"""A lesson's submissions, from what lies in the folder to the report."""

from __future__ import annotations

from collections.abc import Callable

from coursekit.classroom.grade import report
from coursekit.classroom.grade.pool import GradesOne, graded
from coursekit.classroom.grade.submissions import Course, Submission

__all__ = ["Plan", "carry_out"]


class Plan:
    """What is to be done for a lesson, and what cannot be."""

    def __init__(self, course: Course, lesson: str, *, force: bool = False) -> None:
        """Look at all submissions. force: grade again what has been graded."""
        self.lesson = lesson
        self.faults: list[tuple[Submission, str]] = []
        self.todo: list[Submission] = []
        self.again: list[Submission] = []
        self.kept = 0
        self.several: list[Submission] = []
        for submission in course.submissions(lesson):
            self._sort_in(submission, force)

    def _sort_in(self, submission: Submission, force: bool) -> None:
        if fault := submission.fault():
            self.faults.append((submission, fault))
            return
        if submission.others():
            self.several.append(submission)
        if submission.is_graded() and not force:
            self.kept += 1
            return
        before = submission.recorded()
        if before and before["content"] != submission.content():
            self.again.append(submission)
        self.todo.append(submission)


def carry_out(
    plan: Plan,
    graders: GradesOne,
    jobs: int,
    on_each: Callable[[], None] = lambda: None,
) -> tuple[list[str], bool]:
    """Return the report's lines, and whether all that was handed in is now graded."""
    results = []
    for submission, found in graded(plan.todo, graders, jobs):
        results.append((submission, found))
        on_each()
    good = not any("error" in found for _, found in results)
    again = [submission for submission, found in results
             if submission in plan.again and "error" not in found]  # fmt: skip
    said = report.lines(
        plan.lesson, results, kept=plan.kept, again=again, faults=plan.faults, several=plan.several
    )
    missing = {"handed in nothing"}
    return said, good and all(why in missing for _, why in plan.faults)
