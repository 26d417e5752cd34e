"""The exercise of lesson 6 on building a network: LeNet from its table."""

from __future__ import annotations

from typing import Any

from torch import nn

from coursekit import models
from coursekit.exercises.lesson6 import inspection
from coursekit.exercises.model import Explanation, FunctionExercise, Misconception
from coursekit.exercises.telling.numbers import number

ROWS = (
    "the first convolution", "its activation", "the first pooling", "the second convolution",
    "its activation", "the second pooling", "the flattening", "the first dense layer",
    "its activation", "the second dense layer", "its activation", "the last dense layer",
)  # fmt: skip
COLUMNS = ("channels", "rows", "columns", "parameters")


def lenet(num_classes: int) -> nn.Sequential:
    """Return LeNet, untrained, as the twelve layers of its table.

    It takes (N, 1, 28, 28), and gives (N, num_classes).

    >>> import torch
    >>> lenet(10)(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 10])
    """
    return nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, kernel_size=5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, num_classes),
    )


def _explain(index: tuple[int, int], num_classes: int) -> Explanation:
    row, column = index
    wanted = inspection.layer_table(lenet(num_classes))[index]
    return Explanation(f"{ROWS[row]}: {COLUMNS[column]} = {number(wanted)}")


def _with(**parts: Any) -> Any:
    """Return a builder of LeNet in which some of the twelve layers are others.

    parts: "l3": what stands in place 3; None leaves it out.
    """

    def wrong(num_classes: int) -> nn.Sequential:
        layers = list(lenet(num_classes))
        for name, build in parts.items():
            layers[int(name[1:])] = build(num_classes) if build else None
        return nn.Sequential(*(layer for layer in layers if layer is not None))

    return wrong


def _lazy(num_classes: int) -> nn.Sequential:
    return nn.Sequential(
        *(nn.LazyConv2d(6, 5, padding="same"), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.LazyConv2d(16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.LazyLinear(120), nn.Sigmoid(), nn.LazyLinear(84), nn.Sigmoid()),
        nn.LazyLinear(num_classes),
    )


LENET = FunctionExercise(
    id="6.5",
    title="LeNet from its table",
    minutes=8,
    reference=lenet,
    examples=((10,), (2,)),
    inputs=lambda pick: (pick.integer(2, 12),),
    any_numbers=False,
    harness=inspection.looking_at(inspection.layer_table),
    alternatives=(models.LeNet, lambda n: models.LeNet(n, classic=True), _lazy),
    explain=_explain,
    explain_shape=lambda num_classes: (
        "The table has twelve rows: one for each layer, activations and the flattening included."
    ),
    signed=(),
    hints=(
        "What has the second convolution to do to 14×14 so that 10×10 is left, and what the first "
        "so that 28×28 stays?",
        "k = 5 in both. With padding 2 the size stays; without, it shrinks by 4. The number of "
        "parameters, 156 = 6·(1·25 + 1), says how many filters there are.",
        "nn.MaxPool2d(2) halves. After nn.Flatten(), nn.Linear(16 * 5 * 5, 120) is the first dense "
        "layer.",
        "The last layer has no activation: it gives logits.",
    ),
    reasons=(
        "Each row of the table is one layer, and its shape and parameters leave one choice: 28 → "
        "28 with 5×5 needs a padding of 2, 14 → 10 none. Any activation and any pooling of 2×2 fit "
        "the table; which ones learn is what the lesson measures next."
    ),
    misconceptions={
        "no padding in the first convolution": Misconception(
            _with(l0=lambda n: nn.Conv2d(1, 6, 5)),
            "A window of 5×5 takes four rows and columns away, 28 to 24; padding=2 brings them "
            "back.",
        ),
        "padding in the second convolution": Misconception(
            _with(l3=lambda n: nn.Conv2d(6, 16, 5, padding=2)),
            "The table goes from 14×14 to 10×10: the second convolution does without padding.",
        ),
        "kernels of 3×3": Misconception(
            _with(l0=lambda n: nn.Conv2d(1, 6, 3, padding=1), l3=lambda n: nn.Conv2d(6, 16, 3)),
            "156 parameters for 6 filters leave 26 for each: 5·5 weights and a bias.",
        ),
        "sixteen channels in, six out": Misconception(
            _with(l0=lambda n: nn.Conv2d(1, 16, 5, padding=2), l3=lambda n: nn.Conv2d(16, 6, 5)),
            "The table has 6 maps first and 16 later: nn.Conv2d takes channels in, then channels "
            "out.",
        ),
        "a dense layer of 16 numbers": Misconception(
            _with(l7=lambda n: nn.Linear(16, 120)),
            "After the flattening an image has 16·5·5 = 400 numbers, not one for each channel.",
        ),
        "a dense layer for maps of 7×7": Misconception(
            _with(l7=lambda n: nn.Linear(16 * 7 * 7, 120)),
            "The second convolution leaves 10×10, and the pooling half of that: 16·5·5 = 400.",
        ),
        "a pooling that moves by one pixel": Misconception(
            _with(l2=lambda n: nn.MaxPool2d(2, stride=1)),
            "nn.MaxPool2d(2) moves by its own size and halves; stride=1 takes away one row only.",
        ),
        "ten classes whatever was asked": Misconception(
            _with(l11=lambda n: nn.Linear(84, 10)),
            "The last layer has one number for each class: num_classes.",
        ),
        "the flattening left out": Misconception(
            _with(l6=None),
            "A dense layer would see 16 channels of 5×5 and read along the last axis, which has 5 "
            "numbers. nn.Flatten() makes 400 in a row.",
        ),
        "the images flattened together": Misconception(
            _with(l6=lambda n: nn.Flatten(0)),
            "nn.Flatten(0) puts all images of the batch in one row; nn.Flatten() keeps axis 0.",
        ),
        "dense layers in a row, with nothing between them": Misconception(
            _with(l8=None, l10=None),
            "Without an activation between them the three dense layers are one, as in lesson 5.",
        ),
        "no biases": Misconception(
            _with(
                l0=lambda n: nn.Conv2d(1, 6, 5, padding=2, bias=False),
                l3=lambda n: nn.Conv2d(6, 16, 5, bias=False),
            ),
            "156 = 6·(25 + 1): each filter has a bias, and the table counts it.",
        ),
        "a layer behind the last one": Misconception(
            lambda n: nn.Sequential(*lenet(n), nn.Softmax(dim=1)),
            "The network ends with logits: the loss does the softmax itself, and a ReLU would cut "
            "off every negative one.",
        ),
    },
)

EXERCISES = (LENET,)
