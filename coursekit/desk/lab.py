"""The learner's own copy of the lessons, and JupyterLab opened on it.

A notebook that is there is never written over.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import webbrowser
from datetime import datetime
from pathlib import Path

from coursekit.paths import course_folder

__all__ = ["copy_lessons", "renew", "serve"]

# Without this, JupyterLab asks the network for news and updates, and the learner whether it may.
CONFIG = Path(__file__).parent / "config"
MARK = ".coursekit"  # the folder that makes a copy a copy; progress is kept in it


def copy_lessons(folder: Path) -> list[str]:
    """Return one line for each lesson copied to the folder: only those that it lacks.

    Raises ValueError where the folder is a file, or is the course's own `notebooks`.
    """
    folder = folder.expanduser()
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"DIR is {folder}, which is a file; expected a folder, or a new name")
    if folder.resolve() == course_folder("notebooks").resolve():
        raise ValueError(f"DIR is {folder}, the course's own notebooks; expected a folder of yours")
    (folder / MARK).mkdir(parents=True, exist_ok=True)
    lines = []
    for lesson in _lessons():
        if not (folder / lesson.name).exists():
            _copy_whole(lesson, folder / lesson.name)
            lines.append(f"new in {folder}: {lesson.name}")
    return lines


def renew(folder: Path, number: int) -> str:
    """Return a line saying where the old copy of a lesson went; a new one stands in its place.

    Raises ValueError for a number that no lesson has.
    """
    there = {int(lesson.name[:2]): lesson for lesson in _lessons()}
    if number not in there:
        raise ValueError(f"--fresh is {number}; expected one of {', '.join(map(str, there))}")
    lesson = there[number]
    mine = folder.expanduser() / lesson.name
    if not mine.exists():
        return f"no copy of {lesson.name} to keep"
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d_%H%M%S")
    kept = mine.with_name(f"{mine.stem}_until_{stamp}.ipynb")
    if kept.exists():
        raise ValueError(f"{kept.name} is there already; try again in a second")
    mine.rename(kept)
    return f"your {lesson.name} is kept as {kept.name}"


def serve(folder: Path, *, port: int | None = None, browser: bool = True) -> int:
    """Return JupyterLab's exit status, when it ends. It prints its address in any case.

    Raises ValueError where the port asked for is taken.
    """
    command = [sys.executable, "-m", "jupyter", "lab", f"--ServerApp.root_dir={folder.resolve()}"]
    if port is not None:
        if not _is_free(port):
            raise ValueError(
                f"--port is {port}, which is taken; expected a free one, or leave it out"
            )
        command.append(f"--port={port}")
    if not (browser and _has_browser()):
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # a container: there is nobody else to be
    paths = filter(None, [str(CONFIG), os.environ.get("JUPYTER_CONFIG_PATH")])
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}
    return subprocess.call(command, env=environment)


def _lessons() -> list[Path]:
    return sorted(course_folder("notebooks").glob("[0-9][0-9]_*.ipynb"))


def _copy_whole(source: Path, target: Path) -> None:
    partial = target.with_name(f".{target.name}.partial")
    shutil.copyfile(source, partial)
    partial.rename(target)


def _has_browser() -> bool:
    display = sys.platform != "linux" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return bool(display)


def _is_free(port: int) -> bool:
    if not 0 < port < 65536:
        raise ValueError(f"--port is {port}; expected 1 to 65535")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
