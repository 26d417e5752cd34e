"""The learner's progress: private, safe with two writers, never in the way."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit import ops
from coursekit.authoring.build import REPRODUCIBLE
from coursekit.exercises import check, progress, report, solution


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A learner's copy, with the current folder inside it."""
    (tmp_path / ".coursekit").mkdir()
    (tmp_path / "lessons").mkdir()
    monkeypatch.chdir(tmp_path / "lessons")
    progress.forget()
    yield tmp_path
    progress.forget()


def test_nothing_is_written_outside_a_copy(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    progress.forget()
    check("2.2", ops.corr2d)
    assert progress.folder() is None
    assert progress.is_done("2.2")
    assert not list(tmp_path.iterdir())
    progress.forget()


def test_what_is_done_survives_the_kernel(copy):
    check("2.2", lambda x, kernel: x)
    assert not progress.is_done("2.2")
    check("2.2", ops.corr2d)
    check("2.1", (3, 6))
    progress.forget()
    assert progress.is_done("2.2")
    assert progress.summary() == {"2.2": (2, True), "2.1": (1, False)}
    assert "second try; your first answer was (3, 6)" in " ".join(str(check("2.1", (4, 7))).split())
    assert "for i in range(rows)" in str(solution("2.2"))
    assert [a.status for a in progress.attempts("2.2")] == ["wrong", "correct"]


def test_unattempted_and_unreadable_are_not_recorded(copy):
    check("2.2")
    check("2.1", "what?")
    assert progress.summary() == {}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_file_is_private(copy):
    check("2.1", (4, 7))
    mode = stat.S_IMODE((copy / ".coursekit" / progress.FILE).stat().st_mode)
    assert mode == 0o600


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough" * 40, b"SQLite format 3\0" * 99]
)
def test_a_damaged_file_is_set_aside_and_said_so(copy, content):
    path = copy / ".coursekit" / progress.FILE
    path.write_bytes(content)
    outcome = check("2.1", (4, 7))
    assert outcome.status == "correct"
    assert progress.DAMAGED in " ".join(str(outcome).split())
    assert path.with_name("progress-damaged.sqlite3").read_bytes() == content
    assert progress.summary() == {"2.1": (1, True)}
    assert progress.DAMAGED not in " ".join(str(check("2.1", (4, 7))).split())


def test_a_file_that_cannot_be_written_is_said_once(copy):
    (copy / ".coursekit" / progress.FILE).mkdir()
    first, second = check("2.2", ops.corr2d), check("2.2", ops.corr2d)
    assert progress.NOT_WRITTEN in " ".join(str(first).split())
    assert progress.NOT_WRITTEN not in " ".join(str(second).split())
    assert "for i in range(rows)" in str(solution("2.2"))


def test_another_table_layout_does_not_raise(copy):
    with sqlite3.connect(copy / ".coursekit" / progress.FILE) as file:
        file.execute("CREATE TABLE attempts (other TEXT)")
    file.close()
    assert check("2.2", ops.corr2d).status == "correct"
    assert progress.is_done("2.2")


WRITER = """
from coursekit.exercises import progress
for i in range(200):
    assert progress.record("2.2", "wrong") == ""
"""


def test_two_kernels_can_write_at_once(copy):
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER], env=env, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    assert [writer.communicate()[1] for writer in writers] == [b"", b""]
    assert progress.summary() == {"2.2": (400, False)}


def test_the_table_shows_what_is_done(copy):
    check("2.1", (4, 7))
    check("2.3", "A")
    table = report.progress_table(copy)
    assert table.row_count >= 8
    done = dict(zip(table.columns[0].cells, table.columns[3].cells, strict=True))
    assert [done[id] for id in ("2.1", "2.2", "2.3")] == ["✓ yes", "–", "not yet"]


def test_a_locked_file_is_waited_for_once_and_said_once(copy, monkeypatch):
    check("2.1", (4, 7))
    waits = []
    connect = sqlite3.connect
    monkeypatch.setattr(progress, "WAIT", 0.05)
    monkeypatch.setattr(
        progress.sqlite3, "connect", lambda *a, **k: waits.append(k["timeout"]) or connect(*a, **k)
    )
    other = connect(copy / ".coursekit" / progress.FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    said = [" ".join(str(check("2.2", ops.corr2d)).split()) for _ in range(2)]
    assert [progress.LOCKED in each for each in said] == [True, False]
    assert sum(wait > 0 for wait in waits) == 1
    assert "for i in range(rows)" in str(solution("2.2")), "what this kernel saw counts"
    other.close()
    assert progress.LOCKED not in str(check("2.2", ops.corr2d))
    assert progress.summary()["2.2"][1], "and from then on it is written again"


def test_reading_writes_nothing(copy, monkeypatch):
    check("2.1", (4, 7))
    monkeypatch.setattr(os, "open", lambda *_, **__: pytest.fail("a file was opened to be written"))
    before = (copy / ".coursekit" / progress.FILE).read_bytes()
    assert progress.summary() == {"2.1": (1, True)}
    assert (copy / ".coursekit" / progress.FILE).read_bytes() == before


def test_a_lesson_is_built_without_the_answers_of_whoever_builds(copy, monkeypatch):
    """What they got right would stand in everyone's notebook as "your corr2d"."""
    check("2.2", ops.corr2d)
    assert progress.folder() is not None
    for name, value in REPRODUCIBLE.items():
        monkeypatch.setenv(name, value)
    assert progress.folder() is None
