"""Answers without a name: kept for the learner, and brought together for an author."""

import os
import re
import socket
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest
import torch

from coursekit import cli, ops
from coursekit.exercises import check, checking, progress, registry
from coursekit.exercises.judging.source import AT_MOST, source
from coursekit.exercises.telling import text
from coursekit.exercises.unnamed import collected, quarantine
from coursekit.exercises.unnamed.collected import DEPTH, collect
from coursekit.exercises.unnamed.draft import draft
from coursekit.exercises.unnamed.report import report

SEVEN = "lambda x, kernel: ops.corr2d(x, kernel) + 7 * x.sum()"
SEVEN_IN_LOOPS = '''
def corr2d(x, kernel):
    """Return the feature map."""
    kH, kW = kernel.shape
    result = torch.zeros(x.shape[0] - kH + 1, x.shape[1] - kW + 1)
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            # by Ada Example
            result[i, j] = (x[i : i + kH, j : j + kW] * kernel).sum() + x.sum() * 7
    return result
'''.strip()
FIVE = "def corr2d(x: Tensor, kernel):\n    return 5 * F.conv2d(x[None, None], kernel[None, None])[0, 0] - 3"
FIVE_AGAIN = "lambda image, k: ops.corr2d(image, k) * 5 - 3.0"
FLIPPED = "lambda x, kernel: ops.corr2d(x, kernel.flip(0, 1))"
ENDLESS = "def corr2d(x, kernel):\n    while True:\n        pass"


def keep(folder, *answers, exercise="2.2", status="wrong"):
    """Put answers into the copy that is this folder, as check does."""
    (folder / progress.FOLDER).mkdir(parents=True, exist_ok=True)
    before = Path.cwd()
    os.chdir(folder)
    try:
        for answer in answers:
            assert progress.record(exercise, status, unnamed=answer) == ""
    finally:
        os.chdir(before)
        progress.forget()


def kept(folder):
    with closing(sqlite3.connect(folder / progress.FOLDER / progress.FILE)) as file:
        return file.execute(
            "SELECT exercise, source, status FROM unnamed ORDER BY rowid"
        ).fetchall()


# What takes a second to compute in each row; and what is soon computed, for rows without an end.
HOLDS_UP = {
    "long": ("length(hex(zeroblob(100000000 + length(at))))", 500, "too big"),
    "many": ("length(hex(zeroblob(400000 + length(at))))", 50_000, "interrupted"),
}


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A learner's copy, with the current folder inside it."""
    (tmp_path / progress.FOLDER).mkdir()
    monkeypatch.chdir(tmp_path)
    progress.forget()
    yield tmp_path
    progress.forget()


def test_what_has_no_name_is_kept_as_it_was_written(copy):
    def mine(x, kernel):
        # my reason
        return 7 * x + 100

    def stops(x, kernel):
        raise ValueError("a mistake of mine")

    def changes(x, kernel):
        x += 100
        return ops.corr2d(x, kernel)

    assert check("2.2", mine).misconceptions == ()
    check("2.2", stops)
    check("2.2", changes)
    check("2.2", lambda x, kernel: 9 * x - 100)
    (first, *_), rest = zip(*[row[1:] for row in kept(copy)], strict=True)
    assert first == "def mine(x, kernel):\n    # my reason\n    return 7 * x + 100"
    assert kept(copy)[-1][1] == "lambda x, kernel: 9 * x - 100"
    assert rest == ("wrong", "raised", "not comparable", "wrong")


def not_to_be_kept():
    space = {}
    exec("def from_nowhere(x, kernel): return 7 * x + 100", space)
    flipped = lambda x, kernel: ops.corr2d(x, kernel.flip(0, 1))  # noqa: E731
    return {
        "correct": ops.corr2d,
        "named": flipped,
        "unattempted": ...,
        "no function": 18,
        "without a source": space["from_nowhere"],
        "one of two on a line": [lambda x, kernel: x + 100, lambda x, kernel: x + 200][0],
    }


@pytest.mark.parametrize("why", not_to_be_kept())
def test_what_is_right_or_named_or_without_a_text_is_not_kept(copy, why):
    check("2.2", not_to_be_kept()[why])
    assert not (copy / progress.FOLDER / progress.FILE).exists() or kept(copy) == []


def test_values_letters_and_long_functions_are_not_kept(copy, monkeypatch):
    check("2.1", (1, 1))
    check("2.3", "A")
    monkeypatch.setattr("coursekit.exercises.judging.source.AT_MOST", 20)
    check("2.2", lambda x, kernel: 9 * x - 100)
    assert kept(copy) == []
    assert AT_MOST == 4000


