"""The open challenge of lesson 6: the most accuracy inside a budget of parameters."""

from __future__ import annotations

from torch import Tensor, nn

from coursekit import models
from coursekit.exercises.lesson6 import inspection
from coursekit.exercises.model import Explanation, FunctionExercise, Misconception
from coursekit.exercises.telling.numbers import number


def small_network(num_classes: int) -> nn.Module:
    """Return an untrained network of at most 100,000 parameters for images 28×28.

    It takes (N, 1, 28, 28), and gives logits (N, num_classes).

    >>> import torch
    >>> small_network(10)(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 10])
    """
    return nn.Sequential(
        *(nn.Conv2d(1, 32, 3, padding=1), nn.MaxPool2d(2), nn.BatchNorm2d(32), nn.ReLU()),
        *(nn.Conv2d(32, 64, 3, padding=1), nn.MaxPool2d(2), nn.BatchNorm2d(64), nn.ReLU()),
        *(nn.Conv2d(64, 96, 3, padding=1), nn.MaxPool2d(2), nn.BatchNorm2d(96), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(96 * 3 * 3, num_classes)),
    )


def _explain_entry(index: tuple[int], num_classes: int) -> Explanation:
    wanted = inspection.entry(small_network(num_classes))[index[0]]
    return Explanation(f"{inspection.ENTRY[index[0]]}: {number(wanted)}")


class _HalfUsed(nn.Module):
    """A network with a block that its forward passes by."""

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        self.used = small_network(num_classes)
        self.block = nn.Linear(64, 64)

    def forward(self, x: Tensor) -> Tensor:
        return self.used(x)


def _frozen(num_classes: int) -> nn.Module:
    model = small_network(num_classes)
    return model.requires_grad_(False)


def _blind(num_classes: int) -> nn.Module:
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1, num_classes))


CHALLENGE = FunctionExercise(
    id="6.10",
    title="The open challenge",
    minutes=15,
    reference=small_network,
    examples=((10,), (2,)),
    inputs=lambda pick: (pick.choice((2, 10)),),  # each trains a network: no more than are needed
    any_numbers=False,
    harness=inspection.looking_at(inspection.entry),
    alternatives=(
        models.LeNet,
        lambda n: models.MLP(784, 100, n),
        lambda n: nn.Sequential(*small_network(n), nn.Identity()).double().float(),
    ),
    explain=_explain_entry,
    signed=(),
    hints=(
        "Where do LeNet's 61,706 parameters sit, and how many would one dense layer need in their "
        "place, on maps pooled once more?",
        "Count before you build: a layer of 3×3 from 32 to 64 channels has 64·(32·9 + 1) = 18,496 "
        "parameters, and a dense layer on 64 maps of 3×3 has 10·(576 + 1) = 5,770.",
        "Batch norm after each convolution, and two or three poolings, are worth their price. Then "
        "train with augmentation, and compare on the validation set.",
    ),
    reasons=(
        "Ours has 83,242 parameters: three blocks of convolution, pooling and batch norm. Their "
        "maps of 3×3 need one small dense layer in place of LeNet's three, which leaves room for "
        "more channels. The check looks "
        "at the rules; the score is what the scoreboard prints."
    ),
    misconceptions={
        "a network over its budget": Misconception(
            lambda n: models.MLP(784, 256, n),
            "Count the parameters: models.count_parameters says how many there are.",
        ),
        "a network with parts that nothing reaches": Misconception(
            _HalfUsed,
            "Parameters that forward never uses get no gradient, and use up the budget.",
        ),
        "a frozen network": Misconception(
            _frozen,
            "Parameters with requires_grad = False are never moved: it cannot learn.",
        ),
        "probabilities instead of logits": Misconception(
            lambda n: nn.Sequential(*small_network(n), nn.Softmax(dim=1)),
            "The loss does the softmax itself; done twice, it learns slowly and never gets sure.",
        ),
        "ten classes whatever was asked": Misconception(
            lambda n: small_network(10),
            "The last layer has one number for each class: num_classes.",
        ),
        "one answer for the whole batch": Misconception(
            lambda n: nn.Sequential(nn.Flatten(0), nn.LazyLinear(n), nn.Unflatten(0, (1, n))),
            "Axis 0 counts the images and stays as it is: nn.Flatten() begins with axis 1.",
        ),
        "a network that cannot see": Misconception(
            _blind,
            "It is left with the mean brightness of the image, which is the same wherever the "
            "light is: keep more of the image.",
        ),
        "a last layer that clips": Misconception(
            lambda n: nn.Sequential(*small_network(n), nn.ReLU()),
            "A ReLU after the last layer makes every negative logit 0, and a class whose logit is "
            "negative for all images is never learned.",
        ),
    },
)

EXERCISES = (CHALLENGE,)
