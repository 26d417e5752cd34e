import os
import signal
from pathlib import Path

import pytest
import torch

from coursekit import cli, data, training, transfer
from coursekit.machine import paths
from coursekit.machine.files import write_text
from coursekit.machine.paths import course_folder

LINEAR = torch.nn.Linear(2, 2)
TRAIN = torch.zeros(4, 2), torch.tensor([0, 1, 0, 1])


def test_the_source_folder_is_found_from_a_clone():
    assert (course_folder("lessons") / "02_convolution_by_hand.py").is_file()
    with pytest.raises(FileNotFoundError, match="folder 'nothing' is missing"):
        course_folder("nothing")
    assert isinstance(course_folder("data"), Path)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder, and another folder to stand in."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def test_a_tilde_is_the_home_folder_for_whoever_writes_and_reads(home):
    training.save(LINEAR, "~/new/w.pt")
    training.load(torch.nn.Linear(2, 2), Path("~/new/w.pt"))
    training.fit(LINEAR, TRAIN, num_epochs=1, checkpoint="~/run.pt")
    for wrong, call in (("nothing", data.image_folder), ("nothing", transfer.load)):
        with pytest.raises(ValueError, match="nothing"):
            call(f"~/{wrong}")
    assert sorted(path.name for path in home.rglob("*.pt")) == ["run.pt", "w.pt"]
    assert list(Path().iterdir()) == []


WRONG = {
    "": "is empty; expected the path",
    "  ": "is empty; expected the path",
    "a\0b": "no path can have",
    "~nobody-of-this-name/x": "no such home folder is known",
    "file/below": "file on the way is a file",
    "folder": "a folder; expected the path of a file",
    "new/": "a folder; expected the path of a file",
    "sealed": "which may only be read",
    "x" * 300 + "/": "a folder; expected",
}
WRITERS = {
    "save": lambda path: training.save(LINEAR, path),
    "fit": lambda path: training.fit(LINEAR, TRAIN, checkpoint=path),
    "gate": lambda path: paths.to_write("path", path),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("path", WRONG)
def test_a_path_that_cannot_be_written_is_found_out_before_the_work(home, path, write):
    Path("file").write_text("")
    Path("folder").mkdir()
    Path("sealed").write_text("")
    Path("sealed").chmod(0o444)
    before = LINEAR.weight.clone()
    with pytest.raises(ValueError, match=WRONG[path]):
        write(path)
    assert torch.equal(LINEAR.weight, before)
    assert sorted(path.name for path in Path().iterdir()) == ["file", "folder", "sealed"]


@pytest.mark.parametrize("wrong", [3, None, b"bytes", ["a"], 0.5])
def test_what_is_no_path_is_refused(wrong):
    with pytest.raises(TypeError, match="path is .*; expected a path"):
        paths.given("path", wrong)


@pytest.mark.parametrize(
    "name", ["a b.pt", "ä/ö.pt", "数据/權重.pt", "deep/er/still.pt", "'quoted' & $x.pt"]
)
def test_spaces_and_letters_of_all_alphabets_are_kept(home, name):
    training.save(LINEAR, name)
    training.load(torch.nn.Linear(2, 2), name)
    assert Path(name).is_file()


COMMANDS = [
    ["lab", ""], ["slides", "-o", ""], ["export", "nbgrader", "", "2"], ["study", "panel", "-o", ""],
    ["progress", ""], ["slides", "-o", "file"], ["study", "panel", "-o", "file"], ["lab", "file/below"],
    ["export", "nbgrader", "file", "2"], ["lab", "file"], ["exercises", "--unnamed", ""],
    *([*command, path] for path in ("", "loop", "file", "pipe", "file/x", "broken") for command in (["class"], ["grade"], ["progress"], ["lab"], ["site", "-o"])),
    *([*command, path] for path in ("", "loop", "pipe") for command in (["slides", "2", "--theme"], ["slides", "2", "--insert"], ["train", "--save"])),
    ["lab", "new", "--fresh", "99", "--copy-only"],
]  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="has no pipes with a path")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_with_such_a_path_is_one_line_and_writes_nothing(home, command, capsys):
    Path("file").write_text("")
    Path("loop").symlink_to("loop")
    Path("broken").symlink_to("nowhere")
    os.mkfifo("pipe")
    assert cli.main(command) == 2
    answer = capsys.readouterr()
    assert answer.out == ""
    assert answer.err.count("\n") == 1
    assert sorted(path.name for path in Path().iterdir()) == ["broken", "file", "loop", "pipe"]


def test_what_may_not_be_written_into_is_named(home, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    for gate in (paths.to_write, paths.folder_to_write):
        with pytest.raises(ValueError, match="nothing may be written into"):
            gate("path", "new/thing")


@pytest.mark.skipif(os.name == "nt", reason="limits no file's size")
@pytest.mark.parametrize("room", [0, 1000])
def test_where_there_is_no_room_the_file_stays_as_it_was_and_is_named(tmp_path, room):
    """Whatever writes: here the system refuses each byte above a limit, as a full disk does."""
    import resource

    training.save(LINEAR, tmp_path / "w.pt")
    before, (soft, hard) = (
        (tmp_path / "w.pt").read_bytes(),
        resource.getrlimit(resource.RLIMIT_FSIZE),
    )
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        for name in ("w.pt", "new.pt"):
            with pytest.raises(OSError, match=rf"too large: .*{name}"):
                training.save(LINEAR, tmp_path / name)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert [path.name for path in tmp_path.iterdir()] == ["w.pt"]
    assert (tmp_path / "w.pt").read_bytes() == before


def test_a_device_is_never_written_over():
    for gate in (paths.to_write, paths.to_read):
        with pytest.raises(ValueError, match="'/dev/null', no regular file"):
            gate("path", os.devnull)


@pytest.mark.skipif(os.name == "nt", reason="Windows asks who may make links, and has no modes")
def test_a_link_stays_a_link_and_permissions_stay(tmp_path):
    real = tmp_path / "real.txt"
    real.write_text("old")
    real.chmod(0o640)
    (tmp_path / "link.txt").symlink_to(real)
    write_text(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (real.read_text(), real.stat().st_mode & 0o777) == ("new", 0o640)
    real.chmod(0o444)
    with pytest.raises(PermissionError, match="read-only"):
        write_text(tmp_path / "link.txt", "newer")
    assert real.read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.txt", "real.txt"]
