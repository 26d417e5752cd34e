"""What `check` does with answers that are wrong in ways of their own."""

import subprocess
import sys
import threading
import time
import warnings

import numpy as np
import pytest
import torch
from torch import nn

from coursekit import models, ops
from coursekit.exercises import check, solution
from coursekit.exercises.checking import OUR_FAULT
from coursekit.exercises.judging import sandbox, search

pytestmark = pytest.mark.usefixtures("no_progress")


@pytest.fixture
def short_search(monkeypatch):
    """Let any failing input do, where the smallest is not looked at."""
    monkeypatch.setattr(search, "CALLS", 10)


def lines(outcome):
    return " ".join(str(outcome).split())


def test_the_smallest_counterexample_is_drawn_with_its_arithmetic():
    def corr2d(x, kernel):
        return ops.corr2d(x, kernel.flip(0, 1))

    assert str(check("2.2", corr2d)) == (
        """\
2.2 Slide the window: not yet

The smallest input that shows it:

  x  1×2    kernel  1×2    expected  1×1    you returned  1×1
   0 1        0 +1          1                0 ✗

The one number:
  window × kernel = 0·0 + 1·1 = 1, but you returned 0.

This is what a flipped kernel would give. Here the kernel is laid on the window as it
is, top left on top left; only the convolution of mathematics turns it by half a turn
first.

Stuck? hint("2.2")"""
    )


def test_an_unknown_id_names_those_that_exist():
    with pytest.raises(ValueError, match="id is '9.9'; there is no such exercise, only .*2.2, 2.3"):
        check("9.9", 1)


def test_stubs_of_every_kind_are_unattempted():
    def doc(x, kernel):
        """A docstring."""

    def dots(x, kernel):
        """A docstring."""

    def passes(x, kernel):
        pass

    def todo(x, kernel):
        raise NotImplementedError("later")

    def gap(x, kernel):
        x = x + 1
        return ...

    for stub in (doc, dots, passes, todo, gap, lambda x, kernel: ...):
        assert check("2.2", stub).status == "unattempted"


def test_a_missing_return_is_named():
    def corr2d(x, kernel):
        ops.corr2d(x, kernel)

    outcome = check("2.2", corr2d)
    assert outcome.status == "not comparable"
    assert "return statement missing" in outcome.message


@pytest.mark.parametrize(
    ("convert", "note"),
    [
        (lambda y: y.tolist(), "list"),
        (lambda y: tuple(map(tuple, y.tolist())), "list"),
        (lambda y: [list(row) for row in y], "list"),
        (lambda y: y.numpy(), "NumPy array"),
        (lambda y: y.double(), ""),
        (lambda y: y.half(), ""),
        (lambda y: y.bfloat16(), ""),
        (lambda y: y.clone().requires_grad_(), ""),
        (lambda y: y.to_sparse(), ""),
        (lambda y: torch.nn.Parameter(y), ""),
    ],
)
def test_right_values_of_another_type_are_correct_with_a_note(convert, note):
    outcome = check("2.2", lambda x, kernel: convert(ops.corr2d(x, kernel)))
    assert outcome.status == "correct"
    assert note in str(outcome)
    assert ("tensors" in str(outcome)) == bool(note)


def test_whole_numbers_in_place_of_decimals_are_wrong():
    outcome = check("2.2", lambda x, kernel: ops.corr2d(x, kernel).to(torch.int32))
    assert outcome.status == "wrong"
    assert "yours is what is expected with its decimals cut off" in lines(outcome)


@pytest.mark.usefixtures("short_search")
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("text", "text (str)"),
        (object(), "type object"),
        ([[1, 2], [3]], "different lengths"),
        ({"a": 1}, "type dict"),
        (torch.ones(2, 2, dtype=torch.complex64), "complex"),
        (1j, "complex"),
        (np.array(["a"]), "type ndarray"),
        (np.array([1j]), "complex"),
        (print, "parentheses"),
        ((i for i in range(3)), "generator"),
        (torch.empty(2, 2, device="meta"), "unreadable"),
    ],
)
def test_values_that_cannot_be_compared_have_a_sentence_each(value, said):
    outcome = check("2.2", lambda x, kernel: value)
    assert outcome.status == "not comparable"
    assert said in str(outcome)


