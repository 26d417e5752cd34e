"""Downloads from a server on this machine that serves well, badly, or not at all."""

import hashlib
import http.server
import io
import os
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch.hub
from servers import serving, until

from coursekit import cli
from coursekit.data import fashion, idx, prefetch, tutorial, weights
from coursekit.data.folder import image_folder
from coursekit.machine import download

CONTENTS = {name: name.encode() * 1000 for name in idx.PACKED}
WEIGHTS = b"weights" * 1000
DIGEST = hashlib.sha256(WEIGHTS).hexdigest()[:8]
PICTURES = {
    f"{tutorial.FOLDER}/{split}/{kind}/{number} {kind}.jpg": f"{split} {kind} {number}".encode()
    for split in ("train", "val")
    for kind in ("ants", "bees")
    for number in range(3)
}


def packed(pictures, **others):
    """An archive of pictures as the tutorial packs them, beside what nobody wants of it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(f"{tutorial.FOLDER}/train/ants/", "")
        contents = {f"{tutorial.FOLDER}/train/ants/imageNotFound.gif": b"GIF", **pictures, **others}
        for name, content in contents.items():
            archive.writestr(name, content)
    return stream.getvalue()


ARCHIVE = packed(PICTURES)


def whole(handler, content):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def truncated(handler, content):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])


def dying(handler, content):
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])


def corrupt(handler, content):
    whole(
        handler, b"?" + content[1:] if content != ARCHIVE else WRONG["a byte of a picture changed"]
    )


def foreign(handler, content):
    whole(handler, b"<html>Welcome to the airport. Please log in.</html>")


def gone(handler, content):
    handler.send_error(404)


def garbled(handler, content):
    handler.wfile.write(b"no HTTP at all\r\n\r\n")


def hanging(handler, content):
    dying(handler, content)
    handler.wfile.flush()
    handler.server.released.wait(30)


SAYS = {
    truncated: "its checksum fails; the connection broke off",
    dying: "its checksum fails",
    corrupt: "its checksum fails",
    foreign: "or the network wants a login first",
    gone: "could not be downloaded: Not Found",
    garbled: "could not be downloaded: ",
    hanging: "timed out; is there a network?",
}


# The archive has no checksum of its own: what is wrong with it is seen when it is unpacked.
UNPACKABLE = (truncated, dying, corrupt, foreign)


class Mirror(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.rpartition("/")[2]
        self.server.asked.append(name)
        behaviour = whole if name == self.server.good else self.server.behaviour
        behaviour(self, self.server.archive if name == "set.zip" else CONTENTS.get(name, WEIGHTS))

    def log_message(self, *_):
        pass


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A machine with an empty cache, and a server in the place of the published ones."""
    from torchvision.datasets import FashionMNIST

    sums = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENTS.items()}
    with serving(Mirror) as server:
        server.behaviour, server.asked, server.good = whole, [], None
        server.archive = ARCHIVE
        monkeypatch.setattr(tutorial, "ADDRESS", f"{server.address}set.zip")
        monkeypatch.setattr(tutorial, "SHA256", tutorial._digest(PICTURES))
        server.released = threading.Event()
        monkeypatch.setattr(FashionMNIST, "mirrors", [server.address])
        monkeypatch.setattr(weights, "address", lambda: f"{server.address}net-{DIGEST}.pth")
        monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
        monkeypatch.setattr(idx, "SHA256", sums)
        for module in (fashion, prefetch, tutorial):
            monkeypatch.setattr(module, "cache_folder", lambda: tmp_path)
        monkeypatch.setattr(download, "TIMEOUT", 0.5)
        monkeypatch.delenv("COURSEKIT_DATA", raising=False)
        monkeypatch.setenv("COURSEKIT_OFFLINE", "0")
        yield server
        server.released.set()


def held(tmp_path):
    """What the cache holds, by name; pictures of both splits by their place too."""
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    return {_name(path.relative_to(tmp_path)): path.read_bytes() for path in files}


def _name(path):
    return path.as_posix() if path.parts[0] == tutorial.FOLDER else path.name


