"""Studies: measurements too long for a lesson, each rerun by one command, with its results kept.

A study is a module here with `SEEDS`, the seeds that it is measured with, and `measure(seeds)`,
which returns a dictionary for JSON: what it was measured on under "data", whether that is a
"stand_in", and its numbers under "rows". `coursekit study NAME` adds where and with what it ran.
"""

from coursekit.studies.results import load, mean_and_spread, measured_on, names, run, save

__all__ = ["load", "mean_and_spread", "measured_on", "names", "run", "save"]
