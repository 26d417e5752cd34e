"""The two tracks: what ships, and ResNet-18 from a cache that the tests fill or serve."""

import contextlib
import hashlib

import pytest
import torch
from servers import files_of, serving

from coursekit import transfer
from coursekit.data import weights


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """ResNet-18 with random weights, in a file whose name holds its checksum as torchvision's do."""
    from coursekit.transfer.imagenet import ResNet18

    torch.manual_seed(0)
    model = ResNet18()
    file = tmp_path_factory.mktemp("published") / "weights.pth"
    torch.save(model.state_dict(), file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return file.rename(file.with_name(f"resnet18-{digest[:8]}.pth"))


@pytest.fixture
def machine(tmp_path, monkeypatch, published):
    """A machine whose hub cache is empty, and where the weights have the name of `published`."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.delenv("COURSEKIT_OFFLINE", raising=False)
    monkeypatch.setattr(weights, "address", lambda: f"http://127.0.0.1:9/{published.name}")
    return tmp_path / "hub" / "checkpoints"


@contextlib.contextmanager
def mirror(folder, monkeypatch, name):
    with serving(files_of(folder)) as server:
        monkeypatch.setattr(weights, "address", lambda: server.address + name)
        yield


def put(file, folder):
    folder.mkdir(parents=True)
    (folder / file.name).symlink_to(file)


def test_cached_weights_are_used(machine, published, monkeypatch):
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    put(published, machine)
    backbone = transfer.load_backbone()
    assert (backbone.track, backbone.name, backbone.num_features) == ("imagenet", "ResNet-18", 512)
    assert len(backbone.classes) == 1000
    assert backbone.notice.startswith("Online track: ResNet-18")
    assert not backbone.model.training
    stored = torch.load(published, weights_only=True)
    assert torch.equal(backbone.model.fc.weight, stored["fc.weight"])


def test_both_tracks_go_the_same_way(machine, published, tmp_path):
    put(published, machine)
    pictures = torch.randint(0, 256, (6, 3, 70, 80), dtype=torch.uint8)
    labels = torch.arange(6) % 3
    for track, size in (("imagenet", 224), ("shipped", 64)):
        adapted = transfer.load_backbone(track).adapted(list("abc"))
        x = adapted.preprocess(pictures)
        assert x.shape == (6, 3, size, size)
        features = transfer.cache_features(adapted.model, x)
        assert features.shape == (6, adapted.num_features)
        adapted.model.fc = transfer.linear_probe(features, labels)
        transfer.freeze(adapted.model, except_=("layer4", "fc"))
        transfer.fine_tune(adapted.model, (x, labels), num_epochs=1)
        back = transfer.load(transfer.save(tmp_path / track, adapted))
        torch.testing.assert_close(back.model(x), adapted.model(x))


def test_resnet_18_is_torchvisions(published):
    from torchvision.models import ResNet18_Weights, resnet18

    from coursekit.transfer import imagenet

    theirs = resnet18(weights=None).eval()
    theirs.load_state_dict(torch.load(published, weights_only=True))
    ours = imagenet.ResNet18().eval()
    ours.load_state_dict(theirs.state_dict())
    pictures = torch.randint(0, 256, (2, 3, 300, 260), dtype=torch.uint8)
    published_transforms = ResNet18_Weights.DEFAULT.transforms()
    x = published_transforms(pictures)
    assert (imagenet.preprocess()(pictures) - x).abs().max() < 0.03  # a gray level is 0.017
    with torch.no_grad():
        torch.testing.assert_close(ours(x), theirs(x))
        torch.testing.assert_close(ours.fc(ours.features(x)), theirs(x))


def test_weights_are_fetched_once(machine, published, monkeypatch):
    with mirror(published.parent, monkeypatch, published.name):
        assert transfer.load_backbone().track == "imagenet"
    assert [file.name for file in machine.iterdir()] == [published.name]
    assert transfer.load_backbone("imagenet").track == "imagenet"


def test_a_damaged_download_is_not_kept(machine, published, monkeypatch, tmp_path):
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / published.name).write_bytes(b"half of it")
    with mirror(tmp_path / "served", monkeypatch, published.name):
        backbone = transfer.load_backbone()
    assert backbone.track == "shipped"
    assert "its checksum fails" in backbone.notice
    assert list(machine.iterdir()) == []


def test_a_missing_file_on_the_mirror_is_said(machine, published, monkeypatch, tmp_path):
    (tmp_path / "served").mkdir()
    with mirror(tmp_path / "served", monkeypatch, published.name):
        assert "could not be downloaded: File not found" in transfer.load_backbone().notice


def test_an_unreachable_mirror_ends_on_the_shipped_track(machine):
    backbone = transfer.load_backbone()
    assert backbone.track == "shipped"
    assert "could not be downloaded" in backbone.notice
    with pytest.raises(transfer.WeightsError, match=r"could not be downloaded.*fetch --all"):
        transfer.load_backbone("imagenet")


def test_offline_says_what_to_do(machine, monkeypatch):
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    with pytest.raises(transfer.WeightsError, match=r"COURSEKIT_OFFLINE is set.*fetch --all") as e:
        transfer.load_backbone("imagenet")
    assert str(machine) in str(e.value)
    assert "COURSEKIT_OFFLINE is set" in transfer.load_backbone().notice


def test_damaged_weights_in_the_cache_are_named(machine, published):
    machine.mkdir(parents=True)
    (machine / published.name).write_bytes(published.read_bytes()[:1000])
    for track in ("auto", "imagenet"):
        with pytest.raises(
            transfer.WeightsError, match=r"resnet18-.* is damaged.*coursekit fetch --all"
        ):
            transfer.load_backbone(track)
    assert transfer.load_backbone("shipped").track == "shipped"


def test_the_published_name_ends_in_a_checksum():
    assert weights.cached_file().name == "resnet18-f37072fd.pth"


def test_another_track_is_refused():
    with pytest.raises(ValueError, match="track is 'offline'; expected one of auto, imagenet"):
        transfer.load_backbone("offline")
