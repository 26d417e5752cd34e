import itertools

import pytest
import torch
import torchinfo
from torch import nn
from torch.nn import functional as F

from coursekit import shapes
from coursekit.shapes import Layer


def test_formula_agrees_with_torch_over_a_grid():
    compared = 0
    for n, k, s, p, d in itertools.product((1, 4, 7, 8), (1, 2, 3), (1, 2, 3), (0, 1, 2), (1, 2)):
        if d * (k - 1) + 1 > n + 2 * p:
            continue
        expected = F.conv1d(
            torch.zeros(1, 1, n), torch.zeros(1, 1, k), stride=s, padding=p, dilation=d
        ).shape[-1]
        assert shapes.output_size(n, k, stride=s, padding=p, dilation=d) == expected
        compared += 1
    assert compared > 150


@pytest.mark.parametrize(
    ("argument", "value", "says"),
    [
        ("n", -1, "n is -1; expected at least 0"),
        ("kernel", 0, "kernel is 0; expected at least 1"),
        ("stride", 0, "stride is 0; expected at least 1"),
        ("padding", -2, "padding is -2; expected at least 0"),
        ("dilation", 0, "dilation is 0; expected at least 1"),
    ],
)
def test_out_of_range_names_the_argument(argument, value, says):
    with pytest.raises(ValueError, match=says):
        shapes.output_size(**{"n": 5, "kernel": 3, argument: value})


def test_a_window_that_does_not_fit_says_by_how_much():
    with pytest.raises(ValueError, match="covers 5 pixels with dilation 2, .* has only 4"):
        shapes.output_size(4, 3, dilation=2)


@pytest.mark.parametrize("value", [2.0, True, "2", None])
def test_only_integers_are_sizes(value):
    with pytest.raises(TypeError, match="stride is .*; expected an integer"):
        shapes.output_size(5, 3, stride=value)


@pytest.mark.parametrize("value", [(1, 2, 3), (1, 0), "ab", 1.5, (1.0, 2), (True, 1)])
def test_a_pair_is_two_integers(value):
    with pytest.raises(ValueError, match="stride is .*each at least 1"):
        shapes.pair(value, "stride", minimum=1)


@pytest.mark.parametrize("kernel", range(1, 8))
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_same_padding_keeps_the_size(kernel, dilation):
    before, after = shapes.same_padding(kernel, dilation=dilation)
    padded = 10 + before + after
    assert shapes.output_size(padded, kernel, dilation=dilation) == 10
    assert 0 <= before - after <= 1


def test_full_padding_is_scipys_full():
    assert shapes.output_size(5, 3, padding=shapes.full_padding(3)) == 5 + 3 - 1


WINDOWS = [
    dict(zip(("n", "kernel", "stride", "padding", "dilation"), values, strict=True))
    for values in itertools.product((5, 8, 11), (1, 2, 3), (1, 2, 3, 4), (0, 1, 2), (1, 2))
]


@pytest.mark.parametrize("window", WINDOWS, ids=lambda w: "-".join(map(str, w.values())))
def test_taps_and_left_over_agree_with_the_gradient_of_torch(window):
    n, kernel, padding = window["n"], window["kernel"], window["padding"]
    how = {"stride": window["stride"], "dilation": window["dilation"]}
    padded = torch.zeros(1, 1, n + 2 * padding, requires_grad=True)
    out = F.conv1d(padded, torch.ones(1, 1, kernel), **how)[0, 0]
    taps = shapes.taps(**window)
    assert len(taps) == len(out)
    for value, reads in zip(out, taps, strict=True):
        (gradient,) = torch.autograd.grad(value, padded, retain_graph=True)
        assert [at - padding for at in gradient.flatten().nonzero().flatten().tolist()] == [*reads]
    (gradient,) = torch.autograd.grad(out.sum(), padded)
    unread = gradient.flatten().flip(0).cumsum(0) == 0  # from the end up to the last window
    assert shapes.left_over(**window) == int(unread.sum())


