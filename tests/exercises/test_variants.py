"""Questions with a learner's own numbers: right, unambiguous, the same for the same id."""

import re

import pytest

from coursekit.exercises import catalogue, grade, grading, hint, learner, question, variants, whose
from coursekit.exercises.reading import same
from coursekit.exercises.telling.outcome import VERDICT
from coursekit.exercises.values import examine

pytestmark = pytest.mark.usefixtures("no_progress")

VARIED = [e for e in catalogue() if getattr(e, "vary", None)]
IDS = [e.id for e in VARIED]
DRAW = "0123456789abcdef"
GOLDEN = [(10, 5), (5, 24, 19, 54)]
EACH = pytest.mark.parametrize("exercise", VARIED, ids=IDS)


@pytest.fixture(autouse=True)
def nobody(monkeypatch):
    """No learner is named by the machine, and no question has been asked."""
    for name in (whose.LEARNER, whose.HUB, grading.NBGRADER):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(whose, "_said", "")
    monkeypatch.setattr(variants, "_asked", {})


def as_grader(monkeypatch, who):
    monkeypatch.setenv(grading.NBGRADER, "autograde")
    monkeypatch.setenv(whose.LEARNER, who)


def test_at_least_fifteen_questions_have_a_hundred_variants():
    assert len(VARIED) >= 15
    for exercise in VARIED:
        drawn = variants.variants(exercise.id, DRAW)
        assert len({(one.question, one.shown) for one in drawn}) == 100


@EACH
def test_the_right_answer_of_each_variant_is_right_and_each_mistake_is_named(exercise):
    for drawn in variants.variants(exercise.id, DRAW):
        assert examine(drawn, drawn.answer).status == "correct"
        for name, known in drawn.misconceptions.items():
            assert examine(drawn, known.wrong).misconceptions == (name,), (drawn.question, name)


def worded(names):
    return [re.sub(r"[\d.]+( or \d+)?", "#", name) for name in names]


@EACH
def test_a_variant_is_the_same_exercise_with_numbers_that_are_all_its_own(exercise):
    for drawn in variants.variants(exercise.id, DRAW):
        kept = ("id", "title", "minutes", "vary")
        assert all(getattr(drawn, part) == getattr(exercise, part) for part in kept)
        assert len(drawn.misconceptions) == len(exercise.misconceptions)
        if exercise.id != "1.9":  # where corners became dots
            assert worded(drawn.misconceptions) == worded(exercise.misconceptions), "their order"
        assert not variants.is_ambiguous(drawn)
        said = [drawn.reasons, *drawn.hints, *(m.teaches for m in drawn.misconceptions.values())]
        assert "None" not in " ".join(said)
        assert not re.search(r"\d\.\d{5}", " ".join(said)), "numbers that are easy by hand"


@EACH
def test_the_lessons_own_question_is_one_of_its_kind(exercise):
    """The bank's own numbers came through the same function: one sentence in the same words."""
    letters = re.compile(r"[\d.,]+")
    other = variants.variants(exercise.id, DRAW)[0]
    if exercise.id not in ("1.9", "6.8"):  # several dots on a corner; a matrix of its own
        assert letters.sub("", exercise.question) == letters.sub("", other.question)


def test_an_ambiguous_variant_is_known_for_one():
    from dataclasses import replace

    from coursekit.exercises.model import Misconception

    box = next(e for e in VARIED if e.id == "6.8")
    assert not variants.is_ambiguous(box)
    alike = {**box.misconceptions, "nearly": Misconception(0.6712, "rounds to the same")}
    assert variants.is_ambiguous(replace(box, misconceptions=alike))
    twice = {"one": Misconception((3, 6), ""), "other": Misconception((3, 6), "")}
    assert variants.is_ambiguous(replace(VARIED[3], misconceptions=twice))


def test_the_same_id_has_the_same_numbers_and_other_courses_others():
    def asked(draw, who):
        return [variants.variant(id, draw, who).question for id in IDS]

    assert asked(DRAW, "ada") == asked(DRAW, " Ada ")
    assert asked(DRAW, "ada") != asked(DRAW, "bob")
    assert asked(DRAW, "ada") != asked("fedcba9876543210", "ada")
    many = {variants.variant("3.10", DRAW, f"learner{n}").question for n in range(200)}
    assert len(many) > 75, "ids are spread over all variants"


def test_numbers_that_were_handed_out_do_not_change_with_the_version_of_the_course():
    """A learner's question must be the same when it is graded, months later, by a newer course."""
    asked = variants.variant("2.1", DRAW, "ada"), variants.variant("3.10", DRAW, "ada")
    assert [one.answer for one in asked] == GOLDEN


@EACH
def test_each_answer_is_graded_by_the_id_alone(exercise, monkeypatch):
    for n in range(3):
        who = f"learner{n}"
        as_grader(monkeypatch, who)
        drawn = variants.variant(exercise.id, DRAW, who)
        outcome = grade(exercise.id, drawn.answer, draw=DRAW, seed=7)
        assert outcome.verdict["variant"] == variants.mark(exercise.id, DRAW, who)
        assert who not in str(outcome.verdict)
        shared = dict(zip(drawn.misconceptions, exercise.misconceptions, strict=True))
        for name, known in drawn.misconceptions.items():
            told = published(monkeypatch, exercise.id, known.wrong)
            assert told["misconceptions"] == [shared[name]], "all variants count under one name"


