"""Tables and bars on a terminal, or in a file that a learner pastes from."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

__all__ = ["print_table", "progress_bar"]

WIDTH_OF_A_FILE = 120  # characters: at rich's 80 for what is no terminal, paths would be broken


def print_table(table: Table) -> None:
    """Print the table as wide as the terminal, or wide enough where there is none."""
    width = None if sys.stdout.isatty() else WIDTH_OF_A_FILE
    Console(width=width).print(table, highlight=False)


@contextmanager
def progress_bar(name: str, total: int, *, ends: bool = False) -> Iterator[Callable[[], None]]:
    """Show a bar of `total` steps while the block runs, and give what takes it a step on.

    ends: also say how long the rest takes, and until what time of day.

    The bar is on stderr and gone afterwards, so that a table on stdout can be piped or pasted.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    last = _UntilColumn() if ends else TimeElapsedColumn()
    console = Console(stderr=True)
    with Progress(*columns, last, console=console, transient=True) as bar:
        task = bar.add_task(name, total=total)
        yield lambda: bar.advance(task)


class _UntilColumn(ProgressColumn):
    """The time that is left, and the time of day when it will be over."""

    def render(self, task: Task) -> Text:
        """Return both, or that they are not known yet."""
        left = task.time_remaining
        if left is None:
            return Text("time left: not known yet")
        until = datetime.now() + timedelta(seconds=left)
        return Text(f"{timedelta(seconds=round(left))} left, until {until:%H:%M}")
