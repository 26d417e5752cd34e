"""Every cell of every lesson can be run a second time, as people do: nothing fails, nothing piles up."""

import subprocess
import sys

import pytest

from coursekit.authoring.lesson import find_lessons
from coursekit.machine.paths import course_folder

LESSONS = find_lessons(course_folder("lessons"))
SLOW = 0.25  # seconds, above which a cell is trusted with its second run: it trains
RUN = """
import sys, time
from IPython.core.interactiveshell import InteractiveShell
from coursekit.authoring.lesson import find_lessons
from coursekit.machine.paths import course_folder

lesson = {lesson.number: lesson for lesson in find_lessons(course_folder("lessons"))}[int(sys.argv[1])]
shell, twice = InteractiveShell.instance(), 0
for cell in lesson.notebook(solutions=True).cells:
    if cell.cell_type != "code":
        continue
    for again in (False, True):
        began = time.perf_counter()
        if again and slow:
            break
        ran = shell.run_cell(cell.source)
        slow = time.perf_counter() - began > float(sys.argv[2])
        twice += again
        if not ran.success:
            sys.exit(f"cell {cell.id}, {'again' if again else 'once'}: {ran.error_in_exec or ran.error_before_exec!r}")
print("twice", twice)
"""


@pytest.mark.ci
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_cell_runs_twice_in_a_row(lesson, tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", RUN, str(lesson.number), str(SLOW)],
        cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert int(ran.stdout.split("twice")[-1]) > 10
