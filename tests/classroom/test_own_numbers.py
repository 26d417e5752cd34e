"""An assignment whose numbers are each learner's own: released, handed in, graded, reported."""

import copy
import os
import re
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from made_class import graded_cell, write
from sampling import some

pytest.importorskip("nbgrader", reason="grading needs nbgrader")

from coursekit import cli
from coursekit.authoring.lesson import find_lessons, select_lessons
from coursekit.classroom import drawing, execute
from coursekit.classroom.export import assignment, released
from coursekit.classroom.overview.found import find
from coursekit.classroom.overview.page import page
from coursekit.classroom.overview.tally import MISTAKEN_ID, tally
from coursekit.classroom.overview.verdicts import verdicts
from coursekit.exercises import catalogue, registry, values, variants
from coursekit.exercises.reading import show

LESSONS = find_lessons(course_folder := Path(__file__).parents[2] / "lessons")
(LESSON,) = select_lessons(course_folder, [4])
NAME = LESSON.name
SECRET = "5" * 64
DRAW = drawing.draws(SECRET, NAME)
VARIED = {e.id for e in catalogue() if getattr(e, "vary", None)}


def the(notebook, id):
    return next(cell for cell in notebook.cells if cell.id == id)


@pytest.mark.parametrize(
    "lesson", some(LESSONS, lambda lesson: lesson.number == 3), ids=lambda lesson: lesson.name
)
def test_an_assignment_asks_by_the_id_and_holds_no_numbers(lesson):
    from nbgrader.nbgraderformat import MetadataValidator

    draw = drawing.draws(SECRET, lesson.name)
    source = assignment(lesson, draw=draw)
    MetadataValidator().validate_nb(source)
    nbformat.validate(source)
    assert len({cell.id for cell in source.cells}) == len(source.cells)
    asked = [e for e in catalogue() if e.lesson == lesson.number and e.id in VARIED]
    asking = [cell for cell in source.cells if "import question" in cell.source]
    assert len(asking) == len(asked)
    assert all(cell.metadata.nbgrader.locked for cell in asking)
    assert sum(cell.id == "learner" for cell in source.cells) == bool(asked)
    shown = released(lesson, source)
    text = nbformat.writes(shown)
    assert SECRET not in text
    for exercise, cell in zip(asked, asking, strict=True):
        place = shown.cells.index(the(shown, cell.id))
        statement, _, answer, check = shown.cells[place - 1 : place + 3]
        assert statement.source.startswith(f"### Exercise {exercise.id}:")
        assert not re.search(r"\d{2}", statement.source.partition("\n")[2]), (
            "no numbers of a lesson"
        )
        assert re.fullmatch(r"\w+ = \.\.\.", answer.source.strip())
        assert f'grade("{exercise.id}", ' in check.source
        assert f', draw="{draw}")' in check.source
        test = execute.SEEDED.search(the(source, check.id).source)
        assert (test["exercise"], test["draw"]) == (exercise.id, draw)


def test_without_variants_an_assignment_is_what_it_was():
    source = nbformat.writes(assignment(LESSON, lambda: 5))
    assert "draw=" not in source
    assert "learner" not in [cell.id for cell in assignment(LESSON).cells]
    assert execute.SEEDED.search(the(assignment(LESSON, lambda: 5), "check-size").source)


def test_the_secret_is_made_once_and_stays_with_its_owner(tmp_path, capsys):
    course = tmp_path / "course"
    assert cli.main(["export", "nbgrader", str(course), "4", "--variants"]) == 0
    said = capsys.readouterr().out
    assert "written  variants_secret.txt" in said
    path = course / drawing.SECRET
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first, book = path.read_text(), (course / "source" / NAME / f"{NAME}.ipynb").read_text()
    assert first.strip() not in book
    assert drawing.draws(first.strip(), NAME) in book
    assert drawing.draws(first.strip(), "05_multiple_channels") not in book
    assert cli.main(["export", "nbgrader", str(course), "4", "5", "--variants"]) == 0
    assert path.read_text() == first
    assert "kept     variants_secret.txt" in capsys.readouterr().out
    other = tmp_path / "other"
    assert cli.main(["export", "nbgrader", str(other), "4", "--variants"]) == 0
    assert (other / drawing.SECRET).read_text() != first


