import inspect
import subprocess
import sys

import pytest
import torch
from torch import nn

from coursekit import data, figures, models, training
from coursekit.figures.lesson6 import live


def blobs(count=200, classes=3, seed=0):
    """Points around three corners: a set that a linear layer learns."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % classes
    corners = 4 * torch.eye(classes)
    return corners[labels] + torch.randn(count, classes, generator=generator), labels


def linear():
    torch.manual_seed(0)
    return nn.Linear(3, 3)


def test_fit_learns_and_says_how():
    model = linear()
    history = training.fit(
        model, blobs(), validation=blobs(seed=1), num_epochs=5, batch_size=20, learning_rate=0.1
    )
    assert history.loss[-1] < history.loss[0]
    assert len(history.loss) == len(history.accuracy) == len(history.validation) == 5
    assert history.validation[-1].accuracy > 0.95
    assert training.evaluate(model, blobs(seed=1)) == history.validation[-1]


def test_the_same_seed_gives_the_same_weights():
    first, second, third = linear(), linear(), linear()
    training.fit(first, blobs(), seed=3)
    training.fit(second, blobs(), seed=3)
    training.fit(third, blobs(), seed=4)
    assert torch.equal(first.weight, second.weight)
    assert not torch.equal(first.weight, third.weight)


def test_an_optimizer_of_ones_own_keeps_its_rate():
    model = linear()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    training.fit(model, blobs(), optimizer=optimizer)
    assert optimizer.param_groups[0]["lr"] == 0.1


def test_the_loop_equals_plain_pytorch():
    ours, plain = linear(), linear()
    x, y = blobs()
    training.fit(
        ours, (x, y), num_epochs=1, batch_size=64, optimizer=torch.optim.SGD(ours.parameters(), 0.1)
    )
    optimizer = torch.optim.SGD(plain.parameters(), 0.1)
    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(0))
    for places in order.split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(plain(x[places]), y[places]).backward()
        optimizer.step()
    assert torch.equal(ours.weight, plain.weight)


def test_history_counts_a_smaller_last_batch_by_its_size():
    model = nn.Linear(3, 3)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    still = torch.optim.SGD(model.parameters(), lr=0.0)
    history = training.fit(model, blobs(7), num_epochs=1, batch_size=4, optimizer=still)
    assert history.loss[0] == pytest.approx(torch.log(torch.tensor(3.0)).item())
    assert history.accuracy[0] == pytest.approx(3 / 7)


def test_evaluate_leaves_the_mode_and_uses_eval():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Dropout(0.9), nn.Linear(3, 3)).train()
    first, second = training.evaluate(model, blobs()), training.evaluate(model, blobs())
    assert first == second
    assert model.training


def test_predict_equals_the_model_whatever_the_batch_size():
    model, (x, _) = linear().eval(), blobs(25)
    torch.testing.assert_close(training.predict(model, x, batch_size=7), model(x).detach())


@pytest.mark.parametrize(
    ("train", "says"),
    [
        (
            (torch.zeros(0, 3), torch.zeros(0, dtype=torch.int64)),
            "0 inputs and 0 labels; expected as",
        ),
        (
            (torch.zeros(4, 3), torch.zeros(3, dtype=torch.int64)),
            "4 inputs and 3 labels; expected as",
        ),
        ((torch.zeros(4, 3), torch.zeros(4)), r"labels torch.float32 \(4,\); expected torch.int64"),
        (
            (torch.zeros(4, 5), torch.zeros(4, dtype=torch.int64)),
            r"inputs \(4, 5\), which the model",
        ),
        ((torch.zeros(4, 3), torch.full((4,), 3)), "labels from 3 to 3, but the model tells 3"),
        ((torch.zeros(4, 3), torch.full((4,), -1)), "expected labels from 0 to 2"),
    ],
)
def test_data_that_does_not_fit_is_named(train, says):
    with pytest.raises(ValueError, match=f"train has .*{says}"):
        training.fit(linear(), train)
    with pytest.raises(ValueError, match=f"data has .*{says}"):
        training.evaluate(linear(), train)


def test_a_model_without_class_axis_is_named():
    with pytest.raises(
        ValueError, match=r"returns \(1, 2, 3\) for one input; expected \(1, classes"
    ):
        training.fit(
            nn.Unflatten(1, (2, 3)), (torch.zeros(2, 6), torch.zeros(2, dtype=torch.int64))
        )


def test_a_loss_that_is_no_number_stops_with_advice():
    x, y = blobs()
    x[5] = float("nan")
    with pytest.raises(
        training.TrainingError, match="loss became nan in epoch 1; try a learning ra"
    ):
        training.fit(linear(), (x, y))


def test_the_bar_is_silent_in_ci_and_shown_elsewhere(monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    training.fit(linear(), blobs())
    assert capsys.readouterr() == ("", "")
    monkeypatch.delenv("CI")
    training.fit(linear(), blobs())
    assert capsys.readouterr() == ("", "")  # nobody watches a pipe
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    training.fit(linear(), blobs())
    assert "accuracy=" in capsys.readouterr().err


@pytest.mark.parametrize("classic", [False, True])
def test_lenet_has_the_slides_shapes(classic):
    table = models.shape_table(models.LeNet(classic=classic), torch.zeros(1, 1, 28, 28))
    sizes = [shape[1:] for _, shape, _ in table]
    expected = [
        (6, 28, 28), (6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 10, 10), (16, 5, 5),
        (400,), (120,), (120,), (84,), (84,), (10,),
    ]  # fmt: skip
    assert sizes == expected
    assert sum(parameters for _, _, parameters in table) == 61_706
    assert table[1][0] == ("Sigmoid" if classic else "ReLU")


def test_shape_table_leaves_the_mode():
    model = models.LeNet().train()
    models.shape_table(model, torch.zeros(1, 1, 28, 28))
    assert model.training


@pytest.mark.ci  # every day lesson 6 trains one
@pytest.mark.parametrize("seed", [0, 1])
def test_lenet_learns_the_stand_in(seed, monkeypatch):
    monkeypatch.delenv("COURSEKIT_DATA", raising=False)
    torch.manual_seed(seed)
    model = models.LeNet()
    training.fit(model, data.fashion_mnist("train").tensors(), seed=seed)
    assert training.evaluate(model, data.fashion_mnist("test").tensors()).accuracy > 0.75


def test_early_stopping_gives_the_best_weights_back():
    x, y = blobs()
    model, seen = linear(), []
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def spoil(batch):  # from the third epoch on, labels and inputs have nothing to do with another
        if len(seen) >= 2 * 4:
            batch = -10 * batch
        seen.append(training.evaluate(model, (x, y)).accuracy)
        return batch

    history = training.fit(
        model, (x, y), validation=(x, y), num_epochs=20, batch_size=50, optimizer=optimizer,
        augment=spoil, early_stopping=training.EarlyStopping(patience=2),
    )  # fmt: skip
    accuracies = [scores.accuracy for scores in history.validation]
    assert history.best_epoch == accuracies.index(max(accuracies)) + 1
    assert history.stopped_epoch == len(history) == history.best_epoch + 2
    assert max(accuracies) > accuracies[-1]
    assert training.evaluate(model, (x, y)) == history.validation[history.best_epoch - 1]


def test_without_a_plateau_all_epochs_are_trained():
    history = training.fit(
        linear(), blobs(), validation=blobs(seed=1), early_stopping=training.EarlyStopping(9)
    )
    assert (len(history), history.stopped_epoch) == (2, None)
    assert history.best_epoch in (1, 2)


def test_min_delta_says_what_counts_as_better():
    accuracies = [0.50, 0.505, 0.52, 0.525]
    assert training.EarlyStopping(2).best_epoch(accuracies) == 4
    assert training.EarlyStopping(2, min_delta=0.01).best_epoch(accuracies) == 3
    assert training.EarlyStopping(2, min_delta=0.1).is_over(accuracies)
    assert not training.EarlyStopping(4, min_delta=0.1).is_over(accuracies)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"num_epochs": 0}, "num_epochs is 0; expected at least 1"),
        ({"batch_size": -1}, "batch_size is -1; expected at least 1"),
        ({"learning_rate": 0}, "learning_rate is 0; expected a finite number above 0"),
        ({"learning_rate": float("nan")}, "learning_rate is nan; expected a finite number above 0"),
        ({"weight_decay": -1}, "weight_decay is -1; expected a finite number of at least 0"),
        ({"early_stopping": training.EarlyStopping()}, "early_stopping needs validation"),
        ({"device": "cuda:99"}, "device is 'cuda:99'; expected one that this machine has: 'cpu'"),
        ({"device": "toaster"}, "device is 'toaster'; expected one that .*, or 'auto'"),
        (
            {"augment": lambda x: x[:1]},
            r"augment returned \(1, 3\) for a batch \(128, 3\); expected",
        ),
        ({"validation": (torch.zeros(0, 3), torch.zeros(0))}, "validation has 0 inputs and 0"),
    ],
)
def test_settings_that_do_not_fit_are_named(options, says):
    with pytest.raises(ValueError, match=says):
        training.fit(linear(), blobs(), **options)


def test_an_optimizer_of_another_model_is_named():
    other = torch.optim.SGD(linear().parameters(), 0.1)
    with pytest.raises(ValueError, match="optimizer holds none of the model's parameters"):
        training.fit(linear(), blobs(), optimizer=other)


def test_weight_decay_belongs_to_the_optimizer_where_there_is_one():
    model = linear()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    with pytest.raises(ValueError, match="weight_decay and optimizer are both given"):
        training.fit(model, blobs(), optimizer=optimizer, weight_decay=0.1)


def test_a_frozen_model_has_nothing_to_train():
    with pytest.raises(ValueError, match="no parameters that require a gradient"):
        training.fit(linear().requires_grad_(False), blobs())


def test_frozen_parameters_stay():
    model = nn.Sequential(linear(), nn.Linear(3, 3))
    model[0].requires_grad_(False)
    before = model[0].weight.clone(), model[1].weight.clone()
    training.fit(model, blobs(), weight_decay=0.5)
    assert torch.equal(model[0].weight, before[0])
    assert not torch.equal(model[1].weight, before[1])


def test_weight_decay_makes_weights_smaller():
    free, decayed = linear(), linear()
    training.fit(free, blobs(), learning_rate=0.1, num_epochs=5)
    training.fit(decayed, blobs(), learning_rate=0.1, num_epochs=5, weight_decay=1.0)
    assert decayed.weight.norm() < 0.9 * free.weight.norm()


def test_smoothed_labels_keep_a_network_unsure_and_count_in_training_alone():
    sure, unsure = linear(), linear()
    options = {"num_epochs": 20, "learning_rate": 0.1, "validation": blobs()}
    training.fit(sure, blobs(), **options)
    history = training.fit(unsure, blobs(), **options, label_smoothing=0.2)
    confidence = [training.predict(m, blobs()[0]).softmax(1).amax(1).mean() for m in (sure, unsure)]
    assert confidence[1] < confidence[0]
    assert history.validation[-1] == training.evaluate(unsure, blobs())
    assert history.loss[-1] > history.validation[-1].loss


def test_a_device_of_ones_own_choice_or_the_fastest(monkeypatch):
    assert training.find_device("cpu") == torch.device("cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert training.find_device("auto").type == "cpu"
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert training.find_device("auto").type == "mps"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert training.find_device("auto").type == "cuda"
    assert training.find_device("cuda:1").index == 1
    with pytest.raises(ValueError, match="'cuda:2'; expected one that this machine has: 'cpu', 'm"):
        training.find_device("cuda:2")


@pytest.mark.skipif(training.find_device("auto").type == "cpu", reason="no accelerator here")
def test_an_accelerator_learns_too():
    model = linear()
    history = training.fit(model, blobs(), num_epochs=5, learning_rate=0.1, device="auto")
    assert history.accuracy[-1] > 0.9
    assert training.evaluate(model, blobs()).accuracy > 0.9


class Handle:
    """A place in a notebook, and the pictures that were put there."""

    def __init__(self):
        self.shown = []

    def display(self, figure, *, display_id):
        assert display_id is True
        self.shown.append(figure)
        return self

    def update(self, figure):
        self.shown.append(figure)


def test_live_curves_are_put_in_one_place_after_each_epoch(monkeypatch):
    handle, new = Handle(), []
    monkeypatch.setattr(live, "get_ipython", lambda: object())
    monkeypatch.setattr(
        live, "display", lambda *args, **kwargs: new.append(1) or handle.display(*args, **kwargs)
    )
    unseen = figures.LiveCurves()
    training.fit(linear(), blobs(), num_epochs=3, on_epoch=unseen)
    assert new == [], "nothing in CI"
    assert "after 3 epochs" in unseen.last().axes[0].get_title()
    monkeypatch.delenv("CI")
    seen = figures.LiveCurves()
    training.fit(linear(), blobs(), num_epochs=3, on_epoch=seen)
    assert (len(new), len(handle.shown)) == (1, 3)
    assert seen.last() is None, "it is on the page already"
    assert "after 3 epochs" in handle.shown[-1].axes[0].get_title()


def test_live_curves_are_left_out_where_there_is_no_notebook(monkeypatch, capsys):
    monkeypatch.delenv("CI")
    training.fit(linear(), blobs(), on_epoch=figures.LiveCurves())
    assert capsys.readouterr().out == ""


def test_live_curves_of_no_run_are_an_error():
    with pytest.raises(ValueError, match="^no epoch was trained"):
        figures.LiveCurves().last()


def test_a_hook_sees_the_history_grow():
    seen = []
    training.fit(
        linear(), blobs(), num_epochs=3, on_epoch=lambda history: seen.append(len(history))
    )
    assert seen == [1, 2, 3]


def test_the_bar_says_where_early_stopping_ended(monkeypatch, capsys):
    monkeypatch.delenv("CI")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    still = linear()
    training.fit(
        still, blobs(), validation=blobs(), num_epochs=9, early_stopping=training.EarlyStopping(2),
        optimizer=torch.optim.SGD(still.parameters(), lr=0.0),
    )  # fmt: skip
    assert "stopped after epoch 3, weights of epoch 1" in capsys.readouterr().err


@pytest.mark.ci  # a process that imports PyTorch
def test_importing_training_leaves_matplotlib_alone():
    code = "import sys, coursekit.training; print('matplotlib' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"


def test_the_loop_is_short_enough_to_read():
    lines = inspect.getsource(training.fit).splitlines()
    end = max(i for i, line in enumerate(lines) if line.strip().endswith('"""'))
    assert len(lines[end + 1 :]) <= 25