STACKS = {
    "one": [Layer(3)],
    "two 3x3": [Layer(3), Layer(3)],
    "even kernel": [Layer(4, padding=1), Layer(2)],
    "strides": [Layer(3, stride=2, padding=1), Layer(3, stride=2), Layer(3)],
    "dilations": [Layer(3), Layer(3, dilation=2, padding=2), Layer(3, dilation=4)],
    "all": [Layer(5, 2, 1, 2), Layer(3, 1, 3, 1), Layer(2, 2), Layer(3, 1, 2, 0)],
    "LeNet": [Layer(5, padding=2), Layer(2, stride=2), Layer(5), Layer(2, stride=2)],
}


@pytest.mark.parametrize("name", STACKS)
def test_the_receptive_field_is_where_the_gradient_of_one_output_is(name):
    """Ones for weights: no gradient can cancel, and every pixel that counts shows."""
    layers = STACKS[name]
    x = torch.zeros(1, 1, 64, dtype=torch.float64, requires_grad=True)
    out = x
    for kernel, stride, dilation, padding in layers:
        weight = torch.ones(1, 1, kernel, dtype=torch.float64)
        out = F.conv1d(out, weight, stride=stride, padding=padding, dilation=dilation)
    at = out.shape[-1] // 2
    out[0, 0, at].backward()
    touched = x.grad.flatten().nonzero().flatten().tolist()
    field = shapes.seen_by(layers, at)
    assert (touched[0], touched[-1]) == (field[0], field[-1])
    assert shapes.receptive_field(layers) == len(field)


def test_the_receptive_field_names_a_stride_of_zero():
    with pytest.raises(ValueError, match=r"stride of layers\[0\] is 0; expected at least 1"):
        shapes.receptive_field([Layer(3, stride=0)])


def test_the_slides_seven_layers_of_five_leave_four():
    size = 32
    sizes = [size := shapes.output_size(size, 5) for _ in range(7)]
    assert sizes == [28, 24, 20, 16, 12, 8, 4]


LAYERS = {
    "first": (nn.Conv2d(3, 28, 3), (20, 3, 256, 256), (20, 28, 254, 254)),
    "two channels": (nn.Conv2d(2, 28, 3, stride=1), (20, 2, 50, 50), (20, 28, 48, 48)),
    "stride": (nn.Conv2d(3, 33, 3, stride=2), (20, 3, 50, 100), (20, 33, 24, 49)),
    "rectangle": (
        nn.Conv2d(3, 33, (3, 4), stride=(3, 1), padding=(4, 2)),
        (20, 3, 50, 100),
        (20, 33, 19, 101),
    ),
    "dilation": (
        nn.Conv2d(3, 33, (3, 5), stride=(3, 1), padding=(4, 2), dilation=(3, 1)),
        (20, 3, 50, 100),
        (20, 33, 18, 100),
    ),
    "named": (nn.Conv2d(1, 6, (3, 3), stride=1, padding=1), (1, 1, 10, 10), (1, 6, 10, 10)),
    "padded": (nn.Conv2d(1, 1, 3, stride=2, padding=1), (1, 1, 4, 4), (1, 1, 2, 2)),
    "stack": (
        nn.Sequential(nn.Conv2d(3, 6, 5), nn.Conv2d(6, 10, 3)),
        (4, 3, 32, 32),
        (4, 10, 26, 26),
    ),
}


@pytest.mark.parametrize("name", LAYERS)
def test_the_slides_layers_have_the_shapes_that_are_predicted(name):
    layer, before, after = LAYERS[name]
    with torch.no_grad():
        assert layer(torch.zeros(before)).shape == after
    parts = layer if isinstance(layer, nn.Sequential) else [layer]
    size = before[-2:]
    for part in parts:
        how = {"stride": part.stride, "padding": part.padding, "dilation": part.dilation}
        size = shapes.output_sizes(size, part.kernel_size, **how)
    assert (before[0], parts[-1].out_channels, *size) == after


