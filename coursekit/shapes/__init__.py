"""Shapes of convolutions, and what layers cost, in integers only: no tensor is made here.

Pairs are (height, width). A single integer stands for both.
"""

from coursekit.shapes.costs import conv_multiply_adds, conv_parameters, linear_parameters
from coursekit.shapes.pairs import Pair, pair
from coursekit.shapes.seeing import Layer, receptive_field, seen_by
from coursekit.shapes.sliding import (
    full_padding,
    left_over,
    output_size,
    output_sizes,
    same_padding,
    taps,
)

__all__ = [
    "Layer",
    "Pair",
    "conv_multiply_adds",
    "conv_parameters",
    "full_padding",
    "left_over",
    "linear_parameters",
    "output_size",
    "output_sizes",
    "pair",
    "receptive_field",
    "same_padding",
    "seen_by",
    "taps",
]
