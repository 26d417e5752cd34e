import pytest
import torch
from torch import nn

from coursekit import data, models, training


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


def test_lenet_learns_the_stand_in(monkeypatch):
    monkeypatch.delenv("COURSEKIT_DATA", raising=False)
    for seed in (0, 1):
        torch.manual_seed(seed)
        model = models.LeNet()
        training.fit(model, data.fashion_mnist("train").tensors(), seed=seed)
        assert training.evaluate(model, data.fashion_mnist("test").tensors()).accuracy > 0.75
