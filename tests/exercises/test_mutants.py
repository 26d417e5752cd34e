"""Faults written into every reference by rule: `check` takes none of them for a right answer."""

from dataclasses import replace

import pytest

from coursekit.authoring.mutation import Decimals, Mutant, Tally, measure, mutants
from coursekit.cli import main
from coursekit.exercises import catalogue
from coursekit.exercises.model import FunctionExercise

FUNCTIONS = [e for e in catalogue() if isinstance(e, FunctionExercise)]
# Mutants that differ from the reference, are called correct, and that no learner would write: why.
LISTED: dict[tuple[str, str], str] = {}


@pytest.mark.ci
@pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda e: e.id)
def test_no_mutant_is_called_correct(exercise):
    tally = measure(exercise)
    assert tally.differing, "the rules find something to do in every reference"
    left = [m.fault for m in tally.survivors if (exercise.id, m.fault) not in LISTED]
    assert left == []


def scaled(x, factor):
    total = x.sum(dim=1)
    for _ in range(2):
        total = total + factor
    return total[1:] / 2


def test_the_rules_write_what_a_beginner_slips_on():
    exercise = FUNCTIONS[0]
    made = {m.fault for m in mutants(with_reference(exercise, scaled))}
    for fault in (
        "line 2: 1: 0", "line 3: range(2): argument 0 +1", "line 3: range(2): from 1",
        "line 4: total + factor: Sub", "line 4: total + factor: the left part alone",
        "line 5: [1:]: lower +1", "line 5: total[1:] / 2: FloorDiv", "x: whole numbers",
        "the result: half precision", "line 3: for _ in range(2):",
    ):  # fmt: skip
        assert any(said.startswith(fault) for said in made), fault


def with_reference(exercise, reference):
    return replace(exercise, reference=reference)


def test_the_command_counts_them_and_fails_where_one_is_taken_for_right(monkeypatch, capsys):
    """With a tally of the test's own: the counts themselves are what CI tests, all of them."""
    told = Tally(FUNCTIONS[0], 5, 4, ())
    monkeypatch.setattr("coursekit.authoring.mutation.measure", lambda exercise: told)
    assert main(["exercises", "1", "--mutants"]) == 0
    here = sum(e.lesson == 1 for e in FUNCTIONS)
    assert f"{5 * here}" in (table := capsys.readouterr().out)
    assert table.splitlines()[-1].split() == ["all", *map(str, (5 * here, 4 * here, 4 * here))]
    missed = replace(told, survivors=(Mutant(FUNCTIONS[0], "line 2: 1: 0", abs),))
    monkeypatch.setattr("coursekit.authoring.mutation.measure", lambda exercise: missed)
    assert main(["exercises", "1", "--mutants"]) == 1
    assert main(["exercises", "99", "--mutants"]) == 2
    assert "lesson is 99; there are exercises in lesson" in capsys.readouterr().err


def test_a_check_that_is_blind_to_decimals_is_found_out(monkeypatch):
    """With whole numbers alone, as they once were, an answer that cuts decimals off passes."""
    sums = next(e for e in FUNCTIONS if e.id == "1.1")
    blind = replace(sums, inputs=whole(sums.inputs), examples=sums.examples[:1])
    survivors = {mutant.fault for mutant in measure(blind).survivors}
    assert "the result: whole numbers" in survivors
    assert "x: whole numbers" in survivors
    assert measure(sums).survivors == ()


def whole(inputs):
    """Return a source of whole numbers, unless the harness itself asks for decimals."""

    def drawn(pick):
        args = inputs(pick)
        if isinstance(pick, Decimals):
            return args
        return tuple(a.round() if hasattr(a, "round") else float(round(a)) for a in args)

    return drawn
