"""The three backbones: what is installed, what ships, and ResNet-18 from a cache that tests fill."""

import contextlib
import hashlib

import pytest
import torch
from sampling import some
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
    backbone = transfer.load_backbone("resnet18")
    assert (backbone.name, backbone.network, backbone.num_features) == (
        "resnet18",
        "ResNet-18",
        512,
    )
    assert len(backbone.classes) == 1000
    assert "photographs" in backbone.learned_from
    assert not backbone.model.training
    stored = torch.load(published, weights_only=True)
    assert torch.equal(backbone.model.fc.weight, stored["fc.weight"])


@pytest.mark.parametrize(
    ("name", "size", "features"),
    some(
        [("photographs", 224, 1280), ("drawings", 64, 256), ("resnet18", 224, 512)],
        lambda case: case[0] != "resnet18",
    ),
)
def test_all_backbones_go_the_same_way(machine, published, tmp_path, name, size, features):
    put(published, machine)
    pictures = torch.randint(0, 256, (6, 3, 70, 80), dtype=torch.uint8)
    labels = torch.arange(6) % 3
    adapted = transfer.load_backbone(name).adapted(list("abc"))
    assert (adapted.name, adapted.size, adapted.num_features) == (name, size, features)
    x = adapted.preprocess(pictures)
    assert x.shape == (6, 3, size, size)
    seen = transfer.cache_features(adapted.model, x)
    assert seen.shape == (6, features)
    torch.testing.assert_close(adapted.features(pictures), seen)
    adapted.model.fc = transfer.linear_probe(seen, labels)
    transfer.freeze(adapted.model, except_="fc")
    adapted.last_stage.requires_grad_(True)
    transfer.fine_tune(adapted.model, (x, labels), num_epochs=1)
    back = transfer.load(transfer.save(tmp_path / name, adapted))
    assert repr(back) == repr(adapted)
    assert back.learned_from == adapted.learned_from
    with torch.no_grad():
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
        assert transfer.load_backbone("resnet18").network == "ResNet-18"
    assert [file.name for file in machine.iterdir()] == [published.name]
    assert transfer.load_backbone("resnet18").network == "ResNet-18"


def test_a_damaged_download_is_not_kept(machine, published, monkeypatch, tmp_path):
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / published.name).write_bytes(b"half of it")
    with (
        mirror(tmp_path / "served", monkeypatch, published.name),
        pytest.raises(transfer.WeightsError, match="its checksum fails"),
    ):
        transfer.load_backbone("resnet18")
    assert list(machine.iterdir()) == []


def test_a_missing_file_on_the_mirror_is_said(machine, published, monkeypatch, tmp_path):
    (tmp_path / "served").mkdir()
    with (
        mirror(tmp_path / "served", monkeypatch, published.name),
        pytest.raises(transfer.WeightsError, match="could not be downloaded: File not found"),
    ):
        transfer.load_backbone("resnet18")


def test_an_unreachable_mirror_is_said_and_no_other_network_comes(machine):
    with pytest.raises(transfer.WeightsError, match=r"could not be downloaded.*fetch --all"):
        transfer.load_backbone("resnet18")


def test_offline_says_what_to_do(machine, monkeypatch):
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    with pytest.raises(transfer.WeightsError, match=r"COURSEKIT_OFFLINE is set.*fetch --all") as e:
        transfer.load_backbone("resnet18")
    assert str(machine) in str(e.value)


def test_damaged_weights_in_the_cache_are_named(machine, published):
    machine.mkdir(parents=True)
    (machine / published.name).write_bytes(published.read_bytes()[:1000])
    with pytest.raises(
        transfer.WeightsError, match=r"resnet18-.* is damaged.*coursekit fetch --all"
    ):
        transfer.load_backbone("resnet18")
    for name in ("photographs", "drawings"):
        assert transfer.load_backbone(name).name == name


def test_the_default_is_the_same_with_and_without_a_network(machine, published, monkeypatch):
    put(published, machine)
    assert transfer.load_backbone().name == "photographs"
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    assert transfer.load_backbone().name == "photographs"


def test_the_published_name_ends_in_a_checksum():
    assert weights.cached_file().name == "resnet18-f37072fd.pth"


def test_another_name_is_refused():
    with pytest.raises(
        ValueError, match="name is 'shipped'; expected one of photographs, drawings, resnet18"
    ):
        transfer.load_backbone("shipped")
