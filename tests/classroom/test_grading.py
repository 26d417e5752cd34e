"""The course for nbgrader: what is released, and what becomes of three kinds of submission."""

import copy
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from sampling import some

from coursekit import cli
from coursekit.authoring.lesson import AuthoringError, Lesson, find_lessons, select_lessons
from coursekit.classroom.overview import marks
from coursekit.classroom.overview.found import find
from coursekit.classroom.overview.verdicts import verdicts
from coursekit.exercises import catalogue, check, grade, grading, progress
from coursekit.exercises.judging import trials
from coursekit.exercises.model import FunctionExercise
from coursekit.exercises.pick import Seeded
from coursekit.machine.paths import course_folder

pytestmark = pytest.mark.usefixtures("no_progress")
ONE_COURSE = pytest.mark.xdist_group("one course")  # graded once, on one worker

pytest.importorskip("nbgrader", reason="grading needs nbgrader")

LESSONS = find_lessons(course_folder("lessons"))
(LESSON,) = select_lessons(course_folder("lessons"), [2])
NAME = LESSON.name
ASKED = [e for e in catalogue() if e.lesson == LESSON.number]
FUNCTIONS = [e for e in catalogue() if isinstance(e, FunctionExercise)]
SECONDS = 15  # a cell of a hostile submission


def by_id(exercises):
    return [exercise.id for exercise in exercises]


def nbgrader(course, *arguments):
    scripts = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    environment["PYTHONPATH"] = os.pathsep.join(
        [str(Path(__file__).parents[2]), environment.get("PYTHONPATH", "")]
    )
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stderr


def path_in(course, step, who="."):
    return course / step / who / NAME / f"{NAME}.ipynb"


def read(course, step, who="."):
    return nbformat.read(path_in(course, step, who), as_version=4)


def submit(course, who, notebook):
    path = path_in(course, "submitted", who)
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


def the(notebook, id):
    return next(cell for cell in notebook.cells if cell.id == id)


def code(source, **metadata):
    return nbformat.v4.new_code_cell(source, metadata=metadata)


