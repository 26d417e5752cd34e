"""A learner's folder, from the first copy through the updates of the course."""

import contextlib
import errno
import json
import os
import platform
import re
import subprocess
import sys
import threading
import time

import nbformat
import pytest
from sampling import some
from servers import Quiet, serving

from coursekit import cli
from coursekit.desk import lab, resume
from coursekit.desk.update import copies, notebook
from coursekit.desk.update.notebook import dumps, read, source
from coursekit.desk.update.renumbering import exercises
from coursekit.exercises import catalogue, progress
from coursekit.machine.lock import LockedError, held
from coursekit.machine.paths import course_folder

ONE, TWO = "01_first.ipynb", "02_second.ipynb"
TO_DO = re.compile(
    r"\b(?:(?:Now|Then) (?:set|choose|press|run|draw|type|move|click|try|change)"
    r"|Set|Choose|Press|Run|Draw|Type|Move|Leave|Find|Click|Try|Change|In a terminal)\b"
)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of two small lessons, in the place of the real one."""
    folder = tmp_path / "course"
    folder.mkdir()
    monkeypatch.setattr(copies, "course_folder", lambda name: folder)
    publish(folder / ONE, a="# First", b="x = ...", c='check("1.1", x)')
    publish(folder / TWO, a="# Second", b="y = ...", c='check("2.1", y)', d='check("2.2", y)')
    return folder


@pytest.fixture
def mine(course, tmp_path):
    """The learner's copy of it."""
    copies.copy_lessons(tmp_path / "mine")
    assert copies.update_lessons(tmp_path / "mine") == []
    return tmp_path / "mine"


def publish(path, minor=5, **cells):
    made = []
    for name, words in cells.items():
        make = nbformat.v4.new_markdown_cell if "#" in words else nbformat.v4.new_code_cell
        made.append(make(words, id=name))
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)


def edit(path, *words):
    """Write these sources into the cells, in order; None leaves a cell as it is."""
    notebook = json.loads(path.read_text())
    for cell, new in zip(notebook["cells"], words, strict=False):
        cell["source"] = cell["source"] if new is None else new
    path.write_text(json.dumps(notebook))


def sources(path):
    return [source(cell) for cell in read(path)["cells"]]


def backups(mine):
    return sorted((mine / ".coursekit" / "backups").glob("*"))


def test_a_lesson_not_begun_becomes_the_new_one(course, mine):
    publish(course / ONE, a="# First, anew")
    assert copies.update_lessons(mine) == [f"{ONE}, not begun yet, is the course's new version now"]
    assert (mine / ONE).read_text() == dumps(copies.unrun(course / ONE))
    assert copies.update_lessons(mine) == []
    assert backups(mine) == []


def test_a_lesson_that_was_only_opened_is_not_begun(course, mine):
    """JupyterLab saves the kernel's details into a notebook that it opens."""
    notebook = json.loads((mine / ONE).read_text())
    notebook["metadata"]["language_info"] = {"name": "python", "version": "3.11.7"}
    (mine / ONE).write_text(json.dumps(notebook))
    publish(course / ONE, a="# First, anew")
    assert "not begun yet" in copies.update_lessons(mine)[0]
    assert (mine / ONE).read_text() == dumps(copies.unrun(course / ONE))


def test_a_lesson_begun_is_merged_told_and_kept_as_it_was(course, mine):
    edit(mine / ONE, None, "x = 1")
    before = (mine / ONE).read_bytes()
    publish(course / ONE, a="# First, anew", b="x = ...  #!", n="print(x)", c='check("1.1", x)')
    told = "\n".join(copies.update_lessons(mine))
    assert sources(mine / ONE)[:2] == ["# First, anew", "x = 1"]
    assert "x = ...  #!" in sources(mine / ONE)[2]
    assert sources(mine / ONE)[3:] == ["print(x)", 'check("1.1", x)']
    assert f"{ONE} has changed in the course since you began it" in told
    assert "“x = ...  #!”: yours is kept; the course's new version stands below it" in told
    assert "under “First, anew”, “print(x)”: new" in told
    [backup] = backups(mine)
    assert backup.read_bytes() == before
    assert str(backup) in told
    assert copies.update_lessons(mine) == []
    nbformat.validate(nbformat.read(mine / ONE, as_version=4))
    assert not list(mine.glob(".*partial"))


