"""From the course of November 2026, as learners have it, to the course of today: nothing is lost.

course_2026_11.json.xz holds its seven notebooks, without outputs.
"""

import ast
import json
import lzma
from pathlib import Path

import pytest
from sampling import some

from coursekit.desk.update import copies
from coursekit.desk.update.notebook import dumps, read, source, text
from coursekit.machine.paths import course_folder

FORMER = json.loads(
    lzma.decompress(Path(__file__).with_name("course_2026_11.json.xz").read_bytes())
)
OWN = "# my own cell {}\nvalue = {} * 2"


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """A learner's copy of that course, as given; the course is then that of today."""
    with monkeypatch.context() as patch:
        folder = tmp_path / "former"
        folder.mkdir()
        for name, notebook in FORMER.items():
            (folder / name).write_text(dumps(notebook), encoding="utf-8")
        patch.setattr(copies, "course_folder", lambda name: folder)
        copies.copy_lessons(tmp_path / "mine")
    return tmp_path / "mine"


def work_through(path):
    """Fill in each gap, add a cell of one's own behind every fifth, delete one; return what is new."""
    notebook = read(path)
    written, cells = [], []
    for place, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code" and source(cell).rstrip().endswith("..."):
            cell["source"] = source(cell).rstrip().removesuffix("...") + "return 42  # mine"
            written.append(text(cell))
        if cell.get("id") != notebook["cells"][7].get("id"):
            cells.append(cell)
        if place % 5 == 4:
            own = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
            own |= {"id": f"own-{place}", "source": OWN.format(place, place)}
            cells.append(own)
            written.append(text(own))
    path.write_text(dumps({**notebook, "cells": cells}), encoding="utf-8")
    return written


def names_of(cells):
    return [cell.get("id") for cell in cells]


def test_a_copy_that_was_not_begun_becomes_the_course_of_today(mine):
    copies.update_lessons(mine)
    for lesson in copies.course_lessons():
        assert (mine / lesson.name).read_text(encoding="utf-8") == dumps(copies.unrun(lesson))


@pytest.mark.parametrize("name", some(FORMER, [*FORMER][::3].__contains__))
def test_what_a_learner_wrote_is_all_there(mine, name):
    """The course has moved some of its exercises since; what was written moves along."""
    written = work_through(mine / name)
    copies.update_lessons(mine)
    after = [text(cell) for cell in read(mine / name)["cells"]]
    assert sorted(part for part in after if part in written) == sorted(written)
    course = read(course_folder("notebooks") / name)["cells"]
    assert len(set(names_of(read(mine / name)["cells"]))) == len(after), "an id for each cell"
    seen = "\n".join(part for _, part, _ in after)
    deleted = FORMER[name]["cells"][7].get("id")
    missing = [c["id"] for c in course if source(c) not in seen and c["id"] != deleted]
    mine_now = {cell.get("id"): source(cell) for cell in read(mine / name)["cells"]}
    assert [id for id in missing if "# mine" not in mine_now.get(id, "")] == []
    assert copies.update_lessons(mine) == [], "a second update has nothing to do"


@pytest.mark.parametrize("name", FORMER)
def test_the_former_imports_still_work(name):
    """A learner who has changed a cell of imports keeps it as it was."""
    for cell in FORMER[name]["cells"]:
        if cell["cell_type"] != "code":
            continue
        for node in ast.walk(ast.parse(source(cell))):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("coursekit"):
                exec(ast.unparse(node), {})
