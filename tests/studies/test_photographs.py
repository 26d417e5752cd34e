"""What pretrained features are worth on photographs: the study, and the figures that ship."""

from statistics import mean

import pytest
import torch

from coursekit import data, studies, transfer
from coursekit.data import DataError, tutorial
from coursekit.studies import photographs
from coursekit.studies.transfer_curve import draw_few, on_frozen

HELD = studies.load("photographs")


def means(row):
    return {count: mean(found) for count, found in row.items()}


def test_the_figures_that_ship_are_by_way_and_count_with_five_draws_each():
    counts = dict.fromkeys(("photographs, frozen", "drawings, frozen"), photographs.COUNTS)
    counts["from scratch"] = photographs.SCRATCH_COUNTS
    assert {way: [*map(int, row)] for way, row in HELD["rows"].items()} == {
        way: list(each) for way, each in counts.items()
    }
    for row in HELD["rows"].values():
        assert {len(found) for found in row.values()} == {5}
    assert HELD["majority"] == pytest.approx(83 / 153, abs=1e-4)


def test_photographs_are_told_apart_from_few_by_features_that_learned_photographs():
    frozen = means(HELD["rows"]["photographs, frozen"])
    assert frozen["20"] >= 0.92
    assert frozen["5"] >= 0.85
    for other in ("drawings, frozen", "from scratch"):
        assert all(frozen[n] > share + 0.1 for n, share in means(HELD["rows"][other]).items())


def test_features_fit_the_world_that_they_learned_both_ways():
    learned, other = HELD["worlds"]["photographs"], HELD["worlds"]["drawings"]
    assert learned.keys() == other.keys() == set(photographs.WORLDS)
    for count in map(str, photographs.IN_TABLE):
        assert means(learned["ants and bees"])[count] > means(other["ants and bees"])[count] + 0.2
        assert means(other["drawn things"])[count] > means(learned["drawn things"])[count] + 0.05
        assert learned["ants and bees"][count] == HELD["rows"]["photographs, frozen"][count]


def test_a_probe_is_drawn_anew_for_each_seed():
    torch.manual_seed(0)
    labels = torch.arange(40) % 2
    features = torch.randn(40, 5) + 3 * labels[:, None]
    found = photographs.probed((features, labels), (features, labels), (0, 1), (1, 10))
    assert {count: len(each) for count, each in found.items()} == {"1": 2, "10": 2}
    few = draw_few(labels, 10, 1)
    expected, _ = on_frozen((features[few], labels[few]), (features, labels))
    assert found["10"][1] == expected > 0.9


def test_photographs_that_are_not_at_hand_are_said(monkeypatch, tmp_path):
    monkeypatch.setattr(tutorial, "cache_folder", lambda: tmp_path)
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path))
    assert data.ants_and_bees() is None
    with pytest.raises(DataError, match="bees are not at hand; `coursekit fetch --all` brings"):
        photographs.photographs("train")


def test_the_real_set_is_measured_as_the_figures_say():
    if data.ants_and_bees() is None:
        pytest.skip("no photographs of ants and bees are at hand")
    parts = [photographs.photographs(split) for split in ("train", "val")]
    assert [len(files) for files, _ in parts] == [244, 153]
    assert parts[0][1].bincount().tolist() == [123, 121]
    backbone = transfer.load_backbone("drawings")  # the cheaper one of the two
    seen = [(backbone.features(files), labels) for files, labels in parts]
    found = photographs.probed(*seen, (0, 1), (20,))["20"]
    assert found == pytest.approx(HELD["rows"]["drawings, frozen"]["20"][:2], abs=0.05)