def scores(course, who):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission(NAME, who)
        assert not submission.needs_manual_grade
        return {
            grade.cell.name.removeprefix("check-"): grade.score
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def errors(course, who):
    """Return what went wrong in each cell: cell id or first line -> message."""
    return {
        cell.id if cell.metadata.get("nbgrader") else cell.source.splitlines()[0]: o.evalue
        for cell in read(course, "autograded", who).cells
        for o in cell.get("outputs", [])
        if o.output_type == "error"
    }


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of one lesson, released; each test hands in and grades under names of its own."""
    folder = tmp_path_factory.mktemp("classroom") / "course"
    assert cli.main(["export", "nbgrader", str(folder), "2"]) == 0
    nbgrader(folder, "generate_assignment", NAME)
    return folder


@pytest.fixture(scope="module")
def answered(course):
    """The released notebook, with the solutions filled in."""
    notebook, source = read(course, "release"), read(course, "source")
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = the(source, cell.id).source
    return notebook


def exercises_alone(notebook):
    """A copy with the exercises, and what goes on with their functions; the rest is deleted."""
    keep = ("imports", "answer-", "check-")
    alone = copy.deepcopy(notebook)
    for cell in alone.cells:
        if not cell.id.startswith(keep):
            lines = cell.source.splitlines() if cell.cell_type == "code" else []
            cell.source = "\n".join(line for line in lines if re.match(r"\w+ = own\(", line))
    alone.cells = [cell for cell in alone.cells if cell.source]
    return alone


FULL = {
    "shape": 3, "corr2d": 10, "choice": 3, "magnitude": 5,
    "convolve": 5, "step": 8, "grad-kernel": 7, "grad-input": 10, "expose": 4,
}  # fmt: skip


def half(course, answered):
    """Half of the answers are right; of the others one is deleted and one untouched."""
    notebook = exercises_alone(answered)
    the(notebook, "answer-shape").source = "shape = (3, 6)"
    the(
        notebook, "answer-corr2d"
    ).source = "def corr2d(x, kernel):\n    return ops.corr2d(x, kernel.flip(0, 1))"
    the(notebook, "answer-step").source = the(read(course, "release"), "answer-step").source
    del notebook.cells[notebook.cells.index(the(notebook, "answer-convolve"))]
    return notebook


TAMPER = """\
from coursekit import exercises
from coursekit.exercises import checking, grading, functions
exercises.grade = exercises.check = grading.grade = grade = check = lambda *a, **k: None
checking.examine = functions.examine = None"""
PASS_OVER = """\
def empty(lines):
    return ["pass\\n"] if "grad_input" in "".join(lines) else lines
get_ipython().input_transformers_cleanup.append(empty)"""


def cheating(answered):
    """What would pass without an answer, were it graded as it was handed in."""
    notebook = exercises_alone(answered)
    notebook.cells[1:1] = map(code, [PASS_OVER, TAMPER])
    the(notebook, "answer-shape").source = "shape = (3, 6)"
    the(notebook, "check-shape").source = "pass"
    the(notebook, "check-shape").metadata.tags = ["skip-execution"]
    the(notebook, "answer-choice").source = 'letter_of_filter = "A"'
    the(notebook, "answer-grad-input").source = "def grad_input(grad_y, kernel):\n    return 0"
    gone = ("check-choice", "answer-convolve", "check-convolve")
    notebook.cells = [cell for cell in notebook.cells if cell.id not in gone]
    marks = {"schema_version": 1, "grade_id": "check-step", "grade": True, "points": 500}
    the(notebook, "check-step").metadata.nbgrader = nbformat.from_dict(marks)
    the(notebook, "check-grad-kernel").metadata.nbgrader.grade_id = "nonsense"
    return notebook


@pytest.fixture(scope="module")
def graded(course, answered):
    """The course with three submissions graded, in one run of nbgrader."""
    submit(course, "perfect", exercises_alone(answered))
    submit(course, "half", half(course, answered))
    submit(course, "cheating", cheating(answered))
    nbgrader(course, "autograde", NAME)
    nbgrader(course, "generate_feedback", NAME, "--student=half")
    return course


@ONE_COURSE
@pytest.mark.ci
def test_perfect_and_half_are_scored_to_the_point_and_told_why(graded):
    LESSON.assert_no_leak(read(graded, "release"))
    assert scores(graded, "perfect") == FULL
    assert errors(graded, "perfect") == {}
    missed = {"shape": 0, "corr2d": 0, "step": 0, "convolve": 0}
    assert scores(graded, "half") == {**FULL, **missed}
    said = errors(graded, "half")
    checked = {id for id in said if id.startswith("check-")}
    assert checked == {f"check-{name}" for name in missed}
    assert "n − k without the + 1" in said["check-shape"]
    assert "This is what a flipped kernel would give" in " ".join(said["check-corr2d"].split())
    assert "not attempted yet" in said["check-step"]
    told = verdicts(path_in(graded, "autograded", "half"))
    assert told["2.2"].misconceptions == ("a flipped kernel",)
    assert {id for id, found in told.items() if found.status == "correct"} == {
        id for id in by_id(ASKED) if id not in ("2.1", "2.2", "2.5", "2.6")
    }
    assert told["2.6"].status == "unattempted"
    assert told["2.5"].status == "none", "convolve2d is not defined"
    graded_for = marks.marks(find(graded, [LESSON]), [LESSON])
    assert graded_for.points["half", NAME] == sum({**FULL, **missed}.values())
    assert marks.from_notebooks(find(graded, [LESSON])).points == graded_for.points
    assert "name 'convolve2d' is not defined" in said["check-convolve"]
    page = (graded / "feedback" / "half" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "This is what <strong>a flipped kernel</strong> would give" in page, (
        "after one that passed"
    )
    assert "The smallest input that shows it" in page
    assert "functions.py" not in page, "a traceback would bury what check says"


@ONE_COURSE
@pytest.mark.ci
def test_what_is_changed_to_pass_without_an_answer_is_put_back_and_judged(graded):
    missed = dict.fromkeys(("shape", "choice", "convolve", "grad-input"), 0)
    assert scores(graded, "cheating") == {**FULL, **missed}
    said = errors(graded, "cheating")
    assert "n − k without the + 1" in said["check-shape"]
    assert "not this one" in said["check-choice"], "a deleted test is put back"
    assert "The check did not run to its end" in said["check-grad-input"]


@ONE_COURSE
@pytest.mark.ci
def test_a_whole_notebook_is_graded_as_its_exercises_are(course, answered):
    submit(course, "whole", answered)
    nbgrader(course, "autograde", NAME, "--student=whole")
    assert scores(course, "whole") == FULL
    assert errors(course, "whole") == {}


@ONE_COURSE
@pytest.mark.ci
def test_validate_takes_no_verdict_for_a_number_of_points(course, answered, tmp_path):
    notebook = exercises_alone(answered)
    kept = ("imports", "answer-shape", "check-shape", "answer-magnitude", "check-magnitude")
    notebook.cells = [cell for cell in notebook.cells if cell.id in kept]
    nbformat.write(notebook, tmp_path / "right.ipynb")
    said = nbgrader(course, "validate", str(tmp_path / "right.ipynb"))
    assert "converted" not in said
    assert "Traceback" not in said


LOSE_THE_KERNEL = ["exit()", "import os; os._exit(0)"]
LOSE_TIME = [
    "while True: pass",
    "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
]
FLOOD = "print('x' * 20_000_000)\nfor i in range(20_000): print('y' * 400)"
HOG = "hog = bytearray(6 * 2**30)"


def hostile(answered):
    """What breaks nbgrader and fools it, with three honest answers among it: 2.6, 2.7 and 2.9."""
    notebook = cheating(answered)
    attacks = [HOG, "import sys; sys.exit(1)", FLOOD, *LOSE_THE_KERNEL, *LOSE_TIME]
    notebook.cells[3:3] = map(code, attacks)
    the(notebook, "answer-corr2d").source = "def corr2d(x, kernel):\n    while True: pass"
    the(
        notebook, "answer-magnitude"
    ).source = "def gradient_magnitude(gx, gy):\n    import os; os._exit(0)"
    for honest in ("answer-step", "answer-grad-kernel"):  # which would go on with their own corr2d
        cell = the(notebook, honest)
        cell.source = re.sub(r"\bcorr2d\(", "ops.corr2d(", cell.source)
    return notebook


@ONE_COURSE
@pytest.mark.ci
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
def test_a_hostile_submission_costs_its_own_points_and_nothing_else(course, answered):
    submit(course, "hostile", hostile(answered))
    submit(course, "zoe", exercises_alone(answered))
    (course / "submitted" / "broken" / NAME).mkdir(parents=True)
    kept = [p for step in ("source", "submitted") for p in (course / step).rglob("*.ipynb")]
    before = {path: path.read_bytes() for path in kept}

    nbgrader(
        course, "autograde", NAME, f"--ExecutePreprocessor.timeout={SECONDS}", "--student=[hz]o*"
    )
    nbgrader(course, "generate_feedback", NAME, "--student=[hz]o*")

    assert {path: path.read_bytes() for path in kept} == before
    assert scores(course, "zoe") == FULL
    honest = {"step": 8, "grad-kernel": 7, "expose": 4}
    assert scores(course, "hostile") == {**dict.fromkeys(FULL, 0), **honest}
    said = errors(course, "hostile")
    for source in LOSE_THE_KERNEL:
        assert "This cell ended the kernel" in said[source]
    assert "did not end in time" in said[LOSE_TIME[0]]
    assert "could not be interrupted" in said[LOSE_TIME[1].splitlines()[0]]
    assert HOG in said, "MemoryError, which has no message"
    assert "n − k without the + 1" in said["check-shape"]
    assert "not this one" in said["check-choice"], "a deleted test is put back"
    assert "ended the kernel" in said["check-magnitude"]
    assert "The check did not run to its end" in said["check-grad-input"]
    pages = [course / "feedback" / who / NAME / f"{NAME}.html" for who in ("hostile", "zoe")]
    sizes = [page.stat().st_size for page in pages]
    assert max(sizes) < 6_000_000


@pytest.fixture(
    scope="module",
    params=some(LESSONS, lambda lesson: lesson.number == 2),
    ids=lambda lesson: lesson.name,
)
def exported(request):
    from coursekit.classroom.export import assignment

    return request.param, assignment(request.param)


def test_every_lesson_is_a_valid_assignment(exported):
    from nbgrader.nbgraderformat import MetadataValidator

    from coursekit.classroom.export import released

    lesson, source = exported
    MetadataValidator().validate_nb(source)
    nbformat.validate(source)
    asked = [e for e in catalogue() if e.lesson == lesson.number]
    marks = [cell.metadata.get("nbgrader", {}) for cell in source.cells]
    tests = [mark for mark in marks if mark.get("grade")]
    assert [test["points"] for test in tests] == [exercise.minutes for exercise in asked]
    assert all(test["locked"] for test in tests)
    assert sum(mark.get("solution", False) for mark in marks) == len(asked)
    assert all(
        mark.get("grade_id", cell.id) == cell.id
        for mark, cell in zip(marks, source.cells, strict=True)
    )
    shown = released(lesson, source)
    learners = {cell.id: cell.source for cell in lesson.notebook(solutions=False).cells}
    for cell in shown.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            assert cell.source.rstrip() == learners[cell.id]
    text = nbformat.writes(shown)
    assert "HIDDEN TESTS" not in text
    assert not [seed for seed in grading_seeds(source) if seed in text]


def test_every_hidden_test_has_a_seed_of_its_own(exported):
    from coursekit.classroom.export import assignment

    lesson, source = exported
    found = grading_seeds(source)
    assert len(found) == sum(e.lesson == lesson.number for e in catalogue())
    assert not found & grading_seeds(assignment(lesson))


def grading_seeds(notebook):
    from coursekit.classroom.execute import SEEDED

    tests = (SEEDED.search(cell.source) for cell in notebook.cells)
    return {test["seed"] for test in tests if test}


SOURCE = """\
# %% id="answer"
### BEGIN SOLUTION
shape_of_the_map = (4, 7)
### END SOLUTION

# %% id="check"
check("2.1", shape_of_the_map)

# %% id="more"
{more}
"""


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("### BEGIN HIDDEN TESTS\n1", "No end hidden tests"),
        ('grade("2.1", 4, seed=5)', "cell more shows a hidden test"),
        ("#   shape_of_the_map = (4, 7)", None),
    ],
)
def test_what_would_reach_the_learners_is_refused(tmp_path, more, says):
    from coursekit.classroom.export import assignment, export, released

    path = tmp_path / "02_small.py"
    path.write_text(SOURCE.format(more=more), encoding="utf-8")
    lesson = Lesson(2, path)
    if says is None:
        notebook = assignment(lesson)
        the(notebook, "more").source = "shape_of_the_map = (4, 7)"
        path.write_text(SOURCE.format(more="1"), encoding="utf-8")
        with pytest.raises(AuthoringError, match="cell more leaks a solution"):
            released(lesson, notebook)
        return
    with pytest.raises((AuthoringError, RuntimeError), match=says):
        export([lesson], tmp_path / "course")
    assert not (tmp_path / "course").exists()


def test_export_keeps_what_is_there_and_refuses_a_file(tmp_path, capsys):
    course = tmp_path / "course"
    assert cli.main(["export", "nbgrader", str(course), "6"]) == 0
    files = sorted(path for path in course.rglob("*") if path.is_file())
    assert [path.suffix for path in files] == [".py", ".ipynb"]
    for path in files:
        path.write_text("mine")
    assert cli.main(["export", "nbgrader", str(course), "6"]) == 0
    assert {path.read_text() for path in files} == {"mine"}
    assert capsys.readouterr().out.count("kept ") == 2
    (tmp_path / "file").write_text("")
    assert cli.main(["export", "nbgrader", str(tmp_path / "file")]) == 2
    assert "which is a file; expected a folder" in capsys.readouterr().err
    assert cli.main(["export", "nbgrader", str(course), "99"]) == 2
    assert "lesson is 99; expected one of" in capsys.readouterr().err


def test_without_nbgrader_the_way_out_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "nbgrader.preprocessors", None)
    assert cli.main(["export", "nbgrader", str(tmp_path / "course"), "2"]) == 2
    assert "nbgrader is missing; expected an author's set-up" in capsys.readouterr().err


@pytest.mark.parametrize(
    "exercise", some(FUNCTIONS, lambda e: e.lesson in (2, 4)), ids=by_id(FUNCTIONS)
)
def test_hidden_inputs_are_new(exercise):
    hidden = grading.reseeded(exercise, 20_301)
    known = {str(args) for args, _ in trials.probes(exercise)}
    new = {str(args) for args, _ in trials.probes(hidden)} - known
    if len(new) < 10:
        pick = Seeded(1)
        possible = {str(exercise.inputs(pick)) for _ in range(500)}
        assert len(possible - known) <= max(1, len(new)), "check tries nearly all there are"


FIRST = {exercise.lesson: exercise for exercise in reversed(FUNCTIONS)}.values()


@pytest.mark.parametrize(
    "exercise",
    [pytest.param(e, marks=[] if e in FIRST else [pytest.mark.ci]) for e in FUNCTIONS],
    ids=by_id(FUNCTIONS),
)
def test_a_right_answer_passes_a_hidden_test(exercise):
    assert grade(exercise.id, exercise.reference, seed=20_301).status == "correct"


def test_a_table_of_the_inputs_of_check_does_not_pass_a_hidden_test():
    exercise = next(e for e in FUNCTIONS if e.id == "2.4")
    table = {str(args): exercise.reference(*args) for args, _ in trials.probes(exercise)}

    def looked_up(gx, gy):
        return table.get(str((gx, gy)), gx)

    with pytest.raises(AssertionError, match="2.4 How steep is the edge"):
        grade("2.4", looked_up, seed=20_301)


def test_grade_shows_a_learner_what_check_says_and_raises_for_nbgrader_only(monkeypatch):
    wrong = next(e for e in FUNCTIONS if e.id == "2.4").misconceptions["gx + gy"].wrong
    assert str(grade("2.4", wrong)) == str(check("2.4", wrong))
    assert len(progress.attempts("2.4")) == 2
    for mode in ("validate", "autograde"):
        monkeypatch.setenv(grading.NBGRADER, mode)
        with pytest.raises(AssertionError, match="opposite signs the two cancel") as caught:
            grade("2.4", wrong)
        (said,) = caught.value._render_traceback_()
        brief = mode == "autograde"  # where the outcome is shown above it, drawn
        assert said == (str(caught.value).partition("\n")[0] if brief else str(caught.value))
    assert len(progress.attempts("2.4")) == 2, "a grader's run is no attempt"


def test_a_value_is_noted_and_judged_by_the_grader_alone(monkeypatch):
    for answer in ((4, 7), (3, 6)):
        noted = str(grade("2.1", answer))
        assert "Noted: " in noted
        assert "n − k" not in noted
        assert "correct" not in noted
    assert progress.attempts("2.1") == [], "nothing is locked in"
    assert grade("2.1", ...).status == "unattempted"
    monkeypatch.setenv(grading.NBGRADER, "validate")
    assert "Noted" in str(grade("2.1", (3, 6)))
    assert isinstance(grade("2.1", (3, 6)), grading.Shown), (
        "no output that nbgrader takes for points"
    )
    right = next(e for e in FUNCTIONS if e.id == "2.4").reference
    assert isinstance(grade("2.4", right), grading.Shown)
    with pytest.raises(AssertionError, match="not attempted yet"):
        grade("2.1", ...)
    monkeypatch.setenv(grading.NBGRADER, "autograde")
    assert grade("2.1", (4, 7)).status == "correct"
    with pytest.raises(AssertionError, match="not this one") as caught:
        grade("2.1", (3, 6))
    assert "Handed in: (3, 6)." in str(caught.value)
    assert "Locked in" not in str(caught.value)


def test_the_graders_own_progress_is_neither_read_nor_written(tmp_path, monkeypatch):
    (tmp_path / ".coursekit").mkdir()
    monkeypatch.setenv(grading.NBGRADER, "autograde")
    assert "on record" not in str(check("2.1", (3, 6)))
    assert not list((tmp_path / ".coursekit").iterdir())
