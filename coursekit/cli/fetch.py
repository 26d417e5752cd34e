"""`coursekit fetch`."""

from __future__ import annotations

import argparse

HELP = "data for a room without a network"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add whether the weights and photographs for lesson 7 are wanted too."""
    parser.add_argument(
        "--all",
        action="store_true",
        help="also, for lesson 7, ResNet-18's weights and photographs of ants and bees, 92 MB",
    )


def run(options: argparse.Namespace) -> int:
    """Fetch data for a room without a network; 1 where some is missing."""
    from coursekit.data.prefetch import fetch

    return fetch(everything=options.all)
