"""`coursekit grade`: what it sorts out before, and that it grades as nbgrader alone does."""

import copy
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import pytest

from coursekit import cli

pytest.importorskip("nbgrader", reason="grading needs nbgrader")

from coursekit.classroom.grade.pool import graded
from coursekit.classroom.grade.run import Plan, carry_out
from coursekit.classroom.grade.submissions import Course, Submission

NAME = "02_convolution_by_hand"


def hand_in(course, who, text=None, name=f"{NAME}.ipynb", lesson=NAME):
    path = course / "submitted" / who / lesson / name
    path.parent.mkdir(parents=True, exist_ok=True)
    cell = nbformat.v4.new_code_cell(f"print({who!r})")
    path.write_text(text or nbformat.writes(nbformat.v4.new_notebook(cells=[cell])))
    return path


@pytest.fixture
def course(tmp_path):
    """A course of which nothing is graded, with what a class may hand in."""
    folder = tmp_path / "a course"
    for step in ("source", "release"):
        (folder / step / NAME).mkdir(parents=True)
    hand_in(folder, "ada")
    hand_in(folder, "bo", name="copy.ipynb")
    hand_in(folder, "cleo", "{ this was a notebook")
    hand_in(folder, "dan", name="lesson2 (1).ipynb")
    hand_in(folder, "dan")
    hand_in(folder, "eve", nbformat.writes(nbformat.v4.new_notebook()))
    hand_in(folder, "fay", lesson="02_convolution")
    (folder / "submitted" / "gus" / NAME).mkdir(parents=True)
    hand_in(folder, "hal [9000]")
    return folder


class Fake:
    """Grades at once, and records it as a grader does."""

    jobs = 2

    def __init__(self, fails=()):
        self.fails, self.graded, self.stopped = fails, [], threading.Event()

    def grade(self, submission):
        self.graded.append(submission.student)
        if submission.student in self.fails:
            return {"error": "its process was ended"}
        path = submission.course / "autograded" / submission.student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("graded")
        submission.record(submission.content(), {"score": 1.0, "max_score": 2.0})
        return {"score": 1.0, "max_score": 2.0}

    def stop(self):
        self.stopped.set()


def run(course, fake, **options):
    lines, good = carry_out(Plan(Course(course), NAME, **options), fake, 2)
    return "\n".join(lines), good


def test_what_cannot_be_graded_is_said_by_name_and_the_rest_is_graded(course):
    fake = Fake()
    said, good = run(course, fake)
    assert sorted(fake.graded) == ["ada", "dan"]
    assert not good
    assert f"{NAME}: 2 graded\n" in said
    assert "bo: misnamed: copy.ipynb; rename it to" in said
    assert "cleo: unreadable: " in said
    assert "one counts: dan (not graded: lesson2 (1).ipynb)" in said
    assert "eve: empty: " in said
    assert "handed in nothing: fay\n" in said
    assert "gus: handed in a folder without a notebook" in said
    assert "hal [9000]: the folder's name has one of [ ] * ?" in said
    assert Course(course).strays() == ["fay: 02_convolution is no assignment of this course"]


def test_only_what_is_new_is_graded_again(course):
    run(course, Fake())
    fake = Fake()
    assert "0 graded, 2 as they were" in run(course, fake)[0]
    assert fake.graded == []
    hand_in(course, "ada", nbformat.writes(nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_code_cell("print(2)")])))  # fmt: skip
    said, _ = run(course, fake)
    assert fake.graded == ["ada"]
    assert "handed in again, and graded anew: ada" in said
    (course / "submitted" / "dan" / NAME / "timestamp.txt").write_text("2026-11-26 10:00:00 UTC")
    assert "graded anew: dan" in run(course, fake)[0]
    shutil.rmtree(course / "autograded" / "ada")
    run(course, fake)
    assert fake.graded == ["ada", "dan", "ada"]
    assert "2 graded\n" in run(course, fake, force=True)[0]


def test_one_that_fails_is_named_with_its_log_and_tried_again(course):
    said, good = run(course, Fake(fails=["ada"]))
    assert not good
    assert f"{NAME}: 1 graded" in said
    assert "ada: not graded, its process was ended; see " in said
    fake = Fake()
    run(course, fake)
    assert fake.graded == ["ada"]


