"""Output that arrives, whatever the terminal can show and whoever reads it."""

import os
import subprocess
import sys

import pytest

from coursekit import cli
from coursekit.desk.update import copies
from coursekit.machine import console

CALL = [sys.executable, "-m", "coursekit"]
LETTERS = "4×5 − 1 … “a” → ≤ ü 字 ━"
SAID = f"from coursekit.machine.console import write_anywhere; write_anywhere(); print({LETTERS!r})"


def called(command, **environment):
    left_out = {"PYTHONUTF8", "PYTHONIOENCODING", "LC_ALL", "LANG"}
    inherited = {name: value for name, value in os.environ.items() if name not in left_out}
    return subprocess.run(
        command, capture_output=True, check=False, timeout=120, env={**inherited, **environment}
    )


@pytest.mark.parametrize(
    "page", ["cp1252", "cp850", "cp932", "cp437", "ascii", "latin-1", "utf-8", "utf-16"]
)
def test_every_code_page_gets_what_it_can_hold(page):
    ran = called([sys.executable, "-c", SAID], PYTHONIOENCODING=page)
    assert (ran.returncode, ran.stderr) == (0, b"")
    text = ran.stdout.decode(page).strip()
    assert text.startswith("4")
    if page == "ascii":
        assert text == '4x5 - 1 ... "a" -> <= u ? -'
    if page.startswith("utf"):
        assert text == LETTERS


def test_a_command_prints_what_its_code_page_cannot_hold(tmp_path):
    ran = called([*CALL, "lab", str(tmp_path / "字"), "--copy-only"], PYTHONIOENCODING="cp850")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"?" in ran.stdout


@pytest.mark.ci  # PyTorch for each
@pytest.mark.parametrize("page", ["cp850", "cp1252", "cp932", "ascii"])
def test_tables_print_in_any_code_page(page, tmp_path):
    copies.copy_lessons(tmp_path / "mine")
    ran = called([*CALL, "progress", str(tmp_path / "mine")], PYTHONIOENCODING=page)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"2.4" in ran.stdout


def test_the_c_locale_and_closed_streams_are_no_end(tmp_path):
    assert (
        called([*CALL, "--version"], LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0").returncode
        == 0
    )
    (tmp_path / "file").touch()
    for closed in ("1>&-", "2>&-", "1>&- 2>&-"):
        line = f"{sys.executable} -m coursekit lab {tmp_path / 'file'} {closed}"
        assert (
            subprocess.run(["sh", "-c", line], stderr=subprocess.DEVNULL, check=False).returncode
            == 2
        )


def test_a_reader_who_leaves_is_no_error():
    line = f"{sys.executable} -m coursekit lab --help | head -1"
    ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert (ran.stdout.count("\n"), ran.stderr) == (1, "")


def test_a_closed_pipe_is_met_within_the_command(monkeypatch):
    def broken(_):
        raise BrokenPipeError

    monkeypatch.setattr("coursekit.cli.doctor.run", broken)
    monkeypatch.setattr(cli, "_close_output", lambda: None)
    assert cli.main(["doctor"]) == 141


WRONG = [
    [], ["nothing"], ["lab", "--prot", "1"], ["lab", "--port"], ["lab", "--port", "x"], ["lab", "--fresh"],
    ["run", "two"], ["export"], ["export", "zip", "x"], ["bench", "speed"], ["build", "--check", "--instructor"],
    ["--colour"], ["progress", "a", "b"], ["study"], ["fetch", "more"], ["doctor", "--fix"],
]  # fmt: skip


@pytest.mark.parametrize("command", WRONG, ids=" ".join)
def test_a_wrong_call_is_one_line_with_what_would_fit(command, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(command)
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    known = command[:1] if command[:1] and command[0] in cli.COMMANDS else []
    assert "usage: " + " ".join(["coursekit", *known]) in error


def test_bars_are_drawn_only_where_somebody_watches(monkeypatch, capfd):
    monkeypatch.delenv("CI", raising=False)
    assert not console.watched()
    with console.progress_bar("a", 2) as advance:
        advance()
    assert capfd.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert console.watched()
    monkeypatch.setenv("CI", "true")
    assert not console.watched()