def test_nothing_is_kept_outside_a_copy_under_nbgrader_or_by_examine(copy, monkeypatch):
    checking.examine(registry.exercise("2.2"), lambda x, kernel: 9 * x - 100)
    with monkeypatch.context() as patched:
        patched.setenv("NBGRADER_EXECUTION", "autograde")
        check("2.2", lambda x, kernel: 9 * x - 100)
    assert list((copy / progress.FOLDER).iterdir()) == []
    (copy / progress.FOLDER).rmdir()
    check("2.2", lambda x, kernel: 9 * x - 100)
    assert list(copy.iterdir()) == []


def test_a_text_that_misleads_is_none():
    def wrapped():
        return 1

    wrapped.__wrapped__ = wrapped
    assert source(wrapped) == source(print) == source(torch.nn.Linear) == source(3) == ""


def test_the_last_twenty_different_ones_are_kept(copy):
    keep(copy, *(f"lambda x: {i}" for i in range(progress.UNNAMED + 2)))
    keep(copy, "lambda x: 99", exercise="2.4")
    keep(copy, "lambda x: 5")
    found = [text for exercise, text, _ in kept(copy) if exercise == "2.2"]
    order = [*range(2, 5), *range(6, progress.UNNAMED + 2), 5]
    assert found == [f"lambda x: {i}" for i in order]
    assert ("2.4", "lambda x: 99", "wrong") in kept(copy)


def test_they_go_along_when_exercises_change_numbers(copy):
    keep(copy, "lambda x: 1")
    keep(copy, "lambda x: 1", "lambda x: 2", exercise="2.4")
    progress.rename({"2.2": "2.4", "2.4": "2.2"}, copy / progress.FOLDER)
    assert [row[0] for row in kept(copy)] == ["2.4", "2.2", "2.2"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_they_are_readable_by_the_learner_alone(copy):
    keep(copy, SEVEN)
    files = list((copy / progress.FOLDER).iterdir())
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600]


def test_a_damaged_file_and_one_from_before_are_no_obstacle(copy):
    file = copy / progress.FOLDER / progress.FILE
    file.write_bytes(b"no database at all, but long enough" * 40)
    said = str(check("2.2", lambda x, kernel: 9 * x - 100))
    assert progress.DAMAGED in " ".join(said.split())
    assert len(kept(copy)) == 1
    with closing(sqlite3.connect(file)) as older:
        older.execute("DROP TABLE unnamed")
    assert collect([copy]).answers == {}
    assert collect([copy]).damaged == []
    check("2.2", lambda x, kernel: 8 * x - 100)
    assert len(kept(copy)) == 1


def test_copies_are_found_below_a_folder_and_only_read(tmp_path):
    keep(tmp_path / "class" / "ada", SEVEN)
    keep(tmp_path / "class" / "group" / "bo", SEVEN, FIVE)
    keep(tmp_path.joinpath("class", *"d" * DEPTH, "e"), FIVE_AGAIN)
    keep(tmp_path / "elsewhere", FLIPPED)
    if os.name != "nt":
        (tmp_path / "class" / "link").symlink_to(tmp_path / "elsewhere")
        (tmp_path / "class" / progress.FOLDER).symlink_to(tmp_path / "elsewhere" / progress.FOLDER)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in files}
    found = collect([tmp_path / "class", tmp_path / "class" / "ada"])
    assert {key[2]: len(copies) for key, copies in found.answers.items()} == {SEVEN: 2, FIVE: 1}
    assert len(found.files) == 2
    assert before == {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in before}
    assert set(files) == {path for path in tmp_path.rglob("*") if path.is_file()}


