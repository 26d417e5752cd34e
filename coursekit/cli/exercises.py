"""`coursekit exercises`."""

from __future__ import annotations

import argparse

HELP = "the exercises, and what they recognise"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add one lesson's number."""
    parser.add_argument("lesson", nargs="?", type=int, metavar="N", help="of lesson N only")


def run(options: argparse.Namespace) -> int:
    """Print what the exercises recognise; 1 below all of it."""
    from coursekit.exercises import report
    from coursekit.machine.console import print_table

    table, all_recognised = report.table(options.lesson)
    print_table(table)
    return 0 if all_recognised else 1
