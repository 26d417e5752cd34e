"""Tables on a terminal, or in a file that a learner pastes from."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

__all__ = ["print_table"]

WIDTH_OF_A_FILE = 120


def print_table(table: Table) -> None:
    """Print the table as wide as the terminal, or wide enough where there is none."""
    width = None if sys.stdout.isatty() else WIDTH_OF_A_FILE
    Console(width=width).print(table, highlight=False)
