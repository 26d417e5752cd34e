"""Studies measure what they say, keep it with its circumstances, and ship measured on real data."""

import json

import pytest
import torch
from torch import nn

from coursekit import cli, data, models, studies
from coursekit.machine.paths import course_folder
from coursekit.studies import panel, regularisation

SHIPPED = sorted(file.stem for file in (course_folder("data") / "results").glob("*.json"))


def few(count=200):
    return data.fashion_mnist("train").head(count)


@pytest.mark.parametrize("name", SHIPPED)
def test_what_ships_was_measured_on_real_data_and_says_where(name):
    results = studies.load(name)
    assert not results["stand_in"]
    assert results["study"] == name
    assert set(results["machine"]) >= {"cores", "threads", "torch", "python"}
    assert len(results["seeds"]) >= 3
    text = json.dumps(results)
    assert len(text) < 40_000
    assert "/work" not in text
    assert "/home" not in text


def test_a_study_is_run_with_its_seeds_and_kept(monkeypatch, tmp_path, capsys):
    measured = {"data": "nothing", "stand_in": True, "rows": {"a": {"test": [1 / 3]}}}
    monkeypatch.setattr(panel, "measure", lambda seeds: measured)
    assert cli.main(["study", "panel", "--seeds", "4", "5", "-o", str(tmp_path)]) == 0
    kept = json.loads((tmp_path / "panel-standin.json").read_text())
    assert kept["seeds"] == [4, 5]
    assert kept["rows"]["a"]["test"] == [0.3333]
    assert "panel-standin.json" in capsys.readouterr().out


def test_an_unknown_study_is_named(capsys):
    assert cli.main(["study", "weather"]) == 2
    assert "study is 'weather'; expected one of book_lenet, " in capsys.readouterr().err
    with pytest.raises(ValueError, match="name is 'weather'; expected one of"):
        studies.load("weather")


def test_each_change_of_the_panel_changes_one_thing():
    base, (first, *changes, last) = panel.Change(), panel.CHANGES.values()
    differing = [
        [key for key in vars(base) if getattr(change, key) != getattr(base, key)]
        for change in (first, *changes, last)
    ]
    assert [len(keys) for keys in differing] == [0, *[1] * len(changes), 4]
    assert len({keys[0] for keys in differing[1:-1]}) == len(changes)


def test_the_books_inputs_are_pixels_from_0_to_1():
    x, _ = few(20).tensors()
    pixels = panel.Change().inputs(x)
    torch.testing.assert_close(pixels, few(20).images / 255, atol=1e-6, rtol=0)
    assert panel.Change(normalised=True).inputs(x) is x
    torch.manual_seed(0)
    first = panel.CHANGES["the book's"].model()
    torch.manual_seed(0)
    classic = models.LeNet(classic=True)
    x = torch.randn(2, 1, 28, 28)
    assert [p.shape for p in first.parameters()] == [p.shape for p in classic.parameters()]
    classic.load_state_dict(first.state_dict())
    torch.testing.assert_close(first(x), classic(x))


def test_the_sigmoid_starves_the_first_layer_and_relu_does_not():
    x, y = few().tensors()
    shares = {}
    for name in ("the book's", "max pooling", "weights times 4", "ReLU"):
        norms = panel.gradient_norms(panel.CHANGES[name], x, y, seed=0)
        shares[name] = norms["conv 1"] / norms["dense 3"]
    assert list(norms) == list(panel.LAYERS)
    assert shares["the book's"] < 0.01
    assert shares["max pooling"] < 0.01
    assert min(shares["weights times 4"], shares["ReLU"]) > 0.05


def test_gradient_norms_are_those_of_autograd():
    x, y = few(20).tensors()
    change = panel.CHANGES["inputs around 0"]
    norms = panel.gradient_norms(change, x, y, seed=2)
    torch.manual_seed(2)
    model = change.model()
    nn.functional.cross_entropy(model(x), y).backward()
    assert norms["dense 3"] == pytest.approx(model[-1].weight.grad.norm().item(), rel=1e-5)


def test_a_curve_begins_before_training_and_is_the_same_for_a_seed():
    train, test = few(128).tensors(), data.fashion_mnist("test").head(50).tensors()
    budget = {"num_epochs": 2, "batch_size": 64, "seed": 1}
    first, second = (panel.curve(panel.CHANGES["ReLU"], train, test, **budget) for _ in range(2))
    assert first == second
    assert len(first) == 3


def test_small_sets_are_apart_from_one_another_and_new_for_each_seed():
    marked = few(5000)
    marked.labels[:] = torch.arange(5000)
    small, held_out = regularisation.small_sets(marked, seed=0)
    other, _ = regularisation.small_sets(marked, seed=1)
    assert (len(small), len(held_out)) == (2000, 1000)
    assert not set(small.labels.tolist()) & set(held_out.labels.tolist())
    assert set(small.labels.tolist()) != set(other.labels.tolist())


def test_recipes_differ_from_the_base_and_keep_the_number_of_steps():
    base = regularisation.RECIPES[regularisation.BASE]
    assert models.count_parameters(base.model()) == 61_706
    for name, recipe in regularisation.RECIPES.items():
        model = recipe.model()
        assert model(torch.zeros(2, 1, 28, 28)).shape == (2, 10)
        settings = recipe.settings(model, seed=3)
        assert settings["seed"] == 3
        assert settings["num_epochs"] * recipe.images == regularisation.EPOCHS
        assert (vars(recipe) == vars(base)) == (name == regularisation.BASE)


def test_a_recipe_is_trained_and_tested(monkeypatch):
    monkeypatch.setattr(regularisation, "EPOCHS", 2)
    monkeypatch.setattr(regularisation, "IMAGES", 100)
    recipe = regularisation.RECIPES["early stopping"]
    test = data.fashion_mnist("test").head(100)
    run = regularisation.train_and_test(recipe, few(3000), test, 0)
    assert set(run) == {"train", "test", "loss", "epochs"}
    assert 0 <= run["test"] <= 1


def test_the_books_own_lenet_is_trained_by_its_own_trainer():
    book = pytest.importorskip("coursekit.book").load_book()
    if book is None:
        pytest.skip("d2l is not installed")
    from coursekit.studies.book_lenet import book_curve

    train, test = few(128).tensors(), data.fashion_mnist("test").head(64).tensors()
    curve = book_curve(book, train, test, num_epochs=2, batch_size=64, seed=0)
    assert len(curve) == 2
    assert all(0 <= value <= 0.4 for value in curve)
