"""JupyterLab, opened on the learner's own copy of the lessons."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import webbrowser
from pathlib import Path
from urllib.parse import quote

__all__ = ["WAITING", "announce", "check_port", "serve"]

# Without this, JupyterLab asks the network for news and updates, and the learner whether it may;
# and it shows the instructor's panels of nbgrader, where that is installed.
WAITING = "JupyterLab is open on these lessons; updates of the course wait until it is closed."
CONFIG = Path(__file__).parent / "config"


def announce(address: str, *, browser: bool) -> int:
    """Say where JupyterLab is running, open it there, and return 0."""
    print(f"{WAITING}\n  {address}")
    if browser and _has_browser():
        webbrowser.open(address)
    return 0


def serve(folder: Path, *, lesson: str = "", port: int | None = None, browser: bool = True) -> int:
    """Return JupyterLab's exit status, when it ends. It prints its address in any case.

    lesson: the notebook in the folder that is opened.

    Raises ValueError where the port asked for is taken. Kernels end with it.
    """
    root = folder.expanduser().resolve()
    command = [sys.executable, "-m", "jupyter", "lab", f"--ServerApp.root_dir={root}"]
    if lesson:
        command.append(f"--LabApp.default_url=/lab/tree/{quote(lesson)}")
    if port is not None:
        check_port(port)
        command.append(f"--port={port}")
    if not (browser and _has_browser()):
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # a container: there is nobody else to be
    paths = filter(None, [str(CONFIG), os.environ.get("JUPYTER_CONFIG_PATH")])
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}
    return _status(subprocess.Popen(command, env=environment))


def _status(server: subprocess.Popen[bytes]) -> int:
    """Return the server's exit status, once it has ended.

    A signal that is to end us ends it, and its kernels. Ctrl-C reaches it from the terminal.
    """
    passed_on = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda *_: server.terminate()) for number in passed_on}
    try:
        while True:
            try:
                return server.wait()
            except KeyboardInterrupt:
                continue
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def check_port(port: int) -> None:
    """Raise ValueError where no server can listen on the port."""
    if not _is_free(port):
        raise ValueError(f"--port is {port}, which is taken; expected a free one, or leave it out")


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
