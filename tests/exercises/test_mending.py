"""Which piece of an answer one change would mend, which name was meant, and what has no effect."""

import ast

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from coursekit import ops
from coursekit.exercises import check
from coursekit.exercises.judging.compare import read
from coursekit.exercises.judging.diagnose import misconceptions
from coursekit.exercises.judging.edits import edits
from coursekit.exercises.judging.sandbox import Sandbox, differ
from coursekit.exercises.judging.trials import probes, try_probes
from coursekit.exercises.registry import exercise
from coursekit.exercises.telling.errors import learner_line
from coursekit.exercises.telling.formulas import of_arguments
from coursekit.exercises.telling.idle import without_effect
from coursekit.exercises.telling.repaired import where_to_look
from coursekit.exercises.telling.spelling import closest, meant

pytestmark = pytest.mark.usefixtures("no_progress")


def trials_of(id, answer):
    with Sandbox(exercise(id).tried(answer)) as sandbox:
        return try_probes(sandbox, exercise(id))


def told(id, answer):
    return " ".join(str(check(id, answer)).split())


def look(id, answer):
    return where_to_look(exercise(id), answer, trials_of(id, answer))


def test_an_operator_a_bound_an_order_and_a_name_are_pointed_at():
    def receptive_field(layers):
        field, step = 1, 1
        for kernel, stride, dilation in layers:
            field += dilation * (kernel - 1) * step
            step += stride
        return field

    assert look("3.14", receptive_field) == (
        "One change in line 5, `step += stride`, makes every input tried come out right: look at "
        "`+=`."
    )

    def dilate(kernel, dilation):
        kH, kW = kernel.shape
        out = torch.zeros(dilation * (kH - 1) + 1, dilation * (kW - 1) + 1)
        for i in range(kH):
            for j in range(kW - 1):
                out[i * dilation, j * dilation] = kernel[i, j]
        return out

    assert look("3.6", dilate).endswith("look at `1`.")
    swapped = look("2.4", lambda gx, gy: 0)
    assert swapped == "", "a lambda has no lines to point at"

    def logistic_gradient(x, labels, weight):
        errors = torch.sigmoid(x @ weight) - labels
        return (errors[:, None] * x).mean(1)

    assert "line 3" in look("1.8", logistic_gradient)

    def corr2d(x, kernel):
        kH, kW = kernel.shape
        return torch.stack(
            [
                torch.stack(
                    [(x[i : i + kH, j : j + kH] * kernel).sum() for j in range(x.shape[1] - kW + 1)]
                )
                for i in range(x.shape[0] - kH + 1)
            ]
        )

    assert look("2.2", corr2d).endswith("look at `kH`.")


def test_a_statement_that_belongs_behind_its_loop_is_pointed_at():
    def count_trainable(model):  # noqa: RET503, that is its mistake
        total = 0
        for parameter in model.parameters():
            if parameter.requires_grad:
                total += parameter.numel()
                return total

    assert look("7.5", count_trainable).endswith("look at how far `return total` is indented.")


def test_nothing_is_pointed_at_where_no_change_or_no_source_is_enough():
    def weighted_sum(x, weight, bias):
        return x.sum(1) * weight.sum() + bias

    assert look("1.1", weighted_sum) == ""
    assert look("2.4", torch.hypot) == ""

    def descent_step(x, rate):
        while x < 0:
            x += 1
        return x

    assert look("1.4", descent_step) == "", "changed, a while might never end"


def test_each_change_is_one_and_leaves_the_tree_alone():
    source = "def f(x, y):\n    if x > 1:\n        return -x[1:y]\n    return g(x, y) // 2"
    tree = ast.parse(source).body[0]
    made = set()
    for edit in edits(tree):
        changed = ast.parse(source).body[0]
        edit.make(changed)
        made.add(ast.unparse(ast.fix_missing_locations(changed)))
    assert ast.unparse(tree) == source
    for line in (
        "if x >= 1:",
        "if x > 0:",
        "-x[1 + 1:y]",
        "g(y, x) // 2",
        "g(x, y) / 2",
        "g(x, x)",
    ):
        assert any(line in text for text in made), line
    assert source not in made


