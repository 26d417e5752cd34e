"""What a JupyterHub starts for a learner: their copy brought up to date, then their server.

It runs as the learner, where the learner's files are, so one command fits each kind of hub:

    c.Spawner.cmd = ["python", "-m", "coursekit.desk.hub"]
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from coursekit.desk import lab, resume
from coursekit.desk.update import copies

__all__ = ["main", "opened"]

FOLDER = "COURSEKIT_FOLDER"  # in the environment: the learner's folder, below their home
SERVER = [sys.executable, "-m", "jupyterhub.singleuser"]


def opened(home: Path, name: str = "lessons") -> str:
    """Return the address, below the server's, of the lesson to open, after copies are updated.

    home: the learner's. name: of the folder with the lessons in it. An update that fails is told
    in the server's log and leaves the learner's copy as it was.
    """
    folder = home / name
    try:
        for line in (*copies.copy_lessons(folder), *copies.update_lessons(folder)):
            print(line, flush=True)
        stopped = resume.stopped_at(resume.places(folder))
    except (OSError, ValueError) as error:  # the server starts all the same
        print(f"coursekit: the lessons were not updated: {error}", file=sys.stderr, flush=True)
        return "/lab"
    return f"/lab/tree/{quote(name)}/{quote(stopped.path.name)}" if stopped else "/lab"


def main(arguments: Sequence[str]) -> None:
    """Become JupyterHub's server for one user, with the lesson open at which they stopped."""
    address = opened(Path.home(), os.environ.get(FOLDER, "lessons"))
    paths = filter(None, [str(lab.CONFIG), os.environ.get("JUPYTER_CONFIG_PATH")])
    environment = {
        "OMP_NUM_THREADS": "1",  # a class shares the cores
        "JUPYTERHUB_DEFAULT_URL": address,
        **os.environ,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(paths),
    }
    os.execve(SERVER[0], [*SERVER, *arguments], environment)


if __name__ == "__main__":
    main(sys.argv[1:])