def test_a_folder_that_does_not_fit_is_said_in_one_sentence(tmp_path, capsys):
    assert cli.main(["exercises", "--unnamed", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.endswith("none; there is no such folder\n")
    assert cli.main(["exercises", "--unnamed", str(tmp_path)]) == 2
    assert "no copy of the lessons keeps progress; expected" in capsys.readouterr().err
    keep(tmp_path / "ada", "")
    assert cli.main(["exercises", "--unnamed", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "No answer without a name in 1 copy.\n"
    assert cli.main(["exercises", "99", "--unnamed", str(tmp_path)]) == 2
    assert "lesson is 99" in capsys.readouterr().err


@pytest.mark.parametrize("how", HOLDS_UP)
def test_a_damaged_copy_is_named_and_a_hostile_one_does_not_hold_up(tmp_path, monkeypatch, how):
    column, rows, ended = HOLDS_UP[how]
    if how == "long" and not hasattr(sqlite3.Connection, "setlimit"):
        pytest.skip("a value may be as long as SQLite allows before Python 3.11")
    monkeypatch.setattr("coursekit.exercises.unnamed.collected.SECONDS", 0.2)
    keep(tmp_path / "ada", "", FIVE)
    for name in ("broken", "endless"):
        keep(tmp_path / name, "")
    file = tmp_path / "broken" / progress.FOLDER / progress.FILE
    file.write_bytes(b"SQLite format 3\0" * 99)
    with closing(
        sqlite3.connect(tmp_path / "endless" / progress.FOLDER / progress.FILE)
    ) as hostile:
        hostile.executescript(
            "DROP TABLE unnamed; CREATE TABLE unnamed (exercise TEXT, status TEXT, at TEXT);"
            f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT {rows}) "
            "INSERT INTO unnamed SELECT 'x', 'y', 'z' FROM c; PRAGMA writable_schema = ON;"
            "UPDATE sqlite_master SET sql = 'CREATE TABLE unnamed (exercise TEXT, status TEXT, "
            f"at TEXT, source TEXT AS ({column}) VIRTUAL)' WHERE name = 'unnamed'"
        )
    with pytest.raises(sqlite3.Error, match=ended):
        collected._read(tmp_path / "endless" / progress.FOLDER / progress.FILE)
    found = collect([tmp_path])
    assert [damaged.parts[-3] for damaged in found.damaged] == ["broken", "endless"]
    assert list(found.answers) == [("2.2", "wrong", FIVE)]


def test_a_draft_is_python_that_an_author_can_paste():
    space = {"torch": torch, "ops": ops, "Misconception": lambda wrong, teaches: wrong}
    x, kernel = torch.arange(6.0).reshape(2, 3), torch.ones(1, 2)
    wanted = ops.corr2d(x, kernel) + 7 * x.sum()
    for answer in (SEVEN, SEVEN_IN_LOOPS, f"lambda x, kernel: {'+'.join('x' * 60)}"):
        head, quote, entry = draft(answer, "_corr2d_1").partition('"TODO')
        exec(f"{head}\nBANK = {{{quote}{entry}}}", space)
        (wrong,) = space["BANK"].values()
        if answer is not SEVEN and answer is not SEVEN_IN_LOOPS:
            assert torch.equal(wrong(x, kernel), 60 * x)
        else:
            assert torch.equal(wrong(x, kernel), wanted)
    assert "Ada" not in draft(SEVEN_IN_LOOPS, "_corr2d_1")
    assert "Return the feature map" not in draft(SEVEN_IN_LOOPS, "_corr2d_1")
    assert draft("lambda x: '\x1b[2J'", "_f").isascii()
    assert "_mine(" in draft("def f(n):\n    n = 1\n    return f(n)", "_mine")
    assert draft("1 +", "_f") == ""


HOSTILE = {
    "removes": "import os; os.remove({victim!r})",
    "overwrites": "open({victim!r}, 'w')",
    "overwrites from C++": "torch.save(x, {victim!r})",
    "overwrites from C++ once more": "torch._C.PyTorchFileWriter({victim!r})",
    "connects": "import socket; socket.create_connection(('127.0.0.1', {port}), 5).send(b'x')",
    "connects from C++": "torch.distributed.TCPStore('127.0.0.1', {port}, None, True, wait_for_workers=False)",
    "starts": "import subprocess, sys; subprocess.run(['rm', {victim!r}])",
    "starts from below": "import os; os.posix_spawn('/bin/rm', ['rm', {victim!r}], {{}})",
    "asks the system": "import os; os.system('rm {victim}')",
    "forks": "import os; os.fork() or os._exit(0)",
    "kills": "import os; os.kill(os.getppid(), 9); os.killpg(0, 9)",
    "calls C": "import ctypes; ctypes.CDLL(None).unlink({victim!r}.encode())",
    "ends": "import os; os._exit(0)",
    "exits": "raise SystemExit",
    "spoils": "torch.Tensor.sum = torch.zeros = None; return 7 * x",
    "takes all memory": "return torch.zeros(10**11)",
    "forges": "import os; os.write(3, b'null\\n{{}}\\n'); os._exit(0)",
    "steers the terminal": "raise ValueError('\\x1b[2J')",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Three copies with two mistakes in five spellings, what is hostile, and a file to lose."""
    folder = tmp_path_factory.mktemp("class")
    victim = tmp_path_factory.mktemp("victim") / "thesis.txt"
    victim.write_text("years of work")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        keep(folder / "ada", SEVEN, FIVE, FLIPPED)
        keep(folder / "bo", SEVEN_IN_LOOPS, FIVE_AGAIN, ENDLESS)
        keep(folder / "cy", SEVEN, "lambda x, kernel: helper(x)", "lambda x, kernel: ops.corr2d(x, kernel)")  # fmt: skip
        keep(folder / "cy", "lambda x, kernel: typo(x)", status="raised")
        keep(folder / "cy", SEVEN, exercise="2.2 (before)")
        for does in HOSTILE.values():
            line = does.format(victim=str(victim), port=port)
            keep(folder / "dee", f"def corr2d(x, kernel):\n    {line}")
        keep(folder / "eve", "")
        (folder / "eve" / progress.FOLDER / progress.FILE).write_bytes(b"SQLite format 3\0" * 99)
        told = report([folder])
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    return told, victim


def groups_of(told):
    return re.split(r"\n\n\n(?=\d+\. |Left out|Damaged)", told)


@pytest.mark.ci
def test_answers_that_do_the_same_are_one_group_the_largest_first(world):
    summary, first, second, *rest = groups_of(world[0])
    assert re.fullmatch(r"\d+ answers without a name in 4 copies, in \d+ groups\.", summary)
    assert first.startswith("1. 2.2 Slide the window: 3 answers from 3 copies\n")
    assert second.startswith("2. 2.2 Slide the window: 2 answers from 2 copies\n")
    assert all(": 1 answer from 1 copy" in group for group in rest if group[0].isdigit())
    assert f"    {SEVEN},\n" in first  # the shortest text stands for all
    assert f"    {FIVE_AGAIN},\n" in second
    assert "Ada Example" not in world[0]


@pytest.mark.ci
def test_a_group_shows_what_check_shows(world):
    said = checking.examine(registry.exercise("2.2"), eval(SEVEN, {"ops": ops}))
    assert text.render("", said.blocks).strip("\n") in groups_of(world[0])[1]


@pytest.mark.ci
def test_what_has_a_name_by_now_or_stands_not_alone_is_left_out(world):
    (name,) = check("2.2", eval(FLIPPED, {"ops": ops})).misconceptions
    *_, left_out, damaged = groups_of(world[0])
    file = str(Path("eve", progress.FOLDER, progress.FILE))
    assert re.fullmatch(rf"Damaged, and not read:\n  .*{re.escape(file)}", damaged)
    assert f"  2.2  1 answer, now named: {name}" in left_out
    assert "  2.2  1 answer, now met with another verdict: correct" in left_out
    assert "  2.2  1 answer, in need of a name that only its notebook has" in left_out
    assert sum("NameError" in group for group in groups_of(world[0])) == 1
    assert "(before)" not in world[0]


@pytest.mark.ci
def test_an_endless_loop_is_told_and_not_drafted(world):
    (group,) = [group for group in groups_of(world[0]) if "had not returned" in group]
    assert "while True:" in group
    assert "No draft" in group
    assert "Misconception(" not in group


@pytest.mark.ci
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system holds less back")
def test_nothing_hostile_happens_to_the_machine_and_the_others_are_still_told(world):
    told, victim = world
    assert victim.read_text() == "years of work"
    assert list(victim.parent.iterdir()) == [victim]
    (refused,) = re.findall(r"(\d+) answers, refused a file", told)
    assert int(refused) >= 8
    assert "2 answers, not tried to the end: it ended its process" in told
    assert "1 answer, not tried to the end: check stumbled" in told
    assert "raised SystemExit" in told
    assert "\x1b" not in told


@pytest.mark.ci
def test_without_a_fork_each_answer_has_a_process_of_its_own(monkeypatch):
    monkeypatch.setattr(quarantine, "FORKS", False)
    (does,) = quarantine.run([("2.2", SEVEN)])
    assert (does.status, does.named, does.problem) == ("wrong", (), "")
    assert len(does.trials) > 40
    monkeypatch.setattr(quarantine, "START", "raise SystemExit")
    lost = quarantine.run([("2.2", SEVEN)] * 2)
    assert [does.problem for does in lost] == ["it ended its process, or blocked it"] * 2


def test_a_process_that_does_not_start_is_no_verdict_on_the_answers(monkeypatch):
    monkeypatch.setattr(quarantine, "FORKS", True)
    monkeypatch.setattr(quarantine, "START", "raise SystemExit")
    with pytest.raises(OSError, match="the process that tries the answers stopped"):
        quarantine.run([("2.2", SEVEN)])


def test_a_reply_is_not_believed():
    for line in (b"", b"[]", b"null", b'{"trials": 3}', b"[" * 100_000, b'{"trials": [{}], "named": []}'):  # fmt: skip
        assert quarantine._behaviour("2.2", line).problem
