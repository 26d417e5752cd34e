"""Every public function, one bad argument at a time: an error names it, and nothing hangs.

ARGUMENTS says, for each function, a call that works and of what kind each argument is. Hypothesis
picks a function, an argument and a value that does not fit its kind.
"""

import importlib
import inspect
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from coursekit import descent, invariance, ops
from coursekit.shapes import Layer

NAN, INFINITY = float("nan"), float("inf")
HUGE = 10**20
NO_KIND = [None, "three", b"3", object(), {}, {"a": 1}, [], lambda: 3, 1j]


def a_tensor(*shape):
    return torch.arange(1.0, 1 + torch.Size(shape).numel()).reshape(shape)


@dataclass(frozen=True)
class Kind:
    """What an argument may be, by values that it may not be."""

    bad: list[Any] = field(default_factory=list)
    no_kind: tuple[Any, ...] = tuple(NO_KIND)

    def values(self):
        return st.sampled_from([*self.no_kind, *self.bad])


ANY_INTEGER = Kind([2.5, NAN, INFINITY, "3", True, (1,), a_tensor(2), np.ones(2)])


def whole(minimum):
    return Kind([*ANY_INTEGER.bad, st.integers(max_value=minimum - 1)])


def pair(minimum):
    low = minimum - 1
    return Kind(
        [2.5, NAN, True, (1, 2, 3), (low, 3), (3, low), (2.0, 2), HUGE, (HUGE, 2), (2, "2")]
    )


def real(*, low=None, infinite=False, tensors=False):
    bad = [NAN, "0.1", True, np.ones(2), [0.1]] + ([] if tensors else [a_tensor(2)])
    bad += [] if infinite else [INFINITY, -INFINITY]
    return Kind(bad + ([] if low is None else [low, -1, -HUGE]))


def tensor(*ranks, bad=()):
    others = [a_tensor(*[2] * rank) for rank in range(6) if rank not in ranks]
    arrays = [3, 2.5, NAN, [[1.0, 2.0], [3.0, 4.0]], np.ones((2, 2))]
    return Kind([*arrays, *others, *bad])


FLAG = Kind([0, 1, 2.5, NAN, "no", a_tensor(1)])
NAME = Kind([3, "sobel z", NAN, ("sobel x",), a_tensor(2)])
MATRIX, IMAGE = tensor(2), tensor(4)
SLIDING = {"stride": whole(1), "padding": whole(0), "dilation": whole(1)}
WINDOW = {"stride": pair(1), "padding": pair(0), "dilation": pair(1)}
NO_LAYERS = tuple(bad for bad in NO_KIND if bad != [])  # without layers, a pixel sees itself
LAYERS = Kind(
    [[Layer(0)], [Layer(3, 0)], [Layer(3, padding=-1)], [Layer("3")], ["Layer"], [(3,)], 3],
    NO_LAYERS,
)
AT_LEAST_2D = tensor(2, 3, 4, 5)
STRIDES = {"stride": Kind(pair(1).bad, tuple(NO_KIND[1:]))}  # None is the window itself
POOL = {"x": AT_LEAST_2D, "kernel": pair(1), **STRIDES, "padding": pair(0), "ceil_mode": FLAG}
GRADIENT = {"grad_out": tensor(4, bad=[a_tensor(3, 3), a_tensor(2, 2).double()]), **POOL}
LABELS = tensor(1, bad=[torch.tensor([0, 2]), torch.tensor([NAN, 1.0]), a_tensor(3)])
POINTS = tensor(2, bad=[torch.zeros(0, 2)])
WEIGHTS = {"weight": tensor(1, bad=[a_tensor(3), a_tensor(2).double()]), "bias": real(tensors=True)}
X4, WEIGHT = a_tensor(1, 2, 5, 4), a_tensor(3, 2, 3, 2)
POINTS2 = {"x": a_tensor(2, 2), "labels": torch.tensor([0, 1])}
WEIGHED = {**POINTS2, "weight": a_tensor(2)}
CLOUDS = {"spread": real(low=-0.1), "seed": whole(0)}

