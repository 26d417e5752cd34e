import time

import pytest
import torch
from torch.nn import functional as F

from coursekit import bench, cli


@pytest.mark.parametrize("name", bench.FOUR_WAYS)
def test_the_four_ways_agree(name):
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(2, 3, 6, 5, generator=generator)
    weight = torch.randn(4, 3, 3, 2, generator=generator)
    got = bench.FOUR_WAYS[name](x, weight)
    torch.testing.assert_close(got, F.conv2d(x, weight))


def test_times_are_medians_that_tell_slow_from_fast():
    threads = torch.get_num_threads()
    naps = iter([0.0, 0.05, 0.0, 0.0])
    seconds = bench.times(
        {"slow": lambda: time.sleep(0.02), "fast": lambda: time.sleep(next(naps))}, repeats=3
    )
    assert seconds["slow"] > 0.019
    assert seconds["fast"] < 0.01, "one long pause must not decide"
    assert torch.get_num_threads() == threads


def test_bench_prints_both_inputs_and_says_whether_the_goal_is_reached(monkeypatch, capsys):
    monkeypatch.setattr(bench, "small_times", lambda: {"im2col": 0.004, "torch": 0.001})
    monkeypatch.setattr(bench, "layer_times", lambda: {"im2col": 0.029, "torch": 0.01})
    assert cli.main(["bench"]) == 0
    said = capsys.readouterr().out
    assert "4.0" in said
    assert "2.9" in said
    assert "reached" in said
    monkeypatch.setattr(bench, "layer_times", lambda: {"im2col": 0.031, "torch": 0.01})
    assert cli.main(["bench"]) == 1
    assert "missed" in capsys.readouterr().out
