"""`coursekit bench`."""

from __future__ import annotations

import argparse
from importlib import import_module

HELP = "the course's claims, measured on this machine"
SECTIONS = {
    "convolution": "coursekit.bench.convolution",
    "lenet": "coursekit.bench.lenet",
    "quality": "coursekit.bench.quality",
    "grading": "coursekit.classroom.grade.measured",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is to be measured."""
    parser.add_argument(
        "section", nargs="?", choices=(*SECTIONS, "all"), default="convolution",
        help="convolution (the default): seconds; lenet: minutes, needs the real data; "
        "quality: half an hour, needs the real data; grading: minutes, needs nbgrader; all",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Measure the course's claims; 1 where one is missed."""
    from coursekit.machine.console import print_table

    missed = 0
    for section in SECTIONS if options.section == "all" else (options.section,):
        table, reached = import_module(SECTIONS[section]).table()
        print_table(table)
        missed += not reached
    return int(missed > 0)
