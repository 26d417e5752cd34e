"""Preprocessing, freezing, the probe, fine-tuning, saving: on networks of the real shape."""

import copy
import math

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from coursekit import models, training, transfer

SMALL = transfer.Preprocess(64, 64)


def pretrained(**shape):
    torch.manual_seed(0)
    model = models.SmallResNet(5, **shape)
    images = torch.randn(20, 3, 64, 64)
    model.train()(images)  # statistics that are not those of a fresh layer
    names = tuple("abcde")
    return transfer.Pretrained(model.eval(), "drawings", "SmallResNet", SMALL, names)


@pytest.fixture
def backbone():
    return pretrained(stages=(8, 8, 16, 16))


@pytest.fixture
def few():
    generator = torch.Generator().manual_seed(1)
    labels = torch.arange(12) % 3
    images = torch.randn(12, 3, 64, 64, generator=generator) + labels.view(-1, 1, 1, 1)
    return images, labels


def state(module):
    return {name: tensor.clone() for name, tensor in module.state_dict().items()}


# the network


def test_small_resnet_has_the_anatomy_of_resnet_18():
    from torchvision.models import resnet18

    ours, theirs = models.SmallResNet(10), resnet18(weights=None)
    assert {name for name, _ in theirs.named_children()} - {"maxpool"} == {
        name for name, _ in ours.named_children()
    }
    x = torch.randn(2, 3, 64, 64)
    assert ours(x).shape == (2, 10)
    assert ours.features(x).shape == (2, 256)
    assert ours.layer4(torch.randn(2, 128, 8, 8)).shape == (2, 256, 4, 4)
    assert models.count_parameters(ours) == 1_228_970


def test_a_block_is_a_way_around():
    block = models.SmallResNet().layer1.eval()
    for convolution in (block.conv1, block.conv2):
        nn.init.zeros_(convolution.weight)
    x = torch.randn(1, 32, 5, 4)
    torch.testing.assert_close(block(x), x.relu())


def test_the_head_sees_the_features():
    model = models.SmallResNet(4).eval()
    x = torch.randn(3, 3, 64, 64)
    torch.testing.assert_close(model(x), model.fc(model.features(x)))


# preprocessing


def test_images_of_the_right_size_are_only_scaled():
    images = torch.randint(0, 256, (2, 3, 64, 64), dtype=torch.uint8)
    expected = (images / 255 - 0.5) / 0.25
    torch.testing.assert_close(SMALL(images), expected)
    torch.testing.assert_close(SMALL(images[0]), expected[:1])
    torch.testing.assert_close(SMALL.undo(SMALL(images)), images / 255)


def test_each_channel_has_its_own_mean_and_deviation():
    grey = torch.full((1, 3, 4, 4), 51, dtype=torch.uint8)
    pre = transfer.Preprocess(4, 4, (0.2, 0.0, 0.1), (1.0, 0.5, 0.1))
    torch.testing.assert_close(pre(grey)[0, :, 0, 0], torch.tensor([0.0, 0.4, 1.0]))


def test_the_middle_of_a_wide_picture_is_taken():
    wide = torch.zeros(1, 3, 32, 96, dtype=torch.uint8)
    wide[..., 32:64] = 255
    batch = transfer.Preprocess(64, 64)(wide)
    assert batch.shape == (1, 3, 64, 64)
    assert (batch[..., 4:-4] == 2).all()


@pytest.mark.parametrize("size", [(50, 83), (83, 50), (47, 47), (31, 200), (100, 168)])
def test_resizing_agrees_with_torchvision(size):
    from torchvision.transforms.v2 import functional as v2

    images = torch.randint(0, 256, (1, 3, *size), dtype=torch.uint8)
    theirs = v2.center_crop(v2.resize(images, [40], antialias=True), [32, 32])
    ours = transfer.Preprocess(40, 32, (0,) * 3, (1,) * 3)(images) * 255
    assert (ours - theirs).abs().max() <= 1


