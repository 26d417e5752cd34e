"""Measurements of the course's own claims, as ratios and medians of one run on this machine."""

from coursekit.bench.convolution import FOUR_WAYS, layer_times, loops, shifts, small_times
from coursekit.bench.timing import times

__all__ = ["FOUR_WAYS", "layer_times", "loops", "shifts", "small_times", "times"]
