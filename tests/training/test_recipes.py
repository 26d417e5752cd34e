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


def test_the_fast_lenet_is_a_lenet_whose_dense_layers_go_on_alone():
    data = garments()
    model, history = recipes.fast_lenet(data, num_epochs=2, batch_size=10, validation=data)
    assert type(model) is models.LeNet
    assert len(history) == 2 + 4
    assert history.validation[-1] == evaluate(model, data)
    assert history.validation[-1].loss < history.validation[1].loss


def test_each_part_of_the_fast_lenet_is_taken_up_as_it_was(tmp_path):
    """After a third of the steps the first convolution learns no more, whoever began the run."""
    settings = {"num_epochs": 4, "batch_size": 10}
    whole, expected = recipes.fast_lenet(garments(), **settings)

    def stop(*epochs):
        def hook(history):
            if len(history) in epochs:
                raise StoppedError

        return hook

    for epoch in (3, 7):
        with pytest.raises(StoppedError):
            recipes.fast_lenet(
                garments(), **settings, checkpoint=tmp_path / "run", on_epoch=stop(epoch)
            )
    assert {path.name for path in tmp_path.iterdir()} == {"run", "run.dense"}
    halted, history = recipes.fast_lenet(garments(), **settings, checkpoint=tmp_path / "run")
    assert history.loss == expected.loss
    for one, other in zip(whole.parameters(), halted.parameters(), strict=True):
        assert torch.equal(one, other)


def test_compact_and_accurate_look_twice():
    for recipe in (recipes.compact, recipes.accurate):
        model, _ = recipe(garments(), num_epochs=1, batch_size=20)
        x = garments()[0]
        torch.testing.assert_close(model.eval()(x), model(x.flip(3)))
