"""What the shipped backbone, which has seen drawings alone, is worth on real photographs.

Ants and bees, and a part of CIFAR-10, from the folder COURSEKIT_DATA; none of it ships.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from coursekit.data import DataError
from coursekit.data.fashion import data_folder
from coursekit.studies.transfer_curve import draw_few, from_scratch, on_frozen
from coursekit.transfer import Pretrained, cache_features, load_backbone

__all__ = ["COUNTS", "SEEDS", "ants_and_bees", "cifar", "measure"]

SEEDS = (0, 1, 2)
COUNTS = {"ants and bees": (20, 100), "CIFAR-10": (20, 100)}  # images of each class
ANTS, CIFAR = "hymenoptera_data", "cifar10-jpeg-subset.zip"

Split = tuple[Tensor, Tensor]  # inputs (N, 3, 64, 64) float32, labels (N,)


def ants_and_bees(backbone: Pretrained) -> tuple[Split, Split]:
    """Return the training and the validation part of torchvision's tutorial, preprocessed.

    Inputs are (N, 3, size, size) float32, labels (N,) int64, 0 for ants and 1 for bees.
    Raises DataError where COURSEKIT_DATA does not hold it.
    """
    folder = _held(ANTS)
    files = sorted(path for path in folder.glob("*/*/*") if path.suffix in (".jpg", ".jpeg"))
    named = ((path.parts[-3:-1], backbone.preprocess(path)) for path in files)
    return _splits(named, "val")


def cifar(backbone: Pretrained) -> tuple[Split, Split]:
    """Return the training and the test part of the subset of CIFAR-10, preprocessed.

    Inputs are (N, 3, size, size) float32, labels (N,) int64, classes in order of name.
    Raises DataError where COURSEKIT_DATA does not hold it.
    """
    with zipfile.ZipFile(_held(CIFAR)) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".jpg"))
        named = []
        for name in names:
            with archive.open(name) as stream:
                batch = backbone.preprocess(Image.open(stream))
            named.append((PurePosixPath(name).parts[-3:-1], batch))
    return _splits(named, "test")


def measure(seeds: Sequence[int]) -> dict[str, Any]:
    """Return accuracies of frozen features and from scratch, by set and images of each class."""
    backbone = load_backbone("drawings")
    rows = {}
    for name, read in (("ants and bees", ants_and_bees), ("CIFAR-10", cifar)):
        train, test = read(backbone)
        rows[name] = {count: _both(backbone, train, test, count, seeds) for count in COUNTS[name]}
    return {"data": "photographs in COURSEKIT_DATA", "stand_in": False, "rows": rows}


def _both(
    backbone: Pretrained, train: Split, test: Split, count: int, seeds: Sequence[int]
) -> dict[str, list[float]]:
    seen = cache_features(backbone.model, test[0]), test[1]  # (N, features), once for all seeds
    found: dict[str, list[float]] = {"frozen": [], "scratch": []}
    for seed in seeds:
        few = draw_few(train[1], count, seed)
        inputs, labels = train[0][few], train[1][few]
        features = cache_features(backbone.model, inputs), labels
        found["frozen"].append(on_frozen(features, seen)[0])
        found["scratch"].append(from_scratch((inputs, labels), test, seed=seed))
    return found


def _held(name: str) -> Any:
    folder = data_folder()
    if folder is None or not (folder / name).exists():
        raise DataError(f"COURSEKIT_DATA holds no {name}; expected a folder that does")
    return folder / name


def _splits(named: Iterable[tuple[tuple[str, ...], Tensor]], held_out: str) -> tuple[Split, Split]:
    """Return two splits from ((split, class), batch of one) pairs; classes in order of name."""
    parts: dict[str, dict[str, list[Tensor]]] = defaultdict(lambda: defaultdict(list))
    for (split, kind), batch in named:
        parts[split][kind].append(batch)
    first, second = (_labelled(parts[split]) for split in ("train", held_out))
    return first, second


def _labelled(kinds: dict[str, list[Tensor]]) -> Split:
    counts = torch.tensor([len(kinds[kind]) for kind in sorted(kinds)])
    inputs = torch.cat([batch for kind in sorted(kinds) for batch in kinds[kind]])
    return inputs, torch.arange(len(kinds)).repeat_interleave(counts)  # (N, 3, size, size), (N,)