def test_what_reads_out_an_answer_is_folded_until_it_is_opened(tmp_path):
    copies.copy_lessons(tmp_path / "mine")
    for lesson in copies.course_lessons():
        course = sources(lesson)
        given = sources(tmp_path / "mine" / lesson.name)
        folds = [place for place, text in enumerate(given) if text.startswith("<details>")]
        assert len(folds) >= 5
        for place in folds:
            assert course[place - 1].startswith("reveal(")
            assert "\n#" not in f"\n{course[place]}", "a heading must be found in the contents"
            assert given[place].split("\n\n", 1)[1] == f"{course[place]}\n\n</details>"
        others = set(range(len(course))) - set(folds)
        assert all(given[place] == course[place] for place in others)


def test_nothing_that_a_learner_is_told_to_do_is_folded():
    folds = [
        source(cell).partition("\n\n")[2]
        for lesson in copies.course_lessons()
        for cell in copies.unrun(lesson)["cells"]
        if source(cell).startswith("<details>")
    ]
    assert len(folds) >= 50
    assert [fold for fold in folds if TO_DO.search(fold)] == []
    assert [fold for fold in folds if fold.removesuffix("</details>").rstrip().endswith(":")] == []


def test_two_updates_within_a_second_keep_two_backups(course, mine):
    edit(mine / ONE, None, "x = 1")
    for words in ("# One", "# Two", "# Three"):
        publish(course / ONE, a=words)
        copies.update_lessons(mine)
    assert len(backups(mine)) == 3
    assert sources(mine / ONE) == ["# Three", "x = 1"]


def test_ids_that_the_course_renews_are_no_news(course, mine):
    edit(mine / ONE, None, "x = 1")
    publish(course / ONE, title="# First", stub="x = ...", check='check("1.1", x)')
    assert copies.update_lessons(mine) == []
    assert sources(mine / ONE)[:2] == ["# First", "x = 1"]
    publish(course / ONE, title="# First, anew", stub="x = ...", check='check("1.1", x)')
    copies.update_lessons(mine)
    assert sources(mine / ONE)[0] == "# First, anew"


def test_what_the_course_printed_reaches_no_copy(course, mine, tmp_path):
    for name in (ONE, TWO):
        notebook = nbformat.read(course / name, as_version=4)
        notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="the answer")]
        notebook.cells[1].execution_count = 7
        nbformat.write(notebook, course / name)
    edit(mine / TWO, None, "y = 1")
    before = (mine / TWO).read_bytes()
    assert copies.update_lessons(mine) == []
    assert (mine / TWO).read_bytes() == before
    copies.copy_lessons(tmp_path / "another")
    copies.renew(mine, 1)
    copies.copy_lessons(mine)
    for copy in (mine / ONE, tmp_path / "another" / ONE, tmp_path / "another" / TWO):
        assert "the answer" not in copy.read_text()
        assert all(cell.get("execution_count") is None for cell in read(copy)["cells"])


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b"\xff\xfe", b'{"nbformat": 3, "worksheets": []}', b"[" * 100_000,
     b'{"nbformat": 4, "cells": 7}', b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}',
     b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}',
     b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "metadata": []}]}',
     b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "\\ud800"}]}'],
)  # fmt: skip
def test_a_notebook_that_cannot_be_read_is_named_and_left_alone(course, mine, content):
    (mine / ONE).write_bytes(content)
    edit(mine / TWO, None, "y = 1")
    publish(course / ONE, a="# First, anew")
    publish(course / TWO, a="# Second, anew", b="y = ...")
    told = copies.update_lessons(mine)
    assert (mine / ONE).read_bytes() == content
    assert any(line.startswith(f"{ONE} is left as it is: it ") for line in told)
    assert sources(mine / TWO) == ["# Second, anew", "y = 1"]
    assert [backup.name[:2] for backup in backups(mine)] == ["02"]


def test_a_folder_in_the_place_of_a_lesson_is_named(course, mine):
    (mine / ONE).unlink()
    (mine / ONE).mkdir()
    publish(course / ONE, a="# First, anew")
    assert re.match(f"{ONE} is left as it is", copies.update_lessons(mine)[0])
    assert resume.stopped_at(resume.places(mine)) is not None


def test_a_copy_of_which_nothing_is_known_counts_as_the_learners(course, mine):
    edit(mine / ONE, None, "x = 1")
    given_file = mine / ".coursekit" / "given" / "01_first.json"
    for damage in (
        given_file.unlink,
        lambda: given_file.write_text("{"),
        lambda: given_file.write_text("{}"),
    ):
        damage()
        before = (mine / ONE).read_bytes()
        told = copies.update_lessons(mine)
        assert "1 cell that is not in yours" in told[0]
        assert "--fresh 1" in told[1]
        assert (mine / ONE).read_bytes() == before
        assert copies.update_lessons(mine) == []
    publish(course / ONE, a="# First, anew", b="x = ...", c='check("1.1", x)')
    copies.update_lessons(mine)
    assert sources(mine / ONE) == ["# First, anew", "x = 1", 'check("1.1", x)']


