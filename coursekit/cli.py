"""The `coursekit` command: what a learner, an instructor and CI call."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from coursekit import __version__

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status: 0 done, 1 something failed, 2 it was called wrongly."""
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except _expected_errors() as error:
        print(f"coursekit: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ncoursekit: interrupted; nothing is half-written", file=sys.stderr)
        return 130


def _expected_errors() -> tuple[type[Exception], ...]:
    from coursekit.idx import DataError

    return (ValueError, OSError, DataError)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="coursekit", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    doctor = commands.add_parser("doctor", help="versions, device, data found, what is missing")
    doctor.set_defaults(command=_doctor)

    lab = commands.add_parser("lab", help="open JupyterLab on your own copy of the lessons")
    lab.add_argument("folder", nargs="?", type=Path, default=Path("my-lessons"), metavar="DIR")
    lab.add_argument(
        "--fresh", type=int, metavar="N", help="a new copy of lesson N; the old is kept"
    )
    lab.add_argument("--port", type=int, help="serve there (default: the first free from 8888 on)")
    lab.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    lab.add_argument("--copy-only", action="store_true", help="copy the lessons, open nothing")
    lab.set_defaults(command=_lab)

    run = commands.add_parser("run", help="execute lessons; a table of the results")
    _add_lessons(run)
    run.add_argument("--instructor", action="store_true", help="with solutions, from the sources")
    run.add_argument("--offline", action="store_true", help="never try the network")
    run.set_defaults(command=_run)

    build = commands.add_parser("build", help="make notebooks/ from lessons/")
    _add_lessons(build)
    build.add_argument(
        "--check", action="store_true", help="fail where the two differ; write nothing"
    )
    build.add_argument("--no-execute", action="store_true", help="keep outputs that still hold")
    build.set_defaults(command=_build)

    exercises = commands.add_parser("exercises", help="the exercises, and what they recognise")
    exercises.add_argument("lesson", nargs="?", type=int, metavar="N", help="of lesson N only")
    exercises.set_defaults(command=_exercises)

    progress = commands.add_parser("progress", help="which exercises are done in your copy")
    progress.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="(my-lessons)")
    progress.set_defaults(command=_progress)
    return parser


def _add_lessons(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lessons", nargs="*", type=int, metavar="N", help="lessons; all by default")


def _doctor(options: argparse.Namespace) -> int:
    from coursekit.desk import doctor

    return doctor.report()


def _lab(options: argparse.Namespace) -> int:
    from coursekit.desk import lab

    if options.fresh is not None:
        print(lab.renew(options.folder, options.fresh))
    for line in lab.copy_lessons(options.folder):
        print(line)
    if options.copy_only:
        return 0
    return lab.serve(options.folder, port=options.port, browser=not options.no_browser)


def _run(options: argparse.Namespace) -> int:
    from coursekit.authoring import commands

    return commands.run(options.lessons, solutions=options.instructor, offline=options.offline)


def _exercises(options: argparse.Namespace) -> int:
    from coursekit.console import print_table
    from coursekit.exercises import report

    table, all_recognised = report.table(options.lesson)
    print_table(table)
    return 0 if all_recognised else 1


def _progress(options: argparse.Namespace) -> int:
    from coursekit.console import print_table
    from coursekit.exercises import progress, report

    here = options.folder or (Path("my-lessons") if Path("my-lessons").is_dir() else Path())
    if progress.folder(here) is None:
        raise ValueError(
            f"DIR is {here}, which is no copy of the lessons; "
            "expected a folder made by `coursekit lab`"
        )
    print_table(report.progress_table(here))
    return 0


def _build(options: argparse.Namespace) -> int:
    from coursekit.authoring import commands

    if options.check:
        return commands.check(options.lessons)
    return commands.build(options.lessons, execute=not options.no_execute)