@pytest.mark.parametrize(
    ("raising", "said"),
    [
        (lambda: torch.sofmax, "torch has no sofmax: softmax is meant?"),
        (lambda: torch.zeros(2).shpae, "A tensor has no shpae: shape is meant?"),
        (lambda: nn.Conv2D, "nn has no Conv2D: Conv2d is meant?"),
        (lambda: nn.Linear(2, 3).in_feature, "A Linear has no in_feature: in_features is meant?"),
        (lambda: nn.Conv2d(1, 2, 3, pading=1), "Conv2d takes no pading: padding is meant?"),
        (lambda: torch.optim.SDG, "torch.optim has no SDG: SGD is meant?"),
        (lambda: [].apend(1), "A list has no apend: append is meant?"),
        (lambda: sqrt(2), "There is no sqrt here: torch.sqrt is meant?"),  # noqa: F821
        (lambda: rnage(2), "There is no rnage here: range is meant?"),  # noqa: F821
        (lambda: torch.qqqqqq, ""),
        (lambda: [][0], ""),
    ],
)
def test_the_name_that_was_meant_is_told(raising, said):
    with pytest.raises((NameError, AttributeError, TypeError, IndexError)) as raised:
        raising()
    assert meant(raised.value, raising) == said


def test_the_name_that_was_meant_is_told_in_a_check():
    def weighted_sum(x, weight, bias):
        return x @ wieght + bias  # noqa: F821

    assert "There is no wieght here: weight is meant?" in told("1.1", weighted_sum)

    def parameter_groups(model, head_rate, body_rate):
        return [{"param": list(model.parameters()), "lr": head_rate}]

    assert '"param" is written where "params" is meant?' in told("7.8", parameter_groups)

    def freeze(model):
        for parameter in model.body.parameters():
            parameter.requires_grad = False

    assert "The network that it is tried on has no body." in told("7.3", freeze)
    assert closest("x", ["y"]) == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("p.require_grad = False", "nobody asks for it."),
        ("p.requires_grad == False", "a single = assigns."),
        ("kernel.flip(0, 1)", "nothing keeps it: `kernel = ...` does."),
        ("p.requires_grad = False", ""),
        ("loss.backward()", ""),
        ("optimizer.step()", ""),
        ("weight.sub_(1)", ""),
        ("rows.append(x)", ""),
        ("model.eval()", ""),
    ],
)
def test_what_has_no_effect_is_told(line, said):
    found = without_effect(ast.parse(f"def f(p, kernel):\n    {line}").body[0])
    assert found.endswith(said)
    assert bool(found) == bool(said)


def test_a_misspelled_method_is_told():
    source = "def f():\n class Net:\n  def foward(self, x): return x\n return Net()"
    assert without_effect(ast.parse(source).body[0]) == (
        "The method foward is never called: forward is meant?"
    )


def test_what_has_no_effect_is_told_beside_a_name():
    def convolve2d(x, kernel):
        kernel.flip(0, 1)
        return ops.corr2d(x, kernel)

    outcome = check("2.5", convolve2d)
    assert outcome.misconceptions == ("correlation",)
    assert "nothing keeps it" in str(outcome)


def test_a_method_without_its_parentheses_is_no_random_answer():
    def convolve2d(x, kernel):
        return ops.corr2d(x, kernel.flip)

    said = told("2.5", convolve2d)
    assert "different results for the same input" not in said
    assert "A method without its parentheses is the method itself" in said


