"""What a class misunderstood: every planted count, every trouble, and grades for other systems."""

import csv
import io
import json
import os
import re
import sqlite3
import sys
from pathlib import Path

import pytest
from made_class import LESSON, NAME, code, graded_cell, judged, make_class, write

from coursekit import cli
from coursekit.classroom.overview import found, marks
from coursekit.classroom.overview.counts import counts
from coursekit.classroom.overview.found import find
from coursekit.classroom.overview.items import items
from coursekit.classroom.overview.page import page
from coursekit.classroom.overview.tally import DAMAGED, NEVER_RUN, tally
from coursekit.classroom.overview.verdicts import DamagedError, verdicts
from coursekit.exercises import registry
from coursekit.exercises.checking import examine

QUICK = ("2.1", "2.3", "2.9")  # judged in no time
SOME = (*QUICK, "2.4")


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def counted(folder):
    return tally(find(folder, [LESSON]))


def troubles(folder, names=True):
    """Return what is amiss -> who."""
    (lesson,) = (seen := counted(folder)).lessons
    return {
        what: [seen.of.learners[place] for place, _ in who]
        for what, who in lesson.troubles.items()
        if who
    }


def assert_exact(folder, planted, learners):
    seen = counted(folder)
    (lesson,) = seen.lessons
    assert lesson.read == learners
    found = {(s.exercise.id, s.name): len(s.learners) for s in seen.shared}
    assert found == dict(planted.named)
    rows = table(counts(seen))
    told = {(r["exercise"], r["name"]): int(r["learners"]) for r in rows}
    assert all(told[key] == many for key, many in planted.named.items())
    right = {id: many for (id, status), many in planted.statuses.items() if status == "correct"}
    assert {id: told[id, "right"] for id in right} == right
    for id in lesson.exercises:
        assert sum(lesson.kinds[id].values()) == learners
    return seen


def test_every_planted_count_is_exact_and_nobody_is_named(tmp_path):
    planted = make_class(tmp_path, 60, SOME, few=2)
    seen = assert_exact(tmp_path, planted, 60)
    told = page(seen)
    (_, many), *_ = planted.named.most_common(1)
    assert f"{many} of 60" in told
    assert "s0003" not in told
    assert "s0003" in page(seen, names=True)
    assert not re.search(r"(src|href)=\"(?!#)", told), "nothing is asked for"
    first = seen.shared[0]
    assert len(first.learners) == many
    assert told.index('id="tomorrow"') < told.index(first.name) < told.index('id="exercises"')


@pytest.mark.ci
def test_every_count_is_exact_with_the_whole_bank_among_300(tmp_path):
    ids = [exercise.id for exercise in registry.catalogue() if exercise.lesson == 2]
    planted = make_class(tmp_path, 300, ids)
    assert len(planted.named) > 80
    assert_exact(tmp_path, planted, 300)


def test_the_counterexample_is_drawn_as_learners_see_it(tmp_path):
    name = "gx + gy"
    cells = [graded_cell("2.4", judged("2.4", name))]
    for who in "ab":
        write(tmp_path / who / f"{NAME}.ipynb", cells)
    told = page(counted(tmp_path))
    assert "2 of 2 (100 %)" in told
    assert "you returned −1" in told
    assert told.count("opposite signs the two cancel") == 2, "said once in a place, not twice"


WRONG_WAYS = [
    "return gx * 7",
    "return gx*7  # mine, Zoe",
    "raise ValueError(gx.shape[9])",
    "far = 9\n    raise ValueError(gx.shape[far])",
]


def nameless(line):
    space = {}
    source = f"def gradient_magnitude(gx, gy):\n    {line}"
    exec(source, space)
    outcome = examine(registry.exercise("2.4"), space["gradient_magnitude"])
    assert not outcome.misconceptions
    return [code(source), graded_cell("2.4", outcome)]


def test_answers_without_a_name_are_grouped_by_what_they_do(tmp_path):
    for who, line in enumerate(WRONG_WAYS):
        write(tmp_path / f"w{who}" / f"{NAME}.ipynb", nameless(line))
    seen = counted(tmp_path)
    first, second = seen.groups
    assert (len(first.learners), len(second.learners)) == (2, 2)
    assert first.source.endswith("return gx * 7")
    told = page(seen)
    assert "Zoe" not in told, "comments are left out"
    assert "stopped by an error" in told