def test_a_lost_or_damaged_secret_is_named_and_no_other_takes_its_place(tmp_path, capsys):
    course = tmp_path / "course"
    assert cli.main(["export", "nbgrader", str(course), "4", "--variants"]) == 0
    path = course / drawing.SECRET
    for damaged in ("", "5" * 63, "z" * 64):
        path.write_text(damaged)
        assert cli.main(["export", "nbgrader", str(course), "5", "--variants"]) == 2
        assert "expected the 64 hexadecimal digits" in capsys.readouterr().err
    path.unlink()
    assert cli.main(["export", "nbgrader", str(course), "5", "--variants"]) == 2
    said = capsys.readouterr().err
    assert "variants_secret.txt is missing" in said
    assert NAME in said
    assert not path.exists()
    assert not (course / "source" / "05_multiple_channels").exists()
    assert cli.main(["export", "nbgrader", str(course), "5"]) == 0, "a plain one needs none"


def outcome_of(id, who, answer):
    drawn = variants.variant(id, DRAW, who)
    return variants.told(values.examine(drawn, answer(drawn)), drawn, answer(drawn), DRAW, who)


def slip(name):
    return lambda drawn: list(drawn.misconceptions.values())[name].wrong


def test_a_pass_counts_only_with_the_learners_own_numbers():
    exercise = registry.exercise("4.2")
    cell = copy.deepcopy(the(assignment(LESSON, lambda: 7, DRAW), "check-size"))

    def passed(who, **verdict):
        shown = {**outcome_of(exercise.id, who, lambda e: e.answer).verdict, "seed": 7, **verdict}
        data = {execute.VERDICT: shown}
        cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
        return execute._has_verdict(cell, "ada")

    assert passed("ada")
    assert not passed("bob"), "another id, put into the environment by the submission"
    assert not passed("ada", seed=8)
    assert not passed("ada", variant="")


def test_a_class_report_counts_all_variants_of_a_mistake_together(tmp_path):
    names = list(registry.exercise("4.2").misconceptions)
    answers = {
        "ada": lambda e: e.answer, "bob": slip(0), "cyd": slip(0), "dan": slip(4),
        "eve": lambda e: (1, 1, 1, 1), "fay": lambda e: (2, 1, 1, 2),
        "gus": lambda e: variants.variant("4.2", DRAW, "ada").answer,
        "hal": lambda e: (3, 1, 1, 3),
    }  # fmt: skip
    for who, answer in answers.items():
        outcome = replace(outcome_of("4.2", who, answer), mistaken_id=who == "hal")
        cells = [graded_cell("4.2", outcome)]
        write(tmp_path / "autograded" / who / NAME / f"{NAME}.ipynb", cells)
    told = verdicts(tmp_path / "autograded" / "gus" / NAME / f"{NAME}.ipynb")
    assert told["4.2"].misconceptions == (variants.ANOTHER,)
    counted = tally(find(tmp_path, [LESSON]))
    (lesson,) = counted.lessons
    assert {name: len(who) for (_, name), who in lesson.named.items()} == {
        names[0]: 2, names[4]: 1, variants.ANOTHER: 1,
    }  # fmt: skip
    (group,) = counted.groups
    assert len(group.learners) == 3, "answers to other numbers are no groups of their own"
    assert lesson.troubles == {MISTAKEN_ID: [(7, ())]}
    shown = page(counted)
    assert "Worked with another id" in shown
    assert shown.count("Each learner had other numbers; here are the lesson's own.") >= 2
    assert "the answer to another learner&#x27;s question" in shown
    first = shown.partition('<h2 id="exercises">')[0]
    assert names[0] in first
    assert "another learner" not in first, "which is nothing to show again"


