"""The shipped backbone on real photographs, where they are at hand."""

import os
from pathlib import Path

import pytest
import torch

from coursekit import transfer
from coursekit.data import DataError
from coursekit.studies import photographs
from coursekit.studies.transfer_curve import on_frozen

REAL = os.environ.get("COURSEKIT_DATA", "")
SETS = {
    "ants and bees": (photographs.ants_and_bees, photographs.ANTS, 244, 153, 0.6),
    "CIFAR-10": (photographs.cifar, photographs.CIFAR, 4000, 1000, 0.3),
}


@pytest.mark.parametrize("name", SETS)
def test_frozen_features_say_something_of_photographs(name):
    read, stored, train_size, test_size, floor = SETS[name]
    if not REAL or not (Path(REAL) / stored).exists():
        pytest.skip(f"COURSEKIT_DATA holds no {stored}: real photographs are not at hand")
    backbone = transfer.load_backbone("drawings")
    train, test = read(backbone)
    assert (len(train[1]), len(test[1])) == (train_size, test_size)
    features, seen = (
        (transfer.cache_features(backbone.model, x), labels) for x, labels in (train, test)
    )
    accuracy, _ = on_frozen(features, seen)
    assert accuracy > floor  # chance is 0.5 and 0.1


@pytest.mark.parametrize("name", SETS)
def test_photographs_that_are_not_there_are_named(name, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path))
    read, stored, *_ = SETS[name]
    with pytest.raises(DataError, match=f"COURSEKIT_DATA holds no {stored}"):
        read(transfer.load_backbone("drawings"))


def test_splits_keep_pictures_with_their_class():
    named = [(("train", "b"), torch.ones(1)), (("train", "a"), torch.zeros(1))]
    named += [(("val", kind), torch.full((1,), value)) for kind, value in (("a", 0.0), ("b", 1.0))]
    for inputs, labels in photographs._splits(named, "val"):
        assert torch.equal(inputs, labels.float())
