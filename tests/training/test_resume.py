"""A run that is interrupted, killed, or meets the wrong file."""

import os
import subprocess
import sys

import pytest
import torch
from torch import nn

from coursekit import training


def blobs(count=200, classes=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % classes
    corners = 4 * torch.eye(classes)
    return corners[labels] + torch.randn(count, classes, generator=generator), labels


def dropping(width=8):
    """A model with all kinds of state: weights, running means, random numbers."""
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(3, width), nn.BatchNorm1d(width), nn.Dropout(0.5), nn.Linear(width, 3)
    )


def jitter(x):
    return x + 0.1 * torch.randn_like(x)


def louder(x):
    return 2 * x


def plan(**changes):
    return {
        "validation": blobs(seed=1),
        "num_epochs": 4,
        "batch_size": 25,
        "augment": Interrupting(10**6),
        "early_stopping": training.EarlyStopping(patience=3),
    } | changes


def same(first, second):
    return all(map(torch.equal, first.state_dict().values(), second.state_dict().values()))


def without_seconds(history):
    return vars(history) | {"seconds": len(history.seconds)}


class Interrupting:
    """`jitter`, until the step at which the learner presses the stop button."""

    def __init__(self, step):
        self.steps = iter(range(step))

    def __call__(self, x):
        if next(self.steps, None) is None:
            raise KeyboardInterrupt
        return jitter(x)

    def __repr__(self):
        return "jitter"


@pytest.mark.parametrize("step", [0, 3, 8, 21, 31])
def test_an_interrupted_run_ends_as_if_it_had_not_been(tmp_path, step):
    whole, broken = dropping(), dropping()
    kept = {"checkpoint": tmp_path / "run.pt"}
    expected = training.fit(whole, blobs(), **plan())
    with pytest.raises(KeyboardInterrupt):
        training.fit(broken, blobs(), **plan(augment=Interrupting(step), **kept))
    history = training.fit(broken, blobs(), **plan(**kept))
    assert same(whole, broken)
    assert without_seconds(history) == without_seconds(expected)


def test_a_finished_run_is_read_back_without_a_step(tmp_path):
    first, again = dropping(), dropping()
    kept = {"checkpoint": tmp_path / "run.pt"}
    history = training.fit(first, blobs(), **plan(**kept))
    assert training.fit(again, blobs(), **plan(augment=Interrupting(0), **kept)) == history
    assert same(first, again)


@pytest.mark.parametrize("make", [torch.optim.SGD, torch.optim.AdamW])
def test_an_optimizer_of_ones_own_is_taken_up_too(tmp_path, make):
    whole, broken = dropping(), dropping()
    training.fit(whole, blobs(), **plan(optimizer=make(whole.parameters(), lr=0.05)))
    kept = {"checkpoint": tmp_path / "run.pt"}
    optimizer = make(broken.parameters(), lr=0.05)
    with pytest.raises(KeyboardInterrupt):
        training.fit(broken, blobs(), **plan(optimizer=optimizer, augment=Interrupting(20), **kept))
    training.fit(broken, blobs(), **plan(optimizer=optimizer, **kept))
    assert same(whole, broken)


KILLED = """
import sys, time, torch
sys.path.insert(0, {here!r})
import test_resume as t
from coursekit import training

class Slow(t.Interrupting):
    def __call__(self, x):
        if {slow} and (step := next(self.steps)) == 20:
            print("in epoch 3", flush=True)
            time.sleep(600)
        return t.jitter(x)

model = t.dropping()
history = training.fit(model, t.blobs(), **t.plan(augment=Slow(10**6), checkpoint={path!r}))
training.save(model, {path!r} + ".weights")
"""


@pytest.mark.ci
def test_a_killed_run_ends_as_if_it_had_not_been(tmp_path):
    path = tmp_path / "run.pt"
    places = {"here": os.path.dirname(__file__), "path": str(path)}  # noqa: PTH120
    code = [sys.executable, "-c", KILLED.format(slow=True, **places)]
    with subprocess.Popen(code, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "in epoch 3\n"
        finally:
            process.kill()
    assert len(torch.load(path, weights_only=True)["state"]["history"]["loss"]) == 2
    subprocess.run(
        [sys.executable, "-c", KILLED.format(slow=False, **places)], check=True, timeout=120
    )
    whole, resumed = dropping(), dropping()
    training.fit(whole, blobs(), **plan())
    training.load(resumed, f"{path}.weights")
    assert same(whole, resumed)


def test_the_random_numbers_of_a_run_are_its_own(tmp_path):
    torch.manual_seed(5)
    first = dropping()
    torch.manual_seed(6)
    before = torch.get_rng_state()
    training.fit(first, blobs(), **plan())
    assert torch.equal(torch.get_rng_state(), before), "fit must not use up the caller's numbers"
    second = dropping()
    torch.manual_seed(7)
    training.fit(second, blobs(), **plan())
    assert same(first, second)
    third = dropping()
    training.fit(third, blobs(), **plan(seed=1))
    assert not same(first, third)


def optimizer_of(model):
    return torch.optim.SGD(model.parameters(), lr=0.1)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"num_epochs": 5}, "num_epochs 4 there, 5 here"),
        ({"batch_size": 20}, "batch_size 25 there, 20 here"),
        ({"seed": 1}, "seed 0 there, 1 here"),
        ({"learning_rate": 0.02}, "learning_rate 0.01 there, 0.02 here"),
        ({"weight_decay": 0.1}, "weight_decay 0.0 there, 0.1 here"),
        ({"augment": louder}, "augment jitter there, louder here"),
        ({"augment": None}, "augment jitter there, None here"),
        ({"early_stopping": None}, "early_stopping EarlyStopping.patience=3.* there, None here"),
        ({"validation": blobs(seed=2)}, "validation .200, .* there, .200, .* here"),
    ],
)
def test_the_checkpoint_of_another_run_is_refused(tmp_path, changes, says):
    kept = {"checkpoint": tmp_path / "run.pt"}
    training.fit(dropping(), blobs(), **plan(**kept))
    with pytest.raises(ValueError, match=f"checkpoint is .*another run: .*{says}"):
        training.fit(dropping(), blobs(), **plan(**kept) | changes)


