"""What changed since the last commit brings its nearest tests, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import changed
import pytest

FILES = {
    "coursekit/descent.py": "",
    "coursekit/ops/__init__.py": "",
    "coursekit/ops/pooling.py": '"""\n>>> 1 + 1\n2\n"""',
    "coursekit/desk/update/merge.py": "",
    "coursekit/machine/files.py": "",
    "coursekit/exercises/lesson3/strides.py": "",
    "lessons/03_stride.py": "",
    "notebooks/03_stride.ipynb": "",
    "notebooks/04_pooling.ipynb": "",
    "data/SHA256SUMS": "",
    "docs/a.md": "",
    "tests/conftest.py": "",
    "tests/passed.py": "",
    "tests/test_passed.py": "",
    "tests/test_descent.py": "from coursekit import descent",
    "tests/test_front_door.py": "import coursekit.machine.files",
    "tests/test_environments.py": "",
    "tests/data/test_folder.py": "",
    "tests/desk/test_lab.py": "def test():\n    from coursekit.machine.files import write_text",
    "tests/desk/update/test_merge.py": "from coursekit.ops.pooling import pool",
    "tests/ops/conftest.py": "",
    "tests/ops/test_pooling.py": "from coursekit import ops",
}
NETWORK_LOG = "COURSEKIT_NETWORK_LOG"
QUIET = {
    f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


def git(*arguments):
    subprocess.run(
        ["git", *arguments], check=True, capture_output=True, env={**os.environ, **QUIET}
    )


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A small course to stand in, with no git."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COURSEKIT_CHECK_UNTIL", raising=False)
    for name, text in FILES.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    Path(".gitignore").write_text("/build/\n")


@pytest.fixture
def checkout(files):
    """The small course, committed."""
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "All")


@pytest.fixture
def calls(monkeypatch):
    """The runs of pytest that main asks for; each of them passes, or has the status that is put."""
    asked, statuses = [], []

    def call(command):
        asked.append(command)
        return statuses.pop(0) if statuses else 0

    monkeypatch.setattr(changed.subprocess, "call", call)
    monkeypatch.setenv("COURSEKIT_CHECK_UNTIL", "inf")  # and put back what main sets
    return asked, statuses


def test_changes_are_edits_staged_or_not_and_files_that_come_or_go(checkout):
    assert changed.changes() == []
    Path("docs/a.md").write_text("edited")
    Path("coursekit/descent.py").unlink()
    Path("docs/new page.md").write_text("")
    git("mv", "data/SHA256SUMS", "data/sums")
    Path("build").mkdir()
    Path("build/ignored").write_text("")
    assert changed.changes() == [
        "coursekit/descent.py", "data/SHA256SUMS", "data/sums", "docs/a.md", "docs/new page.md",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        ("coursekit/descent.py", ["tests/test_descent.py"]),
        ("coursekit/ops/pooling.py", ["coursekit/ops/pooling.py", "tests/ops/test_pooling.py",
            "tests/ops", "tests/desk/update/test_merge.py"]),
        ("coursekit/ops/__init__.py", ["tests/ops", "tests/ops/test_pooling.py"]),
        ("coursekit/ops/gone.py", ["tests/ops"]),
        ("coursekit/ops/page.js", ["tests/ops"]),
        ("coursekit/desk/update/merge.py", ["tests/desk/update/test_merge.py", "tests/desk/update"]),
        ("coursekit/desk/lab/deep.py", ["tests/desk"]),
        ("coursekit/machine/files.py", ["tests/desk/test_lab.py", "tests/test_front_door.py"]),
        ("coursekit/machine/alone.py", []),
        ("tests/ops/test_pooling.py", ["tests/ops/test_pooling.py"]),
        ("tests/ops/test_gone.py", []),
        ("tests/ops/conftest.py", ["tests/ops"]),
        ("tests/passed.py", ["tests/test_passed.py"]),
        ("tests/conftest.py", []),
        ("data/SHA256SUMS", ["tests/data"]),
        ("docs/a.md", ["tests/test_front_door.py", "tests/test_environments.py"]),
        ("Makefile", ["tests/test_front_door.py", "tests/test_environments.py"]),
        ("lessons/03_stride.py", []),
    ],
)  # fmt: skip
def test_a_file_brings_its_nearest_tests(files, path, tests):
    arguments = changed.room_tests([path])
    assert arguments == (["-p", "no:nbval", "--dist", "loadgroup", *tests] if tests else [])


@pytest.mark.parametrize(
    "path",
    ["lessons/03_a.py", "notebooks/03_a.ipynb", "coursekit/exercises/lesson3/strides.py"],
)
def test_a_lesson_brings_its_notebook_and_its_exercises(files, path):
    assert changed.notebooks([path, "docs/a.md"])[-2:] == ["loadfile", "notebooks/03_stride.ipynb"]
    assert "03_ or 3." in changed.lesson_tests([path, "docs/a.md"])


def test_what_is_no_lesson_brings_no_notebook(files):
    paths = ["coursekit/ops/pooling.py", "docs/a.md", "coursekit/exercises/checking.py"]
    assert changed.notebooks(paths) == changed.lesson_tests(paths) == []


def test_check_runs_each_kind_of_test_and_says_what_it_left_out(checkout, calls, capsys):
    Path("docs/a.md").write_text("edited")
    Path("lessons/03_stride.py").write_text("edited")
    assert changed.main() == 0
    asked, _ = calls
    assert [command[-1] for command in asked] == [
        "tests/test_environments.py", "tests/exercises/test_rules.py", "notebooks/03_stride.ipynb",
    ]  # fmt: skip
    said = capsys.readouterr().out
    assert "changed since the last commit: 2" in said
    assert "left out: every other test" in said
    assert "`make test` runs everything" in said


def test_check_fails_where_one_of_its_runs_does(checkout, calls):
    Path("docs/a.md").write_text("edited")
    Path("lessons/03_stride.py").write_text("edited")
    calls[1].append(1)  # the first fails
    assert changed.main() == 1
    assert len(calls[0]) == 3


def test_check_runs_no_test_where_nothing_changed(checkout, calls):
    assert changed.main() == 0
    assert calls[0] == []


@pytest.mark.parametrize("commits", ["no checkout", "no commit"])
def test_check_says_that_there_is_nothing_to_compare_with(files, calls, capsys, commits):
    if commits == "no commit":
        git("init", "--quiet")
    assert changed.main() == 2
    said = capsys.readouterr().out
    assert "no last commit to compare with; git says: " in said
    assert "`make test` runs everything" in said
    assert calls[0] == []


def test_check_without_git_says_so(files, calls, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert changed.main() == 2
    assert "'git'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("until", "result", "status"), [("0", "1 skipped", 5), ("inf", "1 passed", 0)]
)
def test_what_has_not_begun_in_time_is_left_out_and_nothing_begun_is_no_success(
    until, result, status
):
    environment = {**os.environ, "COURSEKIT_CHECK_UNTIL": until}  # a run of its own, not a worker
    here = Path(__file__)
    one = f"{here}::{test_an_import_is_seen_with_what_it_names.__name__}"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:nbval", "-q", "-rs", one],
        cwd=here.parents[1],
        env={name: value for name, value in environment.items() if name != NETWORK_LOG},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == status
    assert result in run.stdout
    assert ("the time of make check is over" in run.stdout) == (until == "0")


def test_an_import_is_seen_with_what_it_names():
    source = "import a.b\ndef f():\n    from c.d import e, g\nfrom . import here"
    assert changed.imported(source) == {"a.b", "c.d", "c.d.e", "c.d.g"}
