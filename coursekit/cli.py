"""The `coursekit` command: what a learner, an instructor and CI call."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from coursekit import __version__, commands

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
    added = parser.add_subparsers(required=True, metavar="COMMAND")

    doctor = added.add_parser("doctor", help="versions, device, data found, what is missing")
    doctor.set_defaults(command=commands.doctor)

    lab = added.add_parser("lab", help="open JupyterLab on your own copy of the lessons")
    lab.add_argument("folder", nargs="?", type=Path, default=Path("my-lessons"), metavar="DIR")
    lab.add_argument(
        "--fresh", type=int, metavar="N", help="a new copy of lesson N; the old is kept"
    )
    lab.add_argument("--port", type=int, help="serve there (default: the first free from 8888 on)")
    lab.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    lab.add_argument("--copy-only", action="store_true", help="copy the lessons, open nothing")
    lab.set_defaults(command=commands.lab)

    run = added.add_parser("run", help="execute lessons; a table of the results")
    _add_lessons(run)
    run.add_argument("--instructor", action="store_true", help="with solutions, from the sources")
    run.add_argument("--offline", action="store_true", help="never try the network")
    run.set_defaults(command=commands.run)

    study = added.add_parser("study", help="measure again what a lesson quotes")
    study.add_argument("name", metavar="NAME", help="panel, regularisation, ...")
    study.add_argument("--seeds", type=int, nargs="+", metavar="S", help="(the study's own)")
    study.add_argument("-o", "--output", type=Path, metavar="DIR", help="(data/results)")
    study.set_defaults(command=commands.study)

    build = added.add_parser("build", help="make notebooks/ from lessons/")
    _add_lessons(build)
    either = build.add_mutually_exclusive_group()
    either.add_argument(
        "--check", action="store_true", help="fail where the two differ; write nothing"
    )
    build.add_argument("--no-execute", action="store_true", help="keep outputs that still hold")
    either.add_argument(
        "--instructor", action="store_true", help="with solutions, into build/instructor/"
    )
    build.set_defaults(command=commands.build)

    slides = added.add_parser("slides", help="one offline HTML file of slides for each lesson")
    _add_lessons(slides)
    slides.add_argument("-o", dest="folder", type=Path, default=Path("build/slides"), metavar="DIR")
    slides.add_argument("--solutions", action="store_true", help="a solution after each exercise")
    slides.add_argument(
        "--contact-sheet", action="store_true", help="all slides on a picture; needs Chromium"
    )
    slides.set_defaults(command=commands.slides)

    export = added.add_parser("export", help="the lessons as a course for nbgrader")
    export.add_argument("format", choices=["nbgrader"])
    export.add_argument("folder", type=Path, metavar="DIR", help="what is there is kept")
    _add_lessons(export)
    export.set_defaults(command=commands.export)

    exercises = added.add_parser("exercises", help="the exercises, and what they recognise")
    exercises.add_argument("lesson", nargs="?", type=int, metavar="N", help="of lesson N only")
    exercises.set_defaults(command=commands.exercises)

    fetch = added.add_parser("fetch", help="data for a room without a network")
    fetch.add_argument("--all", action="store_true", help="also the weights for lesson 7, 45 MB")
    fetch.set_defaults(command=commands.fetch)

    bench = added.add_parser("bench", help="the course's claims, measured on this machine")
    bench.add_argument(
        "section", nargs="?", choices=(*commands.SECTIONS, "all"), default=commands.SECTIONS[0],
        help="convolution (the default): seconds; lenet: minutes, needs the real data; "
        "quality: a quarter of an hour, needs the real data; all",
    )  # fmt: skip
    bench.set_defaults(command=commands.bench)

    progress = added.add_parser("progress", help="which exercises are done in your copy")
    progress.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="(my-lessons)")
    progress.set_defaults(command=commands.progress)
    return parser


def _add_lessons(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lessons", nargs="*", type=int, metavar="N", help="lessons; all by default")
