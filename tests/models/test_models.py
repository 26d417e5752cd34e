import pytest
import torch
import torchinfo
from torch import nn

from coursekit import models

IMAGES = {models.FirstCNN: (2, 1, 32, 32), models.LeNet: (2, 1, 28, 28)}
IMAGES |= dict.fromkeys(
    [models.ResidualCNN, models.ThreeBlockCNN, models.ThreeBlockCNNAsFound], (2, 1, 28, 28)
)


@pytest.mark.parametrize(
    ("network", "parameters", "outputs"),
    [
        (models.FirstCNN, 1_597, 1),
        (models.LeNet, 61_706, 10),
        (models.ResidualCNN, 98_666, 10),
        (models.ThreeBlockCNN, 1_379_557, 10),
        (models.ThreeBlockCNNAsFound, 1_379_557, 10),
    ],
)
def test_size_and_output_of_each_network(network, parameters, outputs):
    model = network()
    assert models.count_parameters(model) == parameters
    assert model(torch.zeros(IMAGES[network])).shape == (2, outputs)
    counted = torchinfo.summary(model, IMAGES[network], verbose=0, device="cpu")
    assert counted.total_params == parameters


def test_a_residual_block_that_adds_nothing_is_passed_by():
    model = models.ResidualCNN(channels=8).eval()
    x = torch.randn(2, 1, 28, 28)
    maps = model.block3(model.block2(model.block1(x)))
    assert not torch.allclose(model(x), model.fc(maps.flatten(1)))
    nn.init.zeros_(model.block4[0].weight)
    torch.testing.assert_close(model(x), model.fc(maps.flatten(1)))


def test_the_first_cnn_gives_probabilities():
    out = models.FirstCNN()(10 * torch.randn(50, 1, 32, 32))
    assert bool(((out >= 0) & (out <= 1)).all())


def called(model):
    """Names of the modules that run in one forward."""
    names = []
    for name, module in model.named_modules():
        module.register_forward_hook(lambda *_, name=name: names.append(name))
    model(torch.zeros(1, 1, 28, 28))
    return names


def test_the_three_block_cnn_as_found_never_calls_layer4():
    assert "layer4" not in called(models.ThreeBlockCNNAsFound())
    assert {"layer4", "layer4.1", "layer4.2"} <= set(called(models.ThreeBlockCNN()))


def test_as_found_its_two_linear_layers_are_one_and_repaired_they_are_not():
    torch.manual_seed(0)
    found, repaired = models.ThreeBlockCNNAsFound(), models.ThreeBlockCNN()
    repaired.load_state_dict(found.state_dict())
    one = nn.Linear(2048, 10)
    with torch.no_grad():
        one.weight.copy_(found.fc2.weight @ found.fc1.weight)
        one.bias.copy_(found.fc2.weight @ found.fc1.bias + found.fc2.bias)
    x = torch.randn(3, 1, 28, 28)
    maps = found.layer3(found.layer2(found.layer1(x))).flatten(1)
    torch.testing.assert_close(found(x), one(maps), atol=1e-4, rtol=1e-4)
    assert not torch.allclose(repaired(x), found(x), atol=1e-3)


def test_dropout_acts_in_training_only():
    model = models.ThreeBlockCNN(dropout=0.5)
    x = torch.ones(1, 1, 28, 28)
    assert not torch.equal(model(x), model(x))
    model.eval()
    assert torch.equal(model(x), model(x))


def test_shape_table_leaves_the_mode_alone():
    model = models.LeNet().train()
    rows = models.shape_table(model, torch.zeros(1, 1, 28, 28))
    assert model.training
    assert [shape for _, shape, _ in rows][-1] == (1, 10)
    assert sum(parameters for *_, parameters in rows) == 61_706
