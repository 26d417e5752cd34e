"""Arguments that are strange and still fit: each has one right answer."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from bad_arguments.arithmetic import POINTS2, WEIGHT
from bad_arguments.kinds import INFINITY, NAN, a_tensor
from coursekit import descent, ops
from coursekit.examples import face_detector

NUMBERS = st.sampled_from([NAN, INFINITY, -INFINITY, 0.0, -0.0, 1.0, -2.5, 3e38])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(NUMBERS, min_size=30, max_size=30))
def test_numbers_that_are_not_finite_go_the_way_of_torch(numbers):
    x = torch.tensor(numbers).reshape(1, 1, 5, 6)
    same = {"rtol": 1e-5, "atol": 1e-5, "equal_nan": True}
    weight = torch.ones(1, 1, 2, 3)
    torch.testing.assert_close(ops.max_pool2d(x, 2), F.max_pool2d(x, 2), **same)
    assert torch.equal(ops.conv2d(x, weight).isfinite(), F.conv2d(x, weight).isfinite())
    assert torch.equal(ops.avg_pool2d(x, 2).isfinite(), F.avg_pool2d(x, 2).isfinite())


@pytest.mark.parametrize("huge", [10**9, 2**31 - 1])
def test_sizes_that_are_huge_but_fit_give_the_right_result_at_once(huge):
    x = a_tensor(1, 1, 4, 4)
    assert torch.equal(ops.max_pool2d(x, 2, stride=huge), F.max_pool2d(x, 2)[..., :1, :1])
    assert torch.equal(ops.windows(x, 2, stride=huge)[..., 0, 0], x[..., :1, :1])
    with pytest.raises(ValueError, match="padding"):
        ops.pad2d(x, huge)


def test_empty_batches_stay_empty():
    assert ops.conv2d(torch.zeros(0, 2, 5, 4), WEIGHT).shape == (0, 3, 3, 3)
    assert ops.avg_pool2d(torch.zeros(0, 2, 4, 4), 2).shape == (0, 2, 2, 2)


def test_a_moment_of_a_training_that_there_is_not_is_named():
    training = descent.perceptron(**POINTS2)
    for moment in (len(training), -len(training) - 1, 1.5, None):
        with pytest.raises((ValueError, TypeError), match="moment"):
            training.at(moment)


def test_a_face_that_leaves_the_paper_is_named():
    with pytest.raises(ValueError, match=r"row, column is \(8, 0\)"):
        face_detector.scene(8, 0)
