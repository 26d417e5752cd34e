"""Cells are run again, as people do: each twice in a row, and each from the middle after a restart."""

import builtins
import re
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.authoring.lesson import find_lessons
from coursekit.exercises.unrun import names
from coursekit.machine.paths import course_folder

LESSONS = find_lessons(course_folder("lessons"))
SLOW = 0.25  # seconds, above which a cell is trusted with its second run: it trains


def sources(lesson):
    cells = lesson.notebook(solutions=True).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


@pytest.mark.ci
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_cell_runs_twice_in_a_row_and_after_a_restart(lesson, tmp_path):
    ran = subprocess.run(
        [sys.executable, Path(__file__).with_name("reruns.py"), str(lesson.number), str(SLOW)],
        cwd=tmp_path, capture_output=True, text=True, timeout=1800, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    counts = dict(re.findall(r"^(twice|alone|helped) (\d+)$", ran.stdout, re.M))
    assert all(int(count) > 10 for count in counts.values()), counts
    assert len(counts) == 3


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_no_cell_gives_a_name_of_the_imports_to_something_else(lesson):
    """After a restart the import would stand there, and no NameError would tell."""
    imports, *others = [names(source)[1] for source in sources(lesson)]
    assert not set().union(*others) & {*imports, *dir(builtins)}
