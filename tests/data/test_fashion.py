import contextlib
import gzip
import hashlib
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from servers import files_of, serving

from coursekit import data
from coursekit.data import fashion, idx
from coursekit.machine.paths import course_folder

REAL = os.environ.get("COURSEKIT_DATA")


def idx_file(array):
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return gzip.compress(header + array.astype(np.uint8).tobytes(), mtime=0)


def write_set(folder, images=(4, 28, 28), labels=(4,)):
    raw = folder / fashion.RAW
    raw.mkdir(parents=True)
    for prefix in ("train", "t10k"):
        (raw / f"{prefix}-images-idx3-ubyte.gz").write_bytes(idx_file(np.full(images, 7)))
        (raw / f"{prefix}-labels-idx1-ubyte.gz").write_bytes(idx_file(np.ones(labels)))
    return raw


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without data of its own, without cache, and told to stay offline."""
    monkeypatch.delenv("COURSEKIT_DATA", raising=False)
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    monkeypatch.setattr(fashion, "cache_folder", lambda: tmp_path / "cache")
    return tmp_path


@pytest.fixture
def small_sums(monkeypatch):
    """Checksums of the small set that write_set writes, in place of the published ones."""
    images, labels = idx_file(np.full((4, 28, 28), 7)), idx_file(np.ones(4))
    sums = {}
    for name in idx.SHA256:
        content = images if "images" in name else labels
        content = content if name.endswith(".gz") else gzip.decompress(content)
        sums[name] = hashlib.sha256(content).hexdigest()
    monkeypatch.setattr(idx, "SHA256", sums)


def test_without_data_and_network_the_stand_in_says_so(machine):
    drawn = data.fashion_mnist("train")
    assert drawn.stand_in
    assert drawn.reason == "COURSEKIT_OFFLINE is set"
    assert "stand-in" in repr(drawn)
    assert drawn.images.shape[1:] == (1, 28, 28)
    assert drawn.images.dtype == torch.uint8
    assert set(drawn.labels.tolist()) == set(range(10))


def test_the_stand_in_is_what_its_checksums_say():
    folder = course_folder("data")
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    assert len(lines) >= 4
    for line in lines:
        expected, name = line.split(maxsplit=1)
        assert hashlib.sha256((folder / name.strip()).read_bytes()).hexdigest() == expected


def test_the_stand_in_is_small():
    raw = course_folder("data") / "standin" / fashion.RAW
    assert sum(path.stat().st_size for path in raw.iterdir()) < 4e6


def test_coursekit_data_comes_first(machine, monkeypatch, small_sums):
    write_set(machine / "mine")
    write_set(machine / "cache")
    monkeypatch.setenv("COURSEKIT_DATA", str(machine / "mine"))
    found = data.fashion_mnist("test")
    assert found.source == "Fashion-MNIST from COURSEKIT_DATA"
    assert not found.stand_in
    monkeypatch.delenv("COURSEKIT_DATA")
    assert data.fashion_mnist("test").source == "Fashion-MNIST from the cache"


def test_unpacked_files_are_read_too(machine, monkeypatch, small_sums):
    raw = write_set(machine / "mine")
    for packed in list(raw.iterdir()):
        packed.with_suffix("").write_bytes(gzip.decompress(packed.read_bytes()))
        packed.unlink()
    monkeypatch.setenv("COURSEKIT_DATA", str(machine / "mine"))
    assert len(data.fashion_mnist("train")) == 4


def test_a_missing_folder_is_named(machine, monkeypatch):
    monkeypatch.setenv("COURSEKIT_DATA", str(machine / "nowhere"))
    with pytest.raises(data.DataError, match=r"nowhere.*not a folder; expected a folder that hold"):
        data.fashion_mnist("train")


def test_a_folder_without_the_set_falls_through_and_says_so(machine, monkeypatch):
    monkeypatch.setenv("COURSEKIT_DATA", str(machine))
    assert data.fashion_mnist("train").reason.startswith("COURSEKIT_DATA holds no Fashion-MNIST")


def damage_checksum(content):
    return content[:-1] + b"?"


def cut_short(content):
    return content[: len(content) // 2]


@pytest.mark.parametrize("harm", [damage_checksum, cut_short, lambda content: b""])
def test_a_damaged_file_is_named_and_never_half_used(machine, monkeypatch, small_sums, harm):
    raw = write_set(machine / "mine")
    victim = raw / "train-images-idx3-ubyte.gz"
    victim.write_bytes(harm(victim.read_bytes()))
    monkeypatch.setenv("COURSEKIT_DATA", str(machine / "mine"))
    with pytest.raises(data.DataError, match=r"train-images-idx3-ubyte\.gz is damaged.*Delete it"):
        data.fashion_mnist("train")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (gzip.compress(b"hello", mtime=0), "is no IDX file"),
        (gzip.compress(b"\0\0\x08\x03\0\0", mtime=0), "is no IDX file"),
        (
            gzip.compress(b"\0\0\x08\x01\0\0\0\x05ab", mtime=0),
            r"is truncated: it states \(5,\), and holds 2",
        ),
        (idx_file(np.ones(5))[:-4], "cannot be unpacked"),
        (b"plain text", "cannot be unpacked"),
    ],
)
def test_what_is_no_idx_file_is_named(tmp_path, content, says):
    (tmp_path / "some.gz").write_bytes(content)
    with pytest.raises(data.DataError, match=says):
        idx.read(tmp_path, "some")


def test_images_and_labels_must_belong_together(machine, monkeypatch):
    monkeypatch.setattr(idx, "SHA256", None)
    monkeypatch.setattr(idx, "present", lambda folder: True)
    write_set(machine / "mine", labels=(3,))
    monkeypatch.setenv("COURSEKIT_DATA", str(machine / "mine"))
    with pytest.raises(data.DataError, match=r"images \(4, 28, 28\) and labels \(3,\)"):
        data.fashion_mnist("train")


@pytest.mark.parametrize("split", ["validation", "", None])
def test_another_split_is_refused(split):
    with pytest.raises(ValueError, match="split is .*; expected one of train, test"):
        data.fashion_mnist(split)


@contextlib.contextmanager
def mirror(folder, monkeypatch):
    """A server on this machine in the place of the published mirror."""
    from torchvision.datasets import FashionMNIST

    with serving(files_of(folder)) as server:
        monkeypatch.setattr(FashionMNIST, "mirrors", [server.address])
        yield


def test_a_download_lands_whole_in_the_cache(machine, monkeypatch, small_sums):
    monkeypatch.setenv("COURSEKIT_OFFLINE", "0")
    with mirror(write_set(machine / "mirror"), monkeypatch):
        assert data.fashion_mnist("train").source == "Fashion-MNIST downloaded"
    assert data.fashion_mnist("train").source == "Fashion-MNIST from the cache"
    assert sorted(p.name for p in (machine / "cache" / fashion.RAW).iterdir()) == sorted(idx.PACKED)


def test_a_damaged_download_is_not_kept(machine, monkeypatch, small_sums):
    monkeypatch.setenv("COURSEKIT_OFFLINE", "0")
    served = write_set(machine / "mirror")
    (served / "t10k-labels-idx1-ubyte.gz").write_bytes(b"half")
    with mirror(served, monkeypatch):
        drawn = data.fashion_mnist("train")
    assert drawn.stand_in
    assert "could not be downloaded" in drawn.reason
    assert not (machine / "cache" / fashion.RAW / "t10k-labels-idx1-ubyte.gz").exists()
    assert not list((machine / "cache" / fashion.RAW).glob("*partial*"))


def test_an_unreachable_mirror_ends_in_the_stand_in(machine, monkeypatch):
    monkeypatch.setenv("COURSEKIT_OFFLINE", "0")
    with mirror(machine, monkeypatch):
        pass  # now nobody listens there
    assert "could not be downloaded" in data.fashion_mnist("test").reason


def test_a_damaged_file_in_the_cache_is_fetched_anew(machine, monkeypatch, small_sums):
    monkeypatch.setenv("COURSEKIT_OFFLINE", "0")
    raw = write_set(machine / "cache")
    (raw / "train-labels-idx1-ubyte.gz").write_bytes(b"half")
    with mirror(write_set(machine / "mirror"), monkeypatch):
        assert data.fashion_mnist("train").source == "Fashion-MNIST downloaded"
    assert data.fashion_mnist("train").source == "Fashion-MNIST from the cache"
    assert (raw / "train-labels-idx1-ubyte.gz.damaged").read_bytes() == b"half"


def test_offline_a_damaged_cache_is_named_and_both_parts_are_the_stand_in(machine, small_sums):
    raw = write_set(machine / "cache")
    (raw / "train-labels-idx1-ubyte.gz").write_bytes(b"half")
    first, second = data.fashion_mnist("test"), data.fashion_mnist("train")
    assert first.stand_in
    assert second.stand_in
    assert "train-labels-idx1-ubyte.gz in the cache is damaged: its 4 bytes" in first.reason
    assert "it is train-labels-idx1-ubyte.gz.damaged now, and `coursekit fetch`" in first.reason


def test_another_set_of_the_same_shape_is_no_fashion_mnist(machine, monkeypatch, small_sums):
    raw = write_set(machine / "mine")
    for name in ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"):
        packed = raw / f"{name}.gz"
        (raw / name).write_bytes(gzip.decompress(packed.read_bytes()).replace(b"\x07", b"\x08"))
        packed.unlink()
    monkeypatch.setenv("COURSEKIT_DATA", str(machine / "mine"))
    with pytest.raises(data.DataError, match="train-images-idx3-ubyte is damaged.*checksum"):
        data.fashion_mnist("train")


def test_a_cache_that_cannot_be_written_ends_in_the_stand_in(machine, monkeypatch):
    monkeypatch.setenv("COURSEKIT_OFFLINE", "0")
    (machine / "cache").write_text("a file stands where the folder should")
    assert "could not be downloaded" in data.fashion_mnist("test").reason


def test_tensors_are_normalised():
    images = torch.tensor([[[[0, 255]]]], dtype=torch.uint8)
    torch.testing.assert_close(
        data.normalise(images).mean(), torch.tensor(0.60623), atol=1e-4, rtol=0
    )
    with pytest.raises(ValueError, match=r"images is torch.float32; expected torch.uint8"):
        data.normalise(images.float())


def test_a_split_keeps_every_image_once_with_its_label(machine):
    drawn = data.fashion_mnist("test").head(50)
    numbered = replace(drawn, images=torch.arange(50, dtype=torch.uint8).view(50, 1, 1, 1))
    rest, held_out = numbered.split(0.1)
    assert (len(rest), len(held_out)) == (45, 5)
    for part in (rest, held_out):
        assert torch.equal(part.labels, drawn.labels[part.images.flatten().long()])
    places = torch.cat([rest.images, held_out.images]).flatten()
    assert sorted(places.tolist()) == list(range(50))
    assert torch.equal(held_out.images, numbered.split(0.1)[1].images)
    assert not torch.equal(held_out.images, numbered.split(0.1, seed=1)[1].images)


@pytest.mark.parametrize("share", [0, 1, -0.1])
def test_a_share_outside_is_refused(machine, share):
    with pytest.raises(ValueError, match=f"share is {share}; expected a number between 0 and 1"):
        data.fashion_mnist("test").split(share)


def test_head_keeps_images_and_labels_together(machine):
    drawn = data.fashion_mnist("test")
    assert len(drawn.head(5)) == len(drawn.head(5).images) == 5
    assert drawn.head(5).source == drawn.source


@pytest.mark.skipif(not REAL, reason="COURSEKIT_DATA is not set: the real set is not at hand")
def test_the_real_set_is_read_and_verified():
    train, test = data.fashion_mnist("train"), data.fashion_mnist("test")
    assert (len(train), len(test)) == (60_000, 10_000)
    assert train.labels.bincount().tolist() == [6000] * 10
    inputs, _ = train.tensors()
    assert abs(inputs.mean()) < 1e-3
    assert abs(inputs.std() - 1) < 1e-3
    assert not list(Path(REAL).rglob("train-images-idx3-ubyte")), "reading must not unpack"
