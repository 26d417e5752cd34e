"""`coursekit study`."""

from __future__ import annotations

import argparse

HELP = "measure again what a lesson quotes"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the study's name, its seeds, and where its results go."""
    parser.add_argument("name", metavar="NAME", help="panel, regularisation, ...")
    parser.add_argument("--seeds", type=int, nargs="+", metavar="S", help="(the study's own)")
    parser.add_argument("-o", "--output", metavar="DIR", help="(data/results)")


def run(options: argparse.Namespace) -> int:
    """Measure again what a lesson quotes, and write it down."""
    from coursekit import studies
    from coursekit.machine.paths import folder_to_write

    output = options.output
    if output is not None:
        output = folder_to_write("-o", output)
    results = studies.run(options.name, seeds=options.seeds)
    print(f"written: {studies.save(results, output)}")
    return 0