def test_a_copy_of_which_nothing_is_known_and_that_is_as_given_is_taken_up_silently(course, mine):
    (mine / ".coursekit" / "given" / "01_first.json").unlink()
    assert copies.update_lessons(mine) == []
    publish(course / ONE, a="# First, anew")
    assert "not begun yet" in copies.update_lessons(mine)[0]


def test_a_notebook_of_an_old_tool_gets_its_ids_back(course, mine):
    notebook = json.loads((mine / ONE).read_text())
    for cell in notebook["cells"]:
        del cell["id"]
    notebook["nbformat_minor"] = 2
    notebook["cells"][1]["source"] = ["x = 1\n", "x"]
    (mine / ONE).write_text(json.dumps(notebook))
    publish(course / ONE, a="# First, anew", b="x = ...", c='check("1.1", x)')
    copies.update_lessons(mine)
    merged = nbformat.read(mine / ONE, as_version=4)
    nbformat.validate(merged)
    assert merged.nbformat_minor == 5
    assert [cell.source for cell in merged.cells] == [
        "# First, anew",
        "x = 1\nx",
        'check("1.1", x)',
    ]


def test_an_update_that_cannot_be_written_changes_nothing(course, mine, monkeypatch):
    edit(mine / ONE, None, "x = 1")
    before = (mine / ONE).read_bytes()
    publish(course / ONE, a="# First, anew", b="x = ...")
    monkeypatch.setattr("coursekit.desk.update.notebook.Path.replace", refuse)
    with pytest.raises(OSError, match="no space left"):
        copies.update_lessons(mine)
    monkeypatch.undo()
    assert (mine / ONE).read_bytes() == before


def refuse(*_, **__):
    raise OSError("no space left")


def test_a_reader_never_sees_half_a_notebook(course, mine):
    edit(mine / ONE, None, "x = 1")
    seen, stop = [], threading.Event()

    def look():
        while not stop.is_set():
            seen.append(read(mine / ONE)["cells"][1]["source"])

    watcher = threading.Thread(target=look)
    watcher.start()
    for n in range(20):
        publish(course / ONE, a=f"# {n} " + "long " * 5000, b="x = ...")
        copies.update_lessons(mine)
    stop.set()
    watcher.join()
    assert set(seen) == {"x = 1"}


def test_a_renumbered_exercise_takes_its_record_along(course, mine, monkeypatch):
    monkeypatch.chdir(mine)
    progress.forget()
    for id, status in (
        ("2.1", "correct"),
        ("2.2", "wrong"),
        ("2.2", "correct"),
        ("1.1", "correct"),
    ):
        progress.record(id, status)
    progress.forget()
    edit(mine / TWO, None, "y = 1")
    publish(
        course / TWO, a="# Second", b="y = ...", d='check("2.1", y)'
    )  # c is gone, and d moves up
    told = copies.update_lessons(mine)
    assert "  exercise 2.2 is 2.1 now" in told
    found = progress.summary(mine / ".coursekit")
    assert found == {"2.1 (before)": (1, True), "2.1": (2, True), "1.1": (1, True)}


def test_exercises_that_change_places(course, mine, monkeypatch):
    monkeypatch.chdir(mine)
    progress.forget()
    progress.record("2.1", "correct")
    progress.forget()
    publish(course / TWO, a="# Second", b="y = ...", d='check("2.1", y)', c='check("2.2", y)')
    copies.update_lessons(mine)
    assert progress.summary(mine / ".coursekit") == {"2.2": (1, True)}


def test_the_lessons_check_each_exercise_where_progress_looks_for_it():
    lessons = sorted(course_folder("notebooks").glob("*.ipynb"))
    found = [id for lesson in lessons for id in exercises(read(lesson)["cells"])]
    assert sorted(found) == sorted(exercise.id for exercise in catalogue())


def saved_at(path, seconds):
    os.utime(path, (seconds, seconds))


def test_it_opens_where_the_learner_stopped(course, mine, monkeypatch):
    def opened():
        return resume.stopped_at(resume.places(mine)).path.name

    assert opened() == ONE  # nothing saved, nothing done
    edit(mine / TWO, None, "y = 1")
    assert opened() == TWO  # saved last
    edit(mine / ONE, None, "x = 1")
    saved_at(mine / TWO, 1_000_000)
    assert opened() == ONE
    monkeypatch.chdir(mine)
    progress.forget()
    progress.record("1.1", "correct")
    assert opened() == TWO  # saved last, but done
    assert [line.strip() for line in resume.told(resume.places(mine))] == [
        "1  First: 1 of 1 done",
        "2  Second: 0 of 2 done",
    ]
    for id in ("2.1", "2.2"):
        progress.record(id, "correct")
    assert opened() == ONE  # all done: the one saved last
    progress.forget()