def test_the_checkpoint_of_another_model_data_or_optimizer_is_refused(tmp_path):
    kept = {"checkpoint": tmp_path / "run.pt"}
    training.fit(dropping(), blobs(), **plan(**kept))
    before = (tmp_path / "run.pt").read_bytes()
    with pytest.raises(ValueError, match=r"another run: 0.weight \(8, 3\) there, \(9, 3\) here"):
        training.fit(dropping(9), blobs(), **plan(**kept))
    with pytest.raises(ValueError, match=r"train \(200, .* there, \(200, .* here"):
        training.fit(dropping(), blobs(seed=3), **plan(**kept))
    model = dropping()
    with pytest.raises(ValueError, match="optimizer AdamW .* there, SGD .* here"):
        training.fit(model, blobs(), **plan(optimizer=optimizer_of(model), **kept))
    assert (tmp_path / "run.pt").read_bytes() == before


def flipped(content):
    middle = content.index(b"data/0") + 150  # in the numbers of the first tensor
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGES = {
    "empty": lambda content: b"",
    "cut short": lambda content: content[: len(content) // 2],
    "text": lambda content: b"this is no checkpoint",
    "a bit changed": flipped,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_named(tmp_path, damage):
    path = tmp_path / "some.pt"
    training.fit(dropping(), blobs(), **plan(checkpoint=path))
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    with pytest.raises(ValueError, match=r"checkpoint is .*some.pt, which is damaged.*delete it"):
        training.fit(dropping(), blobs(), **plan(checkpoint=path))
    training.save(dropping(), path)
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    with pytest.raises(ValueError, match=r"path is .*some.pt, which is damaged"):
        training.load(dropping(), path)


def test_code_in_a_file_is_not_run(tmp_path):
    torch.save(nn.Linear(3, 3), tmp_path / "model.pt")
    with pytest.raises(ValueError, match="holds more than weights"):
        training.load(nn.Linear(3, 3), tmp_path / "model.pt")


def test_weights_are_no_checkpoint_and_a_checkpoint_no_weights(tmp_path):
    training.save(dropping(), tmp_path / "weights.pt")
    with pytest.raises(ValueError, match="no checkpoint of `fit`"):
        training.fit(dropping(), blobs(), **plan(checkpoint=tmp_path / "weights.pt"))
    training.fit(dropping(), blobs(), **plan(checkpoint=tmp_path / "run.pt"))
    with pytest.raises(ValueError, match="which holds no state_dict"):
        training.load(dropping(), tmp_path / "run.pt")


def test_what_is_saved_is_loaded(tmp_path):
    first, second = dropping(), nn.Sequential(*dropping())
    training.fit(first, blobs(), **plan())
    training.save(first, tmp_path / "new" / "weights.pt")
    training.load(second, str(tmp_path / "new" / "weights.pt"))
    assert same(first, second)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["weights.pt"]


def test_weights_that_do_not_fit_are_named_and_change_nothing(tmp_path):
    training.save(dropping(9), tmp_path / "nine.pt")
    model = dropping()
    with pytest.raises(ValueError, match=r"0.weight \(9, 3\) there, \(8, 3\) here; .*and 3 more"):
        training.load(model, tmp_path / "nine.pt")
    with pytest.raises(ValueError, match=r"0.weight \(9, 3\) there, missing here"):
        training.load(nn.Linear(3, 3), tmp_path / "nine.pt")
    with pytest.raises(ValueError, match="none.pt, and there is no such file"):
        training.load(model, tmp_path / "none.pt")
    assert same(model, dropping())


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    training.save(dropping(), tmp_path / "weights.pt")
    before = (tmp_path / "weights.pt").read_bytes()

    def half(path, _):
        with path.open("wb") as stream:
            stream.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(type(tmp_path), "write_bytes", half)
    with pytest.raises(KeyboardInterrupt):
        training.save(dropping(9), tmp_path / "weights.pt")
    assert (tmp_path / "weights.pt").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1
