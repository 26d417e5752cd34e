"""A hidden test imports the course anew; what is said after it is as whole as before."""

import sys

import pytest

from coursekit.classroom.export import TESTS
from coursekit.exercises import grading, registry
from coursekit.exercises.checking import examine

pytestmark = pytest.mark.usefixtures("no_progress")

CASES = {"2.1": "n + k", "2.4": "gx + gy", "2.9": "zeros"}
LAZY = "coursekit.exercises.telling.text"


def answers(id, wrong):
    exercise = registry.exercise(id)
    right = exercise.reference if id == "2.4" else exercise.answer
    return exercise.misconceptions[CASES[id]].wrong if wrong else right


def said(id, wrong):
    """Run an exercise's test as the grader does; return what it fails with, "" where it passes."""
    space = {"answer": answers(id, wrong)}
    try:
        exec(TESTS.format(id=id, answer="answer", own="", seed=7), space)
    except AssertionError as error:
        return str(error)
    return ""


def modules():
    return {name: module for name, module in sys.modules.items() if name.startswith("coursekit")}


@pytest.fixture
def autograding(monkeypatch):
    monkeypatch.setenv(grading.NBGRADER, "autograde")
    registry.exercise("2.4")  # a bank is imported when it is first asked for
    kept = modules()
    yield
    for name in modules():
        del sys.modules[name]
    sys.modules.update(kept)


def assert_whole(order):
    for id, wrong in order:
        whole = str(examine(registry.exercise(id), answers(id, wrong))) if wrong else ""
        whole = whole.replace("Locked in:", "Handed in:")  # nothing is locked in an assignment
        assert said(id, wrong) == whole, (id, wrong)


def test_a_failure_after_a_pass_is_told_whole(autograding):
    assert_whole([("2.1", False), ("2.4", True), ("2.1", True)])


@pytest.mark.ci
def test_failures_and_passes_in_every_order_are_told_whole(autograding):
    """Every order of right and wrong in three exercises, one after the other."""
    pattern = "rrrwrwwwrr"  # holds each word of three letters
    ids = list(CASES)
    assert_whole([(ids[at % 3], letter == "w") for at, letter in enumerate(pattern)])


@pytest.mark.parametrize("wrong", [False, True])
def test_no_module_of_a_fresh_import_is_left_behind(autograding, wrong, monkeypatch):
    """What the old modules had not imported yet is theirs to import, not the fresh ones'."""
    monkeypatch.delitem(sys.modules, LAZY)  # as a module is that is imported when it is needed
    before = modules()
    # Right by what check tries, so that it is the hidden test that fails.
    table = "lambda gx, gy: (gx**2 + gy**2).sqrt() * (2 if gx.numel() and seeded() else 1)"
    space = {"seeded": lambda: "sys" in space, "answer": None}
    space["answer"] = eval(table, space) if wrong else answers("2.4", False)
    try:
        exec(TESTS.format(id="2.4", answer="answer", own="", seed=7), space)
    except AssertionError:
        assert wrong
    else:
        assert not wrong
    assert modules() == before
