"""What a pretrained network is worth: accuracy against images a class, three ways to learn.

The drawn things of `data/things/`, kinds that the shipped backbone has never seen.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from coursekit.data.picture import read_picture
from coursekit.machine.paths import course_folder
from coursekit.models import SmallResNet
from coursekit.training import Data, evaluate, fit
from coursekit.transfer import (
    Pretrained,
    augment,
    cache_features,
    fine_tune,
    linear_probe,
    load_backbone,
)

__all__ = [
    "COUNTS",
    "SEEDS",
    "draw_few",
    "fine_tuned",
    "from_scratch",
    "measure",
    "on_frozen",
    "things",
]

SEEDS = (0, 1, 2, 3, 4)
COUNTS = (1, 2, 5, 10, 20, 50)  # images of each class to learn from
# The best of what was tried: `scratch_schedule` measures it against its neighbours.
SCRATCH = {
    "rate": 3e-3,
    "epochs": 100,
    "most_steps": 800,  # with many images, fewer epochs do
    "weight_decay": 0.05,
    "stages": (32, 64, 128, 256),
}
TUNING = {"num_epochs": 15, "batch_size": 32, "head_rate": 1e-4, "backbone_rate": 1e-4}


def things(split: str) -> tuple[Tensor, Tensor, tuple[str, ...]]:
    """Return the "train" or "test" part: images uint8 (N, 3, 64, 64), labels (N,), class names.

    Raises ValueError for another split.
    """
    if split not in ("train", "test"):
        raise ValueError(f"split is {split!r}; expected 'train' or 'test'")
    folder = course_folder("data") / "things" / split
    classes = tuple(sorted(kind.name for kind in folder.iterdir() if kind.is_dir()))
    files: list[list[Path]] = [sorted((folder / name).glob("*.jpg")) for name in classes]
    images = torch.stack([read_picture(file).pixels for kind in files for file in kind])
    labels = torch.arange(len(classes)).repeat_interleave(torch.tensor([len(k) for k in files]))
    return images, labels, classes


def draw_few(labels: Tensor, count: int, seed: int) -> Tensor:
    """Return the places of `count` images of each class, drawn without putting back.

    labels: (N,) int64. Places: (classes·count,) int64, class by class. A larger count with the same
    seed holds the smaller one, so that a curve over counts is about more images, not about others.
    Raises ValueError where a class has fewer.
    """
    fewest = int(labels.bincount().min())
    if not 1 <= count <= fewest:
        raise ValueError(f"count is {count}; expected 1 to {fewest}, the smallest class")
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(labels), generator=generator)
    # Shuffled, then sorted by class in a way that keeps the shuffle's order inside of each.
    ranked = order[labels[order].argsort(stable=True)].split(labels.bincount().tolist())
    return torch.cat([places[:count] for places in ranked])


def from_scratch(train: Data, test: Data, *, seed: int, **changes: Any) -> float:
    """Return the accuracy of a network that begins with random weights, at its best schedule.

    train, test: inputs (N, 3, 64, 64) float32, preprocessed, and labels (N,) int64. changes: in
    place of entries of `SCRATCH`, or of `augment`.
    """
    recipe = {**SCRATCH, **changes}
    torch.manual_seed(seed)
    model = SmallResNet(int(test[1].max()) + 1, stages=recipe["stages"])
    size = min(32, len(train[1]))
    steps = -(-len(train[1]) // size)
    fit(
        model, train, num_epochs=max(1, min(recipe["epochs"], recipe["most_steps"] // steps)),
        batch_size=size, learning_rate=recipe["rate"], weight_decay=recipe["weight_decay"],
        augment=recipe.get("augment", augment), seed=seed,
    )  # fmt: skip
    return evaluate(model, test).accuracy


def on_frozen(train: Data, test: Data) -> tuple[float, torch.nn.Linear]:
    """Return the accuracy, from 0 to 1, of a linear probe on features, and the probe.

    train, test: features (N, F) float32 and labels (N,) int64.
    """
    probe = linear_probe(*train, num_classes=int(test[1].max()) + 1)
    return evaluate(probe, test).accuracy, probe


def fine_tuned(
    backbone: Pretrained, probe: torch.nn.Linear, train: Data, test: Data, *, seed: int
) -> float:
    """Return the accuracy after the whole network has learned on, from the probe as its head.

    train, test: inputs (N, 3, 64, 64) float32, preprocessed, and labels (N,) int64. The backbone
    stays as it is. Source: Kumar et al., Fine-tuning can distort pretrained features, 2022.
    """
    model = copy.deepcopy(backbone.model)
    model.fc = copy.deepcopy(probe)
    fine_tune(model, train, augment=augment, seed=seed, **TUNING)
    return evaluate(model, test).accuracy


def measure(seeds: Sequence[int], counts: Sequence[int] = COUNTS) -> dict[str, Any]:
    """Return accuracies on the test part, for each way and number of images, one a seed."""
    backbone = load_backbone("drawings")
    images, labels, _ = things("train")
    held_out, test_labels, _ = things("test")
    inputs, test_inputs = backbone.preprocess(images), backbone.preprocess(held_out)
    features = cache_features(backbone.model, inputs)
    test_features = cache_features(backbone.model, test_inputs)
    rows: dict[str, dict[str, list[float]]] = {"scratch": {}, "frozen": {}, "fine-tuned": {}}
    for count in counts:
        for seed in seeds:
            few = draw_few(labels, count, seed)
            train, test = (inputs[few], labels[few]), (test_inputs, test_labels)
            frozen, probe = on_frozen((features[few], labels[few]), (test_features, test_labels))
            found = (
                from_scratch(train, test, seed=seed),
                frozen,
                fine_tuned(backbone, probe, train, test, seed=seed),
            )
            for row, accuracy in zip(rows.values(), found, strict=True):
                row.setdefault(str(count), []).append(accuracy)
            print(f"{count} images a class, seed {seed}: {found}", flush=True)
    return {
        "data": f"{len(labels)} drawn images to choose from, {len(test_labels)} to test on",
        "stand_in": False,
        "settings": {"scratch": SCRATCH, "fine-tuned": TUNING},
        "rows": rows,
    }
