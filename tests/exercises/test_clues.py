"""What is said to a wrong answer that behaves like no known misconception, and when it is not."""

import ast
import re
from itertools import product

import pytest
import torch
from sampling import some, two_of_each_lesson
from torch import nn

from coursekit import ops
from coursekit.exercises.checking import examine
from coursekit.exercises.judging import syntax
from coursekit.exercises.judging.sandbox import Sandbox
from coursekit.exercises.judging.trials import probes, try_probes
from coursekit.exercises.model import FunctionExercise
from coursekit.exercises.registry import catalogue, exercise
from coursekit.exercises.telling.counting import offset, wrong_count
from coursekit.exercises.telling.meanings import MEANINGS, meaning
from coursekit.exercises.telling.numbers import unlike
from coursekit.exercises.telling.places import where_right, where_wrong

FUNCTIONS = [e for e in catalogue() if isinstance(e, FunctionExercise)]


def told(id, answer):
    return " ".join(str(examine(exercise(id), answer)).split())


def trials_of(id, answer):
    with Sandbox(exercise(id).tried(answer)) as sandbox:
        return try_probes(sandbox, exercise(id))


def wrong_in(rows, columns):
    def corr2d(x, kernel):
        y = ops.corr2d(x, kernel)
        y[rows, columns] = 0
        return y

    return corr2d


@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [
        (slice(None), -1, "right but for the last column, where it is 0."),
        (0, slice(None), "right but for the first row, where it is 0."),
        (slice(1, None), slice(None), "the first row of yours is right, and other numbers are not"),
    ],
)
def test_the_slice_that_alone_is_wrong_is_named(rows, columns, said):
    trials = trials_of("2.2", wrong_in(rows, columns))
    assert said in where_wrong(trials) + where_right(trials)


def test_no_slice_is_named_where_another_number_is_wrong_too():
    def corr2d(x, kernel):
        y = wrong_in(slice(None), -1)(x, kernel)
        y[0, 0] += 1
        return y

    assert where_wrong(trials_of("2.2", corr2d)) == ""
    assert where_wrong(trials_of("2.2", lambda x, k: ops.corr2d(x, k) + 1)) == ""


def test_a_wrong_count_is_named_where_it_is_the_only_one_that_fits():
    exercise_45 = exercise("4.5")
    said = wrong_count(exercise_45, trials_of("4.5", lambda x: x.sum((1, 2)) / x.shape[1] ** 2))
    assert said.endswith("times x.shape[2] and divided by x.shape[1].")
    said = wrong_count(exercise_45, trials_of("4.5", lambda x: x.sum((1, 2)) / x.shape[1]))
    assert said.endswith("times x.shape[2].")
    said = wrong_count(exercise_45, trials_of("4.5", lambda x: x.mean((1, 2)) * 3))
    assert said == "On every input tried, yours is 3 times what is expected."
    assert wrong_count(exercise_45, trials_of("4.5", lambda x: x.mean((1, 2)) ** 2)) == ""


def test_an_offset_is_named_where_it_is_the_same_everywhere():
    at = exercise("1.3")
    assert offset(at, trials_of("1.3", lambda x: 2 * x - 12)).endswith(
        "6 less than what is expected."
    )
    assert offset(at, trials_of("1.3", lambda x: 3 * x - 6)).endswith(
        "x more than what is expected."
    )
    assert offset(at, trials_of("1.3", lambda x: 2 * x - 6 + abs(x))) == ""


def test_an_argument_that_makes_no_difference_is_named():
    def by_half(x, rate):
        return x - (0.25 + 0 * rate) * (2 * x - 6)

    assert "What you return is the same whatever rate is." in told("1.4", by_half)
    assert "whatever" not in told("1.4", lambda x, rate: x - rate * abs(2 * x - 5))


def test_an_argument_that_matters_on_one_input_is_not_called_ignored():
    def accuracy(logits, labels):
        right = [int(logits[i].argmax() == labels[i]) for i in range(1, len(labels))]
        return sum(right) / len(labels)

    assert "whatever" not in told("6.4", accuracy)


def test_the_part_of_an_argument_that_is_left_out_is_named():
    def weighted_sum(x, weight, bias):
        return x[:, :-1] @ weight[:-1] + bias

    assert (
        "What you return does not depend on the last column of x or on the last number of weight."
    ) in told("1.1", weighted_sum)
    assert "depend on kernels[-1]" in told("5.1", short_of_a_channel).replace("x[-1] or on ", "")


def short_of_a_channel(x, kernels):
    y = 0 * ops.corr2d(x[0], kernels[0])
    for c in range(len(x) - 1):
        y = y + ops.corr2d(x[c], kernels[c])
    return y