def test_shapes_that_do_not_fit_have_a_sentence_each():
    right = ops.corr2d
    single = check("2.2", lambda x, k: right(x, k).sum())
    assert "sum of what is expected" in lines(single)
    scalar = check("2.4", lambda gx, gy: 5.0)
    assert "yours is a single number" in lines(scalar) or "shape is ()" in lines(scalar)
    short = check("2.2", lambda x, k: right(x, k)[:-1, :-1])
    assert "   1         +1             1" in str(short), "zeros would show nothing"
    assert "yours is empty" in lines(check("2.2", lambda x, k: torch.zeros(0, 3)))
    assert "two extra axes" in lines(check("2.2", lambda x, k: right(x, k)[None, None]))
    assert "1 row too many" in lines(
        check("2.2", lambda x, k: torch.nn.functional.pad(right(x, k), (0, 0, 1, 0)))
    )
    assert "has the shape of x" in lines(check("2.2", lambda x, k: x + k.sum()))
    assert "you return x as it came in" in lines(check("2.2", lambda x, k: x.clone()))


def test_nan_is_explained():
    outcome = check("2.2", lambda x, kernel: ops.corr2d(x, kernel) / 0 * 0)
    assert outcome.status == "wrong"
    assert "NaN" in str(outcome)
    assert "dividing by 0" in str(outcome)


def test_relations_to_the_right_answer_and_to_a_misconception():
    assert "twice what is expected" in lines(check("2.2", lambda x, k: 2 * ops.corr2d(x, k)))
    mixed = check("2.2", lambda x, k: -ops.convolve2d(x, k))
    assert "the negative of what a flipped kernel would give" in lines(mixed)
    assert mixed.misconception == "a flipped kernel"
    assert "0 everywhere" in lines(check("2.2", lambda x, k: 0 * ops.corr2d(x, k)))


def test_nothing_is_claimed_about_what_is_not_known():
    torch.manual_seed(0)
    noise = {}

    def corr2d(x, kernel):
        key = (tuple(x.flatten().tolist()), tuple(kernel.flatten().tolist()))
        return ops.corr2d(x, kernel) + noise.setdefault(key, len(noise) + 1)

    outcome = check("2.2", corr2d)
    assert outcome.status == "wrong"
    assert outcome.misconception is None
    assert "This is what" not in str(outcome)
    assert "every" not in str(outcome)


def test_what_failing_inputs_share_is_said():
    def corr2d(x, kernel):
        if kernel.shape[0] != kernel.shape[1]:
            return ops.corr2d(x, kernel) + 1000
        return ops.corr2d(x, kernel)

    said = lines(check("2.2", corr2d))
    assert "It fails exactly where the kernel is not square" in said


def test_an_error_shows_the_learners_line_and_the_smallest_input():
    def corr2d(x, kernel):
        result = ops.corr2d(x, kernel)
        return result if x.shape[0] < 2 else result[99]

    outcome = check("2.2", corr2d)
    assert outcome.status == "raised"
    assert "return result if x.shape[0] < 2 else result[99]    ← line 3 of corr2d" in str(outcome)
    assert "IndexError" in outcome.message
    assert "numbered from 0" in str(outcome)
    assert "x  2×1" in str(outcome)
    assert "Traceback" not in str(outcome)


def test_no_input_is_made_so_simple_that_nothing_right_can_be_returned():
    said = lines(check("7.1", lambda images, mean, std: (images / 255 - mean) / std))
    assert "std 3" in said
    assert "NaN" not in said