def test_an_update_keeps_which_lesson_was_saved_last(course, mine):
    edit(mine / ONE, None, "x = 1")
    edit(mine / TWO, None, "y = 1")
    saved_at(mine / ONE, 2_000_000)
    saved_at(mine / TWO, 1_000_000)
    publish(course / ONE, a="# First, anew", b="x = ...", c='check("1.1", x)')
    publish(course / TWO, a="# Second, anew", b="y = ...", c='check("2.1", y)', d='check("2.2", y)')
    assert len([line for line in copies.update_lessons(mine) if "has changed" in line]) == 2
    assert resume.stopped_at(resume.places(mine)).path.name == ONE


class Jupyter(Quiet):
    """Answers as a Jupyter server does that has these notebooks open."""

    sessions = ()

    def do_GET(self):
        answers = {
            "/api": {"version": "2"},
            "/api/sessions": [{"path": path} for path in self.sessions],
        }
        self.send_response(200 if self.path in answers else 404)
        self.end_headers()
        self.wfile.write(json.dumps(answers.get(self.path)).encode())


@pytest.fixture
def jupyter(monkeypatch):
    """Run a server on a folder, with these notebooks open, and one that is no more."""
    monkeypatch.setattr(lab, "serve", lambda *_, **__: 7)

    with contextlib.ExitStack() as stack:

        def open_on(root, *sessions):
            handler = type("Handler", (Jupyter,), {"sessions": sessions})
            known = {
                "root_dir": str(root),
                "url": stack.enter_context(serving(handler)).address,
                "token": "abc",
            }
            dead = {**known, "url": "http://127.0.0.1:9/"}
            monkeypatch.setattr(
                "jupyter_server.serverapp.list_running_servers", lambda: [dead, known]
            )
            return known["url"]

        yield open_on


@pytest.mark.parametrize("around", [False, True])
def test_a_server_in_which_lessons_are_open_holds_updates_back(
    course, mine, jupyter, capsys, around
):
    edit(mine / ONE, None, "x = 1")
    publish(course / ONE, a="# First, anew", b="x = ...")
    before = (mine / ONE).read_bytes()
    address = jupyter(mine.parent, f"{mine.name}/{ONE}") if around else jupyter(mine)
    for _ in range(2):
        assert cli.main(["lab", str(mine), "--no-browser"]) == 0
        printed = capsys.readouterr().out
        tail = f"lab/tree/{mine.name}?token=abc" if around else "lab?token=abc"
        assert f"{address}{tail}" in printed
        assert "updates of the course wait until it is closed" in printed
        assert (mine / ONE).read_bytes() == before
    assert cli.main(["lab", str(mine), "--copy-only"]) == 0
    assert "updates of the course wait until it is closed" in capsys.readouterr().out
    assert (mine / ONE).read_bytes() == before


def test_a_server_around_the_folder_with_nothing_of_it_open_holds_nothing_back(
    course, mine, jupyter
):
    publish(course / ONE, a="# First, anew", b="x = ...")
    jupyter(mine.parent, "elsewhere/01_first.ipynb")
    assert cli.main(["lab", str(mine)]) == 7
    assert "First, anew" in (mine / ONE).read_text()


def test_an_address_where_another_program_listens_now_is_no_server(
    course, mine, jupyter, monkeypatch
):
    class Other(Quiet):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>")

    with serving(Other) as other:
        known = {"root_dir": str(mine), "url": other.address, "token": "abc"}
        monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", lambda: [known])
        monkeypatch.setattr(lab, "serve", lambda *_, **__: 7)
        assert cli.main(["lab", str(mine)]) == 7


def test_a_copy_that_may_only_be_read_is_opened_as_it_is(course, mine, monkeypatch, capsys):
    edit(mine / ONE, None, "x = 1")
    publish(course / ONE, a="# First, anew", b="x = ...")
    before = files_in(mine)
    monkeypatch.setattr(lab, "serve", lambda *_, **__: 7)
    opened = os.open

    def read_only(path, flags, *more, **kind):
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return opened(path, flags, *more, **kind)

    monkeypatch.setattr(os, "open", read_only)
    assert cli.main(["lab", str(mine)]) == 7
    assert (
        "cannot be written to (Read-only file system): nothing was copied"
        in capsys.readouterr().out
    )
    assert files_in(mine) == before


