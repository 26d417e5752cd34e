import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from coursekit import bench, cli, data, training
from coursekit.bench import convolution, lenet, quality, timing
from coursekit.bench.goals import Goal
from coursekit.book import loading, required_book, trainer
from coursekit.classroom.grade import measured as grading
from coursekit.training import recipes


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
    monkeypatch.setattr(convolution, "small_times", lambda: {"im2col": 0.004, "torch": 0.001})
    monkeypatch.setattr(convolution, "layer_times", lambda: {"im2col": 0.029, "torch": 0.01})
    assert cli.main(["bench"]) == 0
    said = capsys.readouterr().out
    assert "4.0" in said
    assert "2.9" in said
    assert "reached" in said
    monkeypatch.setattr(convolution, "layer_times", lambda: {"im2col": 0.031, "torch": 0.01})
    assert cli.main(["bench"]) == 1
    assert "missed" in capsys.readouterr().out


def tiny(stand_in=False):
    """A few drawn images in the place of the real set."""
    part = data.fashion_mnist("train").head(300)
    return replace(part, stand_in=stand_in, reason="the test says so")


@pytest.fixture
def no_data(monkeypatch):
    monkeypatch.delenv("COURSEKIT_DATA", raising=False)


def test_a_goal_knows_its_good_side():
    assert Goal("speed", 3.0, 3.0, "3.0").reached
    assert not Goal("speed", 2.9, 3.0, "2.9").reached
    assert Goal("cost", 1.1, 1.1, "1.1", at_least=False).reached
    assert Goal("cost", 1.2, 1.1, "1.2", at_least=False).row() == (
        "cost",
        "1.2",
        "at most 1.1",
        "no",
    )


@pytest.mark.parametrize("section", ["lenet", "quality"])
def test_without_the_real_data_the_bench_says_what_to_do(monkeypatch, capsys, section):
    drawn = tiny(stand_in=True)
    monkeypatch.setattr(data, "fashion_mnist", lambda split: drawn)
    monkeypatch.setattr(lenet, "required_book", lambda: None)
    assert cli.main(["bench", section]) == 2
    said = capsys.readouterr().err
    assert "not here (the test says so)" in said
    assert "`coursekit fetch` gets it" in said


def test_without_the_book_the_bench_says_what_to_do(monkeypatch, capsys):
    monkeypatch.setattr(loading, "load_book", lambda: None)
    assert cli.main(["bench", "lenet"]) == 2
    assert "needs d2l; expected it installed" in capsys.readouterr().err


def test_all_runs_every_section_and_one_miss_is_a_miss(monkeypatch, capsys):
    tables = {convolution: True, lenet: False, quality: True, grading: True}
    for section, reached in tables.items():
        monkeypatch.setattr(section, "table", lambda s=section, r=reached: (s.__name__, r))
    assert cli.main(["bench", "all"]) == 1
    assert capsys.readouterr().out.split() == [section.__name__ for section in tables]
    assert cli.main(["bench", "quality"]) == 0


def test_an_epoch_is_compared_with_the_book_and_with_the_bare_loop(no_data, monkeypatch):
    train, book_epochs = tiny().tensors(), []
    found = iter([[3.4, 3.9, 4.1], [1.0, 1.2, 2.0]])

    def run_once(slow, fast, **_):
        fast(), slow()
        return next(found)

    monkeypatch.setattr(lenet, "ratios", run_once)
    faster, overhead = lenet.epoch_goals(lambda: book_epochs.append(1), train, train)
    assert (faster.measured, faster.reached) == (3.4, False), "the least counts"
    assert (overhead.measured, overhead.reached) == (1.2, False)
    assert len(book_epochs) == 1


def test_our_epoch_is_an_epoch_of_the_books_network(no_data):
    train = tiny().tensors()
    epoch = lenet.classic_epoch(train, train)
    first, second = epoch(), epoch()
    assert second.loss[0] < first.loss[0], "it goes on from where it was"
    assert len(first.validation) == 1


