"""The calls that are varied of what computes: shapes, ops, kernels, points, descent."""

import numpy as np
import torch

from bad_arguments.kinds import (
    ANY_INTEGER,
    FLAG,
    HUGE,
    NAME,
    NAN,
    NO_KIND,
    SEED,
    Kind,
    a_tensor,
    pair,
    real,
    tensor,
    whole,
)
from coursekit.shapes import Layer

MATRIX, IMAGE = tensor(2), tensor(3, 4)
SLIDING = {"stride": whole(1), "padding": whole(0), "dilation": whole(1)}
WINDOW = {"stride": pair(1), "padding": pair(0), "dilation": pair(1)}
NO_LAYERS = tuple(bad for bad in NO_KIND if bad != [])  # without layers, a pixel sees itself
LAYERS = Kind(
    [[Layer(0)], [Layer(3, 0)], [Layer(3, padding=-1)], [Layer("3")], ["Layer"], [(3,)], 3],
    NO_LAYERS,
)
AT_LEAST_2D = tensor(2, 3, 4, 5)
STRIDES = {"stride": Kind(pair(1).bad, tuple(NO_KIND[1:]))}  # None is the window itself
POOL = {
    "x": AT_LEAST_2D, "kernel_size": pair(1), **STRIDES, "padding": pair(0), "ceil_mode": FLAG
}  # fmt: skip
DILATED = {"dilation": pair(1)}
DIVIDED = {
    "count_include_pad": FLAG,
    "divisor_override": Kind([0, *ANY_INTEGER.bad], tuple(NO_KIND[1:])),
}
GRADIENT = {"grad_out": tensor(4, bad=[a_tensor(3, 3), a_tensor(2, 2).double()]), **POOL}
LABELS = tensor(1, bad=[torch.tensor([0, 2]), torch.tensor([NAN, 1.0]), a_tensor(3)])
POINTS = tensor(2, bad=[torch.zeros(0, 2)])
WEIGHTS = {"weight": tensor(1, bad=[a_tensor(3), a_tensor(2).double()]), "bias": real(tensors=True)}
X4, WEIGHT = a_tensor(1, 2, 5, 4), a_tensor(3, 2, 3, 2)
POINTS2 = {"x": a_tensor(2, 2), "labels": torch.tensor([0, 1])}
WEIGHED = {**POINTS2, "weight": a_tensor(2)}
CLOUDS = {"spread": real(low=-0.1), "seed": SEED}

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
        {"in_channels": 2, "out_channels": 4, "kernel_size": 3},
        {"in_channels": whole(1), "out_channels": whole(1), "kernel_size": pair(1),
         "groups": whole(1), "bias": FLAG},
    ),
    "conv_multiply_adds": (
        {"in_channels": 2, "out_channels": 4, "kernel_size": 3, "out_size": 5},
        {"in_channels": whole(1), "out_channels": whole(1), "kernel_size": pair(1),
         "out_size": pair(1), "groups": whole(1), "bias": FLAG},
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
         "bias": Kind([a_tensor(2), a_tensor(3, 1), 3, [1.0]], tuple(NO_KIND[1:])), **WINDOW,
         "padding": Kind([*pair(0).bad, 10**9, "full"]), "groups": whole(1, 2, 3, HUGE)},
    ),
    "im2col": ({"x": X4, "kernel_size": 2}, {"x": IMAGE, "kernel_size": pair(1), **WINDOW}),
    "pad2d": (
        {"x": X4, "padding": 1},
        {"x": AT_LEAST_2D, "padding": Kind([*pair(0).bad, 10**9]), "value": real(infinite=True)},
    ),
    "windows": (
        {"x": X4, "kernel_size": 2},
        {"x": AT_LEAST_2D, "kernel_size": pair(1), "stride": pair(1), "dilation": pair(1)},
    ),
    "max_pool2d": ({"x": X4, "kernel_size": 2}, {**POOL, **DILATED, "return_indices": FLAG}),
    "winners": ({"x": X4, "kernel_size": 2}, {**POOL, **DILATED}),
    "avg_pool2d": ({"x": X4, "kernel_size": 2}, {**POOL, **DIVIDED}),
    "max_pool2d_backward": (
        {"grad_out": a_tensor(1, 2, 2, 2), "x": X4, "kernel_size": 2},
        {**GRADIENT, **DILATED},
    ),
    "avg_pool2d_backward": (
        {"grad_out": a_tensor(1, 2, 2, 2), "x": X4, "kernel_size": 2},
        {**GRADIENT, **DIVIDED},
    ),
}  # fmt: skip
OTHERS = {
    "kernels.kernel": ({"name": "sobel x"}, {"name": NAME}),
    "examples.drawings.drawing": ({"name": "X"}, {"name": NAME}),
    "examples.points.two_clouds": ({}, {"per_cloud": whole(1), "shift": real(), **CLOUDS}),
    "examples.points.xor_clouds": ({}, {"per_corner": whole(1), **CLOUDS}),
    "examples.face_detector.scene": (
        {"row": 1, "column": 2},
        {"row": whole(0), "column": whole(0), "size": Kind([*pair(0).bad, (3, 3)])},
    ),
    "examples.face_detector.detect": ({"image": -torch.ones(9, 9)}, {"image": MATRIX}),
    "examples.face_detector.change": (
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
CALLS = {
    **{f"shapes.{name}": how for name, how in SHAPES.items()},
    **{f"ops.{name}": how for name, how in OPS.items()},
    **{f"descent.{name}": how for name, how in DESCENT.items()},
    **OTHERS,
}
# What is public there and takes no bad argument of its own.
WITHOUT = {
    "shapes.Layer": "a plain record, checked by the functions that take layers",
    "shapes.pair": "the check itself, with tests of its own in test_shapes.py",
    "descent.Training": "what the learners return",
    "examples.three_channels.two_filters": "takes no argument",
}
MODULES = (
    "shapes",
    "ops",
    "kernels",
    "descent",
    "examples.drawings",
    "examples.points",
    "examples.face_detector",
    "examples.three_channels",
)
