import pytest
import torch
from torch import nn

from coursekit.models.efficientnet import EfficientNetLite0, SameConv2d
from coursekit.models.resnet import SmallResNet
from coursekit.transfer.grad_cam import grad_cam, stages


class Red(nn.Module):
    """Class 1 is decided by red alone, class 0 by blue alone."""

    def __init__(self):
        super().__init__()
        self.maps = nn.Conv2d(3, 2, 1, bias=False)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(2, 2, bias=False)
        with torch.no_grad():
            self.maps.weight.copy_(torch.tensor([[0.0, 0, 1], [1, 0, 0]]).view(2, 3, 1, 1))
            self.fc.weight.copy_(torch.eye(2))

    def forward(self, x):
        return self.fc(self.pool(self.maps(x)).flatten(1))


def picture():
    image = torch.zeros(1, 3, 8, 8)
    image[0, 0, 1:3, 1:3] = 1  # red above left
    image[0, 2, 5:7, 4:8] = 1  # blue below right, more of it
    return image


def test_it_lights_up_where_the_class_is_decided():
    model, image = Red(), picture()
    blue, red = (grad_cam(model, image, model.maps, torch.tensor([y]))[0] for y in (0, 1))
    assert torch.equal(red, image[0, 0])
    assert torch.equal(blue, image[0, 2])
    assert torch.equal(grad_cam(model, image, model.maps)[0], blue), "the class that it calls"


def test_it_is_the_formula_computed_by_hand():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 6 * 6, 3))
    images = torch.randn(2, 3, 8, 8)
    head = model[3].weight.view(3, 4, 6, 6)
    maps = model[1](model[0](images))
    for place, y in enumerate((2, 0)):
        weights = head[y].mean(dim=(1, 2))  # d score / d maps is the head's weight
        expected = (weights.view(4, 1, 1) * maps[place]).sum(0).relu()
        expected = nn.functional.interpolate(
            expected[None, None], (8, 8), mode="bilinear", align_corners=False
        )[0, 0]
        expected = expected / expected.max()
        found = grad_cam(model, images, model[1], torch.tensor([2, 0]))[place]
        torch.testing.assert_close(found, expected)


def test_the_heat_lies_where_a_strided_network_looked():
    layers = [nn.Conv2d(1, 1, 3, stride=2, padding=1, bias=False) for _ in range(4)]
    for layer in layers:
        nn.init.constant_(layer.weight, 1.0)
    model = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1, 2))
    nn.init.constant_(model[-1].weight, 1.0)
    for row, column in ((16, 32), (48, 0), (0, 48), (32, 32)):
        image = torch.zeros(1, 1, 64, 64)
        image[0, 0, row, column] = 1
        heat = grad_cam(model, image, layers[-1])[0]
        assert heat[row, column] == 1
        columns = (heat * torch.arange(64.0)).sum() / heat.sum()
        assert abs(columns - column) < 1 or column in (0, 48), "the border cuts the spot there"


def test_the_heat_lies_where_a_network_that_pads_behind_looked():
    layers = [SameConv2d(1, 1, 3, stride=2, bias=False) for _ in range(4)]
    for layer in layers:
        nn.init.constant_(layer.weight, 1.0)
    model = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1, 2))
    nn.init.constant_(model[-1].weight, 1.0)
    for behind, off in ((True, 0), (False, 15)):  # taken for one that pads before, 15 pixels off
        model.pads_behind = behind
        for row, column in ((31, 15), (15, 31), (47, 31)):
            image = torch.zeros(1, 1, 64, 64)
            image[0, 0, row, column] = 1
            heat = grad_cam(model, image, layers[-1])[0]
            assert heat[row - off, column - off] == 1


def test_efficientnet_lite0_looks_around_the_last_pixel_of_each_tile():
    torch.manual_seed(0)
    model = EfficientNetLite0(2).eval()
    assert model.pads_behind
    for part in model.modules():  # every path counts alike: what is left is where they come from
        if isinstance(part, nn.ReLU6):
            part.forward = lambda x: x
        if isinstance(part, nn.Conv2d):
            nn.init.constant_(part.weight, 1 / part.weight[0].numel())
    x = torch.zeros(1, 3, 224, 224, requires_grad=True)
    maps = model.layer5(model.layer4(model.layer3(model.layer2(model.layer1(model.conv1(x))))))
    maps[0, 0, 6, 7].backward()  # cell (6, 7) at stride 16
    reached = x.grad.abs().sum(dim=(0, 1))
    rows, columns = (reached.sum(dim=axis) for axis in (1, 0))
    pixels = torch.arange(224.0)
    centre = [((line * pixels).sum() / line.sum()).item() for line in (rows, columns)]
    assert centre == pytest.approx([6 * 16 + 15, 7 * 16 + 15], abs=0.5)


@pytest.mark.parametrize("training", [True, False])
def test_a_frozen_network_is_read_and_left_as_it_was(training):
    torch.manual_seed(0)
    model = SmallResNet(3).requires_grad_(False).train(training)
    state = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        maps = grad_cam(model, images, model.layer4)
    assert maps.shape == (2, 64, 64)
    assert 0 <= maps.min() <= maps.max() <= 1
    assert not images.requires_grad
    assert model.training is training
    assert all(torch.equal(tensor, state[name]) for name, tensor in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())
    assert not any(part._forward_hooks or part._backward_hooks for part in model.modules())


def test_hooks_go_even_when_the_model_fails():
    model = SmallResNet(3)
    with pytest.raises(ValueError, match="images has .*, which the model does not take"):
        grad_cam(model, torch.zeros(1, 1, 64, 64), model.layer4)
    with pytest.raises(ValueError, match="images has .*, which the model does not take"):
        stages(model, torch.zeros(1, 1, 64, 64))
    assert not any(part._forward_hooks for part in model.modules())
    assert model.training


def test_nothing_that_speaks_for_a_class_gives_zeros():
    model = Red()
    assert not grad_cam(model, torch.zeros(1, 3, 8, 8), model.maps).any()


def test_it_takes_torchvisions_resnet():
    from torchvision.models import resnet18

    model = resnet18(weights=None).eval()
    images = torch.randn(1, 3, 64, 64)
    found = stages(model, images)
    assert list(found)[-1] == "layer4"
    assert found["layer4"].shape == (1, 512, 2, 2)
    assert grad_cam(model, images, model.layer4).shape == (1, 64, 64)


def test_stages_are_what_the_parts_give_before_an_inplace_relu():
    torch.manual_seed(0)
    model = SmallResNet(3).eval()
    images = torch.randn(1, 3, 64, 64)
    found = stages(model, images)
    assert list(found) == ["conv1", "bn1", "relu", "layer1", "layer2", "layer3", "layer4"]
    with torch.no_grad():
        torch.testing.assert_close(found["conv1"], model.conv1(images))
        torch.testing.assert_close(found["bn1"], model.bn1(model.conv1(images)))
    assert found["bn1"].min() < 0
