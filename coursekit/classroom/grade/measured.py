"""How many submissions are graded in the time in which nbgrader alone grades one."""

from __future__ import annotations

import copy
import os
import random
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import nbformat
from nbformat import NotebookNode
from rich.table import Table

from coursekit.authoring.lesson import select_lessons
from coursekit.bench.goals import Goal, goals_table
from coursekit.classroom.export import export
from coursekit.machine.paths import course_folder

__all__ = ["Cost", "cost", "table"]

LESSON = 2
ALONE, TOGETHER = 2, 12  # submissions that nbgrader grades alone, and that are graded together
GOAL, SAME_SETTINGS = 5.0, 2.0  # times as many; figures are left out in the second for both
RIGHT = 0.8  # of the answers; the others are untouched
ITS_OWN = "c.Execute.pictures = True\ndel c.GenerateFeedback\n"  # as nbgrader does by itself


@dataclass(frozen=True)
class Cost:
    """What a submission takes: seconds by the wall clock, and of all cores together."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        """Return both, as "12.3 s (14.5 s of processor)"."""
        return f"{self.wall:.1f} s ({self.cpu:.1f} s of processor)"


def table() -> tuple[Table, bool]:
    """Return what was measured beside the goal, and whether it is reached.

    Alone is `nbgrader autograde` and `generate_feedback`, on whole notebooks of lesson 2: once
    drawing each figure, as nbgrader does by itself, once with the settings of the course.
    """
    with TemporaryDirectory() as folder:
        course = _course(Path(folder))
        _hand_in(course, [f"a{number}" for number in range(ALONE)])
        plain = _alone(course)
        config = course / "nbgrader_config.py"
        settings = config.read_text(encoding="utf-8")
        config.write_text(settings + ITS_OWN, encoding="utf-8")
        drawn = _alone(course)
        config.write_text(settings, encoding="utf-8")
        _hand_in(course, [f"b{number}" for number in range(TOGETHER - ALONE)])
        together = cost(course, [["-m", "coursekit", "grade", ".", "--force"]], TOGETHER)
    return goals_table(
        f"grading on {os.cpu_count()} cores, a submission of lesson {LESSON}",
        [
            _goal("in the time of one by nbgrader alone", drawn, together, GOAL),
            _goal(
                "the same, its figures left out",
                plain,
                together,
                SAME_SETTINGS,
            ),
        ],
    )


def cost(course: Path, commands: Sequence[Sequence[str]], count: int) -> Cost:
    """Return what each of `count` submissions takes. Raises OSError where a command fails."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    for command in commands:
        _run(course, *command)
    wall, after = perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall / count, cpu / count)


def _goal(what: str, alone: Cost, together: Cost, goal: float) -> Goal:
    return Goal(what, alone.wall / together.wall, goal,
                f"{alone.wall / together.wall:.1f}: {alone} by {together}")  # fmt: skip


def _alone(course: Path) -> Cost:
    steps = ("autograde", "generate_feedback")
    commands = [["-m", "nbgrader", step, _name(), "--student=a*", "--force"] for step in steps]
    return cost(course, commands, ALONE)


def _name() -> str:
    return select_lessons(course_folder("lessons"), [LESSON])[0].name


def _course(folder: Path) -> Path:
    export(select_lessons(course_folder("lessons"), [LESSON]), folder)
    _run(folder, "-m", "nbgrader", "generate_assignment", _name())
    return folder


def _hand_in(course: Path, students: Sequence[str]) -> None:
    file = Path(_name()) / f"{_name()}.ipynb"
    released = nbformat.read(course / "release" / file, as_version=4)
    source = nbformat.read(course / "source" / file, as_version=4)
    solved = {cell.id: cell.source for cell in source.cells}
    for student in students:
        path = course / "submitted" / student / file
        path.parent.mkdir(parents=True)
        nbformat.write(_answered(released, solved, random.Random(student)), path)


def _answered(released: NotebookNode, solved: dict[str, str], draw: random.Random) -> NotebookNode:
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution") and draw.random() < RIGHT:
            cell.source = solved[cell.id]
    return notebook


def _run(course: Path, *command: str) -> None:
    scripts = Path(sys.executable).parent
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    done = subprocess.run(
        [sys.executable, *command], cwd=course, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise OSError(f"{' '.join(command)} failed: {done.stderr.strip()[-500:]}")
