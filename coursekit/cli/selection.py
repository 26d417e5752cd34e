"""The argument that commands about lessons share."""

from __future__ import annotations

import argparse

__all__ = ["add_lessons"]


def add_lessons(parser: argparse.ArgumentParser) -> None:
    """Add [N ...], the numbers of lessons; none stands for all of them."""
    parser.add_argument("lessons", nargs="*", type=int, metavar="N", help="lessons; all by default")