def test_what_stands_in_a_notebook_cannot_write_the_page(tmp_path):
    evil = "<script>alert(1)</script>"
    outcome = judged("2.4", "gx + gy")
    cell = graded_cell("2.4", outcome)
    shown = cell["outputs"][0]["data"]
    for key in list(shown):
        if key.startswith("application/"):
            shown[key] = {**shown[key], "misconceptions": [evil, 3, None]}
    shown["text/plain"] = f"head\n{evil}\x1b[2J"
    source = f"def gradient_magnitude(gx, gy):\n    return '{evil}'"
    write(tmp_path / evil.replace("/", "_") / f"{NAME}.ipynb", [code(source), cell])
    told = page(counted(tmp_path), names=True)
    assert evil not in told
    assert "\x1b" not in told
    assert "&lt;script&gt;" in told


@pytest.mark.parametrize(
    "outputs",
    [
        3, "text", [3], [{"data": 3}], [{"output_type": "error", "evalue": 3}],
        [{"data": {"application/vnd.coursekit.verdict+json": "x"}}],
        [{"data": {"application/vnd.coursekit.verdict+json": {"exercise": [], "status": {}}}}],
        [{"data": {"application/vnd.coursekit.verdict+json": {"exercise": "2.2", "status": {}}}}],
    ],
)  # fmt: skip
def test_strange_outputs_are_no_verdict(tmp_path, outputs):
    cell = {"cell_type": "code", "source": 'check("2.2", f)', "outputs": outputs}
    write(tmp_path / "one.ipynb", [cell, {"cell_type": "code"}, 4])
    assert all(v.status == "none" for v in verdicts(tmp_path / "one.ipynb").values())


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}', "[" * 100_000, "\xff"])
def test_damaged_notebooks_say_so(tmp_path, text):
    (tmp_path / "n.ipynb").write_text(text, encoding="latin-1")
    with pytest.raises(DamagedError):
        verdicts(tmp_path / "n.ipynb")


def test_a_notebook_graded_before_verdicts_were_kept_is_read_from_its_errors(tmp_path):
    for id in SOME:
        for name in registry.exercise(id).misconceptions:
            outcome = judged(id, name)
            cell = graded_cell(id, outcome)
            cell["outputs"] = cell["outputs"][1:]
            write(tmp_path / "n.ipynb", [cell])
            read = verdicts(tmp_path / "n.ipynb")[id]
            assert read.status == outcome.status
            assert read.misconceptions == outcome.misconceptions, (id, name)


def test_a_test_that_was_kept_from_its_end_is_no_verdict(tmp_path):
    cell = graded_cell("2.4", judged("2.4", None))
    cell["outputs"].append({"output_type": "error", "evalue": "The check did not run to its end"})
    write(tmp_path / "n.ipynb", [cell])
    assert verdicts(tmp_path / "n.ipynb")["2.4"].status == "none"


def test_who_has_handed_in_nothing_or_something_amiss_is_told(tmp_path):
    """nbgrader's folder: what was submitted, what was graded, and the class list."""
    make_class(tmp_path, 2, QUICK, few=1)
    good = (tmp_path / "autograded" / "s0000" / NAME / f"{NAME}.ipynb").read_text()

    def put(step, who, name=f"{NAME}.ipynb", text=good, stamp=""):
        folder = tmp_path / step / who / NAME
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
        if stamp:
            (folder / "timestamp.txt").write_text(stamp)

    put("submitted", "misnamed", f"{NAME} (1).ipynb")
    put("submitted", "twice")
    put("submitted", "twice", f"{NAME}-Copy1.ipynb")
    put("autograded", "twice")
    put("submitted", "late")
    put("submitted", "again", stamp="2026-11-02 10:00:00 UTC")
    put("autograded", "again", stamp="2026-11-01 10:00:00 UTC")
    put("autograded", "broken", text=good[:-9])
    (tmp_path / "submitted" / "empty" / NAME).mkdir(parents=True)
    with sqlite3.connect(tmp_path / "gradebook.db") as database:
        database.execute("CREATE TABLE student (id TEXT)")
        database.execute("INSERT INTO student VALUES ('absent')")
    database.close()
    assert troubles(tmp_path) == {
        found.NOTHING: ["absent", "empty"],
        found.MISNAMED: ["misnamed"],
        found.TWICE: ["twice"],
        found.UNGRADED: ["late"],
        found.AGAIN: ["again"],
        DAMAGED: ["broken"],
    }
    told = page(counted(tmp_path), names=True)
    assert f"misnamed ({NAME} (1).ipynb)" in told
    assert "broken (no notebook" in told


