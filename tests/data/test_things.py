"""The drawn world: what ships is what is drawn, and colour gives no kind away."""

import hashlib
import importlib
import json

import numpy as np
import pytest
import torch

from coursekit import transfer
from coursekit.machine.paths import course_folder
from coursekit.studies import transfer_curve

DATA = course_folder("data")


@pytest.fixture
def script(monkeypatch):
    """A module of data/, as its scripts import one another."""
    monkeypatch.syspath_prepend(str(DATA))
    return importlib.import_module


def sums(folder):
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {path: digest for digest, path in (line.split(maxsplit=1) for line in lines)}


def test_every_shipped_file_is_listed_with_its_checksum():
    top, things = sums(DATA), sums(DATA / "things")
    assert {"things/SHA256SUMS", "backbone/weights.pt", "backbone/record.json"} <= set(top)
    for folder, listed in ((DATA, top), (DATA / "things", things)):
        for path, digest in listed.items():
            assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest, path
    on_disk = {p.relative_to(DATA / "things").as_posix() for p in DATA.glob("things/*/*/*")}
    assert on_disk == set(things)


def test_what_ships_is_small():
    assert sum(file.stat().st_size for file in DATA.glob("things/*/*/*.jpg")) < 4e6
    assert (DATA / "backbone" / "weights.pt").stat().st_size < 3e6


def test_the_things_are_an_image_folder_as_torchvision_reads_it():
    from torchvision.datasets import ImageFolder

    for split, count in (("train", 50), ("test", 40)):
        folder = ImageFolder(str(DATA / "things" / split))
        images, labels, classes = transfer_curve.things(split)
        assert tuple(folder.classes) == classes
        assert folder.targets == labels.tolist()
        assert labels.bincount().tolist() == [count] * 10
        assert images.shape == (10 * count, 3, 64, 64)
        assert np.array_equal(np.array(folder[-1][0]), images[-1].permute(1, 2, 0).numpy())
    with pytest.raises(ValueError, match="split is 'val'; expected 'train' or 'test'"):
        transfer_curve.things("val")


def test_no_picture_ships_twice():
    digests = list(sums(DATA / "things").values())
    assert len(set(digests)) == len(digests) == 900


@pytest.mark.parametrize(("split", "part", "kind"), [("train", 0, "key"), ("test", 1, "snail")])
def test_a_picture_drawn_again_is_the_one_that_ships(script, split, part, kind):
    drawing, kinds = script("draw_things"), script("world.kinds")
    draw = script("world.picture").picture
    rng = np.random.default_rng([drawing.SEED, part, list(kinds.TARGET).index(kind)])
    for number in range(2):
        again = drawing.jpeg(draw(kinds.TARGET[kind], rng))
        shipped = (DATA / "things" / split / kind / f"{number:03}.jpg").read_bytes()
        assert drawing.difference(again, shipped) < drawing.TOLERANCE
    other = (DATA / "things" / split / kind / "005.jpg").read_bytes()
    assert drawing.difference(again, other) > drawing.TOLERANCE


@pytest.mark.parametrize("times", [1, pytest.param(3, marks=pytest.mark.ci)])
def test_every_kind_can_be_drawn_and_seen(script, times):
    kinds, paint, pens = (script(f"world.{name}") for name in ("kinds", "paint", "pen"))
    every = {**kinds.SOURCE, **kinds.TARGET}
    assert (len(kinds.SOURCE), len(kinds.TARGET), len(every)) == (69, 10, 79)
    for name, draw in every.items():
        rng = np.random.default_rng(1)
        for _ in range(times):
            pen = pens.Pen(rng, paint.Palette(rng), pens.placement(rng))
            draw(pen)
            cover = np.asarray(pen.sheet.getchannel("A")) > 0
            assert 0.02 < cover.mean() < 0.75, name
            assert cover[20:-20, 20:-20].sum() > 0.6 * cover.sum(), f"{name} leaves the picture"


