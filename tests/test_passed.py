"""What has passed is not run again; whatever it depends on, when that changes, it is."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import passed
import pytest

FILES = (
    "coursekit/ops/pooling.py", "data/SHA256SUMS", "lessons/01_a.py", "docs/a.md", "README.md",
    "tests/sanitize.cfg", "tests/guard/sitecustomize.py", "tests/test_a.py", "conftest.py",
    "pyproject.toml",
)  # fmt: skip
BEHIND_NOTEBOOKS = ("coursekit/ops/pooling.py", "data/SHA256SUMS", "tests/sanitize.cfg",
    "tests/guard/sitecustomize.py", "conftest.py", "pyproject.toml")  # fmt: skip
NOTEBOOKS = ["notebooks/01_a.ipynb", "notebooks/02_b.ipynb"]
# Notes its own arguments in the file `ran`, which git ignores, and ends with the status in `status`.
COMMAND = [
    sys.executable,
    "-c",
    "import sys; open('build/ran', 'a').write(' '.join(sys.argv[1:]) + '\\n');"
    "sys.exit(int(open('build/status').read()))",
]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A small checkout to stand in: nothing has passed yet, and every command succeeds."""
    monkeypatch.chdir(tmp_path)
    for name in (*passed.NOT_FOR_LATER, "FRESH"):
        monkeypatch.delenv(name, raising=False)
    install(monkeypatch, "torch 2.15.0")
    for name in FILES:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(name)
    Path("notebooks").mkdir()
    for name in NOTEBOOKS:
        write_notebook(name)
    Path("build").mkdir()
    Path("build/status").write_text("0")
    Path(".gitignore").write_text("/build/\n")
    subprocess.run(["git", "init", "--quiet"], check=True)
    subprocess.run(["git", "add", *FILES[:5]], check=True)  # the others are not tracked
    return tmp_path


def install(monkeypatch, package, record=""):
    name, version = package.split()
    one = SimpleNamespace(name=name, version=version, read_text=lambda file: record)
    monkeypatch.setattr(passed.metadata, "distributions", lambda: [one])


def write_notebook(name, code="1 + 1", output="2", prose="Look."):
    cells = [
        {"cell_type": "markdown", "source": prose},
        {"cell_type": "code", "source": code, "outputs": [output]},
    ]
    Path(name).write_text(json.dumps({"cells": cells, "metadata": {}}))


def ran(*arguments):
    """What a call of the command wrote, a line each time that it really ran."""
    Path("build/ran").write_text("")
    passed.main(list(arguments))
    return Path("build/ran").read_text().splitlines()


def unit(*more):
    return len(ran("unit", *COMMAND, *more))


def notebooks():
    return [line.split() for line in ran("--each", "notebooks", *COMMAND, *NOTEBOOKS)]


def test_what_passed_is_not_run_again_and_says_so(checkout, capsys):
    assert unit() == 1
    assert unit() == 0
    assert capsys.readouterr().out.startswith("unit: unchanged since it passed on 20")


def test_notebooks_that_passed_are_not_run_again_and_say_so(checkout, capsys):
    assert notebooks() == [NOTEBOOKS]
    assert notebooks() == []
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in said] == ["01_a", "02_b"]


@pytest.mark.parametrize("name", [*FILES, ".gitignore", *NOTEBOOKS])
def test_a_byte_changed_in_any_file_runs_the_unit_tests(checkout, name):
    unit()
    Path(name).write_bytes(Path(name).read_bytes() + b"\n")
    assert unit() == 1


@pytest.mark.parametrize("name", BEHIND_NOTEBOOKS)
def test_a_byte_changed_in_what_a_notebook_depends_on_runs_it(checkout, name):
    notebooks()
    Path(name).write_bytes(Path(name).read_bytes() + b"\n")
    assert notebooks() == [NOTEBOOKS]


@pytest.mark.parametrize("name", sorted({*FILES} - {*BEHIND_NOTEBOOKS}))
def test_what_no_notebook_depends_on_runs_none(checkout, name):
    notebooks()
    Path(name).write_text("changed")
    assert notebooks() == []


@pytest.mark.parametrize("change", [{"code": "2"}, {"output": "3"}])
def test_a_notebook_whose_code_or_output_changed_is_run_alone(checkout, change):
    notebooks()
    write_notebook(NOTEBOOKS[1], **change)
    assert notebooks() == [[NOTEBOOKS[1]]]


