"""`coursekit lab`."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "open JupyterLab on your own copy of the lessons"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the learner's folder, and how to open it."""
    parser.add_argument("folder", nargs="?", type=Path, default=Path("my-lessons"), metavar="DIR")
    parser.add_argument(
        "--fresh", type=int, metavar="N", help="a new copy of lesson N; the old is kept"
    )
    parser.add_argument("--port", type=int, help="serve there (default: the first free from 8888)")
    parser.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    parser.add_argument("--copy-only", action="store_true", help="copy the lessons, open nothing")


def run(options: argparse.Namespace) -> int:
    """Copy or update the lessons, and open JupyterLab on them."""
    from coursekit.desk import lab, resume
    from coursekit.desk.update import copies

    address = lab.running(options.folder)
    if options.fresh is not None:
        print(copies.renew(options.folder, options.fresh))
    lines = copies.copy_lessons(options.folder)
    if address is None:
        lines += copies.update_lessons(options.folder)
    lessons = resume.places(options.folder)
    for line in (*lines, *resume.told(lessons)):
        print(line)
    if options.copy_only:
        return 0
    if address is not None:
        return lab.announce(address, browser=not options.no_browser)
    stopped = resume.stopped_at(lessons)
    return lab.serve(
        options.folder,
        lesson=stopped.path.name if stopped else "",
        port=options.port,
        browser=not options.no_browser,
    )
