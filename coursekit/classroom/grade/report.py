"""What is said after grading: how many, and all that an instructor should look at, by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from coursekit.classroom.grade.submissions import Submission

__all__ = ["lines"]


def lines(
    lesson: str,
    results: Iterable[tuple[Submission, dict[str, Any]]],
    *,
    kept: int,
    again: Iterable[Submission],
    faults: Sequence[tuple[Submission, str]],
    several: Sequence[Submission],
) -> list[str]:
    """Return the report of a lesson, line by line.

    kept: how many were graded before. again: those among the results whose content is new since.
    faults: what cannot be graded, and why. several: who handed in more notebooks than one.
    """
    results = list(results)
    failed = [(s, found["error"]) for s, found in results if "error" in found]
    count = len(results) - len(failed)
    said = [f"{lesson}: {count} graded" + (f", {kept} as they were" if kept else "")]
    said += _part("handed in again, and graded anew", [s.student for s in again])
    said += _part(
        "handed in several notebooks; one counts",
        [f"{s.student} (not graded: {', '.join(s.others())})" for s in several],
    )
    nothing = [s.student for s, why in faults if why == "handed in nothing"]
    said += _part("handed in nothing", nothing)
    said += [f"  {s.student}: {why}" for s, why in faults if s.student not in nothing]
    said += [f"  {s.student}: not graded, {why}; see {s.log}" for s, why in failed]
    return said


def _part(title: str, names: Sequence[str]) -> list[str]:
    return [f"  {title}: {', '.join(names)}"] if names else []