def test_fetch_all_gets_everything_once(mirror, tmp_path, capsys):
    assert cli.main(["fetch"]) == 0
    assert held(tmp_path) == CONTENTS
    assert cli.main(["fetch", "--all"]) == 0
    assert held(tmp_path) == CONTENTS | {f"net-{DIGEST}.pth": WEIGHTS} | PICTURES
    asked = len(mirror.asked)
    capsys.readouterr()
    assert cli.main(["fetch", "--all"]) == 0
    assert len(mirror.asked) == asked == 6
    assert capsys.readouterr().out.count("verified") == 3


@pytest.mark.parametrize("behaviour", SAYS)
def test_a_bad_mirror_is_named_and_nothing_is_kept(mirror, tmp_path, capsys, behaviour):
    mirror.behaviour = behaviour
    assert cli.main(["fetch", "--all"]) == 1
    said = capsys.readouterr().out
    assert said.count(SAYS[behaviour]) >= 2, said
    assert ("hymenoptera_data.zip could not be used" in said) == (behaviour in UNPACKABLE), said
    assert "Call `coursekit fetch` again" in said
    assert held(tmp_path) == {}


def test_no_server_at_all_is_named(mirror, tmp_path, capsys):
    mirror.shutdown()
    mirror.server_close()
    assert cli.main(["fetch"]) == 1
    assert "Connection refused; is there a network?" in capsys.readouterr().out


def test_what_arrived_whole_is_kept_for_the_next_time(mirror, tmp_path):
    mirror.behaviour, mirror.good = truncated, idx.PACKED[0]
    assert cli.main(["fetch"]) == 1
    assert held(tmp_path).keys() == {idx.PACKED[0]}
    mirror.behaviour = whole
    assert cli.main(["fetch"]) == 0
    assert mirror.asked.count(idx.PACKED[0]) == 1


def test_offline_is_respected_and_said(mirror, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    assert cli.main(["fetch", "--all"]) == 1
    assert "COURSEKIT_OFFLINE is set; unset it" in capsys.readouterr().out
    assert mirror.asked == []


@pytest.mark.parametrize("name", ["train/bees/1 bees.jpg", "val/ants/2 ants.jpg"])
@pytest.mark.parametrize(
    "damage", [lambda file: file.unlink(), lambda file: file.write_bytes(b"?")]
)
def test_photographs_that_are_not_whole_are_set_aside_and_fetched(
    mirror, tmp_path, capsys, name, damage
):
    for _ in range(2):  # the second time, those of the first are in the way
        assert cli.main(["fetch", "--all"]) == 0
        damage(tmp_path / tutorial.FOLDER / name)
        assert cli.main(["fetch", "--all"]) == 0
        assert "hymenoptera_data is not whole; it is hymenoptera_data.damaged" in (
            capsys.readouterr().out
        )
        assert PICTURES.items() <= held(tmp_path).items()
    assert mirror.asked.count("set.zip") == 3


WRONG = {
    "one picture less": packed(dict(list(PICTURES.items())[1:])),
    "another picture": packed(PICTURES | {next(iter(PICTURES)): b"another"}),
    "one picture more": packed(PICTURES, **{f"{tutorial.FOLDER}/val/ants/new.jpg": b"new"}),
    "another folder": packed({name.replace("val", "test"): c for name, c in PICTURES.items()}),
    "no pictures": packed({}),
    "a byte of a picture changed": ARCHIVE.replace(b"train bees 1", b"train bees ?"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_an_archive_of_something_else_is_refused_whole(mirror, tmp_path, capsys, kind):
    mirror.archive = WRONG[kind]
    assert cli.main(["fetch", "--all"]) == 1
    assert (
        "hymenoptera_data.zip could not be used: its pictures are not"
        in (said := capsys.readouterr().out)
        or "it cannot be unpacked" in said
    )
    assert "in COURSEKIT_DATA does as well" in said
    assert held(tmp_path) == CONTENTS | {f"net-{DIGEST}.pth": WEIGHTS}
    assert tutorial.ants_and_bees() is None


def test_nothing_else_of_the_archive_is_written(mirror, tmp_path):
    mirror.archive = packed(PICTURES, **{"../escaped.jpg": b"", "hymenoptera_data/val/x.py": b""})
    assert cli.main(["fetch", "--all"]) == 0
    assert set(held(tmp_path)) == {*CONTENTS, f"net-{DIGEST}.pth", *PICTURES}
    assert not (tmp_path.parent / "escaped.jpg").exists()
    assert tutorial.ants_and_bees() == tmp_path / tutorial.FOLDER


def test_photographs_in_coursekit_data_are_taken_as_they_are(mirror, tmp_path, monkeypatch, capsys):
    smaller = tmp_path / "mine" / tutorial.FOLDER
    for name in PICTURES:
        (smaller.parent / name).parent.mkdir(parents=True, exist_ok=True)
        (smaller.parent / name).write_bytes(b"smaller")
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "mine"))
    assert tutorial.ants_and_bees() == smaller
    assert cli.main(["fetch", "--all"]) == 0
    assert "found" in capsys.readouterr().out
    assert "set.zip" not in mirror.asked


REAL = os.environ.get("COURSEKIT_DATA", "")


@pytest.mark.skipif(
    not (Path(REAL) / tutorial.FOLDER).is_dir() or not REAL, reason="no real photographs at hand"
)
def test_the_real_set_goes_the_whole_way(mirror, monkeypatch, tmp_path):
    folder = Path(REAL)
    real = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in (folder / tutorial.FOLDER).rglob("*.jp*g")
    }
    assert len(real) == 397
    assert all(tutorial.PICTURE.fullmatch(name) for name in real)
    mirror.archive = packed(real)
    monkeypatch.setattr(tutorial, "SHA256", tutorial._digest(real))
    tutorial.fetch(tmp_path)
    assert held(tmp_path) == real
    assert tutorial.is_whole(tmp_path / tutorial.FOLDER)
    report = image_folder(tutorial.ants_and_bees(), size=8)
    assert (len(report.train), len(report.validation), report.skipped) == (244, 153, {})