def test_of_a_sum_the_last_term_alone_is_seen():
    def weighted_sum(x, weight, bias):
        y = torch.zeros(len(x))
        for j in range(len(weight)):
            y = x[:, j] * weight[j]
        return y + bias

    assert "Of each sum only the last term is left" in told("1.1", weighted_sum)
    assert "Of each sum" not in told("1.1", lambda x, weight, bias: x @ weight + 3 * bias + 1)


def test_the_cell_that_counts_twice_is_named():
    def corr2d_multi_in(x, kernels):
        maps = [ops.corr2d(*pair) for pair in zip(x, kernels, strict=True)]
        return torch.stack([maps[0], *maps]).sum(dim=0)

    said = told("5.1", corr2d_multi_in)
    assert "changes twice as much with x[0, 0, 0] or kernels[0, 0, 0] as it should" in said


def test_swapped_arguments_are_named():
    said = told(
        "1.2", lambda weight, x, label, rate: x + rate * (label - float(weight @ x > 0)) * weight
    )
    assert "what is right with weight and x in each other's place" in said
    assert "each other's place" not in told("1.2", lambda weight, x, label, rate: x + weight)


def test_an_argument_that_comes_back_is_named_with_what_is_never_used():
    def learning_step(x, y, kernel, rate):
        error = ops.corr2d(x, kernel) - y
        better = kernel - 2 * rate * ops.corr2d(x, error)  # noqa: F841
        return kernel

    said = told("2.6", learning_step)
    assert "you return kernel as it came in. What is in better is never used." in said


def test_a_return_in_the_loop_is_named():
    def weighted_sum(x, weight, bias):  # noqa: RET503
        sums = torch.zeros(len(x))
        for i in range(len(x)):
            sums[i] = x[i] @ weight + bias
            return sums

    assert "The return stands inside the loop `for i in range(len(x))`" in told("1.1", weighted_sum)


def test_a_missing_return_on_one_way_is_counted():
    def perceptron_update(weight, x, label, rate):  # noqa: RET503
        if (weight @ x > 0) != label:
            return weight + rate * (label - float(weight @ x > 0)) * x

    assert re.search(r"returned None on \d+ of \d+ inputs", told("1.2", perceptron_update))


def test_one_row_many_times_is_named():
    def corr2d(x, kernel):
        y = ops.corr2d(x, kernel)
        h, w = y.shape
        out = [[0] * w] * h
        for i, j in product(range(h), range(w)):
            out[i][j] = y[i, j].item()
        return out

    assert "`[[0] * w] * h` holds one and the same row" in told("2.2", corr2d)


def tree(text):
    return ast.parse(text).body[0]


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n for i in x:\n  if i: return i",
        "def f(x):\n for i in x:\n  if i: continue\n  return i",
        "def f(x):\n for i in x:\n  g = lambda: i\n return x",
        "def f(x):\n def g(y):\n  for i in y: return i\n return g(x)",
    ],
)
def test_a_return_that_may_not_be_met_in_the_first_round_is_left_alone(text):
    assert syntax.early_return(tree(text)) == ""


def test_what_is_read_in_another_way_counts_as_read():
    assert syntax.unread(tree("def f(x, bias):\n x += bias\n return x")) == ()
    assert syntax.unread(tree("def f(x, bias):\n return eval('x + bias')")) == ()
    assert syntax.unread(tree("def f(x, bias):\n g = lambda: bias\n return g() + x")) == ()
    assert syntax.unused(tree("def f(x):\n H, W = x.shape\n return H")) == ()
    assert syntax.repeated_rows(tree("def f(h):\n return [0] * h")) == ""
    assert syntax.definition(len) is None


def test_facts_of_any_exercise_are_told_where_they_hold_exactly():
    assert "It fails exactly where x is not square" in told("4.5", lambda x: square_only(x))
    assert "exactly" not in told("4.5", lambda x: x.mean((1, 2)) + 1)


def square_only(x):
    right = x.mean((1, 2))
    return right if x.shape[1] == x.shape[2] else right + 1 + torch.arange(len(x))


