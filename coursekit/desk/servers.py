"""Jupyter servers that run on this machine, as far as lessons may be open in them."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

__all__ = ["running"]

SECONDS = 3.0  # for a server on this machine to answer


def running(folder: Path) -> str | None:
    """Return the address of a server in which lessons of this folder may be open, or None.

    That is one that was started on the folder, or one on a folder around it, in which a notebook of
    it is open, or that does not say. A server's address is asked: its process number may by now be
    that of another program.
    """
    from jupyter_server.serverapp import list_running_servers

    here = folder.expanduser().resolve()
    for server in list_running_servers():
        root = Path(server["root_dir"]).resolve()
        if root != here and root not in here.parents:
            continue
        if _asked(server, "api") is None:
            continue
        inner = here.relative_to(root).as_posix()
        if root == here:
            return f"{server['url']}lab?token={server['token']}"
        if _open_in(server, inner):
            return f"{server['url']}lab/tree/{quote(inner)}?token={server['token']}"
    return None


def _open_in(server: dict[str, Any], inner: str) -> bool:
    """Return whether a notebook of the folder `inner` has a kernel there, or it is not known."""
    sessions = _asked(server, "api/sessions")
    if not isinstance(sessions, list):
        return True
    return any(str(session.get("path", "")).startswith(f"{inner}/") for session in sessions)


def _asked(server: dict[str, Any], what: str) -> object | None:
    """Return what the server answers, or None where nothing there is a Jupyter server."""
    request = urllib.request.Request(f"{server['url']}{what}")
    if server.get("token"):
        request.add_header("Authorization", f"token {server['token']}")
    # No proxy is between this machine and itself.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=SECONDS) as answer:
            found = json.load(answer)
    except (OSError, ValueError):
        return None
    return found if what != "api" or "version" in found else None