SHAPES = {
    "output_size": ({"n": 7, "kernel": 3}, {"n": whole(0), "kernel": whole(1), **SLIDING}),
    "output_sizes": ({"size": (7, 6), "kernel": 3}, {"size": pair(0), "kernel": pair(1), **WINDOW}),
    "same_padding": ({"kernel": 3}, {"kernel": whole(1), "dilation": whole(1)}),
    "full_padding": ({"kernel": 3}, {"kernel": whole(1), "dilation": whole(1)}),
    "taps": ({"n": 7, "kernel": 3}, {"n": whole(0), "kernel": whole(1), **SLIDING}),
    "left_over": ({"n": 7, "kernel": 3}, {"n": whole(0), "kernel": whole(1), **SLIDING}),
    "receptive_field": ({"layers": [Layer(3)]}, {"layers": LAYERS}),
    "seen_by": ({"layers": [Layer(3)], "at": 1}, {"layers": LAYERS, "at": ANY_INTEGER}),
    "conv_parameters": (
        {"in_channels": 2, "out_channels": 4, "kernel": 3},
        {"in_channels": whole(1), "out_channels": whole(1), "kernel": pair(1), "groups": whole(1),
         "bias": FLAG},
    ),
    "conv_multiply_adds": (
        {"in_channels": 2, "out_channels": 4, "kernel": 3, "out_size": 5},
        {"in_channels": whole(1), "out_channels": whole(1), "kernel": pair(1), "out_size": pair(1),
         "groups": whole(1), "bias": FLAG},
    ),
    "linear_parameters": (
        {"in_features": 2, "out_features": 3},
        {"in_features": whole(1), "out_features": whole(1), "bias": FLAG},
    ),
}  # fmt: skip
OPS = {
    "corr2d": ({"x": a_tensor(4, 5), "kernel": a_tensor(2, 3)}, {"x": MATRIX, "kernel": MATRIX}),
    "convolve2d": (
        {"x": a_tensor(4, 5), "kernel": a_tensor(2, 3)},
        {"x": MATRIX, "kernel": MATRIX},
    ),
    "conv2d": (
        {"x": X4, "weight": WEIGHT},
        {"x": IMAGE, "weight": tensor(4, bad=[a_tensor(3, 3, 3, 2), WEIGHT.double()]),
         "bias": Kind([a_tensor(2), a_tensor(3, 1), 3, [1.0]], tuple(NO_KIND[1:])), **WINDOW},
    ),
    "im2col": ({"x": X4, "kernel": 2}, {"x": IMAGE, "kernel": pair(1), **WINDOW}),
    "pad2d": (
        {"x": X4, "padding": 1},
        {"x": AT_LEAST_2D, "padding": Kind([*pair(0).bad, 10**9]), "value": real(infinite=True)},
    ),
    "windows": (
        {"x": X4, "kernel": 2},
        {"x": AT_LEAST_2D, "kernel": pair(1), "stride": pair(1), "dilation": pair(1)},
    ),
    "max_pool2d": ({"x": X4, "kernel": 2}, {**POOL, "dilation": pair(1)}),
    "winners": ({"x": X4, "kernel": 2}, {**POOL, "dilation": pair(1)}),
    "avg_pool2d": ({"x": X4, "kernel": 2}, {**POOL, "count_include_pad": FLAG}),
    "max_pool2d_backward": (
        {"grad_out": a_tensor(1, 2, 2, 2), "x": X4, "kernel": 2},
        {**GRADIENT, "dilation": pair(1)},
    ),
    "avg_pool2d_backward": (
        {"grad_out": a_tensor(1, 2, 2, 2), "x": X4, "kernel": 2},
        {**GRADIENT, "count_include_pad": FLAG},
    ),
}  # fmt: skip
OTHERS = {
    ("kernels", "kernel"): ({"name": "sobel x"}, {"name": NAME}),
    ("drawings", "drawing"): ({"name": "X"}, {"name": NAME}),
    ("points", "two_clouds"): ({}, {"per_cloud": whole(1), "shift": real(), **CLOUDS}),
    ("points", "xor_clouds"): ({}, {"per_corner": whole(1), **CLOUDS}),
    ("invariance", "scene"): (
        {"row": 1, "column": 2},
        {"row": whole(0), "column": whole(0), "size": Kind([*pair(0).bad, (3, 3)])},
    ),
    ("invariance", "detect"): ({"image": -torch.ones(9, 9)}, {"image": MATRIX}),
    ("invariance", "change"): (
        {"before": a_tensor(2, 2), "after": a_tensor(2, 2)},
        {name: tensor(2, bad=[-a_tensor(2, 2), a_tensor(3), torch.full((2, 2), NAN)])
         for name in ("before", "after")},
    ),
}  # fmt: skip
DESCENT = {
    "descend": (
        {"gradient": lambda x: 2 * x, "start": 1.0, "rate": 0.1, "steps": 3},
        {"gradient": Kind([3, lambda x: "up", lambda x: None, lambda x: torch.ones(3)],
                          tuple(bad for bad in NO_KIND if not callable(bad))),
         "start": real(tensors=True), "rate": real(low=0), "steps": whole(0)},
    ),
    "two_valleys": ({"x": a_tensor(3)}, {"x": Kind(["3", True, [1.0], np.ones(2), NAN])}),
    "two_valleys_slope": ({"x": a_tensor(3)}, {"x": Kind(["3", True, [1.0], np.ones(2), NAN])}),
    "weighted_sum": ({"x": a_tensor(2, 2), "weight": a_tensor(2)}, {"x": tensor(2), **WEIGHTS}),
    "mistakes": (WEIGHED, {"x": POINTS, "labels": LABELS, **WEIGHTS}),
    "logistic_loss": (WEIGHED, {"x": POINTS, "labels": LABELS, **WEIGHTS}),
    "logistic_gradient": (WEIGHED, {"x": POINTS, "labels": LABELS, **WEIGHTS}),
    "perceptron": (
        POINTS2,
        {"x": POINTS, "labels": LABELS, "rate": real(low=0), "max_epochs": whole(0), "bias": FLAG},
    ),
    "logistic_regression": (
        POINTS2,
        {"x": POINTS, "labels": LABELS, "rate": real(low=0), "steps": whole(0), "bias": FLAG},
    ),
}  # fmt: skip
ARGUMENTS = {
    **{("shapes", name): how for name, how in SHAPES.items()},
    **{("ops", name): how for name, how in OPS.items()},
    **{("descent", name): how for name, how in DESCENT.items()},
    **OTHERS,
}
# What is public there and takes no bad argument of its own.
WITHOUT = {
    ("shapes", "Layer"): "a plain record, checked by the functions that take layers",
    ("shapes", "pair"): "the check itself, with tests of its own in test_shapes.py",
    ("descent", "Training"): "what the learners return",
    ("volumes", "two_filters"): "takes no argument",
}
MODULES = ("shapes", "ops", "kernels", "drawings", "points", "invariance", "descent", "volumes")
SLOTS = [
    pytest.param(module, name, argument, kind, id=f"{module}.{name}-{argument}")
    for (module, name), (_, kinds) in ARGUMENTS.items()
    for argument, kind in kinds.items()
]


