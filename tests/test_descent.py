import pytest
import torch
from torch.nn import functional as F

from coursekit import descent, models
from coursekit.examples import points

DTYPE = torch.float64


def parabola(x):
    return x**2 - 6 * x + 1


def slope(x):
    return 2 * x - 6


def by_autograd(function):
    def gradient(x):
        x = x.detach().requires_grad_()
        return torch.autograd.grad(function(x), x)[0]

    return gradient


def by_sgd(function, start, rate, steps):
    x = torch.as_tensor(start, dtype=DTYPE).clone().requires_grad_()
    optimizer = torch.optim.SGD([x], lr=rate)
    path = [x.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        function(x).backward()
        optimizer.step()
        path.append(x.detach().clone())
    return torch.stack(path)


def seeded_points(count=7, inputs=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(count, inputs, dtype=DTYPE, generator=generator)
    return x, torch.arange(count) % 2, torch.randn(inputs, dtype=DTYPE, generator=generator)


@pytest.mark.parametrize(("start", "rate"), [(18, 0.05), (18, 0.3), (-4.5, 0.9), (18, 1.1)])
def test_descent_equals_torch_sgd(start, rate):
    ours = descent.descend(slope, start, rate=rate, steps=30)
    torch.testing.assert_close(ours, by_sgd(parabola, start, rate, 30))
    torch.testing.assert_close(
        ours, descent.descend(by_autograd(parabola), start, rate=rate, steps=30)
    )


def test_descent_on_two_weights_equals_torch_sgd():
    curvature = torch.tensor([1.0, 10.0], dtype=DTYPE)
    start = torch.tensor([-9.0, 4.0], dtype=DTYPE)
    ours = descent.descend(lambda w: curvature * w, start, rate=0.15, steps=20)
    assert ours.shape == (21, 2)
    torch.testing.assert_close(
        ours, by_sgd(lambda w: (curvature * w**2).sum() / 2, start, 0.15, 20)
    )


def test_the_slides_descent_ends_at_3():
    path = descent.descend(slope, 18, rate=0.05, steps=1000)
    assert (len(path), path[0].item()) == (1001, 18)
    assert path[1].item() == pytest.approx(16.5)
    assert path[-1].item() == pytest.approx(3, abs=1e-12)


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.5, 0.8, 1.0, 1.1])
def test_the_error_shrinks_by_the_same_factor_each_step(rate):
    path = descent.descend(slope, 18, rate=rate, steps=12)
    steps = torch.arange(13, dtype=DTYPE)
    torch.testing.assert_close(path - 3, 15 * torch.tensor(1 - 2 * rate, dtype=DTYPE) ** steps)


def test_a_path_ends_before_it_leaves_the_finite_numbers():
    path = descent.descend(descent.two_valleys_slope, -2, rate=0.3, steps=50)
    assert path.isfinite().all()
    assert 2 < len(path) < 51


def test_the_slope_of_the_two_valleys_equals_autograd():
    x = torch.linspace(-2, 2, 9, dtype=DTYPE)
    gradient = by_autograd(lambda x: descent.two_valleys(x).sum())
    torch.testing.assert_close(descent.two_valleys_slope(x), gradient(x))


@pytest.mark.parametrize(
    ("rate", "start", "ends"),
    [(0.1, -0.5, -1.02), (0.1, -2, 0.97), (0.1, 2, -1.02), (0.3, -0.5, None), (0.3, -2, None)],
)
def test_the_panel_of_four_ends_in_four_ways(rate, start, ends):
    path = descent.descend(descent.two_valleys_slope, start, rate=rate, steps=500)
    if ends is not None:
        assert path[-1].item() == pytest.approx(ends, abs=0.005)
    elif start == -2:
        assert path[-1].abs() > 1e9
    else:
        visited = [-1.204, -1.132, -0.809, -0.613]  # again and again: not chaos, which would
        torch.testing.assert_close(  # end elsewhere on another machine
            path[-4:].sort().values, torch.tensor(visited, dtype=DTYPE), atol=1e-3, rtol=0
        )


@pytest.mark.parametrize("bias", [0.0, 0.7])
def test_loss_and_gradient_equal_torch(bias):
    x, labels, weight = seeded_points()
    weight.requires_grad_()
    offset = torch.tensor(bias, dtype=DTYPE, requires_grad=True)
    loss = F.binary_cross_entropy(torch.sigmoid(x @ weight + offset), labels.double())
    torch.testing.assert_close(descent.logistic_loss(x, labels, weight, offset), loss)
    wanted = torch.autograd.grad(loss, (weight, offset))
    torch.testing.assert_close(descent.logistic_gradient(x, labels, weight, offset), wanted)


