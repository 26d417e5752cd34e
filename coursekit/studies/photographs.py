"""What pretrained features are worth on photographs: ants and bees, by ways and images a class.

And on which world: each of two backbones, probed on drawn things and on photographs. The
photographs are those of PyTorch's tutorial, which `coursekit fetch --all` brings; none ships.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from coursekit.data import DataError
from coursekit.data.tutorial import ADVICE, ants_and_bees
from coursekit.studies.results import steps
from coursekit.studies.transfer_curve import SCRATCH, draw_few, from_scratch, on_frozen, things
from coursekit.training import Data
from coursekit.transfer import Pretrained, load_backbone

__all__ = ["COUNTS", "SCRATCH_COUNTS", "SEEDS", "WORLDS", "measure", "photographs", "probed"]

SEEDS = (0, 1, 2, 3, 4)
COUNTS = (1, 2, 5, 10, 20, 50)  # images of each class to learn from
SCRATCH_COUNTS = (1, 5, 20)  # a network from scratch takes minutes for what a probe does at once
BACKBONES = ("photographs", "drawings")
WORLDS = ("drawn things", "ants and bees")
IN_TABLE = (5, 20)  # images of each class, in the table of two backbones and two worlds

Split = tuple[list[Path], Tensor]  # files of pictures, their labels (N,)


def photographs(split: str) -> Split:
    """Return the files of the "train" or "val" part, and labels (N,) int64: 0 an ant, 1 a bee.

    Raises DataError where the photographs are not at hand.
    """
    folder = ants_and_bees()
    if folder is None:
        raise DataError(f"the photographs of ants and bees are not at hand; {ADVICE}")
    kinds = [sorted((folder / split / kind).glob("*.jp*g")) for kind in ("ants", "bees")]
    counts = torch.tensor([len(files) for files in kinds])
    return [*chain(*kinds)], torch.arange(len(kinds)).repeat_interleave(counts)


def probed(
    train: Data, test: Data, seeds: Sequence[int], counts: Sequence[int]
) -> dict[str, list[float]]:
    """Return accuracies of a linear probe, by images of each class, one for each draw of them.

    train, test: features (N, F) float32 and labels (N,) int64.
    """
    draws = {count: [draw_few(train[1], count, seed) for seed in seeds] for count in counts}
    return {
        str(count): [on_frozen((train[0][few], train[1][few]), test)[0] for few in drawn]
        for count, drawn in draws.items()
    }


def measure(seeds: Sequence[int]) -> dict[str, Any]:
    """Return accuracies on held-out photographs by way and count; and the table of two worlds."""
    photos = photographs("train"), photographs("val")
    drawn = things("train")[:2], things("test")[:2]
    rows: dict[str, dict[str, list[float]]] = {}
    worlds: dict[str, dict[str, dict[str, list[float]]]] = {}
    for name in BACKBONES:
        backbone = load_backbone(name)
        rows[f"{name}, frozen"] = probed(*_seen(backbone, *photos), seeds, COUNTS)
        table = {count: rows[f"{name}, frozen"][count] for count in map(str, IN_TABLE)}
        on_drawn = probed(*_seen(backbone, *drawn), seeds, IN_TABLE)
        worlds[name] = dict(zip(WORLDS, (on_drawn, table), strict=True))
    rows["from scratch"] = _scratch(*photos, seeds)
    majority = int(photos[1][1].bincount().max()) / len(photos[1][1])
    return {
        "data": f"{len(photos[0][1])} photographs of ants and bees to choose from, "
        f"{len(photos[1][1])} to test on",
        "stand_in": False,
        "majority": majority,  # the accuracy of always saying "bees"
        "settings": {"from scratch": SCRATCH},
        "rows": rows,
        "worlds": worlds,
    }


def _seen(backbone: Pretrained, *parts: tuple[Any, Tensor]) -> list[Data]:
    return [(backbone.features(pictures), labels) for pictures, labels in parts]


def _scratch(train: Split, test: Split, seeds: Sequence[int]) -> Mapping[str, list[float]]:
    """Return accuracies of a small network without a past, on pictures 64×64."""
    prepare = load_backbone("drawings").preprocess
    inputs, held_out = prepare(train[0]), (prepare(test[0]), test[1])
    found: dict[str, list[float]] = {str(count): [] for count in SCRATCH_COUNTS}
    tasks = [(count, seed) for count in SCRATCH_COUNTS for seed in seeds]
    for count, seed in steps(tasks, "from scratch"):
        few = draw_few(train[1], count, seed)
        accuracy = from_scratch((inputs[few], train[1][few]), held_out, seed=seed)
        found[str(count)].append(accuracy)
    return found