@pytest.mark.usefixtures("short_search")
@pytest.mark.parametrize("error", [SystemExit(3), RecursionError, GeneratorExit, Exception("/a/b")])
def test_whatever_is_raised_is_caught(error):
    def corr2d(x, kernel):
        raise error

    assert check("2.2", corr2d).status == "raised"


def test_endless_recursion_is_an_error_like_any_other():
    def corr2d(x, kernel):
        return corr2d(x, kernel)

    outcome = check("2.2", corr2d)
    assert outcome.status == "raised"
    assert "RecursionError" in str(outcome)


def test_an_interrupt_passes_through():
    def corr2d(x, kernel):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("2.2", corr2d)
    assert sys.stdout is not None
    assert check("2.2", ops.corr2d).status == "correct"


@pytest.fixture
def impatient(monkeypatch):
    """Half a second of work and one on the clock: enough for what returns at once."""
    monkeypatch.setattr(sandbox, "SECONDS", 0.5)
    monkeypatch.setattr(sandbox, "PATIENCE", 1.0)


def forever(x, kernel):
    while True:
        pass


def stubborn(x, kernel):
    try:
        while True:
            x = x + 1
    except BaseException:
        while True:
            x = x - 1


AWAKE = threading.Event()


def asleep(x, kernel):
    AWAKE.wait()  # in C, where nothing that is raised in the thread arrives
    return ops.corr2d(x, kernel)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("answer", [forever, stubborn, asleep])
def test_what_never_returns_is_stopped(answer):
    before = threading.active_count()
    stream = sys.stdout
    AWAKE.clear()
    outcome = check("2.2", answer)
    assert outcome.status == "raised"
    assert "had not returned" in str(outcome)
    assert sys.stdout is stream
    assert ("restart the kernel" in str(outcome)) == (answer is asleep)
    assert sum(range(300_000)) == 44_999_850_000
    AWAKE.set()
    until = time.monotonic() + 15
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.05)
    assert threading.active_count() <= before


@pytest.mark.usefixtures("impatient")
def test_a_hang_on_some_inputs_shows_the_smallest_of_them():
    def corr2d(x, kernel):
        while kernel.shape[0] > 1:
            pass
        return ops.corr2d(x, kernel)

    outcome = check("2.2", corr2d)
    assert "had not returned" in str(outcome)
    assert "kernel  2×1" in str(outcome)


def test_a_right_answer_that_waits_for_a_busy_machine_does_not_hang():
    waits = [3.5]

    def corr2d(x, kernel):
        time.sleep(waits.pop() if waits else 0)
        return ops.corr2d(x, kernel)

    assert check("2.2", corr2d).status == "correct"


def test_a_slow_answer_is_judged_on_what_there_was_time_for(monkeypatch):
    monkeypatch.setattr(sandbox, "PATIENCE", 3.0)

    def corr2d(x, kernel):
        time.sleep(0.2)
        return ops.corr2d(x, kernel)

    outcome = check("2.2", corr2d)
    assert outcome.status == "correct"
    assert "It is slow: 42 inputs were planned." in str(outcome)


def test_random_and_remembering_answers_are_called_so():
    calls = []

    def remembers(x, kernel):
        calls.append(x)
        return ops.corr2d(x, kernel) + len(calls)

    for answer in (remembers, lambda x, k: torch.rand(2, 2)):
        outcome = check("2.2", answer)
        assert outcome.status == "not comparable"
        assert "different results for the same input" in str(outcome)


def test_a_changed_input_is_named():
    def corr2d(x, kernel):
        result = ops.corr2d(x, kernel)
        kernel += 1
        return result

    outcome = check("2.2", corr2d)
    assert outcome.status == "not comparable"
    assert "It changes kernel in place" in outcome.message


def test_prints_are_swallowed_and_shown_once(capsys):
    def corr2d(x, kernel):
        print("looking at", tuple(x.shape))
        print("aside", file=sys.stderr)
        return 2 * ops.corr2d(x, kernel)

    outcome = check("2.2", corr2d)
    assert capsys.readouterr() == ("", "")
    assert str(outcome).count("looking at (1, 1)") == 1