RAISING = {
    "could not infer": lambda: torch.ones(2, dtype=torch.bool).mean(),
    "return_types": lambda: torch.ones(2, 2) - torch.ones(2, 2).max(1),
    "leaf": lambda: torch.ones(2, requires_grad=True).add_(1),
    "callable": lambda: torch.ones(2)(1),
    "shape": lambda: [1].shape,
    "size": lambda: torch.zeros(4 / 2, 3),
    "backwards": lambda: torch.ones(3)[::-1],
    "axis": lambda: torch.ones(3).flip(1),
    "ambiguous": lambda: bool(torch.ones(2) > 0),
    "scalar": lambda: torch.ones(2, requires_grad=True).backward(),
    "long": lambda: nn.functional.nll_loss(torch.ones(1, 2), torch.ones(1)),
    "append": lambda: torch.ones(2).append(3),
    "module": lambda: nn.Module.__setattr__(nn.Module.__new__(nn.Module), "fc", nn.Linear(1, 1)),
    "sequential": lambda: nn.Sequential([nn.Linear(1, 1)]),
    "generator": lambda: len(nn.Linear(1, 1).parameters()),
    "cast": lambda: torch.ones(2, dtype=torch.uint8).div_(2),
    "unpack": lambda: [a for a, b in [(1, 2, 3)]],
    "iterable": lambda: list(3),
    "matmul": lambda: torch.ones(2, 3) @ torch.ones(2, 3),
    "optimizer": lambda: torch.optim.SGD([], lr=1),
    "none": lambda: 2 * torch.ones(2).grad,
    "number": lambda: (3.0).sum(),
    "past": lambda: torch.ones(2)[2],
    "bool": lambda: 1 - (torch.ones(2) > 0),
    "max": lambda: max(torch.ones(2, 2)),
    "twice": lambda: [
        loss.backward() for loss in 2 * [torch.ones(1, requires_grad=True).exp().sum()]
    ],
}


@pytest.mark.parametrize("name", RAISING)
def test_an_error_as_torch_words_it_has_a_meaning(name):
    with pytest.raises(Exception) as caught:
        RAISING[name]()
    assert meaning(caught.type.__name__, str(caught.value)), caught.value


def test_no_meaning_is_made_up():
    assert meaning("ValueError", "kernel (2, 2) is larger than x (1, 1)") == ""
    assert all(said[-1] in ".)?" for said in MEANINGS.values())


def test_a_pair_as_the_step_of_a_slice_is_no_matter_of_division():
    pair = (1, 2)
    with pytest.raises(TypeError) as caught:
        [1, 2, 3][::pair]
    assert "a pair has to be taken apart first" in meaning("TypeError", str(caught.value))


def test_what_fails_after_the_function_is_not_called_its_error():
    said = told("7.8", lambda model, head_rate, body_rate: [3])
    assert "Your function returned, and what it left behind could not be used." in said
    assert "Your function raised" not in said
    assert "Your function raised" in told("7.8", lambda model, head_rate, body_rate: 1 / 0)


def test_a_list_that_the_harness_makes_is_not_put_on_the_learner():
    assert "You return a list" not in told("7.3", exercise("7.3").reference)
    assert "You return a list" in told("2.2", lambda x, k: ops.corr2d(x, k).tolist())


@pytest.mark.parametrize("id", ["7.3", "7.4"])
def test_a_function_that_changes_nothing_is_told_so(id):
    assert "left as it was" in told(id, lambda *args: args[0].eval())


def test_batch_norm_that_goes_on_learning_has_its_own_name():
    wrong = exercise("7.3").misconceptions["batch norm that goes on learning"].wrong
    assert all(trial.call.error is None for trial in trials_of("7.3", wrong))


def test_a_list_is_copied_in_the_way_of_lists():
    def receptive_field(layers):
        layers.pop(0)
        return 1

    assert "such as layers.copy()" in told("3.14", receptive_field)


def test_two_numbers_that_differ_are_printed_differently():
    assert unlike(-6.0002, -6.0) == "−6.0002"
    assert "but you returned −6.0" in told("1.3", lambda x: 2 * x - 6 - 2e-4)


def test_a_pair_in_reverse_is_not_turned_upside_down():
    said = told("6.6", lambda a, patience: exercise("6.6").reference(a, patience).flip(0))
    assert "in the reverse order" in said
    assert "upside down" not in said


PLURAL = re.compile(r"(?<![−+·/×^] )(?<![\d.·×/−+])\b1 (?!across|makes|averages|is|times)[a-z]+s\b")


@pytest.mark.parametrize(
    "exercise",
    some(FUNCTIONS, two_of_each_lesson(FUNCTIONS).__contains__),
    ids=[e.id for e in FUNCTIONS],
)
def test_one_is_followed_by_a_singular(exercise):
    said = []
    for args, wanted in probes(exercise)[:25]:
        said += [exercise.explain_shape(*args)] if exercise.explain_shape else []
        if exercise.explain and wanted.tensor is not None:
            cells = list(product(*map(range, wanted.tensor.shape)))[:20]
            said += [exercise.explain(cell, *args).arithmetic for cell in cells]
    faults = [text for text in said if PLURAL.search(text)]
    assert faults == []
