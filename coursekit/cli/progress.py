"""`coursekit progress`."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "which exercises are done in your copy"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the learner's folder."""
    parser.add_argument("folder", nargs="?", metavar="DIR", help="(my-lessons)")


def run(options: argparse.Namespace) -> int:
    """Print which exercises are done in a copy of the lessons."""
    from coursekit.exercises import progress, report
    from coursekit.machine.console import print_table
    from coursekit.machine.paths import folder

    here = Path("my-lessons") if Path("my-lessons").is_dir() else Path()
    if options.folder is not None:
        here = folder("DIR", options.folder)
    if progress.folder(here) is None:
        raise ValueError(
            f"DIR is {here}, which is no copy of the lessons; "
            "expected a folder made by `coursekit lab`"
        )
    print_table(report.progress_table(here))
    return 0