@pytest.mark.usefixtures("short_search")
def test_endless_printing_is_cut():
    def corr2d(x, kernel):
        print("x" * 10_000)
        return 2 * ops.corr2d(x, kernel)

    assert len(str(check("2.2", corr2d))) < 2000


def test_what_is_no_function_or_takes_other_arguments():
    tensor = check("2.2", torch.ones(2, 2))
    assert "wants the function itself" in tensor.message
    assert "takes (x)" in check("2.2", lambda x: x).message
    assert "takes no argument" in check("2.2", lambda: 1).message
    assert check("2.2", lambda image, k, verbose=False: ops.corr2d(image, k)).status == "correct"
    assert check("2.2", lambda *args: ops.corr2d(*args)).status == "correct"


class Hostile:
    """Raises whatever is asked of it."""

    def __getattr__(self, name):
        raise RuntimeError(name)

    def __repr__(self):
        raise RuntimeError

    def __eq__(self, other):
        raise RuntimeError

    def __bool__(self):
        raise RuntimeError

    __hash__ = None


class HostileCall(Hostile):
    def __call__(self, *args):
        raise ValueError("no")


ODDITIES = [Hostile(), HostileCall(), Hostile, 3, "x", b"x", [], {}, float("nan"), 10**400, type]


@pytest.mark.usefixtures("short_search")
@pytest.mark.parametrize("odd", ODDITIES, ids=lambda odd: type(odd).__name__)
@pytest.mark.parametrize("id", ["2.1", "2.2", "2.3"])
def test_no_answer_makes_check_raise(id, odd):
    outcome = check(id, odd)
    assert outcome.status in ("not comparable", "raised", "wrong")
    assert OUR_FAULT[:30] not in str(outcome)
    assert outcome._repr_html_()


@pytest.mark.usefixtures("short_search")
@pytest.mark.parametrize("odd", ODDITIES, ids=lambda odd: type(odd).__name__)
def test_nothing_that_an_answer_returns_makes_check_raise(odd):
    outcome = check("2.2", lambda x, kernel: odd)
    assert outcome.status in ("not comparable", "wrong", "raised")
    assert OUR_FAULT[:30] not in str(outcome)


def test_torch_is_left_as_it_was():
    torch.manual_seed(3)
    before = torch.get_num_threads(), torch.get_rng_state()
    for answer in (ops.corr2d, ops.convolve2d):
        check("2.2", answer)
    assert torch.get_num_threads() == before[0]
    assert torch.equal(torch.get_rng_state(), before[1])


def test_warnings_neither_leak_nor_become_errors():
    def corr2d(x, kernel):
        warnings.warn("careful", stacklevel=2)
        return ops.corr2d(x, kernel)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert check("2.2", corr2d).status == "correct"
    assert caught == []


def test_the_first_value_is_locked_in_and_a_second_try_is_called_so():
    first = check("2.1", (3, 6))
    assert first.status == "wrong"
    assert first.headline.endswith("not this one")
    assert "Locked in: (3, 6)." in str(first)
    assert "(3, 6) is n − k without the + 1." in str(first)
    assert "The answer is (4, 7)" in str(first)
    assert str(check("2.1", (3, 6))) == str(first)
    second = lines(check("2.1", torch.Size([4, 7])))
    assert "This is your second try; your first answer was (3, 6)" in second
    assert "third try" in lines(check("2.1", (1, 1)))


@pytest.mark.parametrize("answer", [[4, 7], "4×7", "(4, 7)", torch.tensor([4, 7]), (4.0, 7)])
def test_a_shape_is_read_in_whatever_form(answer):
    assert check("2.1", answer).status == "correct"


@pytest.mark.parametrize("answer", [7, "seven", object(), [], (None, 2), True, {4, 7}])
def test_an_unreadable_value_is_not_locked_in(answer):
    outcome = check("2.1", answer)
    if isinstance(answer, set):
        return
    assert outcome.status == "not comparable"
    assert "Nothing is locked in" in str(outcome)
    assert "try" not in str(check("2.1", (4, 7)))


