"""Run the tests of what changed since the last commit: `make check`, for the minute between.

A module brings its own doctests, the tests of its room, and those that import it; a lesson, its notebook
and its exercises bring each other. What has not begun after BUDGET seconds is left out, by conftest.py.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

BUDGET = 40  # seconds: a minute, less lint, the comparison of the notebooks, and the last test
PYTEST = (str(Path(sys.executable).with_name("pytest")), "-q", "-rs", "-n", "2")
NBVAL = ("--nbval", "--nbval-sanitize-with", "tests/sanitize.cfg", "--dist", "loadfile")
PAGES = ("tests/test_front_door.py", "tests/test_environments.py")
LESSON = re.compile(r"(?:lessons|notebooks)/0?(\d+)_|coursekit/exercises/lesson(\d+)/")


def main() -> int:
    """Return 0 where all that ran passed, 1 where a test failed or none began, 2 without a commit."""
    try:
        changed = changes()
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", "") or str(error)
        print(f"check: no last commit to compare with; git says: {said.strip().splitlines()[0]}")
        print("check: `make test` runs everything, and needs no git")
        return 2
    print(f"check: files changed since the last commit: {len(changed)}")
    runs = [run for run in (room_tests(changed), lesson_tests(changed), notebooks(changed)) if run]
    os.environ["COURSEKIT_CHECK_UNTIL"] = str(time.time() + BUDGET)
    failed = 0
    for run in runs:
        print("check:", *run, flush=True)
        failed += subprocess.call([*PYTEST, *run]) != 0
    print(
        "check: left out: every other test and notebook, the tests for CI alone, and what had not "
        f"begun after {BUDGET} seconds; `make test` runs everything"
    )
    return int(failed > 0)


def changes() -> list[str]:
    """Return the files that differ from the last commit, new ones and those that are gone too.

    Raises CalledProcessError where this is no checkout or has no commit, OSError without git.
    """
    found: set[str] = set()
    for command in (
        "git diff --no-renames --name-only -z HEAD",
        "git ls-files -z --others --exclude-standard",
    ):
        run = subprocess.run(command.split(), capture_output=True, text=True, check=True)
        found.update(run.stdout.split("\0"))
    return sorted(found - {""})


def room_tests(changed: Iterable[str]) -> list[str]:
    """Return pytest's arguments for the rooms of the changed files, the nearest tests first."""
    paths = [path for path in changed if not LESSON.match(path)]
    found = [test for path in paths for test in nearest(path)]
    found += [test for path in paths for test in importers(path)]
    there = [test for test in dict.fromkeys(found) if Path(test).exists()]
    return ["-p", "no:nbval", "--dist", "loadgroup", *there] if there else []


def nearest(path: str) -> Iterator[str]:
    """Yield where the tests of a file may be: in it, under its name, in its room."""
    top, *folders = Path(path).parts[:-1] or ("",)
    if top == "coursekit":
        if path.endswith(".py") and Path(path).exists() and ">>> " in Path(path).read_text("utf-8"):
            yield path
        yield "/".join(["tests", *folders, f"test_{Path(path).stem}.py"])
        if folders:
            deep = [depth for depth in range(1, len(folders) + 1) if room(folders, depth).is_dir()]
            yield room(folders, max(deep, default=1)).as_posix()
    elif top == "tests" and (Path(path).name.startswith("test_") or not folders):
        yield path if Path(path).name.startswith("test_") else f"tests/test_{Path(path).name}"
    elif top == "tests":
        yield f"tests/{folders[0]}"
    elif top == "data":
        yield "tests/data"
    else:
        yield from PAGES


def room(folders: list[str], depth: int) -> Path:
    """Return the folder of tests that stands for the first folders of the package."""
    return Path("tests", *folders[:depth])


def importers(path: str) -> Iterator[str]:
    """Yield the files of tests that import the module in this file, by its own name."""
    if not path.startswith("coursekit/") or not path.endswith(".py"):
        return
    module = ".".join(Path(path).with_suffix("").parts).removesuffix(".__init__")
    for test in sorted(Path("tests").rglob("test_*.py")):
        if module in imported(test.read_text("utf-8")):
            yield test.as_posix()


def imported(source: str) -> set[str]:
    """Return the modules that a source imports, and what it imports from them: a.b, a.b.name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def lesson_tests(changed: Iterable[str]) -> list[str]:
    """Return pytest's arguments for the rules of the lessons and of the exercises that changed."""
    chosen = " or ".join(f"{number:02}_ or {number}." for number in numbers(changed))
    where = ["tests/lessons", "tests/exercises/test_rules.py"]
    return ["-p", "no:nbval", "--dist", "loadgroup", "-k", chosen, *where] if chosen else []


def notebooks(changed: Iterable[str]) -> list[str]:
    """Return pytest's arguments for the notebooks of the lessons that changed."""
    found = [path for n in numbers(changed) for path in sorted(Path().glob(f"notebooks/{n:02}_*"))]
    return [*NBVAL, *(path.as_posix() for path in found)] if found else []


def numbers(changed: Iterable[str]) -> list[int]:
    """Return the numbers of the lessons whose source, notebook or exercises changed."""
    matches = filter(None, map(LESSON.match, changed))
    return sorted({int(match[1] or match[2]) for match in matches})


if __name__ == "__main__":
    sys.exit(main())
