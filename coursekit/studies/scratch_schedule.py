"""What was tried so that a network from scratch does its best, one change at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coursekit.studies.transfer_curve import SCRATCH, draw_few, from_scratch, things
from coursekit.transfer import load_backbone

__all__ = ["CHANGES", "COUNTS", "SEEDS", "measure"]

SEEDS = (0,)
COUNTS = (5, 50)  # images of each class
HALF, QUARTER = (16, 32, 64, 128), (8, 16, 32, 64)
CHANGES: Mapping[str, Mapping[str, Any]] = {
    "as in the curve": {},
    "a third of the rate": {"rate": 1e-3},
    "three times the rate": {"rate": 1e-2},
    "a third of the epochs": {"epochs": 33, "most_steps": 270},
    "twice the epochs": {"epochs": 200, "most_steps": 1600},
    "no augmentation": {"augment": None},
    "no weight decay": {"weight_decay": 0.0},
    "ten times the weight decay": {"weight_decay": 0.5},
    "half the channels": {"stages": HALF},
    "a quarter of the channels": {"stages": QUARTER},
}


def measure(seeds: Sequence[int]) -> dict[str, Any]:
    """Return the accuracy of each recipe on the test things, by images of each class."""
    backbone = load_backbone("drawings")  # for its preprocessing alone
    images, labels, _ = things("train")
    held_out, test_labels, _ = things("test")
    inputs, test = backbone.preprocess(images), (backbone.preprocess(held_out), test_labels)
    rows: dict[str, dict[str, list[float]]] = {}
    for name, change in CHANGES.items():
        rows[name] = {}
        for count in COUNTS:
            chosen = [(seed, draw_few(labels, count, seed)) for seed in seeds]
            rows[name][str(count)] = [
                from_scratch((inputs[few], labels[few]), test, seed=seed, **change)
                for seed, few in chosen
            ]
            print(f"{name}, {count} images a class: {rows[name][str(count)]}", flush=True)
    settings = {"as in the curve": SCRATCH, "changes": {k: str(v) for k, v in CHANGES.items()}}
    return {"data": "the drawn things", "stand_in": False, "settings": settings, "rows": rows}
