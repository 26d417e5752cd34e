"""`coursekit exercises`."""

from __future__ import annotations

import argparse

HELP = "the exercises, and what they recognise; which wrong answers have no name yet"
UNNAMED = (
    "in place of that: group the answers without a name that are kept in these copies of the "
    "lessons, or in folders of copies, by what they do, and draft a misconception for each. The "
    "answers are RUN, shut in so that they reach no file and no network; still, take copies of "
    "people whom you teach, not of anyone"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add one lesson's number, and the folders to learn from."""
    parser.add_argument("lesson", nargs="?", type=int, metavar="N", help="of lesson N only")
    parser.add_argument("--unnamed", nargs="+", metavar="DIR", help=UNNAMED)


def run(options: argparse.Namespace) -> int:
    """Print what the exercises recognise; 1 below all of it. Or what they do not yet."""
    if options.unnamed:
        from coursekit.exercises.unnamed import report as unnamed
        from coursekit.machine.paths import given

        print(unnamed.report([given("DIR", folder) for folder in options.unnamed], options.lesson))
        return 0
    from coursekit.exercises import report
    from coursekit.machine.console import print_table

    table, all_recognised = report.table(options.lesson)
    print_table(table)
    return 0 if all_recognised else 1