def test_gray_and_mixed_pictures_become_colour(tmp_path):
    Image.new("L", (70, 90), 128).save(tmp_path / "gray.png")
    pictures = [
        torch.zeros(1, 30, 40, dtype=torch.uint8),
        Image.new("RGB", (100, 80)),
        tmp_path / "gray.png",
        str(tmp_path / "gray.png"),
    ]
    assert SMALL(pictures).shape == (4, 3, 64, 64)
    assert SMALL(torch.zeros(2, 1, 64, 64, dtype=torch.uint8)).shape == (2, 3, 64, 64)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (torch.zeros(1, 3, 8, 8), r"torch.float32 \(1, 3, 8, 8\); expected torch.uint8"),
        (torch.zeros(1, 2, 8, 8, dtype=torch.uint8), r"\(1, 2, 8, 8\)"),
        ([], "pictures is empty"),
        (7, "pictures is 7; expected uint8"),
    ],
)
def test_what_is_no_picture_is_refused(wrong, says):
    with pytest.raises((ValueError, TypeError), match=says):
        SMALL(wrong)


# freezing


def test_freeze_leaves_what_it_is_told():
    model = transfer.freeze(models.SmallResNet(3), except_=("fc", "layer4.conv2"))
    names = [name for name, parameter in model.named_parameters() if parameter.requires_grad]
    assert names == ["layer4.conv2.weight", "fc.weight", "fc.bias"]
    assert sum(p.numel() for p in transfer.trainable(model)) == 256 * 256 * 9 + 256 * 3 + 3
    assert transfer.trainable(transfer.freeze(model)) == []


@pytest.mark.parametrize("name", ["head", ""])
def test_freeze_refuses_a_part_that_is_not_there(name):
    with pytest.raises(ValueError, match=rf"except_ names '{name}'; expected .*such as conv1"):
        transfer.freeze(models.SmallResNet(3), except_=name)


@pytest.mark.parametrize(
    ("build", "shape"),
    [
        (models.SmallResNet, (3, 64, 64)),
        (models.LeNet, (1, 28, 28)),
        (models.ThreeBlockCNN, (1, 28, 28)),
    ],
)
def test_the_last_layer_is_replaced_in_any_network(build, shape):
    model = transfer.freeze(build())
    before = state(model)
    head = transfer.replace_head(model, 4)
    assert head.out_features == 4
    assert all(parameter.requires_grad for parameter in head.parameters())
    kept = {n for n, t in model.state_dict().items() if torch.equal(t, before[n])}
    assert len(kept) == len(before) - 2
    assert model(torch.zeros(2, *shape)).shape == (2, 4)


def test_replace_head_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="num_classes is 1; expected at least 2"):
        transfer.replace_head(models.SmallResNet(), 1)
    with pytest.raises(ValueError, match="ReLU without an nn.Linear inside"):
        transfer.replace_head(nn.ReLU(), 2)


def test_groups_have_their_rates_and_every_parameter_once():
    model = transfer.freeze(models.SmallResNet(3), except_=("layer4", "fc"))
    groups = transfer.parameter_groups(model, head_rate=1e-2, backbone_rate=1e-4)
    assert [(g["name"], g["lr"], len(g["params"])) for g in groups] == [
        ("head", 1e-2, 2),
        ("backbone", 1e-4, 9),
    ]
    together = [id(p) for group in groups for p in group["params"]]
    assert sorted(together) == sorted(map(id, transfer.trainable(model)))
    only_head = transfer.freeze(model, except_="fc")
    assert len(transfer.parameter_groups(only_head, head_rate=1, backbone_rate=1)) == 1


def test_groups_refuse_a_wrong_rate_and_a_frozen_model():
    with pytest.raises(ValueError, match="head_rate is -1; expected"):
        transfer.parameter_groups(models.LeNet(), head_rate=-1, backbone_rate=0)
    with pytest.raises(ValueError, match="backbone_rate is nan; expected"):
        transfer.parameter_groups(models.LeNet(), head_rate=1, backbone_rate=math.nan)
    with pytest.raises(ValueError, match="frozen throughout"):
        transfer.parameter_groups(transfer.freeze(models.LeNet()), head_rate=1, backbone_rate=1)


def test_frozen_norm_stays_as_it_was_in_training(few):
    model = models.SmallResNet(3)
    model.bn1.running_mean.fill_(0.5)
    before = state(model)
    transfer.keep_norm_frozen(transfer.keep_norm_frozen(model))
    assert len(model.bn1._forward_pre_hooks) == 1
    clone = copy.deepcopy(model)
    for network in (model, clone):
        network.train()
        network(few[0])
        statistics = [n for n in before if "running" in n or "num_batches" in n]
        assert len(statistics) == 12 * 3
        assert all(torch.equal(network.state_dict()[n], before[n]) for n in statistics)
        assert network.training
    model.bn1.weight.grad = None
    model(few[0]).sum().backward()
    assert model.bn1.weight.grad is not None


