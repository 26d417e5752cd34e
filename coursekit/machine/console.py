"""Tables and bars on a terminal, or in a file that a learner pastes from."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

__all__ = ["print_table", "progress_bar"]

WIDTH_OF_A_FILE = 120  # characters: at rich's 80 for what is no terminal, paths would be broken


def print_table(table: Table) -> None:
    """Print the table as wide as the terminal, or wide enough where there is none."""
    width = None if sys.stdout.isatty() else WIDTH_OF_A_FILE
    Console(width=width).print(table, highlight=False)


@contextmanager
def progress_bar(name: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a bar of `total` steps while the block runs, and give what takes it a step on.

    The bar is on stderr and gone afterwards, so that a table on stdout can be piped or pasted.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task(name, total=total)
        yield lambda: bar.advance(task)
