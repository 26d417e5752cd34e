"""Every exercise in the catalogue is held to the rules of CONTRIBUTING.md."""

import os
import re
import subprocess
import sys
import warnings
from functools import cache
from html import unescape
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import pytest
from later_words import later_words
from sampling import some, two_of_each_lesson
from torch import nn
from torch.random import fork_rng

from coursekit.exercises import catalogue, check, hint, report, solution
from coursekit.exercises.checking import OUR_FAULT, examine
from coursekit.exercises.judging.diagnose import alike, behaviours, misconceptions
from coursekit.exercises.model import (
    ChoiceExercise,
    CounterexampleExercise,
    FunctionExercise,
    ValueExercise,
)

pytestmark = pytest.mark.usefixtures("no_progress")

EXERCISES = catalogue()
FUNCTIONS = [e for e in EXERCISES if isinstance(e, FunctionExercise)]
# For every day: each lesson's first two functions, and all that is no function, which costs little.
HERE = {*two_of_each_lesson(FUNCTIONS), *({*EXERCISES} - {*FUNCTIONS})}
COUNTEREXAMPLES = [e for e in EXERCISES if isinstance(e, CounterexampleExercise)]
KNOWN = [(e, name) for e in EXERCISES for name in e.misconceptions]
ALTERNATIVES = [(e, f) for e in FUNCTIONS for f in e.alternatives]
ALTERNATIVES += [(e, args) for e in COUNTEREXAMPLES for args in e.alternatives]
VOID = {"br", "hr", "img"}
# An address, a path, a file or a traceback: nothing that a learner is to read.
PRIVATE = r"0x[0-9a-f]{4}|(?<![\w<.:/])/\w+/|\.py\b|Traceback"


def by_id(values):
    return [v.id if hasattr(v, "id") else f"{v[0].id}-{v[1]}" for v in values]


def of_alternatives():
    return [f"{e.id}-{getattr(answer, '__name__', 'other')}" for e, answer in ALTERNATIVES]


def whole():
    """Return every misconception: of a function the first for every day, the others for CI."""
    first = [(e, next(iter(e.misconceptions))) for e in FUNCTIONS]
    return some(KNOWN, lambda case: case[0] in HERE and (case[0] not in FUNCTIONS or case in first))


@cache
def outcome_of(exercise, name):
    return examine(exercise, exercise.misconceptions[name].wrong)


class Balance(HTMLParser):
    """Collects the tags that are open, and what does not close."""

    def __init__(self):
        super().__init__()
        self.open, self.faults, self.tags = [], [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        self.faults += [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


def assert_fit_to_show(page):
    text, html = str(page), page._repr_html_()
    assert text == repr(page)
    assert not re.search(PRIVATE, text + html), text
    assert OUR_FAULT[:30] not in text
    if getattr(page, "exercise", ""):
        assert not later_words(int(page.exercise.partition(".")[0]), text)
    assert all(len(line) <= 100 for line in text.split("\n")), text
    parser = Balance()
    parser.feed(html)
    assert not parser.open
    assert not parser.faults
    assert "script" not in parser.tags
    assert "style" not in parser.tags


def test_ids_are_unique_and_name_their_lesson():
    ids = [exercise.id for exercise in EXERCISES]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"\d+\.\d+", id) for id in ids)


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_id(EXERCISES))
def test_an_exercise_says_what_it_has_to(exercise):
    assert exercise.title
    assert exercise.minutes > 0
    assert len(exercise.hints) >= 2
    assert exercise.hints[0].rstrip().endswith("?"), "the first hint is a question"
    assert len(exercise.reasons) > 40
    assert len(exercise.misconceptions) >= 4
    for known in exercise.misconceptions.values():
        assert not re.search(PRIVATE, known.teaches)
        assert known.teaches.endswith((".", ")"))
        assert len(known.teaches) < 200
        assert "!" not in known.teaches
    said = [exercise.title, *exercise.hints, exercise.reasons, *exercise.misconceptions]
    said += [known.teaches for known in exercise.misconceptions.values()]
    assert not later_words(exercise.lesson, " ".join(said))


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=by_id(FUNCTIONS))
def test_a_function_exercise_has_another_solution_and_a_worked_example(exercise):
    assert exercise.alternatives
    assert ">>> " in exercise.reference.__doc__
    namespace = {"Tensor": object, "nn": nn, "__name__": "lesson"}
    exec(exercise.stub, namespace)
    assert check(exercise.id, namespace[exercise.name]).status == "unattempted"
    assert exercise.solution not in exercise.stub


@pytest.mark.parametrize(
    ("exercise", "answer"),
    some(ALTERNATIVES, lambda case: case[0] in HERE),
    ids=of_alternatives(),
)
def test_other_correct_answers_pass(exercise, answer):
    outcome = examine(exercise, answer)
    assert outcome.status == "correct", outcome
    assert outcome.misconception is None
    assert_fit_to_show(outcome)


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_id(EXERCISES))
@pytest.mark.parametrize("gap", [..., None])
def test_a_gap_is_no_attempt(exercise, gap):
    outcome = check(exercise.id, gap)
    assert outcome.status == "unattempted"
    assert "minute" in str(outcome)
    assert_fit_to_show(outcome)


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=by_id(FUNCTIONS))
def test_no_misconception_passes_and_no_two_do_the_same(exercise):
    """Each is tried as far as it takes to tell it from the others, not on every input."""
    with warnings.catch_warnings(), fork_rng(devices=[]):
        warnings.simplefilter("ignore")
        bank = behaviours(exercise)
        for name, trials in bank.items():
            assert any(trial.kind != "right" for trial in trials), f"{name} passes for correct"
        for one, other in combinations(bank, 2):
            both = zip(bank[one], bank[other], strict=False)
            assert not all(alike(*pair) for pair in both), f"{one} is {other}"


