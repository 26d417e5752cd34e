"""An input that is to expose a program's bug: every status, whatever is handed in."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch

from coursekit.exercises import catalogue, check, counterexamples, grade, progress, solution
from coursekit.exercises.checking import OUR_FAULT, examine
from coursekit.exercises.grading import NBGRADER, NotCorrectError
from coursekit.exercises.judging.sandbox import Sandbox
from coursekit.exercises.judging.trials import attempt, expected, size, written
from coursekit.exercises.model import CounterexampleExercise, Misconception
from coursekit.exercises.pick import Seeded

pytestmark = pytest.mark.usefixtures("no_progress")

COUNTEREXAMPLES = [e for e in catalogue() if isinstance(e, CounterexampleExercise)]
FLIP, STEPS, START, RESHAPED, BATCH = COUNTEREXAMPLES
X, KERNEL = [[1, 2], [3, 4]], [[1, 2]]


def by_id(exercises):
    return [exercise.id for exercise in exercises]


def of(exercise, bug):
    """Return the exercise with another bug of the bank, nothing hidden and nothing outside."""
    return replace(exercise, bug=bug, misconceptions={}, outside=lambda *args: "")


def with_program(exercise, program):
    """Return the exercise with a program that no bank holds."""
    misconceptions = {**exercise.about.misconceptions, "new": Misconception(program, "It is.")}
    return of(
        replace(exercise, about=replace(exercise.about, misconceptions=misconceptions)), "new"
    )


def words(outcome):
    return " ".join(str(outcome).split())


@pytest.mark.parametrize("exercise", COUNTEREXAMPLES, ids=by_id(COUNTEREXAMPLES))
def test_a_hiding_place_hides_the_bug_wherever_it_holds(exercise):
    pick, seen = Seeded(1), set()
    drawn = [exercise.about.inputs(pick) for _ in range(300)]
    wrong = [known.wrong for known in exercise.misconceptions.values()]
    wrong = [args if isinstance(args, tuple) else (args,) for args in wrong]
    with Sandbox(exercise.about.tried(exercise.program), seconds=60) as sandbox:
        for args in (*drawn, *wrong):
            if name := counterexamples.hiding_place(exercise, args):
                seen.add(name)
                assert attempt(sandbox, args, expected(exercise.about, args)).kind == "right", name
    assert seen == set(exercise.misconceptions)


@pytest.mark.parametrize("exercise", [FLIP, STEPS, START], ids=by_id((FLIP, STEPS, START)))
def test_where_nothing_is_exposed_the_hiding_place_is_nearly_always_known(exercise):
    pick = Seeded(2)
    drawn = [exercise.about.inputs(pick) for _ in range(200)]
    with Sandbox(exercise.about.tried(exercise.program), seconds=60) as sandbox:
        hidden = [
            args
            for args in drawn
            if attempt(sandbox, args, expected(exercise.about, args)).kind == "right"
        ]
    named = [args for args in hidden if counterexamples.hiding_place(exercise, args)]
    assert len(hidden) > 20
    assert len(named) >= 0.9 * len(hidden)


@pytest.mark.parametrize("exercise", COUNTEREXAMPLES, ids=by_id(COUNTEREXAMPLES))
def test_no_search_finds_an_input_smaller_than_the_solution(exercise):
    assert size(counterexamples.smallest(exercise))[0] == size(exercise.answer)[0]
    assert size(exercise.answer)[0] < min(size(args)[0] for args in exercise.alternatives[-1:])


def test_both_results_the_first_difference_and_the_sizes_are_told():
    outcome = check("2.9", (X, KERNEL))
    assert outcome.status == "correct"
    said = words(outcome)
    assert "expected 2×1 the program's 2×1 [1] [2] +1 +2 [5] 4 ✗ 3 4 11 10" in said
    assert "window × kernel = 1·1 + 2·2 = 5, but the program's is 4." in said
    assert "The bug: a flipped kernel. Here the kernel is laid" in said
    assert "Your input has 6 numbers; the smallest known that exposes it has 4." in said
    assert "yours" not in said
    assert "you returned" not in said
    smallest = words(check("2.9", FLIP.answer))
    assert "Your input has 4 numbers; none that exposes it with fewer is known." in smallest


def test_an_input_that_exposes_nothing_is_drawn_and_its_hiding_place_named():
    outcome = check("2.9", (X, [[2, 2]]))
    assert (outcome.status, outcome.misconceptions) == (
        "wrong",
        ("a kernel with the same number everywhere",),
    )
    assert "1 2 +2 +2 6 3 4 14" in words(outcome)
    assert "The bug is hidden by a kernel with the same number everywhere. Half" in words(outcome)
    assert "<strong>a kernel with the same number everywhere</strong>" in outcome._repr_html_()


def test_what_hides_for_no_known_reason_is_given_none():
    outcome = examine(of(FLIP, FLIP.bug), (X, [[2]]))
    assert (outcome.status, outcome.misconceptions) == ("wrong", ())
    assert "hidden" not in words(outcome)
    assert "Stuck?" in str(outcome)


@pytest.mark.parametrize(
    "answer",
    [
        (np.array(X), np.array(KERNEL)),
        [torch.tensor(X), KERNEL],
        (torch.tensor(X, dtype=torch.float64, requires_grad=True), tuple(map(tuple, KERNEL))),
        (torch.tensor(X).to_sparse(), [[torch.tensor(1), np.float32(2)]]),
        ([torch.tensor(row) for row in X], torch.tensor(KERNEL, dtype=torch.int8)),
    ],
)
def test_an_input_counts_however_it_is_written(answer):
    assert str(examine(FLIP, answer)) == str(examine(FLIP, (X, KERNEL)))


def test_the_only_argument_is_given_as_it_is_or_in_a_tuple():
    layers = [(3, 2, 1)] * 3
    answers = (layers, tuple(layers), (layers,), [layers], np.array(layers), torch.tensor(layers))
    assert {examine(STEPS, answer).status for answer in answers} == {"correct"}
    assert examine(BATCH, ([[0], [200]],)).status == "correct"
    assert examine(START, ([[-1]], torch.tensor(1), 1.0)).status == "correct"


class Unfriendly:
    """Refuses whatever is asked of it."""

    def __getattribute__(self, name):
        raise RuntimeError(name)

    def __len__(self):
        raise RuntimeError

    __iter__ = __bool__ = __eq__ = __hash__ = __len__


class Endless(list):
    """Says that it has two parts, and never ends."""

    def __len__(self):
        return 2

    def __iter__(self):
        while True:
            yield 1


def holding_itself():
    endless = [1.0]
    endless.append(endless)
    return endless


@pytest.mark.parametrize(
    "part",
    [
        [], [[]], [[1, 2], [3]], [["a"]], "[[1]]", 1.0,
        {1: 2}, lambda x: x, object, [[True, None]], [[1j]], torch.ones(1, 2, dtype=torch.cfloat),
        torch.ones(2), torch.ones(1, 1, 1), torch.zeros(0, 3), torch.empty(1, 2, device="meta"),
        [[float("inf")]], [[1e39]], [[10**400]], np.array([["x"]]), np.array([[None]]),
        torch.zeros(1).expand(10**6, 10**6), [[0] * 20_000], [[0.0]] * 20_000,
        np.broadcast_to(np.zeros(1), (10**6, 10**6)),
    ],
)  # fmt: skip
def test_what_is_no_image_is_no_attempt_and_never_an_error(part):
    assert_no_attempt(part)


@pytest.mark.parametrize("make", [Unfriendly, Endless, holding_itself])
def test_what_behaves_badly_is_no_attempt_either(make):
    assert_no_attempt(make())


def assert_no_attempt(part):
    for answer in ((part, KERNEL), (X, part), part, (part,), (part,) * 3):
        outcome = examine(FLIP, answer)
        assert outcome.status == "not comparable"
        assert OUR_FAULT[:30] not in str(outcome)
        assert "no input yet" in str(outcome)
        assert len(str(outcome)) < 400


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (([[1]], 1), "(x, window, stride); this is 2 things in a tuple."),
        (([[1]], "2", 1), "window has to be a whole number; here it is the text '2'."),
        (([[1]], 1.5, 1), "window has to be a whole number; here it is of type float."),
        (([[1]], True, 1), "window has to be a whole number; here it is of type bool."),
        (([1], 1, 1), "x has to be a tensor with 2 axes; here it is 1 thing in a list."),
        (([[1]], 10**9, 1), "too large: it may have 10,000 numbers, and sizes up to 10,000."),
        (([[1]], 0, 1), "Window and stride are whole numbers from 1 on."),
        (([[1]], 2, 1), "A window has to fit inside x."),
    ],
)
def test_what_would_fit_is_said(answer, says):
    outcome = examine(START, answer)
    assert outcome.status == "not comparable"
    assert says in words(outcome)


def test_a_list_of_layers_has_to_be_one():
    for layers in ([(3, 2)], (3, 2, 1), [3, 2, 1], [(3, 2, "1")]):
        assert "a list of tuples of 3 whole numbers" in words(examine(STEPS, layers))
    assert "is empty" in words(examine(STEPS, []))
    assert "from 1 on" in words(examine(STEPS, [(3, 0, 1)]))
    assert "too large" in words(examine(STEPS, [(9000, 9000, 9000)] * 300))


def test_where_the_right_function_has_no_result_its_own_words_are_passed_on():
    mixed = replace(RESHAPED, outside=lambda *args: "")
    outcome = examine(mixed, (torch.ones(2, 1, 1), torch.eye(3)))
    assert outcome.status == "not comparable"
    assert "The right conv1x1 raises RuntimeError:" in str(outcome)
    free = replace(FLIP, outside=lambda *args: "")
    assert "The right result is empty" in str(examine(free, ([[1]], [[1], [1]])))
    assert "holds ∞ or NaN" in str(examine(FLIP, ([[3e38, 3e38]], [[2, 3]])))


def test_a_program_may_be_exposed_by_an_error_a_shape_or_a_nan(monkeypatch):
    monkeypatch.setattr(counterexamples, "smallest", lambda exercise: exercise.answer)
    outcome = examine(of(FLIP, "kernel[column, row] in place of kernel[row, column]"), (X, KERNEL))
    assert outcome.status == "correct"
    assert "On this input the program raises IndexError" in str(outcome)
    outcome = examine(of(FLIP, "one row and one column too few"), (X, KERNEL))
    assert outcome.status == "correct"
    assert "The result should be 2×1, and the program's is empty." in str(outcome)
    outcome = examine(BATCH, [[0, 0], [500, 0]])
    assert outcome.status == "correct"
    assert "but the program's is NaN" in words(outcome)
    outcome = examine(with_program(FLIP, lambda x, kernel: None), (X, KERNEL))
    assert outcome.status == "correct"


def test_what_takes_too_long_exposes_nothing(monkeypatch):
    def slow(x, kernel):
        while True:
            pass

    monkeypatch.setattr(counterexamples, "Sandbox", partial(Sandbox, seconds=0.2))
    monkeypatch.setattr("coursekit.exercises.judging.sandbox._Spent.little", lambda self: False)
    outcome = examine(with_program(FLIP, slow), (X, KERNEL))
    assert outcome.status == "not comparable"
    assert "It takes too long to compute" in str(outcome)


def test_the_answer_is_left_as_it_was():
    x, kernel = torch.tensor(X, requires_grad=False), torch.tensor(KERNEL)
    before = x.clone(), kernel.clone()
    check("2.9", (x, kernel))
    assert torch.equal(x, before[0])
    assert torch.equal(kernel, before[1])


def test_it_may_be_tried_again_and_nothing_is_locked_in():
    for answer in (..., (X, [[2]]), (X, ...), ([[1]], [[1, 2]]), (X, KERNEL), (X, [[1]])):
        check("2.9", answer)
    statuses = [attempt.status for attempt in progress.attempts("2.9")]
    assert statuses == ["wrong", "not comparable", "correct", "wrong"]
    assert progress.locked("2.9") == []
    assert progress.is_done("2.9")


def test_the_solution_is_drawn_once_one_was_found():
    assert "It opens after a correct answer" in str(solution("2.9"))
    check("2.9", (X, [[2]]))
    assert "It opens after a correct answer" in str(solution("2.9"))
    check("2.9", (X, KERNEL))
    assert "x 1×2 kernel 1×2 0 1 0 +1" in words(solution("2.9"))


def test_a_grader_takes_what_exposes_and_nothing_else(monkeypatch):
    assert grade("2.9", (X, [[2]])).status == "wrong"
    assert progress.attempts("2.9")
    for mode in ("validate", "autograde"):
        monkeypatch.setenv(NBGRADER, mode)
        assert grade("2.9", (X, KERNEL)).status == "correct"
        for wrong in (..., None, (X, [[2]]), ([[1]], [[1, 2]]), "x"):
            with pytest.raises(NotCorrectError, match=r"2\.9 Expose the bug"):
                grade("2.9", wrong)
            with pytest.raises(NotCorrectError, match=r"2\.9 Expose the bug"):
                grade("2.9", wrong, seed=7)
    assert grade("2.9", (X, KERNEL), seed=7).status == "correct"


def test_inputs_are_told_apart_by_dtype_and_shape_as_by_their_numbers():
    ones, alike = torch.ones(2), torch.ones(2)
    others = [
        (ones.int(),),
        (ones.double(),),
        (torch.ones(1, 2),),
        ([ones, alike],),
        (ones + 1e-6,),
    ]
    assert written((ones,)) == written((alike,))
    assert len({written(args) for args in [(ones,), *others]}) == 1 + len(others)
    assert written((torch.ones(0, 2),)) != written((torch.ones(0, 3),))