def test_ratios_are_of_the_cpu_and_of_one_round_each(monkeypatch):
    clock = iter([0, 1, 1, 5, 5, 6, 10, 12, 12, 14, 14, 16])  # 1, 4, 1 and 2, 2, 2 seconds
    monkeypatch.setattr(timing, "cpu_seconds", lambda: next(clock))
    calls = []
    found = timing.ratios(lambda: calls.append("slow"), lambda: calls.append("fast"), rounds=2)
    assert found == [1.0, 4.0]
    assert calls == ["fast", "slow"] + ["fast", "slow", "fast"] * 2


def test_the_work_of_an_ended_child_counts():
    before = timing.cpu_seconds()
    subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)
    assert timing.cpu_seconds() - before > 0.01


def test_the_bare_loop_trains(no_data):
    train = tiny().tensors()
    torch.manual_seed(0)
    epoch = lenet.bare_loop(train, 100)
    model = epoch.__closure__[epoch.__code__.co_freevars.index("model")].cell_contents
    before = training.evaluate(model, train).loss
    for _ in range(5):
        epoch()
    assert training.evaluate(model, train).loss < before


class StubRun:
    """A book's run with accuracies of its own, for nothing."""

    def __init__(self, *accuracies):
        self.accuracies, self.epochs = iter(accuracies), 0

    def epoch(self):
        self.epochs += 1

    def accuracy(self, images, labels):
        return next(self.accuracies)


def test_the_books_race_ends_where_it_arrives_or_after_ten_epochs(no_data):
    early, never = StubRun(0.5, 0.86, 0.9), StubRun(*[0.1] * 9, 0.7)
    assert lenet.book_race(early, tiny())[1] == 0.86
    assert early.epochs == 2
    assert lenet.book_race(never, tiny())[1] == 0.7
    assert never.epochs == 10


def test_the_race_says_that_the_book_never_arrives(monkeypatch):
    monkeypatch.setattr(lenet, "our_race", lambda train, test, seed: (2.0, 0.86))
    monkeypatch.setattr(lenet, "book_race", lambda run, test: (80.0, run))
    goal = lenet.race_goal([0.7, 0.72, 0.74], None, None)
    assert goal.measured == 40
    assert "the book never in 10 epochs with 3 of 3 seeds, 80 s to 0.720; 2.0 s" in goal.shown
    monkeypatch.setattr(lenet, "our_race", lambda train, test, seed: (2.0, 0.84))
    assert not lenet.race_goal([0.7, 0.72, 0.74], None, None).reached


@pytest.mark.ci
def test_the_books_own_trainer_reads_our_images(no_data):
    book = pytest.importorskip("d2l.torch") and required_book()
    part, before = tiny(), Path.cwd()
    with trainer.book_data(book, {"train": part, "test": part.head(100)}) as source:
        assert (len(source.train), len(source.val)) == (300, 100)
        assert torch.equal(source.train.data, part.images[:, 0])
        run = trainer.BookRun(book, source, part.images[:2] / 255, num_epochs=1, seed=0)
        run.epoch()
    assert Path.cwd() == before
    assert 0 <= run.accuracy(part.images, part.labels) <= 1


def test_a_recipe_is_measured_with_each_seed(no_data):
    seen, train = [], tiny().tensors()

    def recipe(data, *, seed):
        seen.append(seed)
        return recipes.quick_lenet(data, seed=seed, batch_size=100)

    candidate = quality.Candidate("a", recipe, accuracy=0.0, seconds=60, parameters=61_705)
    accuracy, seconds, parameters = quality.goals_of(candidate, train, train)
    assert seen == [0, 1, 2]
    assert accuracy.reached
    assert seconds.measured > 0
    assert (parameters.shown, parameters.reached) == ("61,706", False)


@pytest.mark.parametrize("candidate", quality.CANDIDATES, ids=lambda candidate: candidate.name)
def test_every_recipe_runs_and_its_seed_decides(no_data, candidate):
    train = tiny().head(100).tensors()
    first, second, third = (
        candidate.train(train, seed=seed, num_epochs=1)[0].state_dict() for seed in (0, 0, 1)
    )
    assert all(map(torch.equal, first.values(), second.values()))
    assert not all(map(torch.equal, first.values(), third.values()))