@pytest.mark.ci
@pytest.mark.parametrize("exercise", FUNCTIONS, ids=by_id(FUNCTIONS))
def test_each_misconception_is_named_by_itself_and_by_nothing_else(exercise):
    with warnings.catch_warnings(), fork_rng(devices=[]):
        warnings.simplefilter("ignore")
        bank = behaviours(exercise)
    assert set(bank) == set(exercise.misconceptions)
    for name, trials in bank.items():
        assert {trial.kind for trial in trials} != {"right"}, f"{name} passes for correct"
        assert misconceptions(exercise, trials) == (name,)


@pytest.mark.parametrize(("exercise", "name"), whole(), ids=by_id(KNOWN))
def test_a_misconception_is_recognised_and_taught(exercise, name):
    known = exercise.misconceptions[name]
    outcome = outcome_of(exercise, name)
    assert outcome.status in ("wrong", "raised", "not comparable")
    assert outcome.misconceptions == (name,)
    assert known.teaches in " ".join(str(outcome).split())
    assert_fit_to_show(outcome)
    if isinstance(exercise, FunctionExercise):
        body = exercise.solution.split('"""')[2].strip()
        assert body not in unescape(outcome._repr_html_())


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_id(EXERCISES))
def test_hints_open_one_at_a_time(exercise):
    for steps in range(1, len(exercise.hints) + 1):
        page = hint(exercise.id, steps)
        text = " ".join(str(page).split())
        assert [said in text for said in exercise.hints] == [
            i < steps for i in range(len(exercise.hints))
        ]
        assert page._repr_html_().count("<details") == len(exercise.hints)
        assert_fit_to_show(page)


@pytest.mark.parametrize("exercise", some(EXERCISES, HERE.__contains__), ids=by_id(EXERCISES))
def test_the_solution_opens_only_when_it_may(exercise):
    before = solution(exercise.id)
    assert exercise.reasons not in " ".join(str(before).split())
    answer = getattr(exercise, "reference", getattr(exercise, "answer", None))
    outcome = check(exercise.id, answer)
    assert outcome.status == "correct", outcome
    assert outcome.misconception is None
    assert_fit_to_show(outcome)
    after = solution(exercise.id)
    assert exercise.reasons in " ".join(str(after).split())
    assert_fit_to_show(before)
    assert_fit_to_show(after)


@pytest.mark.parametrize("exercise", COUNTEREXAMPLES, ids=by_id(COUNTEREXAMPLES))
def test_a_counterexample_has_another_and_stands_in_the_lesson_of_its_program(exercise):
    assert exercise.alternatives
    assert exercise.bug in exercise.about.misconceptions
    assert exercise.lesson == exercise.about.lesson


def test_answers_of_the_other_kinds_are_among_what_is_offered():
    for exercise in EXERCISES:
        if isinstance(exercise, ChoiceExercise):
            wrong = {known.wrong for known in exercise.misconceptions.values()}
            assert wrong | {exercise.answer} == set(exercise.options)
        if isinstance(exercise, ValueExercise):
            assert exercise.answer not in [k.wrong for k in exercise.misconceptions.values()]


@pytest.mark.ci
def test_the_report_counts_what_is_killed_and_diagnosed(monkeypatch):
    """Of one lesson; that each misconception is named is shown one by one."""
    seen = {
        (e.id, id(e.misconceptions[name].wrong)): outcome_of(e, name)
        for e, name in KNOWN
        if e.lesson == 2
    }
    monkeypatch.setattr(report, "examine", lambda e, answer: seen[e.id, id(answer)])
    table, all_killed = report.table(2)
    assert all_killed
    assert table.row_count == sum(exercise.lesson == 2 for exercise in EXERCISES)


SCRIPT = """
import sys
from coursekit.exercises import catalogue
from coursekit.exercises.checking import examine
chosen = sys.argv[1:]
for exercise in catalogue():
    for name, known in exercise.misconceptions.items():
        if f"{exercise.id} {name}" in chosen:
            outcome = examine(exercise, known.wrong)
            print(outcome, outcome._repr_html_())
"""
ONE_OF_A_KIND = [
    "1.2 overwriting the old weights",  # an input is changed
    "2.1 n − k without the + 1",  # a value
    "2.2 a flipped kernel",  # numbers that differ
    "2.3 the identity",  # a choice
    "2.4 ^ in place of **",  # an error
    "2.9 zeros",  # an input that exposes nothing
    "3.4 the stride ignored",  # another shape
    "7.4 a layer under another name",  # through a harness
]
TWO_OF_EACH = [f"{e.id} {name}" for e in EXERCISES for name in list(e.misconceptions)[:2]]


@pytest.mark.ci
@pytest.mark.parametrize(
    "chosen", [ONE_OF_A_KIND, TWO_OF_EACH], ids=["one of a kind", "two of each"]
)
def test_text_is_the_same_in_every_process_and_nothing_is_left_behind(tmp_path, chosen):
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT, *chosen],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONHASHSEED": "1",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONUTF8": "1",
        },
    )
    assert run.stderr == b""
    here = [outcome_of(e, name) for e, name in KNOWN if f"{e.id} {name}" in chosen]
    assert len(here) == len(chosen)
    expected = "".join(f"{outcome} {outcome._repr_html_()}\n" for outcome in here)
    assert run.stdout.decode().replace("\r\n", "\n") == expected
    assert not list(tmp_path.iterdir())
