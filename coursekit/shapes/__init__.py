"""Shapes of convolutions, and what layers cost, in integers only: no tensor is made here.

Pairs are (height, width). A single integer stands for both.
"""

from coursekit.shapes.costs import conv_multiply_adds, conv_parameters, linear_parameters
from coursekit.shapes.output import (
    full_padding,
    left_over,
    output_size,
    output_sizes,
    same_padding,
    taps,
)
from coursekit.shapes.pairs import Pads, Pair, Steps, pair
from coursekit.shapes.receptive import Layer, receptive_field, seen_by

__all__ = [
    "Layer",
    "Pads",
    "Pair",
    "Steps",
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