def test_a_folder_of_copies_is_read_however_deep_they_lie(tmp_path):
    ran = [graded_cell("2.1", judged("2.1", None))]
    write(tmp_path / "ada" / f"{NAME}.ipynb", ran)
    write(tmp_path / "ben" / "notebooks" / f"{NAME}.ipynb", ran)
    write(tmp_path / "ben" / ".ipynb_checkpoints" / f"{NAME}.ipynb", ran)
    write(tmp_path / "cem" / "a" / "b" / f"{NAME} (1).ipynb", ran)
    write(tmp_path / "dot" / f"{NAME}.ipynb", [code('check("2.1", shape)')])
    (tmp_path / "eva").mkdir()
    write(tmp_path / "fay" / f"{NAME}.ipynb", ran)
    write(tmp_path / "fay" / f"{NAME} (2).ipynb", ran)
    assert counted(tmp_path).lessons[0].read == 4
    assert troubles(tmp_path) == {
        found.MISNAMED: ["cem"], found.TWICE: ["fay"], found.NOTHING: ["eva"], NEVER_RUN: ["dot"],
    }  # fmt: skip
    assert find(tmp_path / "ada", [LESSON]).learners == ("ada",), "one copy alone is a class too"


@pytest.mark.parametrize(
    ("prepare", "arguments", "says"),
    [
        (lambda p: None, ["gone"], "which does not exist; expected a folder of notebooks"),
        (lambda p: (p / "f").write_text(""), ["f"], "which is a file; expected a folder"),
        (lambda p: (p / "e").mkdir(), ["e"], "in which no notebook is one of 01_"),
        (lambda p: (p / "e").mkdir(), ["e", "99"], "lesson is 99; expected one of 1, 2"),
        (lambda p: write(p / "e" / f"{NAME}.ipynb", []), ["e"], "no notebook holds a verdict (1"),
        (lambda p: (p / "e").mkdir(), ["e", "-o", ""], "-o is empty; expected a folder"),
        (lambda p: (p / "f").write_text(""), [".", "-o", "f"], "-o is f, which is a file"),
        (lambda p: write(p / "e" / f"{NAME}.ipynb", []), ["e", "--grades", "moodle"],
         "no submission is graded; expected nbgrader's folder"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line(tmp_path, monkeypatch, capsys, prepare, arguments, says):
    monkeypatch.chdir(tmp_path)
    prepare(tmp_path)
    assert cli.main(["class", *arguments]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert "\n" not in error.strip()
    assert not list(tmp_path.glob("class-report*"))


def test_the_command_writes_both_files_and_says_what_it_read(tmp_path, capsys):
    make_class(tmp_path / "course", 3, QUICK, few=1)
    assert cli.main(["class", str(tmp_path / "course"), "2", "-o", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "read     3 notebooks of 3 learners, from nbgrader's folder" in said
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "class-report.html",
        "class-report.csv",
    }


def test_facility_and_discrimination_are_those_worked_out_by_hand():
    #           a      b      c      d
    right = [
        [True, True, True, False],
        [True, True, False, True],
        [True, False, True, False],
        [True, False, False, True],
    ]
    a, b, c, d = items("abcd", right)
    assert [i.facility for i in (a, b, c, d)] == [1, 0.5, 0.5, 0.5]
    assert a.discrimination is None
    assert b.discrimination is None, "the rest of the score is the same for all"
    assert c.discrimination == pytest.approx(-1 / 2**0.5)
    assert a.remark.startswith("too easy")
    assert c.remark == "", "four learners are too few"
    (_, _, many, _) = items("abcd", right * 5)
    assert many.remark.startswith("the strong miss it")


def graded_folder(path):
    write(path / "autograded" / "ada" / NAME / f"{NAME}.ipynb", [
        graded_cell("2.1", judged("2.1", None), 3), graded_cell("2.4", judged("2.4", "gx + gy"), 5),
    ])  # fmt: skip
    write(path / "autograded" / "007" / NAME / f"{NAME}.ipynb", [
        graded_cell("2.1", judged("2.1", None), 3), graded_cell("2.4", judged("2.4", None), 5.5),
    ])  # fmt: skip
    (path / "submitted" / "eva" / NAME).mkdir(parents=True)


def test_grades_for_moodle_and_canvas_have_the_documented_columns(tmp_path):
    graded_folder(tmp_path)
    points = marks.marks(find(tmp_path, [LESSON]), [LESSON])
    moodle = list(csv.reader(io.StringIO(marks.as_csv(points, "moodle"))))
    assert moodle == [
        ["Username", "First name", "Last name", "Email address", NAME],
        ["007", "", "", "", "8.5"],
        ["ada", "", "", "", "3"],
        ["eva", "", "", "", "-"],
    ]
    canvas = list(csv.reader(io.StringIO(marks.as_csv(points, "canvas"))))
    assert canvas == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", NAME],
        ["Points Possible", "", "", "", "", "8.5"],
        ["007", "", "", "007", "", "8.5"],
        ["ada", "", "", "ada", "", "3"],
        ["eva", "", "", "eva", "", ""],
    ]


@pytest.mark.ci
@pytest.mark.filterwarnings("ignore:Object of type")  # nbgrader makes SQLAlchemy say so
def test_the_gradebook_counts_where_there_is_one(tmp_path, monkeypatch):
    api = pytest.importorskip("nbgrader.api")
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    graded_folder(tmp_path)
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        gradebook.add_assignment(NAME)
        gradebook.add_notebook(NAME, NAME)
        gradebook.add_grade_cell("check", NAME, NAME, max_score=10, cell_type="code")
        gradebook.add_student("ada", first_name="Ada", last_name="King, Countess", email="a@x")
        gradebook.add_student("eva")
        gradebook.add_submission(NAME, "ada")
        grade = gradebook.find_grade("check", NAME, NAME, "ada")
        grade.auto_score, grade.manual_score = 4, 9.25  # the teacher's own judgement counts
        gradebook.find_submission_notebook(NAME, NAME, "ada").late_submission_penalty = 1
        gradebook.db.commit()
    points = marks.marks(find(tmp_path, [LESSON]), [LESSON])
    rows = list(csv.reader(io.StringIO(marks.as_csv(points, "canvas"))))
    assert rows[1][-1] == "10"
    assert rows[2] == ["King, Countess, Ada", "", "", "ada", "", "8.25"]
    assert rows[3][-1] == ""
    (tmp_path / "gradebook.db").write_text("no database")
    with pytest.raises(ValueError, match="no gradebook of nbgrader's, or damaged"):
        marks.marks(find(tmp_path, [LESSON]), [LESSON])


def test_grades_are_written_by_the_command(tmp_path, monkeypatch, capsys):
    graded_folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["class", ".", "--grades", "canvas"]) == 0
    assert "grades-canvas.csv  2 grades of 3 learners" in capsys.readouterr().out
    assert (tmp_path / "grades-canvas.csv").read_bytes().startswith(b"Student,ID,")


def test_a_notebook_is_read_in_one_go_and_let_go(tmp_path):
    """Memory does not grow with the class: what is kept of a notebook is a few numbers."""
    import tracemalloc

    planted = make_class(tmp_path, 12, QUICK, few=1, before=[code("x" * 1_000_000)])
    tracemalloc.start()
    assert_exact(tmp_path, planted, 12)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6_000_000
    assert json.loads(next(tmp_path.rglob("*.ipynb")).read_text())["cells"]