def files_in(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("after", range(6))
def test_a_full_disk_leaves_every_file_as_it_was_and_nothing_beside(
    course, mine, monkeypatch, after
):
    edit(mine / ONE, None, "x = 1")
    publish(course / ONE, a="# First, anew", b="x = ...")
    before, written = (mine / ONE).read_bytes(), os.fsync
    counted = iter(range(100))

    def full(handle):
        if next(counted) >= after:
            raise OSError(errno.ENOSPC, "No space left on device")
        return written(handle)

    with monkeypatch.context() as patched, contextlib.suppress(OSError):
        patched.setattr(os, "fsync", full)
        copies.update_lessons(mine)
    assert not list(mine.rglob("*.partial"))
    assert all(path.stat().st_size for path in mine.rglob("*.ipynb"))
    changed = (mine / ONE).read_bytes() != before
    assert not changed or [
        p for p in (mine / ".coursekit" / "backups").glob("*") if p.read_bytes() == before
    ]
    copies.update_lessons(mine)
    assert "First, anew" in (mine / ONE).read_text()


def test_notebooks_that_are_links_or_may_only_be_read_are_respected(course, mine, tmp_path):
    publish(course / ONE, a="# First, anew", b="x = ...")
    publish(course / TWO, a="# Second, anew")
    elsewhere = tmp_path / "elsewhere.ipynb"
    (mine / ONE).rename(elsewhere)
    (mine / ONE).symlink_to(elsewhere)
    (mine / TWO).chmod(0o444)
    before = (mine / TWO).read_bytes()
    lines = copies.update_lessons(mine)
    assert (mine / ONE).is_symlink()
    assert "First, anew" in elsewhere.read_text()
    assert (mine / TWO).read_bytes() == before
    assert (mine / TWO).stat().st_mode & 0o777 == 0o444
    assert f"{TWO} is left as it is: it is marked as read-only" in lines


def test_a_notebook_that_may_not_be_read_is_named_and_the_others_are_updated(
    course, mine, monkeypatch
):
    publish(course / ONE, a="# First, anew", b="x = ...")
    publish(course / TWO, a="# Second, anew")
    read = notebook.read

    def refused(path):
        if path == mine / ONE:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(notebook, "read", refused)
    lines = copies.update_lessons(mine)
    assert f"{ONE} is left as it is: {ONE} may not be read or written (Permission denied)" in lines
    assert "Second, anew" in (mine / TWO).read_text()


COPYING = (
    "import sys; from coursekit import cli; sys.exit(cli.main(['lab', sys.argv[1], '--copy-only']))"
)


@pytest.mark.parametrize("several", some([2, 4], {2}.__contains__))
def test_several_first_calls_at_once_make_one_copy(tmp_path, several):
    calls = [
        subprocess.Popen(
            [sys.executable, "-c", COPYING, str(tmp_path / "mine")], stderr=subprocess.PIPE
        )
        for _ in range(several)
    ]
    assert [(one.communicate()[1], one.returncode) for one in calls] == [(b"", 0)] * several
    assert not list((tmp_path / "mine").rglob("*.partial"))
    assert not list((tmp_path / "mine" / ".coursekit").glob("lab.lock*"))


def test_a_lock_names_its_owner_and_is_taken_over_from_the_dead(tmp_path):
    lock = tmp_path / "lab.lock"
    with held(lock, "DIR"), pytest.raises(LockedError, match=f"DIR is being worked on by process {os.getpid()}"), \
            held(lock, "DIR", patience=0):  # fmt: skip
        pass
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for left in (f"{gone.pid} {platform.node()}", "", "garbage", f"{os.getpid()} elsewhere"):
        lock.write_text(left)
        if left != f"{gone.pid} {platform.node()}":
            os.utime(lock, (0, 0))
        with held(lock, "DIR", patience=0):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_lock_of_a_process_whose_number_another_program_has_by_now_is_taken_over(tmp_path):
    lock, here = tmp_path / "lab.lock", platform.node()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as another:
        lock.write_text(f"{another.pid} {here}")
        with pytest.raises(LockedError, match=f"process {another.pid}"), held(lock, "DIR", 0):
            pass
        written = time.time() - 60  # before that program began
        os.utime(lock, (written, written))
        with held(lock, "DIR", patience=0):
            pass
        another.communicate(b"\n")


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(copies.Path, "mkdir", refuse)
    assert cli.main(["lab", str(tmp_path / "mine"), "--copy-only"]) == 2
    assert capsys.readouterr().err == "coursekit: no space left\n"
