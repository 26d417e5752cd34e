"""EfficientNet-Lite0: its padding, its blocks, and its equality with another's implementation."""

import math
import warnings

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from coursekit import models
from coursekit.data import lite0
from coursekit.models.efficientnet import STAGES, InvertedResidual, SameConv2d
from coursekit.transfer.lite0 import network


def ones(kernel, stride):
    convolution = SameConv2d(1, 1, kernel, stride, bias=False)
    nn.init.ones_(convolution.weight)
    return convolution


def test_an_even_size_at_stride_2_is_padded_behind_only():
    x = torch.arange(1.0, 17).view(1, 1, 4, 4)
    # 3×3 windows begin at rows and columns 0 and 2: the first sees 1 2 3, 5 6 7, 9 10 11; padding is
    # below and to the right, where the last window sees 11 12 and 15 16 alone.
    assert ones(3, 2)(x).tolist() == [[[[54.0, 45.0], [72.0, 54.0]]]]
    usual = F.conv2d(x, torch.ones(1, 1, 3, 3), stride=2, padding=1)
    assert usual.tolist() == [[[[14.0, 30.0], [57.0, 99.0]]]]


def test_an_odd_size_at_stride_2_is_padded_on_both_sides():
    x = torch.ones(1, 1, 5, 5)
    assert ones(3, 2)(x).tolist() == [[[[4.0, 6.0, 4.0], [6.0, 9.0, 6.0], [4.0, 6.0, 4.0]]]]


@pytest.mark.parametrize("kernel", [1, 3, 5])
@pytest.mark.parametrize("size", [(7, 6), (224, 224), (13, 4), (1, 2)])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_the_size_is_divided_by_the_stride_and_rounded_up(kernel, size, stride):
    H, W = ones(kernel, stride)(torch.zeros(1, 1, *size)).shape[-2:]
    assert (math.ceil(size[0] / stride), math.ceil(size[1] / stride)) == (H, W)


def test_at_stride_1_an_odd_kernel_is_padded_alike_on_all_sides():
    torch.manual_seed(0)
    convolution = SameConv2d(4, 6, 5, groups=2)
    x = torch.randn(2, 4, 9, 7)
    theirs = F.conv2d(x, convolution.weight, convolution.bias, padding=2, groups=2)
    torch.testing.assert_close(convolution(x), theirs)


@pytest.mark.parametrize(
    ("stride", "out_channels", "around"), [(1, 4, True), (2, 4, False), (1, 6, False)]
)
def test_a_block_has_a_way_around_where_nothing_changes_shape(stride, out_channels, around):
    block = InvertedResidual(4, out_channels, kernel=3, stride=stride, expansion=2).eval()
    nn.init.zeros_(block.project[0].weight)
    x = torch.randn(2, 4, 6, 6)
    out = block(x)
    assert out.shape == (2, out_channels, 6 // stride, 6 // stride)
    assert torch.equal(out, x) if around else not out.any()


def test_its_middle_is_depthwise_and_wider():
    block = InvertedResidual(4, 8, kernel=5, stride=1, expansion=6)
    assert block.depthwise[0].weight.shape == (24, 1, 5, 5)
    assert [block.expand[0].out_channels, block.project[0].in_channels] == [24, 24]
    assert isinstance(InvertedResidual(4, 8, kernel=3, stride=1, expansion=1).expand, nn.Identity)


def test_its_stages_are_as_large_as_its_comments_say():
    from coursekit.transfer.grad_cam import stages

    model = models.EfficientNetLite0(7)
    found = stages(model, torch.zeros(1, 3, 224, 224))
    sizes = {name: tuple(maps.shape[1:]) for name, maps in found.items()}
    assert [sizes[f"layer{stage}"] for stage in range(1, 9)] == [
        (16, 112, 112), (24, 56, 56), (40, 28, 28), (80, 14, 14),
        (112, 14, 14), (192, 7, 7), (320, 7, 7), (1280, 7, 7),
    ]  # fmt: skip
    assert model(torch.zeros(2, 3, 64, 50)).shape == (2, 7)
    assert models.count_parameters(models.EfficientNetLite0()) == 4_652_008
    assert sum(row[0] for row in STAGES) == 16


def another():
    """The implementation of another author; the book's environment has none."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        other = pytest.importorskip("efficientnet_lite_pytorch")
    return other.EfficientNet.from_name("efficientnet-lite0").eval()


def test_scores_are_those_of_another_implementation():
    theirs, ours = another(), network()
    theirs.load_state_dict(lite0.read())
    torch.manual_seed(0)
    x = torch.randn(2, 3, 224, 224)
    with torch.no_grad():
        expected = theirs(x)
        torch.testing.assert_close(ours(x), expected, atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(ours.fc(ours.features(x)), ours(x))
        maps = ours.layer1(ours.relu(ours.bn1(ours.conv1(x))))
        torch.testing.assert_close(
            maps, theirs._blocks[0](theirs._swish(theirs._bn0(theirs._conv_stem(x))))
        )
    assert expected.std() > 0.5  # scores that say something, not zeros on both sides


@pytest.mark.parametrize("wrong", ["padding", "eps", "activation"])
def test_that_comparison_sees_each_property_that_could_be_missed(wrong):
    theirs, ours = another(), network()
    theirs.load_state_dict(lite0.read())
    for part in ours.modules():
        if wrong == "padding" and isinstance(part, SameConv2d) and part.stride == (2, 2):
            part.forward = lambda x, part=part: F.conv2d(
                x, part.weight, None, 2, part.kernel_size[0] // 2, 1, part.groups
            )
        if wrong == "eps" and isinstance(part, nn.BatchNorm2d):
            part.eps = 1e-5
        if wrong == "activation" and isinstance(part, nn.ReLU6):
            part.max_val = math.inf
    torch.manual_seed(0)
    x = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        assert (ours(x) - theirs(x)).abs().max() > 0.01
