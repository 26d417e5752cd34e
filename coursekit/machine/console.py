"""Tables and bars on a terminal, or in a file that a learner pastes from."""

from __future__ import annotations

import codecs
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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

__all__ = ["print_table", "progress_bar", "watched", "write_anywhere"]

WIDTH_OF_A_FILE = 120  # characters: at rich's 80 for what is no terminal, paths would be broken


# What stands for a character that a terminal's code page lacks.
PLAIN = str.maketrans(
    {
        **dict.fromkeys("−–━╸╺─", "-"), **dict.fromkeys("“”", '"'), **dict.fromkeys("’‘", "'"),
        "×": "x", "…": "...", "→": "->", "·": ".", "≤": "<=", "≥": ">=", "│": "|", "•": "*",
        "²": "^2", "³": "^3", "\N{NO-BREAK SPACE}": " ",
    }
)  # fmt: skip


def write_anywhere() -> None:
    """From now on, let no character that the terminal or the file cannot hold end the command.

    It is written as what comes nearest, or as a question mark. A stream that is closed takes all.
    """
    codecs.register_error("coursekit", _nearest)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever called
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif hasattr(stream, "reconfigure"):
            with suppress(ValueError, OSError):
                stream.reconfigure(errors="coursekit")


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = []
    for character in error.object[error.start : error.end]:
        plain = unicodedata.normalize("NFKD", character.translate(PLAIN))
        found.append(plain.encode("ascii", "ignore").decode() or "?")
    return "".join(found), error.end


def watched() -> bool:
    """Return whether somebody sees a progress bar: in a notebook or a terminal, not in a log."""
    if os.environ.get("CI"):
        return False
    known = sys.modules.get("IPython")
    shell = None if known is None else known.get_ipython()
    return hasattr(shell, "kernel") or bool(sys.stderr is not None and sys.stderr.isatty())


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
    unseen = not console.is_terminal
    with Progress(*columns, last, console=console, transient=True, disable=unseen) as bar:
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