@pytest.mark.parametrize("bias", [True, False])
def test_logistic_regression_equals_a_linear_layer_under_torch_sgd(bias):
    x, labels, _ = seeded_points()
    layer = torch.nn.Linear(3, 1, bias=bias, dtype=DTYPE)
    for parameter in layer.parameters():
        torch.nn.init.zeros_(parameter)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.5)
    for _ in range(25):
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(layer(x)[:, 0], labels.double()).backward()
        optimizer.step()
    training = descent.logistic_regression(x, labels, rate=0.5, steps=25, bias=bias)
    weight, offset = training.at(-1)
    assert len(training) == 26
    torch.testing.assert_close(weight, layer.weight[0].detach())
    torch.testing.assert_close(offset, layer.bias[0].detach() if bias else offset * 0)
    torch.testing.assert_close(training.decide()(x), layer(x)[:, 0].detach())


def test_a_perceptron_worked_by_hand():
    x = torch.tensor([[1.0, 2.0], [3.0, 1.0]])
    training = descent.perceptron(x, torch.tensor([0, 1]))
    # The sum 0 is not above 0: the first point is right, the second is added.
    assert training.weights[:2].tolist() == [[0, 0], [3, 1]]
    assert training.biases[:2].tolist() == [0, 1]
    # Then the first point is on the wrong side: 3·1 + 1·2 + 1 = 6 > 0, so it is taken away.
    assert training.weights[2].tolist() == [2, -1]
    assert training.biases[2] == 0
    assert descent.mistakes(x.double(), torch.tensor([0, 1]), *training.at(-1)) == 0


def test_a_perceptron_stops_where_a_line_separates_and_else_after_its_epochs():
    x, labels = points.two_clouds(shift=2)
    solved = descent.perceptron(x, labels)
    assert len(solved) < 40
    assert descent.mistakes(x.double(), labels, *solved.at(-1)) == 0
    no_bias = descent.perceptron(x, labels, bias=False, max_epochs=20)
    assert not no_bias.biases.any()
    assert descent.mistakes(x.double(), labels, *no_bias.at(-1)) > 0
    assert len(descent.perceptron(x, labels, max_epochs=0)) == 1


def test_the_rate_only_scales_a_perceptron_that_starts_at_zero():
    x, labels = points.two_clouds(shift=2)
    one, tenth = (descent.perceptron(x, labels, rate=rate) for rate in (1.0, 0.1))
    torch.testing.assert_close(one.weights, 10 * tenth.weights)


def test_shifted_clouds_need_a_bias():
    for shift, bias, wrong in ((0.0, False, 0), (2.0, True, 0)):
        x, labels = points.two_clouds(shift=shift)
        training = descent.logistic_regression(x, labels, steps=300, bias=bias)
        assert descent.mistakes(x.double(), labels, *training.at(-1)) == wrong
    angles = torch.linspace(0, 2 * torch.pi, 361)
    lines = torch.stack([angles.cos(), angles.sin()], dim=1)
    assert min(descent.mistakes(x, labels, line) for line in lines) > 10


def test_no_line_gets_all_four_corners_of_xor_right():
    x, labels = points.xor_clouds(1, spread=0)
    grid = torch.linspace(-2, 2, 17)
    lines = torch.cartesian_prod(grid, grid, grid)
    assert min(descent.mistakes(x, labels, line[:2], line[2]) for line in lines) == 1


POINTS, LABELS = torch.ones(2, 3), torch.tensor([0, 1])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: descent.descend(slope, 1, rate=0, steps=1), "rate is 0; expected a finite number"),
        (lambda: descent.descend(slope, 1, rate=float("nan"), steps=1), "rate is nan"),
        (lambda: descent.descend(slope, 1, rate=0.1, steps=-1), "steps is -1; expected at least 0"),
        (lambda: descent.descend(slope, 1, rate=0.1, steps=1.5), "steps is 1.5"),
        (lambda: descent.descend(slope, 1, rate=0.1, steps=True), "steps is True"),
        (lambda: descent.perceptron(POINTS, LABELS, rate=-1), "rate is -1"),
        (lambda: descent.perceptron(POINTS, LABELS, max_epochs=-1), "max_epochs is -1"),
        (lambda: descent.perceptron(POINTS[0], LABELS), r"x has shape \(3,\); expected \(N, D\)"),
        (lambda: descent.perceptron(POINTS[:0], LABELS[:0]), r"x has shape \(0, 3\)"),
        (
            lambda: descent.logistic_regression(POINTS, LABELS[:1]),
            r"labels has shape \(1,\); expected \(2,\), as x has",
        ),
        (
            lambda: descent.logistic_regression(POINTS, 2 * LABELS - 1),
            "labels holds -1, 1; expected only 0 and 1",
        ),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises((ValueError, TypeError), match=says):
        call()


def test_an_mlp_is_linear_layers_with_relu_between_them():
    model = models.MLP(2, 8, 3, 1)
    names = [type(layer).__name__ for layer in model]
    assert names == ["Flatten", "Linear", "ReLU", "Linear", "ReLU", "Linear"]
    assert model(torch.zeros(5, 2)).shape == (5, 1)
    assert models.MLP(784, 10)(torch.zeros(2, 1, 28, 28)).shape == (2, 10)
    with pytest.raises(ValueError, match=r"sizes is \(2,\); expected inputs and outputs"):
        models.MLP(2)