def test_prose_is_not_compared_and_runs_no_notebook(checkout):
    notebooks()
    write_notebook(NOTEBOOKS[0], prose="Look again.")
    assert notebooks() == []


@pytest.mark.parametrize(
    "change",
    [
        lambda: Path("coursekit/new.py").write_text(""),
        lambda: Path("coursekit/ops/pooling.py").unlink(),
        lambda: Path("coursekit/ops/pooling.py").rename("coursekit/ops/pool.py"),
        lambda: Path("tests/guard/sitecustomize.py").rename("tests/guard/site.py"),
    ],
    ids=["added", "deleted", "renamed", "untracked, renamed"],
)
def test_a_file_that_comes_or_goes_runs_everything(checkout, change):
    unit(), notebooks()
    change()
    assert unit() == 1
    assert notebooks() == [NOTEBOOKS]


def test_times_and_ignored_files_run_nothing(checkout):
    unit()
    os.utime("README.md", (0, 0))
    Path("build/other").write_text("")
    assert unit() == 0


@pytest.mark.parametrize("installed", [("torch 2.15.1", ""), ("torch 2.15.0", "other files")])
def test_a_changed_package_runs_everything(checkout, monkeypatch, installed):
    unit(), notebooks()
    install(monkeypatch, *installed)
    assert unit() == 1
    assert notebooks() == [NOTEBOOKS]


@pytest.mark.parametrize("name", ["OMP_NUM_THREADS", "COURSEKIT_CHROMIUM", "PYTHONPATH"])
def test_a_changed_setting_runs_everything(checkout, monkeypatch, name):
    unit(), notebooks()
    monkeypatch.setenv(name, "7")
    assert unit() == 1
    assert notebooks() == [NOTEBOOKS]


def test_new_data_in_the_cache_runs_everything(checkout, monkeypatch):
    monkeypatch.setattr(passed, "cache_folder", lambda: Path("build/cache"))
    unit(), notebooks()
    Path("build/cache").mkdir()
    Path("build/cache/images").write_text("1")
    assert unit() == 1
    assert notebooks() == [NOTEBOOKS]


def test_fresh_runs_everything_and_counts(checkout, monkeypatch):
    unit(), notebooks()
    monkeypatch.setenv("FRESH", "1")
    assert unit() == 1
    assert notebooks() == [NOTEBOOKS]
    monkeypatch.delenv("FRESH")
    assert unit() == 0


@pytest.mark.parametrize("name", ["CI", "COURSEKIT_DATA", "PYTEST_ADDOPTS"])
def test_ci_and_selective_runs_skip_nothing_and_leave_no_trace(checkout, monkeypatch, name):
    monkeypatch.setenv(name, "true")
    assert unit() == unit() == 1
    assert notebooks() == notebooks() == [NOTEBOOKS]
    monkeypatch.delenv(name)
    assert unit() == 1
    assert notebooks() == [NOTEBOOKS]


def test_a_selective_command_does_not_stand_for_the_whole(checkout):
    unit("-k", "pooling")
    assert unit() == 1


def test_a_failed_run_is_run_again_and_its_status_returned(checkout):
    unit(), notebooks()
    Path("README.md").write_text("changed")
    Path("data/SHA256SUMS").write_text("changed")
    Path("build/status").write_text("3")
    assert passed.main(["unit", *COMMAND]) == 3
    assert passed.main(["--each", "notebooks", *COMMAND, *NOTEBOOKS]) == 3
    assert unit() == 1
    assert notebooks() == [NOTEBOOKS]


def test_an_interrupted_run_is_run_again(checkout, monkeypatch):
    def interrupt(command):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(passed.subprocess, "call", interrupt)
        with pytest.raises(KeyboardInterrupt):
            passed.main(["unit", *COMMAND])
    assert unit() == 1


def test_what_fails_afresh_no_longer_counts_as_passed(checkout, monkeypatch):
    unit()
    monkeypatch.setenv("FRESH", "1")
    Path("build/status").write_text("1")
    unit()
    monkeypatch.delenv("FRESH")
    assert unit() == 1


def test_a_run_during_which_a_file_changed_is_run_again(checkout):
    edit = [sys.executable, "-c", "open('README.md', 'a').write('x')"]
    passed.main(["unit", *edit])
    assert not Path("build/passed/unit").exists()


def test_without_git_everything_runs(checkout):
    Path(".git").rename("build/git")
    assert unit() == unit() == 1
    assert notebooks() == notebooks() == [NOTEBOOKS]