def run(course, *command):
    scripts, root = Path(sys.executable).parent, Path(__file__).parents[2]
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    environment["PYTHONPATH"] = os.pathsep.join([str(root), environment.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=course, env=environment, capture_output=True,
        text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


PRETENDS = "import os; os.environ['COURSEKIT_LEARNER'] = 'ada'"


def hand_in(course, who, answer, more=""):
    """Hand in the exercise alone; `more` stands in a cell of the learner's own before it."""
    book = nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    kept = ("learner", "question-size", "answer-size", "check-size")
    book.cells = [cell for cell in book.cells if cell.id in kept]
    if who == "cyd":
        the(book, "learner").source = the(book, "learner").source.replace("...", '"ada"')
    the(book, "answer-size").source = f"shape = {show(answer)}"
    book.cells.insert(0, nbformat.v4.new_code_cell(more))
    path = course / "submitted" / who / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(book, path)


@pytest.mark.ci
def test_learners_are_graded_by_their_ids_and_a_copied_answer_is_found_out(tmp_path):
    course = tmp_path / "course"
    course.mkdir()
    (course / drawing.SECRET).write_text(SECRET)
    assert cli.main(["export", "nbgrader", str(course), "4", "--variants"]) == 0
    run(course, "nbgrader", "generate_assignment", NAME)
    asked = {who: variants.variant("4.2", DRAW, who) for who in ("ada", "bob", "cyd")}
    assert len({one.answer for one in asked.values()}) == 3
    for who, more in {"ada": "", "bob": PRETENDS, "cyd": ""}.items():
        hand_in(course, who, asked["ada"].answer, more)
    run(course, "coursekit", "grade", str(course), "4", "--jobs", "2")
    told = {
        who: verdicts(course / "autograded" / who / NAME / f"{NAME}.ipynb")["4.2"] for who in asked
    }
    feedback = {
        who: (course / "feedback" / who / NAME / f"{NAME}.html").read_text(encoding="utf-8")
        for who in asked
    }
    assert [who for who, page in feedback.items() if "3 of 3 points" in page] == ["ada"]
    assert told["ada"].status == "correct"
    assert asked["ada"].question in feedback["ada"]
    assert "import question" not in feedback["ada"]
    assert "The check did not run to its end" in feedback["bob"], "it named another in its kernel"
    assert told["cyd"].mistaken_id
    assert asked["cyd"].question in feedback["cyd"]
    assert "asked the questions of" in feedback["cyd"]


def test_an_instructor_reads_what_a_learner_was_asked(tmp_path, capsys):
    (tmp_path / drawing.SECRET).write_text(f"{SECRET}\n")
    assert cli.main(["exercises", "4", "--asked-of", " Ada ", "--course", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    for id in (id for id in VARIED if id.startswith("4.")):
        asked = variants.variant(id, DRAW, "ada")
        assert f"{id}  {asked.question}\n" in said
        assert f"     answer: {show(asked.answer)}\n" in said
        for name, known in asked.misconceptions.items():
            assert f"     {name}: {show(known.wrong)}\n" in said
    assert "3.1" not in said


@pytest.mark.parametrize(
    ("arguments", "named"),
    [(["--asked-of", "ada"], "--course is"), (["--asked-of", " "], "--asked-of is empty"),
     (["7", "--asked-of", "ada"], "N is 7")],
)  # fmt: skip
def test_what_nobody_was_asked_is_refused(tmp_path, capsys, arguments, named):
    course = tmp_path / "course"
    course.mkdir()
    if "--course" not in named:
        (course / drawing.SECRET).write_text(f"{SECRET}\n")
    assert cli.main(["exercises", *arguments, "--course", str(course)]) == 2
    assert named in capsys.readouterr().err
    assert (course / drawing.SECRET).exists() == ("--course" not in named), "none is made"
