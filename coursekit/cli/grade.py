"""`coursekit grade`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from coursekit.cli.selection import add_lessons

if TYPE_CHECKING:
    from coursekit.classroom.grade.cluster import Cluster
    from coursekit.classroom.grade.pool import Graders

HELP = "grade what learners handed in, many at a time"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the course's folder, lessons, how many at a time, and where."""
    parser.add_argument("folder", metavar="DIR", help="a course, as `export` writes it")
    add_lessons(parser)
    parser.add_argument("--jobs", type=int, metavar="J", help="at a time; as many as cores")
    parser.add_argument("--force", action="store_true", help="also what has been graded")
    parser.add_argument(
        "--scheduler", metavar="ADDRESS",
        help="of a Dask cluster whose workers see DIR under the same path: tcp://HOST:PORT",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Grade submissions with nbgrader, many at a time, and write the feedback.

    What has been graded is graded again only where its content is new. An interrupted call loses
    nothing: the next one goes on. 1 where something that was handed in could not be graded.
    """
    from coursekit.classroom.grade.run import Plan, carry_out
    from coursekit.classroom.grade.submissions import Course
    from coursekit.machine.console import progress_bar
    from coursekit.machine.paths import folder

    if options.jobs is not None and options.jobs < 1:
        raise ValueError(f"--jobs is {options.jobs}; expected 1 or more")
    course = Course(folder("DIR", options.folder))
    plans = [Plan(course, name, force=options.force) for name in course.lessons(options.lessons)]
    if not plans:
        raise ValueError(f"{course.folder} has no assignment yet; run `nbgrader "
                         "generate_assignment LESSON` there first")  # fmt: skip
    said, good = [], True
    with (
        _graders(options) as graders,
        progress_bar("grading", sum(len(plan.todo) for plan in plans), ends=True) as step_on,
    ):
        for plan in plans:
            lines, all_graded = carry_out(plan, graders, graders.jobs, step_on)
            said, good = said + lines, good and all_graded
    print(*said, *course.strays(), sep="\n")
    return int(not good)


def _graders(options: argparse.Namespace) -> Graders | Cluster:
    if options.scheduler is None:
        from coursekit.classroom.grade.pool import Graders

        return Graders(options.jobs)
    from coursekit.classroom.grade.cluster import Cluster

    return Cluster(options.scheduler, options.jobs)