@pytest.mark.parametrize("n", range(1, 20))
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_the_slides_formulas_are_one(n, stride):
    for kernel, padding in itertools.product((1, 2, 3, 4, 5), (0, 1, 2, 3)):
        if kernel > n + 2 * padding:
            continue
        size = shapes.output_size(n, kernel, stride=stride, padding=padding)
        assert size == (n + 2 * padding - kernel) // stride + 1
        assert size == (n - kernel + 2 * padding + stride) // stride
        if padding == 0:
            assert size == (n - kernel) // stride + 1
        if 2 * padding == kernel - 1:
            assert size == (n + stride - 1) // stride
            assert n % stride or size == n // stride


def test_the_slides_seven_operations_have_the_sizes_of_the_corrected_table():
    (m, n), (a, b), s, d = (12, 15), (3, 5), 2, 2
    x, kernel = torch.zeros(1, 1, m, n), torch.zeros(1, 1, a, b)
    table = {
        (m - a + 1, n - b + 1): F.conv2d(x, kernel),
        (m, n): F.conv2d(x, kernel, padding="same"),
        (m + a - 1, n + b - 1): F.conv2d(x, kernel, padding=(a - 1, b - 1)),
        ((m - a) // s + 1, (n - b) // s + 1): F.conv2d(x, kernel, stride=s),
        (m - d * (a - 1), n - d * (b - 1)): F.conv2d(x, kernel, dilation=d),
        (m // a, n // b): F.max_pool2d(x, (a, b)),
    }
    assert all(size == out.shape[-2:] for size, out in table.items())
    assert F.avg_pool2d(x, (a, b)).shape == F.max_pool2d(x, (a, b)).shape
    assert shapes.output_sizes((m, n), (a, b), stride=s) == (5, 6), "not m/s × n/s"
    assert shapes.output_sizes((m, n), (a, b), dilation=d) == (8, 7), "not m × n"


COSTS = list(itertools.product((1, 3), (2, 5), (1, (3, 2)), (1, 2, 3), (True, False)))


@pytest.mark.parametrize(("a", "b", "kernel", "groups", "bias"), COSTS)
def test_parameters_and_multiply_adds_agree_with_torch_and_torchinfo(a, b, kernel, groups, bias):
    C_in, C_out = a * groups, b * groups
    layer = nn.Conv2d(C_in, C_out, kernel, groups=groups, bias=bias, stride=(2, 1), padding=1)
    counted = torchinfo.summary(layer, (1, C_in, 9, 8), verbose=0, device="cpu")
    size = shapes.output_sizes((9, 8), kernel, stride=(2, 1), padding=1)
    how = {"groups": groups, "bias": bias}
    parameters = shapes.conv_parameters(C_in, C_out, kernel, **how)
    assert parameters == sum(p.numel() for p in layer.parameters()) == counted.total_params
    multiply_adds = shapes.conv_multiply_adds(C_in, C_out, kernel, size, **how)
    assert multiply_adds == counted.total_mult_adds


@pytest.mark.parametrize("bias", [True, False])
def test_a_linear_layer_uses_each_parameter_once(bias):
    layer = nn.Linear(7, 3, bias=bias)
    counted = torchinfo.summary(layer, (1, 7), verbose=0, device="cpu")
    parameters = shapes.linear_parameters(7, 3, bias=bias)
    assert parameters == sum(p.numel() for p in layer.parameters()) == counted.total_mult_adds


@pytest.mark.parametrize(
    ("channels", "says"),
    [((3, 4), "expected a divisor of in_channels, 3"), ((4, 3), "divisor of out_channels, 3")],
)
def test_groups_have_to_divide_the_channels(channels, says):
    with pytest.raises(ValueError, match=f"groups is 2; .*{says}"):
        shapes.conv_parameters(*channels, 3, groups=2)
