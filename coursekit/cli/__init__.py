"""The `coursekit` command: what a learner, an instructor and CI call.

Each command is a module here, with its help, its arguments and what it does, side by side. What a
command needs is imported when it runs: the others start without it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from coursekit import __version__

__all__ = ["COMMANDS", "main"]

COMMANDS = (
    "doctor", "lab", "run", "study", "build", "slides", "site", "export", "exercises", "fetch",
    "bench", "progress",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status: 0 done, 1 something failed, 2 it was called wrongly."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except _expected_errors() as error:
        print(f"coursekit: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ncoursekit: interrupted; nothing is half-written", file=sys.stderr)
        return 130


def _expected_errors() -> tuple[type[Exception], ...]:
    from coursekit.data.idx import DataError

    return (ValueError, OSError, DataError)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="coursekit", description=__doc__.partition("\n")[0])
    parser.add_argument("--version", action="version", version=__version__)
    added = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in COMMANDS:
        command = import_module(f"coursekit.cli.{name}")
        own = added.add_parser(name, help=command.HELP, description=command.run.__doc__)
        command.add_arguments(own)
        own.set_defaults(run=command.run)
    return parser