def test_without_it_training_overwrites_the_statistics(few):
    model = models.SmallResNet(3).train()
    before = model.bn1.running_mean.clone()
    model(few[0])
    assert not torch.equal(model.bn1.running_mean, before)


# learning


def test_features_are_what_the_head_sees(backbone, few):
    backbone.model.train()
    features = transfer.cache_features(backbone.model, few[0], batch_size=5)
    assert backbone.model.training
    backbone.model.eval()
    assert not features.requires_grad
    torch.testing.assert_close(features, backbone.model.features(few[0]))
    torch.testing.assert_close(backbone.model.fc(features), backbone.model(few[0]))


def test_features_of_a_network_without_them_are_refused(few):
    with pytest.raises(ValueError, match=r"LeNet; expected one with features\(x\)"):
        transfer.cache_features(models.LeNet(), few[0])


def corners(count, classes=3, width=10, seed=0):
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % classes
    noise = torch.randn(count, width, generator=generator)
    return 100 + 5 * (noise + 4 * torch.eye(classes, width)[labels]), labels


def test_the_probe_tells_apart_what_a_line_tells_apart():
    probe = transfer.linear_probe(*corners(60))
    features, labels = corners(300, seed=1)
    assert (probe(features).argmax(dim=1) == labels).float().mean() > 0.97
    assert probe.weight.shape == (3, 10)
    assert all(parameter.requires_grad for parameter in probe.parameters())


def test_the_probe_is_at_the_minimum():
    features, labels = corners(40)
    centre = features.mean(dim=0)
    scale = (features - centre).square().mean().sqrt()
    probe = transfer.linear_probe(features, labels, penalty=0.1)
    weight = (probe.weight.detach() * scale).requires_grad_()
    bias = (probe.bias + probe.weight @ centre).detach().requires_grad_()
    logits = nn.functional.linear((features - centre) / scale, weight, bias)
    loss = nn.functional.cross_entropy(logits, labels) + 0.05 * weight.square().sum()
    loss.backward()
    assert weight.grad.abs().max() < 1e-4
    assert bias.grad.abs().max() < 1e-4


def test_the_probe_is_the_same_each_time_and_smaller_with_more_penalty():
    first, again = (transfer.linear_probe(*corners(30)) for _ in range(2))
    assert torch.equal(first.weight, again.weight)
    assert transfer.linear_probe(*corners(30), penalty=1.0).weight.norm() < first.weight.norm() / 2


def test_the_probe_takes_a_class_without_images_and_features_all_alike():
    probe = transfer.linear_probe(torch.ones(4, 2), torch.tensor([0, 0, 2, 2]), num_classes=4)
    assert probe.out_features == 4
    assert torch.isfinite(probe(torch.ones(1, 2))).all()


@pytest.mark.parametrize("labels", [torch.arange(3), torch.arange(0)])
def test_the_probe_refuses_what_does_not_fit(labels):
    with pytest.raises(ValueError, match=r"features is \(4, 2\) and labels \("):
        transfer.linear_probe(torch.ones(4, 2), labels)


def test_what_is_frozen_stays_bit_for_bit(backbone, few):
    transfer.replace_head(backbone.model, 3)
    transfer.freeze(backbone.model, except_="fc")
    before = state(backbone.model)
    history = transfer.fine_tune(backbone.model, few, num_epochs=3, batch_size=4)
    assert len(history.loss) == 3
    changed = {n for n, t in backbone.model.state_dict().items() if not torch.equal(t, before[n])}
    assert changed == {"fc.weight", "fc.bias"}
    assert not backbone.model.training


def test_fine_tuning_moves_the_head_more_than_the_rest(backbone, few):
    transfer.replace_head(backbone.model, 3)
    before = state(backbone.model)
    transfer.fine_tune(
        backbone.model, few, num_epochs=10, head_rate=1e-2, backbone_rate=1e-5, weight_decay=0.0
    )
    moved = {n: (t - before[n]).abs().max() for n, t in backbone.model.named_parameters()}
    assert moved["fc.weight"] > 100 * moved["layer4.conv2.weight"] > 0
    assert not any(
        "running" in n and not torch.equal(t, before[n])
        for n, t in backbone.model.state_dict().items()
    )