def published(monkeypatch, id, answer):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_: shown.append(data))
    with pytest.raises(AssertionError, match="not this one"):
        grade(id, answer, draw=DRAW)
    return shown[-1][VERDICT]


def test_a_neighbours_answer_is_wrong_and_called_what_it_is(monkeypatch):
    as_grader(monkeypatch, "bob")
    named = 0
    for id in IDS:
        mine = variants.variant(id, DRAW, "bob")
        theirs = next(
            other.answer
            for n in range(50)
            if not same((other := variants.variant(id, DRAW, f"ada{n}")).answer, mine.answer)
            and not any(same(other.answer, m.wrong) for m in mine.misconceptions.values())
        )
        told = published(monkeypatch, id, theirs)
        assert set(told["misconceptions"]) <= {variants.ANOTHER}
        named += told["misconceptions"] == [variants.ANOTHER]
    assert named >= 11, "of the fifteen; few numbers answer the others"


def test_an_answer_that_fits_nobody_is_not_called_a_neighbours(monkeypatch):
    as_grader(monkeypatch, "bob")
    assert published(monkeypatch, "3.10", (1, 2, 3, 4))["misconceptions"] == []
    with pytest.raises(AssertionError) as caught:
        grade("2.1", (1, 1), draw=DRAW)
    assert "other numbers" not in str(caught.value)


def test_feedback_tells_the_question_and_whose_numbers_the_notebook_had(monkeypatch):
    as_grader(monkeypatch, "bob")
    learner("ada")
    with pytest.raises(AssertionError) as caught:
        grade("2.1", variants.variant("2.1", DRAW, "ada").answer, draw=DRAW)
    said = " ".join(str(caught.value).split())
    assert "asked the questions of 'ada', and was handed in by 'bob'" in said
    assert variants.variant("2.1", DRAW, "bob").question in said
    assert "Handed in: " in said


def test_the_grader_needs_the_id_and_takes_no_other_for_it(monkeypatch):
    monkeypatch.setenv(grading.NBGRADER, "autograde")
    monkeypatch.setenv(whose.HUB, "grader")
    learner("ada")
    with pytest.raises(ValueError, match="COURSEKIT_LEARNER is missing"):
        grade("2.1", (4, 7), draw=DRAW, seed=7)


def test_without_an_id_the_learner_is_told_how_to_give_it(monkeypatch):
    for said in (question("2.1", DRAW), grade("2.1", (4, 7), draw=DRAW)):
        assert 'learner("...")' in str(said)
    assert "in place of the dots" in str(learner(...))
    monkeypatch.setenv(grading.NBGRADER, "validate")
    with pytest.raises(AssertionError, match="nobody has said whose it is"):
        grade("2.1", (4, 7), draw=DRAW)
    for wrong in (5, ["ada"], 0.5):
        with pytest.raises(ValueError, match="expected the one under which you hand in"):
            learner(wrong)


def test_a_learner_reads_their_question_and_its_hints_and_not_whether_they_are_right():
    assert "drawn for Ada" in str(learner(" Ada "))
    asked = variants.variant("2.1", DRAW, "ada")
    page = " ".join(str(question("2.1", DRAW)).split())
    assert "the question for Ada" in page
    assert asked.question in page
    assert asked.hints[1] in " ".join(str(hint("2.1", 2)).split())
    noted = str(grade("2.1", asked.answer, draw=DRAW))
    assert "Noted: " in noted
    assert "correct" not in noted
    assert grade("2.1", ..., draw=DRAW).status == "unattempted"
    assert "pullover" in str(question("6.8", DRAW)), "the matrix that it asks about"


@pytest.mark.parametrize(
    ("environment", "account", "who"),
    [
        ({}, "ada-laptop", ""),
        ({whose.LEARNER: "ada"}, "ada-laptop", "ada"),
        ({whose.HUB: "ada"}, "jupyter-ada", "jupyter-ada"),
        ({whose.HUB: "ada"}, "jovyan", "ada"),
        ({whose.HUB: "ada", whose.LEARNER: "s123"}, "jovyan", "s123"),
    ],
)
def test_on_a_hub_it_is_the_name_under_which_nbgrader_submits(
    environment, account, who, monkeypatch
):
    monkeypatch.setattr(whose, "getuser", lambda: account)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert whose.learner() == who
    learner("eve")
    assert whose.learner() == "eve"


@pytest.mark.parametrize("id", ["2.2", "2.3"])
def test_an_exercise_without_variants_is_refused(id):
    for asks in (lambda: question(id, DRAW), lambda: grade(id, 1, draw=DRAW)):
        with pytest.raises(ValueError, match="without variants; expected one of 1.5"):
            asks()