def test_an_interrupt_ends_those_at_work_and_begins_no_other():
    class Slow(Fake):
        def grade(self, submission):
            self.graded.append(submission.student)
            if submission.student != "0":
                self.stopped.wait(60)
            return {"error": "ended"}

    slow = Slow()
    everybody = [Submission(Path(), NAME, str(number)) for number in range(9)]
    results = graded(everybody, slow, 2)
    assert next(results)[0].student == "0"
    results.close()  # as an interrupt does
    assert slow.stopped.is_set()
    assert len(slow.graded) <= 4


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "which is no course; expected a folder made by"),
        (["a course", "9"], f"lesson is 9; expected one of: {NAME}"),
        (["a course", "--jobs", "0"], "--jobs is 0; expected 1 or more"),
        (["a course", "--scheduler", "nonsense://x"], "--scheduler is 'nonsense://x'"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_graded(
    course, monkeypatch, capsys, arguments, says
):
    monkeypatch.chdir(course.parent)
    if "--scheduler" in arguments:
        pytest.importorskip("distributed")
    assert cli.main(["grade", *arguments]) == 2
    assert says in capsys.readouterr().err
    assert not (course / "autograded").exists()


def test_an_assignment_that_was_not_made_yet_is_named(course, capsys):
    shutil.rmtree(course / "release")
    assert cli.main(["grade", str(course), "2"]) == 2
    assert f"run `nbgrader generate_assignment {NAME}`" in capsys.readouterr().err
    assert cli.main(["grade", str(course)]) == 2
    assert "has no assignment yet" in capsys.readouterr().err


def test_the_bench_compares_with_nbgrader_alone_and_puts_its_settings_back(monkeypatch, capsys):
    from coursekit.classroom.grade import measured
    from coursekit.classroom.grade.measured import Cost

    settings = []

    def alone(course):
        settings.append((course / "nbgrader_config.py").read_text())
        return Cost(24.0, 40.0) if "pictures = True" in settings[-1] else Cost(9.0, 18.0)

    def together(course, commands, count):
        assert (course / "nbgrader_config.py").read_text() == settings[0] == "c = 1\n"
        assert commands == [["-m", "coursekit", "grade", ".", "--force"]]
        return Cost(wall, 8.0)

    def made(folder):
        (folder / "nbgrader_config.py").write_text("c = 1\n")
        return folder

    monkeypatch.setattr(measured, "_alone", alone)
    monkeypatch.setattr(measured, "cost", together)
    monkeypatch.setattr(measured, "_course", made)
    monkeypatch.setattr(measured, "_hand_in", lambda course, students: None)
    wall = 4.0
    assert cli.main(["bench", "grading"]) == 0
    said = capsys.readouterr().out
    assert "6.0: 24.0 s (40.0 s of processor) by" in " ".join(said.replace("│", " ").split())
    settings.clear()
    wall = 6.0
    assert cli.main(["bench", "grading"]) == 1


ROUGH = [
    "import os; os._exit(0)",
    "while True: pass",
    "print('x' * 5_000_000)",
    "import pathlib\nfor path in pathlib.Path().iterdir(): path.unlink()",
    "exit()",
]


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A course with three submissions: right, mixed, and one that does its worst."""
    folder = tmp_path_factory.mktemp("grade") / "course"
    assert cli.main(["export", "nbgrader", str(folder), "2"]) == 0
    with (folder / "nbgrader_config.py").open("a") as config:
        config.write("c.ExecutePreprocessor.timeout = 25\n")
    command(folder, "-m", "nbgrader", "generate_assignment", NAME)
    path = Path(NAME) / f"{NAME}.ipynb"
    released = nbformat.read(folder / "release" / path, as_version=4)
    source = nbformat.read(folder / "source" / path, as_version=4)
    right = {cell.id: cell.source for cell in source.cells}
    released.cells = [
        c for c in released.cells if c.id.startswith(("imports", "answer-", "check-"))
    ]
    for who in ("right", "mixed", "rough"):
        notebook = copy.deepcopy(released)
        for number, cell in enumerate(notebook.cells):
            if cell.id.startswith("answer-") and (who == "right" or number % 4 == 1):
                cell.source = right[cell.id]
            if cell.id == "answer-shape" and who != "right":
                cell.source = "shape = (3, 6)"
        if who == "rough":
            notebook.cells[1:1] = [nbformat.v4.new_code_cell(attack) for attack in ROUGH]
        hand_in(folder, who, nbformat.writes(notebook))
    return folder


def command(folder, *arguments, wait=True, status=0):
    root = Path(__file__).parents[2]
    search = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PYTHONPATH": search, "PATH": path, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    if not wait:
        return process
    out, error = process.communicate(timeout=600)
    assert process.returncode == status, out + error
    return out


def results(folder, who):
    """Return what was graded: each cell's score, the executed cells, the feedback page."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        (notebook,) = gradebook.find_submission(NAME, who).notebooks
        scores = {grade.cell.name: (grade.score, grade.needs_manual_grade)
                  for grade in notebook.grades}  # fmt: skip
    graded = nbformat.read(folder / "autograded" / who / NAME / f"{NAME}.ipynb", as_version=4)
    for cell in graded.cells:
        cell.metadata.pop("execution", None)  # the times of day
        if any(output.get("ename") == "NotGraded" for output in cell.get("outputs", ())):
            cell.execution_count = None  # which came, or did not, before the kernel was gone
    page = (folder / "feedback" / who / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    cells = json.dumps(graded.cells, sort_keys=True)
    return scores, *(re.sub(r"ipykernel_\d+", "ipykernel", text) for text in (cells, page))


GRADE = ("-m", "coursekit", "grade")


@pytest.mark.ci
@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_interrupted_and_gone_on_with_it_grades_as_nbgrader_alone(handed_in, tmp_path):
    alone = tmp_path / "alone"
    shutil.copytree(handed_in, alone)
    here = tmp_path / "here"
    shutil.copytree(handed_in, here)

    begun = command(here, *GRADE, ".", "--jobs", "2", wait=False)
    records = here / ".coursekit-grading" / NAME
    until = time.monotonic() + 300
    while not list(records.glob("*.json")) and time.monotonic() < until:
        time.sleep(0.05)
    begun.send_signal(signal.SIGINT)
    assert "interrupted" in begun.communicate(timeout=60)[1]
    done = {path.stem: path.read_text() for path in records.glob("*.json")}
    assert done
    assert not (here / "autograded" / "rough").exists(), "half of a result is none"

    said = command(here, *GRADE, ".", "--jobs", "2")
    assert f"{NAME}: {3 - len(done)} graded, {len(done)} as they were" in said
    command(alone, "-m", "nbgrader", "autograde", NAME)
    command(alone, "-m", "nbgrader", "generate_feedback", NAME)
    for who in ("right", "mixed", "rough"):
        assert results(here, who) == results(alone, who)
    scores = {who: sum(score for score, _ in results(here, who)[0].values())
              for who in ("right", "mixed", "rough")}  # fmt: skip
    assert scores["right"] == 55
    assert 0 < scores["mixed"] == scores["rough"] < 55
    pages = (here / "feedback").rglob("*.html")
    assert max(page.stat().st_size for page in pages) < 300_000

    from coursekit.classroom.grade.measured import ITS_OWN

    with (alone / "nbgrader_config.py").open("a") as config:
        config.write(ITS_OWN)
    command(alone, "-m", "nbgrader", "generate_feedback", NAME, "--student=right", "--force")
    page = (alone / "feedback" / "right" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "Student's answer" in page, "nbgrader's own, which the bench compares with"


@pytest.mark.ci
@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_two_workers_of_a_cluster_grade_as_one_machine_does(handed_in, tmp_path):
    distributed = pytest.importorskip("distributed")
    here = tmp_path / "here"
    shutil.copytree(handed_in, here)
    for who in ("mixed", "rough"):
        shutil.rmtree(here / "submitted" / who)
    # Whoever ends the processes above a kernel is not graded, and holds up nobody.
    path = here / "submitted" / "right" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1:1] = [nbformat.v4.new_code_cell("import os; os.kill(os.getppid(), 9)")]
    hand_in(here, "killer", nbformat.writes(notebook))
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        address = cluster.scheduler_address
        said = command(here, *GRADE, ".", "--scheduler", address, status=1)
    assert f"{NAME}: 1 graded" in said
    assert "killer: not graded, " in said
    assert sum(score for score, _ in results(here, "right")[0].values()) == 55
