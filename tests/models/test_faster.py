"""Networks that cost a CPU less: the same outputs as the lessons' LeNet, or better ones."""

import pytest
import torch
from torch.nn import functional as F

from coursekit import models
from coursekit.models.eights import InEights
from coursekit.models.mirrored import LooksTwice


def images(count=5, size=28):
    return torch.randn(count, 1, size, size, generator=torch.Generator().manual_seed(0))


def gradients(network, lenet, x):
    lenet.zero_grad()
    logits = network(x)
    F.cross_entropy(logits, torch.arange(len(x))).backward()
    return [logits, *(weight.grad.clone() for weight in lenet.parameters())]


@pytest.mark.parametrize("classic", [False, True])
def test_in_eights_lenet_has_the_same_outputs_and_gradients(classic):
    torch.manual_seed(0)
    lenet, x = models.LeNet(classic=classic).double(), images().double()
    plain, faster = (gradients(network, lenet, x) for network in (lenet, InEights(lenet)))
    for expected, got in zip(plain, faster, strict=True):
        torch.testing.assert_close(got, expected)


def test_its_two_halves_are_the_lenets():
    lenet = models.LeNet()
    network = InEights(lenet)
    torch.testing.assert_close(network.dense()(network.convolutions()(images())), lenet(images()))
    assert network.dense()[-1] is lenet[-1]


def test_in_eights_has_no_weights_of_its_own():
    lenet = models.LeNet()
    assert [id(p) for p in InEights(lenet).parameters()] == [id(p) for p in lenet.parameters()]


def test_the_first_convolution_learns_for_as_many_steps_as_asked():
    network = InEights(models.LeNet(), steps=2)
    network.eval()(images())  # no step
    network.train()
    learns = []
    for _ in range(3):
        network.zero_grad()
        network(images()).sum().backward()
        learns.append(
            [layer.weight.grad is not None for layer in network.lenet if hasattr(layer, "weight")]
        )
    assert learns == [[True] * 5, [True] * 5, [False] + [True] * 4]


def test_the_steps_are_part_of_the_state():
    network, other = (InEights(models.LeNet(), steps=2) for _ in range(2))
    for _ in range(2):
        network(images())
    other.load_state_dict(network.state_dict())
    other(images()).sum().backward()
    assert other.lenet[0].weight.grad is None


def test_looking_twice_is_blind_to_mirroring_but_not_in_training():
    torch.manual_seed(0)
    twice, x = LooksTwice(models.LeNet()), images()
    torch.testing.assert_close(twice.eval()(x), twice(x.flip(3)))
    torch.testing.assert_close(twice(x), (twice.model(x) + twice.model(x.flip(3))) / 2)
    assert torch.equal(twice.train()(x), twice.model(x))
    assert not torch.allclose(twice(x), twice(x.flip(3)))
