"""`coursekit lab`."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "open JupyterLab on your own copy of the lessons"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the learner's folder, and how to open it."""
    parser.add_argument("folder", nargs="?", default="my-lessons", metavar="DIR")
    parser.add_argument(
        "--fresh", type=int, metavar="N", help="a new copy of lesson N; the old is kept"
    )
    parser.add_argument("--port", type=int, help="serve there (default: the first free from 8888)")
    parser.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    parser.add_argument("--copy-only", action="store_true", help="copy the lessons, open nothing")


def run(options: argparse.Namespace) -> int:
    """Copy or update the lessons, and open JupyterLab on them.

    In a terminal of a JupyterHub, say where they are in the server there, unless a port is asked.
    """
    from coursekit.desk import lab, on_hub, resume, servers
    from coursekit.desk.update import copies
    from coursekit.machine import paths

    folder = paths.folder("DIR", options.folder)
    if options.fresh is not None:
        copies.check_number(options.fresh)
    if options.port is not None and not options.copy_only:
        lab.check_port(options.port)
    there = on_hub.is_here() and options.port is None and not options.copy_only
    inner = on_hub.inside(folder) if there else ""
    address = servers.running(folder)
    lines = _prepared(folder, options.fresh, update=address is None)
    lessons = resume.places(folder)
    for line in (*lines, *resume.told(lessons)):
        print(line)
    if options.copy_only:
        if address is not None:
            print(lab.WAITING)
        return 0
    stopped = resume.stopped_at(lessons)
    lesson = stopped.path.name if stopped else ""
    if there:
        print(*[lab.WAITING] * (address is not None), on_hub.address(inner, lesson), sep="\n")
        return 0
    if address is not None:
        return lab.announce(address, browser=not options.no_browser)
    return lab.serve(
        folder,
        lesson=lesson,
        port=options.port,
        browser=not options.no_browser,
    )


def _prepared(folder: Path, fresh: int | None, *, update: bool) -> list[str]:
    """Return in lines what was copied and updated; what may only be read is left as it is."""
    from coursekit.desk.update import copies, place

    place.check_folder(folder)
    try:
        with place.alone_with(folder):
            lines = [copies.renew(folder, fresh)] if fresh is not None else []
            lines += copies.copy_lessons(folder)
            return lines + (copies.update_lessons(folder) if update else [])
    except OSError as error:
        if fresh is not None or not copies.has_lessons(folder):
            raise
        return [
            f"{folder} cannot be written to ({error.strerror}): nothing was copied or updated, and "
            "what you do there may not be kept"
        ]