@pytest.mark.parametrize("answer", ["d", "D", " D.", "(d)", "sobel x"])
def test_a_choice_is_read_in_either_case_and_by_name(answer):
    assert check("2.3", answer).status == "correct"


def test_solution_waits_for_a_correct_answer():
    assert "opens after a correct answer" in str(solution("2.2"))
    check("2.2", lambda x, kernel: x)
    assert "opens after a correct answer" in str(solution("2.2"))
    check("2.2", ops.corr2d)
    assert "for i in range(rows)" in str(solution("2.2"))


def test_of_a_network_its_layers_are_compared_and_not_its_weights():
    def lenet(num_classes):
        return models.LeNet(num_classes, classic=True)

    assert check("6.5", lenet).status == "correct"
    wider = check("6.5", lambda num_classes: nn.Sequential(*list(lenet(num_classes))[:-1]))
    assert "The result should be 12×4, and yours is 11×4." in lines(wider)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda num_classes: 3, "returned an object of type int, where an nn.Sequential"),
        (lambda num_classes: nn.Sequential, "a class: is a pair of parentheses missing?"),
        (lambda num_classes: print(), "print() shows a value and returns None"),
    ],
)
def test_what_is_no_network_is_named(answer, said):
    outcome = check("6.5", answer)
    assert outcome.status == "not comparable"
    assert said in lines(outcome)


def test_an_entry_of_the_challenge_is_judged_by_its_rules():
    def linear(num_classes):
        return nn.Sequential(nn.Flatten(), nn.Linear(784, num_classes))

    assert check("6.10", linear).status == "correct"
    large = lines(check("6.10", lambda num_classes: models.MLP(784, 400, num_classes)))
    assert "parameters over the budget of 100,000: 0, but yours is" in large
    colour = lines(check("6.10", lambda num_classes: nn.Conv2d(3, num_classes, 3)))
    assert "It does not take images (3, 1, 28, 28)" in colour


def test_one_row_of_logits_that_adds_up_to_1_by_chance_is_no_probability():
    class Chance(models.LeNet):
        def forward(self, x):
            logits = super().forward(x)
            off = (1 - logits.sum(dim=1)) / logits.shape[1]
            return logits + (off * (torch.arange(len(x)) == 1)).unsqueeze(1)

    assert check("6.10", Chance).status == "correct"


def test_random_numbers_go_on_as_if_nothing_had_been_checked():
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    check("6.5", models.LeNet)
    check("6.10", lambda num_classes: nn.Conv2d(3, num_classes, 3))
    assert torch.equal(torch.rand(4), expected)


def test_a_harness_tries_a_function_on_a_module_and_reads_it_off():
    def freeze(model):
        for name, parameter in model.named_parameters():
            parameter.requires_grad = name == "fc.bias"

    said = str(check("7.3", freeze))
    assert "widths  2    classes    expected  6                 yours  6" in said
    said = " ".join(said.split())
    assert "fc.weight, belongs to the head: requires_grad is True = 1, but yours is 0." in said
    assert "a head whose bias alone learns" in said


def test_a_harness_shows_the_learners_own_line_where_it_raises():
    def replace_head(model, num_classes):
        model.fc = num_classes

    said = lines(check("7.4", replace_head))
    assert "TypeError: cannot assign 'int' as child module 'fc'" in said
    assert "model.fc = num_classes ← line 2 of replace_head" in said


def test_a_harness_asks_for_the_learners_own_arguments():
    said = lines(check("7.4", lambda model: model))
    assert "replace_head is called with (model, num_classes), and your function takes (mod" in said


@pytest.mark.ci  # a process, for a second of a learner's time
def test_the_first_check_does_not_wait_for_scipy():
    code = "import sys, coursekit.exercises as e; e.check('1.1', 3); print('scipy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False"]
