"""Run a command, unless it has passed before on the state that is here.

    python tests/passed.py unit pytest -q
    python tests/passed.py --each notebooks pytest --nbval -q notebooks/*.ipynb

A state is a digest of all that the command sees: the files that git sees, the installed packages, the
settings in the environment, what lies outside, and the command itself. With --each every notebook in
the command stands for itself. FRESH=1 runs everything; in CI, and without git, everything always runs.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib import metadata
from pathlib import Path

from coursekit.machine.chromium import chromium
from coursekit.machine.files import write_text
from coursekit.machine.paths import cache_folder

STAMPS = Path("build", "passed")
# With one of these set a run is CI's, selective, or about data that the digest does not see.
NOT_FOR_LATER = ("CI", "COURSEKIT_DATA", "PYTEST_ADDOPTS")
SETTINGS = ("COURSEKIT_", "HYPOTHESIS_", "JUPYTER_", "MKL_", "MPL", "OMP_", "PYTHON", "TORCH_")
# What the outputs of any notebook depend on.
BEHIND_NOTEBOOKS = (
    "coursekit/", "data/", "tests/guard/", "conftest.py", "pyproject.toml", "tests/sanitize.cfg",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Return the command's exit status, or 0 where everything in it has passed before."""
    each = arguments[0] == "--each"
    name, *command = arguments[each:]
    notebooks = [one for one in command if one.endswith(".ipynb")] if each else []
    command = [one for one in command if one not in notebooks]
    before = states(name, command, notebooks, each)
    if any(map(os.environ.get, NOT_FOR_LATER)) or not before:
        return subprocess.call([*command, *notebooks])
    due = [key for key, state in before.items() if not has_passed(key, state)]
    if not due:
        return 0
    for key in due:
        stamp(key).unlink(missing_ok=True)
    status = subprocess.call([*command, *(due if each else [])])
    if status == 0:
        after = states(name, command, notebooks, each)
        for key in due:
            if after[key] == before[key]:  # nobody edited while it ran
                remember(key, before[key])
    return status


def states(name: str, command: list[str], notebooks: list[str], each: bool) -> dict[str, str]:
    """Return the state of each thing that can pass, by name; nothing where git lists no files."""
    seen = listed("--cached", "--others", "--exclude-standard")
    if not seen:
        return {}
    if not each:
        return {name: digest([*surroundings(), *command, *contents(seen)])}
    behind = [path for path in seen if path.startswith(BEHIND_NOTEBOOKS)]
    shared = digest([*surroundings(), *command, *contents(behind)])
    return {path: digest([shared, what_is_compared(Path(path))]) for path in notebooks}


def listed(*options: str) -> list[str]:
    """Return the files that `git ls-files` lists, in order; nothing where there is no checkout."""
    command = ["git", "ls-files", "-z", *options]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return sorted(set(filter(None, run.stdout.split("\0"))))


def contents(paths: Iterable[str]) -> Iterator[str]:
    """Yield each path, and a digest of what is there."""
    for path in map(Path, paths):
        yield path.as_posix()
        if path.is_symlink():
            yield f"-> {path.readlink()}"
        elif path.is_file():
            yield hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            yield "deleted"


def what_is_compared(notebook: Path) -> str:
    """Return what nbval runs and compares: the notebook's code with its outputs, not its prose."""
    read = json.loads(notebook.read_bytes())
    code = [cell for cell in read["cells"] if cell["cell_type"] == "code"]
    return json.dumps([read["metadata"], code], sort_keys=True)


def surroundings() -> Iterator[str]:
    """Yield what the tests see beside the checkout: packages, settings, browser, data in the cache."""
    yield f"{platform.platform()} {platform.python_version()} {sys.executable}"
    packages = (
        f"{one.name} {one.version} {one.read_text('RECORD')}" for one in metadata.distributions()
    )
    yield digest(sorted(packages))
    yield from sorted(f"{k}={v}" for k, v in os.environ.items() if k.startswith(SETTINGS))
    yield f"browser: {chromium()}"
    cached = (path for path in cache_folder().rglob("*") if path.is_file())
    yield from sorted(f"{path} {path.stat().st_size}" for path in cached)


def digest(parts: Iterable[str]) -> str:
    """Return one SHA-256 for the parts; where one ends and the next begins counts."""
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()


def stamp(key: str) -> Path:
    """Return the file that says when, and in which state, the thing of this name passed."""
    return STAMPS / Path(key).stem


def has_passed(key: str, state: str) -> bool:
    """Return whether it passed in this state, and say so; False where everything is to run."""
    if os.environ.get("FRESH") or not stamp(key).is_file():
        return False
    passed, _, when = stamp(key).read_text("utf-8").strip().partition(" ")
    if passed == state:
        print(f"{Path(key).stem}: unchanged since it passed on {when}, not run again", flush=True)
    return passed == state


def remember(key: str, state: str) -> None:
    """Write down that it passed in this state, now."""
    write_text(stamp(key), f"{state} {datetime.now():%Y-%m-%d at %H:%M}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