def public(module):
    return importlib.import_module(f"coursekit.{module}")


def test_no_public_function_is_left_out():
    callables = {
        (module, name)
        for module in MODULES
        for name in public(module).__all__
        if inspect.isroutine(getattr(public(module), name))
        or inspect.isclass(getattr(public(module), name))
    }
    assert callables == {*ARGUMENTS, *WITHOUT}


@pytest.mark.parametrize(("module", "name"), ARGUMENTS, ids=".".join)
def test_the_call_that_is_varied_works_and_every_argument_is_tried(module, name):
    function, (good, kinds) = getattr(public(module), name), ARGUMENTS[module, name]
    function(**good)
    assert set(kinds) == set(inspect.signature(function).parameters)


@pytest.mark.parametrize(("module", "name", "argument", "kind"), SLOTS)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_bad_argument_is_named(module, name, argument, kind, data):
    value = data.draw(kind.values())
    if isinstance(value, st.SearchStrategy):
        value = data.draw(value)
    function, (good, _) = getattr(public(module), name), ARGUMENTS[module, name]
    with pytest.raises((ValueError, TypeError)) as raised:
        function(**{**good, argument: value})
    assert re.search(rf"\b{argument}\b", str(raised.value)), raised.value


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
        invariance.scene(8, 0)