@pytest.mark.parametrize("name", [idx.PACKED[2], f"net-{DIGEST}.pth"])
def test_a_damaged_file_is_set_aside_and_fetched_again(mirror, tmp_path, capsys, name):
    assert cli.main(["fetch", "--all"]) == 0
    (victim,) = tmp_path.rglob(name)
    good = victim.read_bytes()
    victim.write_bytes(good[:100])
    mirror.asked.clear()
    assert cli.main(["fetch", "--all"]) == 0
    assert mirror.asked == [name]
    assert victim.read_bytes() == good
    assert victim.with_name(f"{name}.damaged").read_bytes() == good[:100]
    assert f"{name}.damaged now" in capsys.readouterr().out


def test_damage_in_coursekit_data_is_named_and_left_alone(mirror, tmp_path, monkeypatch, capsys):
    raw = tmp_path / "mine" / fashion.RAW
    raw.mkdir(parents=True)
    for name in idx.PACKED:
        (raw / name).write_bytes(b"half")
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "mine"))
    assert cli.main(["fetch"]) == 1
    assert f"{idx.PACKED[0]} is damaged: its 4 bytes fail" in capsys.readouterr().out
    assert set(held(tmp_path).values()) == {b"half"}


def test_a_read_only_cache_is_named(mirror, tmp_path, monkeypatch, capsys):
    (tmp_path / "FashionMNIST").write_text("a file stands where the folder should")
    assert cli.main(["fetch"]) == 1
    assert "Not a directory" in capsys.readouterr().out


@contextmanager
def downloading(mirror, path):
    """Another Python that downloads, and has begun to write."""
    code = (
        "import sys; from pathlib import Path; from coursekit.machine.download import download;"
        "download(sys.argv[1], Path(sys.argv[2]), 'x')"
    )
    process = subprocess.Popen([sys.executable, "-c", code, mirror.address + "some", str(path)])
    try:
        until(lambda: list(path.parent.glob("*.partial")), 60)
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.ci
def test_what_a_killed_download_left_is_removed_and_a_living_one_let_be(mirror, tmp_path):
    mirror.behaviour = hanging
    with downloading(mirror, tmp_path / "some") as process:
        download.clean(tmp_path)
        (left,) = tmp_path.glob("*.partial")
        process.kill()
        process.wait()
    assert left.exists()
    long_ago = time.time() - 2 * download.STALE
    os.utime(left, (long_ago, long_ago))
    old = tmp_path / "partial-abc"
    old.mkdir()
    (old / "train.gz").write_bytes(b"half")
    for path in (old / "train.gz", old):
        os.utime(path, (long_ago, long_ago))
    (tmp_path / "mine.gz").write_bytes(b"")
    download.clean(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.gz"]