@pytest.mark.ci
def test_fine_tuning_learns_and_repeats_itself(backbone, few):
    twin = copy.deepcopy(backbone)
    for trained in (backbone, twin):
        torch.manual_seed(3)
        transfer.replace_head(trained.model, 3)
        history = transfer.fine_tune(
            trained.model, few, num_epochs=20, batch_size=6, head_rate=3e-2, backbone_rate=3e-3,
            validation=few, seed=2,
        )  # fmt: skip
    assert history.validation[-1].accuracy > 0.9
    assert torch.equal(backbone.model.fc.weight, twin.model.fc.weight)


def test_augment_changes_each_image_and_keeps_its_shape():
    image = torch.linspace(-2, 2, 3 * 64 * 64).view(1, 3, 64, 64)
    batch = image.repeat(6, 1, 1, 1)
    torch.manual_seed(0)
    first = transfer.augment(batch)
    torch.manual_seed(0)
    assert torch.equal(first, transfer.augment(batch))
    assert first.shape == batch.shape
    assert torch.isfinite(first).all()
    distances = torch.cdist(first.flatten(1), first.flatten(1))
    assert (distances + torch.eye(6) > 0.1).all()
    assert torch.equal(batch, image.repeat(6, 1, 1, 1)), "the batch itself must not change"


def test_augment_serves_fit(few):
    torch.manual_seed(0)
    model = models.SmallResNet(3, stages=(4, 4, 4, 4))
    history = training.fit(model, few, num_epochs=1, augment=transfer.augment)
    assert math.isfinite(history.loss[0])


# saving


def test_a_model_comes_back_with_all_that_a_prediction_needs(few, tmp_path):
    backbone = pretrained()
    adapted = backbone.adapted(("ant", "bee", "wasp"))
    assert backbone.model.fc.out_features == 5
    file = transfer.save(tmp_path / "mine.pt", adapted)
    back = transfer.load(file)
    assert (back.classes, back.preprocess, back.name) == (adapted.classes, SMALL, "drawings")
    torch.testing.assert_close(back.model(few[0]), adapted.model(few[0]))
    assert not back.model.training


def test_a_model_of_the_former_format_still_loads(tmp_path):
    trained = pretrained()
    stored = torch.load(transfer.save(tmp_path / "now.pt", trained), weights_only=True)
    former = {key: stored[key] for key in ("classes", "preprocess", "weights")}
    former |= {"format": "coursekit transfer 1", "name": "SmallResNet", "track": "shipped"}
    torch.save(former, tmp_path / "then.pt")
    assert repr(transfer.load(tmp_path / "then.pt")) == repr(trained)


def test_names_and_outputs_must_be_as_many(backbone, tmp_path):
    with pytest.raises(ValueError, match="classes has 2 names, and the head 5 outputs"):
        transfer.save(tmp_path / "mine.pt", backbone, classes=("ant", "bee"))
    assert not (tmp_path / "mine.pt").exists()


def test_other_files_are_refused(tmp_path):
    (tmp_path / "broken.pt").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(ValueError, match=r"broken\.pt, which is damaged"):
        transfer.load(tmp_path / "broken.pt")
    torch.save({"weights": {}}, tmp_path / "other.pt")
    with pytest.raises(ValueError, match=r"other\.pt, which transfer\.save did not write"):
        transfer.load(tmp_path / "other.pt")
    with pytest.raises(ValueError, match="no such file"):
        transfer.load(tmp_path / "nowhere.pt")


def test_no_code_in_a_file_is_run(tmp_path):
    torch.save(models.LeNet(), tmp_path / "whole.pt")  # a pickled module, not weights
    with pytest.raises(ValueError, match="holds more than weights"):
        transfer.load(tmp_path / "whole.pt")


def test_a_file_is_predicted_from_most_to_least_likely(backbone, tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (90, 120, 4), np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png")
    Image.fromarray(noise).convert("L").save(tmp_path / "gray.jpg")
    for name in ("a.png", "gray.jpg"):
        predictions = transfer.predict_file(backbone, tmp_path / name)
        probabilities = [p.probability for p in predictions]
        assert probabilities == sorted(probabilities, reverse=True)
        assert sum(probabilities) == pytest.approx(1)
        assert {p.name for p in predictions} == set("abcde")
        expected = backbone.model(SMALL(tmp_path / name)).argmax().item()
        assert predictions[0].name == "abcde"[expected]
    backbone.model.train()
    assert transfer.predict_file(backbone, tmp_path / name) == predictions
    assert backbone.model.training
