"""The `coursekit` command: what a learner, an instructor and CI call.

Each command is a module here, with its help, its arguments and what it does, side by side. What a
command needs is imported when it runs: the others start without it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from keyword import iskeyword
from typing import NoReturn

from coursekit import __version__

__all__ = ["COMMANDS", "main"]

COMMANDS = (
    "doctor", "lab", "run", "progress", "train", "fetch", "bench", "study",
    "class", "grade", "export", "slides", "site", "build", "exercises",
)  # fmt: skip

CLOSED = 141  # what a shell reports of a program whose reader left: 128 and the signal's number


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status: 0 done, 1 something failed, 2 it was called wrongly."""
    from coursekit.machine.console import write_anywhere

    write_anywhere()
    try:
        options = _parsed(arguments)
        status = options.run(options)
        sys.stdout.flush()  # here, where a pipe that was closed is still met
        return status
    except BrokenPipeError:
        _close_output()
        return CLOSED
    except _expected_errors() as error:
        print(f"coursekit: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ncoursekit: interrupted; nothing is half-written", file=sys.stderr)
        return 130


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, with what would fit."""

    def error(self, message: str) -> NoReturn:
        usage = " ".join(self.format_usage().split())
        self.exit(2, f"{self.prog}: {message}; {usage}\n")


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    options, unknown = _parser().parse_known_args(arguments)
    if unknown:  # told by the command's own parser, for the general one knows none of its options
        options.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    return options


def _close_output() -> None:
    """Send what is still to be written nowhere: whoever read it, as `head` does, has left."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _expected_errors() -> tuple[type[Exception], ...]:
    """Return what is told in one line; what nobody has imported yet cannot have been raised.

    To ask for it here would import PyTorch, for a second and more, at each `--help`.
    """
    known = sys.modules.get("coursekit.data.idx")
    return (ValueError, OSError) if known is None else (ValueError, OSError, known.DataError)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="coursekit", description=__doc__.partition("\n")[0])
    parser.add_argument("--version", action="version", version=__version__)
    added = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = f"{name}_" if iskeyword(name) else name
        command = import_module(f"coursekit.cli.{module}")
        own = added.add_parser(name, help=command.HELP, description=command.run.__doc__)
        command.add_arguments(own)
        own.set_defaults(run=command.run, parser=own)
    return parser
