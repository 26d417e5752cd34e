"""What lesson 6 shows of the package is what the package does."""

import inspect
import re
from pathlib import Path

from coursekit import training
from coursekit.machine.paths import course_folder

SOURCE = Path(course_folder("lessons") / "06_lenet_fashion_mnist.py").read_text(encoding="utf-8")


def rows(cell):
    """Return the two code columns of the table in a Markdown cell."""
    text = SOURCE.partition(f'id="{cell}"')[2].partition("# %%")[0]
    return re.findall(r"^# \| (?:`(.+?)`)? ?\| `(.+?)` \|$", text, re.M)


def in_order(lines, source):
    """Return whether the source has these lines, one after the other."""
    found = [source.find(line) for line in lines]
    return -1 not in found and found == sorted(found)


def test_the_loops_that_stand_side_by_side_are_the_loops_that_run():
    table = rows("fit")
    assert len(table) == 9
    own = SOURCE.partition("def train_one_epoch")[2].partition("# %%")[0]
    assert in_order([mine for mine, _ in table if mine], own)
    assert in_order([inside for _, inside in table], inspect.getsource(training.fit))
