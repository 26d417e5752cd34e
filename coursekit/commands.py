"""What each `coursekit` command does, from its options to its exit status.

What a command needs is imported when it runs: the others start without it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

__all__ = [
    "SECTIONS",
    "bench",
    "build",
    "doctor",
    "exercises",
    "export",
    "fetch",
    "lab",
    "progress",
    "run",
    "slides",
    "study",
]

SECTIONS = ("convolution", "lenet", "quality")  # of `bench`, a module each


def doctor(options: argparse.Namespace) -> int:
    """Print versions, device and data found; 1 where something is missing."""
    from coursekit.desk import doctor

    return doctor.report()


def lab(options: argparse.Namespace) -> int:
    """Copy or update the lessons, and open JupyterLab on them."""
    from coursekit.desk import copies, lab, place

    address = lab.running(options.folder)
    if options.fresh is not None:
        print(copies.renew(options.folder, options.fresh))
    lines = copies.copy_lessons(options.folder)
    if address is None:
        lines += copies.update_lessons(options.folder)
    lessons = place.places(options.folder)
    for line in (*lines, *place.told(lessons)):
        print(line)
    if options.copy_only:
        return 0
    if address is not None:
        return lab.announce(address, browser=not options.no_browser)
    stopped = place.stopped_at(lessons)
    return lab.serve(
        options.folder,
        lesson=stopped.path.name if stopped else "",
        port=options.port,
        browser=not options.no_browser,
    )


def run(options: argparse.Namespace) -> int:
    """Execute lessons; 1 where one fails."""
    from coursekit.authoring import commands

    return commands.run(options.lessons, solutions=options.instructor, offline=options.offline)


def exercises(options: argparse.Namespace) -> int:
    """Print what the exercises recognise; 1 below all of it."""
    from coursekit.console import print_table
    from coursekit.exercises import report

    table, all_recognised = report.table(options.lesson)
    print_table(table)
    return 0 if all_recognised else 1


def progress(options: argparse.Namespace) -> int:
    """Print which exercises are done in a copy of the lessons."""
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


def fetch(options: argparse.Namespace) -> int:
    """Fetch data for a room without a network; 1 where some is missing."""
    from coursekit.fetch import fetch

    return fetch(everything=options.all)


def bench(options: argparse.Namespace) -> int:
    """Measure the course's claims; 1 where one is missed."""
    from importlib import import_module

    from coursekit.console import print_table

    missed = 0
    for section in SECTIONS if options.section == "all" else (options.section,):
        table, reached = import_module(f"coursekit.bench.{section}").table()
        print_table(table)
        missed += not reached
    return int(missed > 0)


def study(options: argparse.Namespace) -> int:
    """Measure again what a lesson quotes, and write it down."""
    from coursekit import studies

    results = studies.run(options.name, seeds=options.seeds)
    print(f"written: {studies.save(results, options.output)}")
    return 0


def build(options: argparse.Namespace) -> int:
    """Make the notebooks from the lessons, or compare the two; 1 where they differ."""
    from coursekit.authoring import commands

    if options.check:
        return commands.check(options.lessons)
    execute = not options.no_execute
    return commands.build(options.lessons, execute=execute, solutions=options.instructor)


def export(options: argparse.Namespace) -> int:
    """Write the lessons as a course for nbgrader."""
    from coursekit.authoring import commands

    return commands.export(options.folder, options.lessons)


def slides(options: argparse.Namespace) -> int:
    """Write each lesson as one HTML file of slides."""
    from coursekit.authoring.slides import commands

    return commands.slides(
        options.lessons, options.folder, solutions=options.solutions, sheet=options.contact_sheet
    )
