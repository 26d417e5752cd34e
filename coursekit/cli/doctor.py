"""`coursekit doctor`."""

from __future__ import annotations

import argparse

HELP = "versions, device, data found, what is missing"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add none: it looks at everything."""


def run(options: argparse.Namespace) -> int:
    """Print versions, device and data found; 1 where something is missing."""
    from coursekit.desk import doctor

    return doctor.report()
