"""In a terminal of a JupyterHub: the lessons' address in the server that the learner has there.

A server of our own would listen on the hub's machine, at an address that no browser elsewhere
reaches. The learner's own server shows the lessons already.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote, urlsplit

__all__ = ["address", "inside", "is_here"]

PREFIX = "JUPYTERHUB_SERVICE_PREFIX"  # "/user/ada/", in all that a learner's server has started
SAID = "JupyterLab runs already, on this hub. Your lessons are there at"


def is_here() -> bool:
    """Return whether this is a learner's own place on a hub."""
    return bool(os.environ.get(PREFIX))


def inside(folder: Path) -> str:
    """Return the folder's path as the learner's server shows it.

    Raises ValueError where the server does not show it.
    """
    here, root = folder.expanduser().resolve(), _root()
    if root != here and root not in here.parents:
        raise ValueError(
            f"DIR is {folder}, which the server of this hub does not show; expected a folder in "
            f"{root}"
        )
    return "" if root == here else here.relative_to(root).as_posix()


def address(inner: str, lesson: str = "") -> str:
    """Return in words where the folder is open, or the lesson in it.

    inner: what `inside` returned. The hub's own name stands before it where the hub has told it.
    """
    path = "/".join(filter(None, (inner, lesson)))
    where = f"lab/tree/{quote(path)}" if path else "lab"
    prefix = os.environ[PREFIX]
    if public := os.environ.get("JUPYTERHUB_PUBLIC_URL"):
        return f"{SAID}\n  {public.rstrip('/')}/{where}"
    if host := os.environ.get("JUPYTERHUB_HOST"):
        return f"{SAID}\n  {host}{prefix}{where}"
    return f"{SAID}\n  {prefix}{where}\nbelow the hub's own address, which stands in your browser."


def _root() -> Path:
    """Return the folder that the learner's server shows."""
    from jupyter_server.serverapp import list_running_servers

    for server in list_running_servers():
        if urlsplit(server["url"]).path == os.environ[PREFIX]:
            return Path(server["root_dir"]).resolve()
    return Path(os.environ.get("JUPYTERHUB_ROOT_DIR") or Path.home()).expanduser().resolve()