def test_a_picture_is_64_by_64_in_colour_and_follows_its_seed(script):
    draw, fish = script("world.picture").picture, script("world.kinds").SOURCE["fish"]
    first, again, other = (draw(fish, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert first.shape == (64, 64, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_colour_gives_no_kind_away():
    def colours(images):
        """Mean and spread of each channel, over all and in the middle."""
        pixels = images.float() / 255
        parts = (pixels.flatten(2), pixels[..., 16:48, 16:48].flatten(2))
        return torch.cat([torch.cat([part.mean(2), part.std(2)], dim=1) for part in parts], dim=1)

    images, labels, _ = transfer_curve.things("train")
    held_out, expected, _ = transfer_curve.things("test")
    probe = transfer.linear_probe(colours(images), labels)
    accuracy = (probe(colours(held_out)).argmax(dim=1) == expected).float().mean()
    assert accuracy < 0.25  # chance is 0.1


def test_the_backbone_is_what_its_record_says(script):
    record = json.loads((DATA / "backbone" / "record.json").read_text(encoding="utf-8"))
    kinds = script("world.kinds")
    backbone = transfer.load_backbone("drawings")
    assert backbone.classes == tuple(record["classes"]) == tuple(kinds.SOURCE)
    assert not set(backbone.classes) & set(kinds.TARGET)
    assert backbone.model.fc.out_features == len(kinds.SOURCE)
    assert record["held_out_accuracy"] > 0.4


def test_the_backbone_knows_its_source_kinds(script):
    draw, kinds = script("world.picture").picture, script("world.kinds").SOURCE
    rng = np.random.default_rng(7)
    images = np.stack([draw(kind, rng) for kind in kinds.values() for _ in range(2)])
    backbone = transfer.load_backbone("drawings")
    x = backbone.preprocess(torch.from_numpy(images).permute(0, 3, 1, 2))
    with torch.no_grad():
        answers = backbone.model(x).argmax(dim=1)
    right = (answers == torch.arange(len(kinds)).repeat_interleave(2)).float().mean()
    assert right > 0.3  # chance is 0.014


@pytest.mark.ci
def test_five_pictures_a_kind_are_enough_for_a_probe():
    backbone = transfer.load_backbone("drawings")
    images, labels, _ = transfer_curve.things("train")
    held_out, expected, _ = transfer_curve.things("test")
    few = transfer_curve.draw_few(labels, 5, seed=0)
    features = transfer.cache_features(backbone.model, backbone.preprocess(images[few]))
    seen = transfer.cache_features(backbone.model, backbone.preprocess(held_out))
    accuracy, _ = transfer_curve.on_frozen((features, labels[few]), (seen, expected))
    assert accuracy > 0.4  # chance is 0.1


def test_few_are_drawn_of_each_class_and_none_twice():
    labels = torch.tensor([2, 0, 1, 0, 2, 1, 0, 2, 1, 1])
    few = transfer_curve.draw_few(labels, 2, seed=1)
    assert labels[few].tolist() == [0, 0, 1, 1, 2, 2]
    assert len(set(few.tolist())) == 6
    assert not torch.equal(few, transfer_curve.draw_few(labels, 2, seed=2))
    for count in (0, 4):
        with pytest.raises(ValueError, match=f"count is {count}; expected 1 to 3"):
            transfer_curve.draw_few(labels, count, seed=1)


@pytest.mark.ci
def test_the_curve_measures_three_ways(monkeypatch):
    monkeypatch.setitem(transfer_curve.SCRATCH, "epochs", 1)
    monkeypatch.setitem(transfer_curve.TUNING, "num_epochs", 1)
    measured = transfer_curve.measure([0], counts=(1,))
    assert set(measured["rows"]) == {"scratch", "frozen", "fine-tuned"}
    for row in measured["rows"].values():
        assert list(row) == ["1"]
        assert 0 <= row["1"][0] <= 1


def test_the_shipped_curve_reaches_its_bar():
    found = json.loads((DATA / "results" / "transfer_curve.json").read_text(encoding="utf-8"))
    assert len(found["seeds"]) >= 5
    for row in found["rows"].values():
        assert list(row) == [str(count) for count in transfer_curve.COUNTS]
        assert all(len(values) == len(found["seeds"]) for values in row.values())
    frozen, scratch = (np.mean(found["rows"][name]["5"]) for name in ("frozen", "scratch"))
    assert frozen - scratch > 0.3