def test_steps_in_a_row_simple_formulas_and_parts_in_another_order_are_read_from_the_values():
    def of(id, answer):
        one = exercise(id)
        right = lambda args: read(one.tried(one.reference)(*args))  # noqa: E731
        return of_arguments(one, right, trials_of(id, answer))

    step = exercise("1.4").reference
    twice = of("1.4", lambda x, rate: step(step(x, rate), rate))
    assert twice.endswith("yours is what 2 steps in a row make of x; one is wanted.")
    assert of("1.4", lambda x, rate: x - rate).endswith("yours is x − rate.")
    field = exercise("3.14").reference
    other = of("3.14", lambda layers: field([(k, d, s) for k, s, d in layers]))
    assert "layers[i][1] and layers[i][2] in each other's place" in other
    assert of("1.4", step) == ""


def test_a_sum_that_is_never_set_back_is_seen():
    def weighted_sum(x, weight, bias):
        total, out = 0, []
        for row in x:
            total = total + row @ weight
            out.append(total + bias)
        return torch.stack(out)

    assert "Each number of yours holds those before it too" in told("1.1", weighted_sum)


def test_a_number_may_come_in_a_list():
    assert check("1.3", lambda x: [2 * x - 6]).status == "correct"
    assert check("6.2", lambda a, b: F.cross_entropy(a, b).reshape(1)).status == "correct"
    assert check("1.3", lambda x: [2 * x - 6, 0]).status == "wrong"


def test_a_tensor_that_autograd_follows_afterwards_has_changed():
    def probe_step(features, labels, weight, rate):
        weight.requires_grad_()
        F.cross_entropy(features @ weight.T, labels).backward()
        return weight.detach() - rate * weight.grad

    assert "It makes autograd follow weight itself" in told("7.6", probe_step)
    x = torch.ones(2)
    assert differ(x, x.clone().requires_grad_())
    assert not differ(x, x.clone())


def test_a_second_slip_that_makes_nan_hides_no_name():
    def cross_entropy(logits, labels):
        p = torch.softmax(logits, 1)
        return -p[torch.arange(len(labels)), labels].log2().mean()

    outcome = check("6.2", cross_entropy)
    assert outcome.misconceptions == ("the logarithm to the base 2",)
    assert "Where it returns numbers" in str(outcome)


def test_the_smallest_input_stays_in_the_domain():
    def normalise(images, mean, std):
        return images / 255 - mean.view(3, 1, 1)

    assert "∞" not in str(check("7.1", normalise))


def test_no_input_is_tried_twice():
    network = exercise("6.10")
    assert len(probes(network)) == len({args for args, _ in probes(network)})
    assert [args for args, _ in probes(network)] == [(2,), (10,)]


def test_what_is_behind_the_last_layer_is_not_called_a_softmax():
    def lenet(num_classes):
        return nn.Sequential(*exercise("6.5").reference(num_classes), nn.ReLU())

    outcome = check("6.5", lenet)
    assert outcome.misconceptions == ("a layer behind the last one",)


def test_the_bank_is_asked_only_as_far_as_needed():
    right = exercise("2.2").reference
    trials = trials_of("2.2", lambda x, kernel: right(x, kernel) + 1)
    assert misconceptions(exercise("2.2"), trials) == ()


def _maps_of_a_helper(x, weight):
    return [ops.corr2d(channel, kernel) for channel, kernel in zip(x, weight, strict=True)]


def _calls_a_helper(x, weight, bias):
    return torch.stack(_maps_of_a_helper(x, weight))


@pytest.mark.parametrize("answer", [_calls_a_helper, _maps_of_a_helper])
def test_a_line_in_brackets_is_counted_in_the_function_around_it(answer):
    arguments = torch.ones(1, 2, 2), torch.ones(3, 1, 1)
    with pytest.raises(ValueError, match="zip") as raised:
        answer(*arguments, *[0] * (answer is _calls_a_helper))
    line = learner_line(answer, raised.value)
    assert line.endswith("← line 2 of _maps_of_a_helper")
