"""Recipes that do more than name settings."""

import pytest
import torch

from coursekit import models
from coursekit.training import evaluate, recipes


def garments(count=60):
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(count) % 10
    return torch.randn(count, 1, 28, 28, generator=generator) + labels.view(-1, 1, 1, 1), labels


class StoppedError(Exception):
    pass


def test_the_fast_lenet_is_a_lenet():
    model, history = recipes.fast_lenet(garments(), num_epochs=2, batch_size=10)
    assert type(model) is models.LeNet
    assert len(history) == 2
    assert evaluate(model, garments()).loss < evaluate(models.LeNet(), garments()).loss


def test_taken_up_late_it_goes_on_as_it_was(tmp_path):
    """After a third of the steps the first convolution learns no more, whoever began the run."""
    settings = {"num_epochs": 4, "batch_size": 10}
    whole, _ = recipes.fast_lenet(garments(), **settings)

    def stop(history):
        if len(history) == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        recipes.fast_lenet(garments(), **settings, checkpoint=tmp_path / "run", on_epoch=stop)
    halted, _ = recipes.fast_lenet(garments(), **settings, checkpoint=tmp_path / "run")
    for expected, got in zip(whole.parameters(), halted.parameters(), strict=True):
        assert torch.equal(got, expected)


def test_compact_and_accurate_look_twice():
    for recipe in (recipes.compact, recipes.accurate):
        model, _ = recipe(garments(), num_epochs=1, batch_size=20)
        x = garments()[0]
        torch.testing.assert_close(model.eval()(x), model(x.flip(3)))
