"""One training by several processes: the weights of one, and an end for all."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
import two_workers
from two_workers import descended, dropping

from coursekit import training
from coursekit.cli import main
from coursekit.training import loop
from coursekit.training.workers import WorkerLost, Workers, _seen, joined

COMMAND = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
HERE = {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo", "CI": "true", "COURSEKIT_OFFLINE": "1"}
TRAIN = ["-m", "coursekit", "train", "--examples", "1500", "--optimizer", "sgd", "--epochs", "6"]


def of_two(rank):
    workers = Workers()
    workers.rank, workers.size = rank, 2
    return workers


def furthest(one, two):
    return max((one[name] - two[name]).abs().max().item() for name in one)


@pytest.mark.parametrize("count", [2, 7, 8])
def test_two_shares_are_the_batch_and_weigh_as_much(count):
    shares = [(workers.share(torch.arange(count)), workers) for workers in map(of_two, range(2))]
    assert sorted(torch.cat([share for share, _ in shares]).tolist()) == list(range(count))
    assert [workers.weight for _, workers in shares] == [len(s) / count for s, _ in shares]


def test_the_mean_of_half_batch_gradients_is_the_gradient_of_the_batch():
    """What two workers do, done by one: the shares differ in size, so the weights matter."""
    model = torch.nn.Linear(4, 3).double()
    x, y = torch.randn(7, 4).double(), torch.arange(7) % 3

    def gradient(places):
        model.zero_grad()
        torch.nn.functional.cross_entropy(model(x[places]), y[places]).backward()
        return model.weight.grad.clone()

    parts = []
    for workers in map(of_two, range(2)):
        part = gradient(workers.share(torch.arange(7)))
        parts.append(workers.weight * part)
    torch.testing.assert_close(sum(parts), gradient(torch.arange(7)))


def test_alone_a_process_is_the_only_worker():
    with joined(torch.device("cpu")) as workers:
        assert (workers.rank, workers.size) == (0, 1)
        assert workers.total(1.5, torch.tensor(2)) == [1.5, 2]
        assert workers.gathered("a") == ["a"]
        model = torch.nn.Linear(1, 1)
        assert workers.network(model) is model


def test_batches_yields_the_share_of_each():
    x, y = torch.arange(5.0), torch.arange(5)
    whole = list(training.batches(x, y, 2, torch.Generator().manual_seed(0)))
    half = list(training.batches(x, y, 2, torch.Generator().manual_seed(0), share=lambda p: p[::2]))
    assert [b.tolist() for _, b in half] == [b[::2].tolist() for _, b in whole]


@pytest.mark.parametrize(
    ("count", "held_out", "message"),
    [
        (9, 4, "batch_size is 4, which leaves a batch of 1 of 9 examples; expected 1 for each"),
        (8, 1, "validation has 1 examples; expected 1 for each of 2 workers at least"),
    ],
)
def test_no_worker_is_left_without_examples(monkeypatch, count, held_out, message):
    monkeypatch.setattr(loop, "Workers", lambda: of_two(0))
    data = torch.randn(count, 3), torch.zeros(count, dtype=torch.int64)
    few = torch.randn(held_out, 3), torch.zeros(held_out, dtype=torch.int64)
    with pytest.raises(ValueError, match=message):
        training.fit(torch.nn.Linear(3, 2), data, validation=few, batch_size=4)


def test_a_lost_worker_is_told_from_other_errors():
    with pytest.raises(WorkerLost, match="another worker has ended"), _seen():
        raise RuntimeError("[gloo/transport/tcp/pair.cc:538] Connection closed by peer [127.0.0.1]")
    with pytest.raises(RuntimeError, match="out of memory"), _seen():
        raise RuntimeError("out of memory")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--save", "."], "--save is '.', a folder; expected the path of a file"),
        (["--checkpoint", ""], "--checkpoint is empty; expected the path of a file or a folder"),
        (["--device", "abacus"], "device is 'abacus'; expected one that this machine has"),
        (["--examples", "9", "--epochs", "0"], "num_epochs is 0; expected at least 1"),
    ],
)
def test_train_says_what_would_fit_before_it_works(
    arguments, message, monkeypatch, tmp_path, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    assert main(["train", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_train_leaves_weights_and_says_how_good_they_are(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    monkeypatch.setenv("CI", "1")
    saved = tmp_path / "w.pt"
    assert main(["train", "--examples", "64", "--epochs", "1", "--save", str(saved)]) == 0
    assert "lenet: 61,706 parameters on" in (said := capsys.readouterr().out)
    assert "after 1 epoch of" in said
    from coursekit import models

    training.load(models.LeNet(), saved)


@pytest.mark.ci
def test_two_processes_end_with_the_weights_of_one(tmp_path):
    script = two_workers.__file__
    done = subprocess.run(
        [*COMMAND, script, tmp_path], env=os.environ | HERE, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    two = torch.load(tmp_path / "results.pt")
    assert two["workers"] == 2
    assert two["alike"]
    weights, history = descended()
    assert furthest(weights, two["plain"][0]) < 1e-5
    for name in ("loss", "accuracy"):
        assert two["plain"][1][name] == pytest.approx(history[name], abs=1e-5)
    for there, here in zip(two["plain"][1]["validation"], history["validation"], strict=True):
        assert list(there) == pytest.approx(list(here), abs=1e-5)
    # Batch norm is the exception: its means are those of a share.
    assert furthest(descended(norm=True)[0], two["norm"][0]) > 1e-3
    # Dropout differs from worker to worker; a run taken up ends as one that was not interrupted.
    assert furthest(two["whole"], two["resumed"]) == 0
    assert furthest(two["whole"], dropping(5, tmp_path / "alone.pt")) > 1e-4


def started(*arguments):
    return subprocess.Popen(
        [*COMMAND, *TRAIN, *arguments],
        env=os.environ | HERE, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def second_worker(parent):
    """Return the process of rank 1, among those that torchrun has started."""
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True
    ).stdout.split()
    for child in children:
        if b"LOCAL_RANK=1\0" in Path(f"/proc/{child}/environ").read_bytes():
            return int(child)
    raise AssertionError(f"torchrun {parent} has no worker of rank 1: {children}")


@pytest.mark.ci
@pytest.mark.skipif(sys.platform != "linux", reason="looks for the worker under /proc")
def test_a_killed_worker_ends_all_and_the_run_goes_on(tmp_path):
    checkpoint = tmp_path / "run.pt"
    run = started("--checkpoint", str(checkpoint))
    while not checkpoint.exists():
        time.sleep(0.05)
        assert run.poll() is None, run.stderr.read()
    os.kill(second_worker(run.pid), signal.SIGKILL)
    said = run.communicate(timeout=120)[1]
    assert run.returncode != 0
    assert said.count("coursekit: another worker has ended") <= 1  # torchrun may be faster
    assert "Connection closed" not in said
    saved, whole = tmp_path / "again.pt", tmp_path / "whole.pt"
    again = started("--checkpoint", str(checkpoint), "--save", str(saved))
    assert "2 processes" in again.communicate(timeout=300)[0]
    never = started("--save", str(whole))
    never.communicate(timeout=300)
    assert furthest(torch.load(saved), torch.load(whole)) == 0


def test_the_command_knows_the_recipes():
    from coursekit.cli import train
    from coursekit.training import recipes

    assert tuple(recipes.NETWORKS) == train.NETWORKS
