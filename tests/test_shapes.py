import itertools

import pytest
import torch
import torchinfo
from torch import nn
from torch.nn import functional as F

from coursekit import shapes


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


LAYERS = list(itertools.product((1, 3), (2, 5), (1, (3, 2)), (1, 2, 3), (True, False)))


@pytest.mark.parametrize(("a", "b", "kernel", "groups", "bias"), LAYERS)
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
