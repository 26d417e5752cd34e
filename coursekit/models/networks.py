"""The networks of the lessons, as short as their specification."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from coursekit.arguments import integer
from coursekit.contracts import Share, checks_arguments
from coursekit.models.blocks import block
from coursekit.models.resnet import Classes

__all__ = ["MLP", "FirstCNN", "LeNet", "SmallCNN", "ThreeBlockCNN", "ThreeBlockCNNAsFound"]

MOST_WEIGHTS = 10**9  # in a layer: 4 GB


class MLP(nn.Sequential):
    """A multilayer perceptron: fully connected layers with ReLU between them.

    sizes: numbers of inputs, of hidden units in each layer, and of outputs.
    (N, ...) with sizes[0] numbers in each example -> (N, sizes[-1]).
    Raises ValueError for fewer than two sizes, one below 1, or a layer that fits in no memory.

    >>> sum(p.numel() for p in MLP(2, 8, 1).parameters())
    33
    """

    def __init__(self, *sizes: int) -> None:
        for place, size in enumerate(sizes):
            integer(f"sizes[{place}]", size, minimum=1)
        if len(sizes) < 2 or max(a * b for a, b in pairwise(sizes)) > MOST_WEIGHTS:
            raise ValueError(
                f"sizes is {sizes}; expected inputs and outputs at least, as in (2, 1), "
                f"and at most {MOST_WEIGHTS:,} weights in a layer"
            )
        layers: list[nn.Module] = [nn.Flatten()]
        for num_inputs, num_outputs in pairwise(sizes):
            layers += [nn.Linear(num_inputs, num_outputs), nn.ReLU()]
        super().__init__(*layers[:-1])  # the outputs are scores, which may lie below 0: no ReLU


class LeNet(nn.Sequential):
    """LeNet-5 for images 28×28: 61,706 parameters with ten classes.

    The modern form has ReLU and max pooling. The classic one, as in Dive into Deep Learning, has
    the sigmoid and average pooling, and weights drawn by Xavier's rule.
    Source: LeCun et al., Gradient-based learning applied to document recognition, 1998.

    (N, 1, 28, 28) -> logits (N, num_classes).

    >>> import torch
    >>> LeNet()(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 10])
    """

    @checks_arguments
    def __init__(self, num_classes: Classes = 10, *, classic: bool = False) -> None:
        activation, pool = (nn.Sigmoid, nn.AvgPool2d) if classic else (nn.ReLU, nn.MaxPool2d)
        super().__init__(
            nn.Conv2d(1, 6, kernel_size=5, padding=2),  # (N, 6, 28, 28)
            activation(),
            pool(kernel_size=2),  # (N, 6, 14, 14)
            nn.Conv2d(6, 16, kernel_size=5),  # (N, 16, 10, 10)
            activation(),
            pool(kernel_size=2),  # (N, 16, 5, 5)
            nn.Flatten(),  # (N, 400)
            nn.Linear(400, 120),  # (N, 120)
            activation(),
            nn.Linear(120, 84),  # (N, 84)
            activation(),
            nn.Linear(84, num_classes),  # (N, num_classes)
        )
        if classic:  # as the book draws them; PyTorch's own rule gives most layers smaller ones
            self.apply(_xavier)


class FirstCNN(nn.Sequential):
    """The smallest network that is one, for gray images 32×32: 1,597 parameters, one probability.

    (N, 1, 32, 32) -> (N, 1), between 0 and 1.
    """

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(1, 6, kernel_size=3, padding=1),  # (N, 6, 32, 32)
            nn.ReLU(),
            nn.AvgPool2d(kernel_size=2),  # (N, 6, 16, 16)
            nn.Flatten(),  # (N, 1536)
            nn.Linear(6 * 16 * 16, 1),  # (N, 1)
            nn.Sigmoid(),
        )


class ThreeBlockCNN(nn.Module):
    """Three blocks of 32, 64 and 128 channels, and two fully connected layers, for images 28×28.

    1,379,557 parameters with ten classes. The batch normalisation, if asked for, comes between
    the pooling and the ReLU of each block.

    dropout: the share of numbers set to 0 in training, behind each block and the first dense layer.
    (N, 1, 28, 28) -> logits (N, num_classes).
    """

    @checks_arguments
    def __init__(
        self, num_classes: Classes = 10, *, dropout: Share = 0.0, batch_norm: bool = False
    ) -> None:
        super().__init__()
        options = {"dropout": float(dropout), "batch_norm": batch_norm}
        self.layer1 = block(1, 32, **options)  # (N, 32, 14, 14)
        self.layer2 = block(32, 64, **options)  # (N, 64, 7, 7)
        self.layer3 = block(64, 128, pool_padding=1, **options)  # (N, 128, 4, 4)
        self.fc1 = nn.Linear(128 * 4 * 4, 625)  # (N, 625)
        self.layer4 = nn.Sequential(self.fc1, nn.ReLU(), nn.Dropout(options["dropout"]))
        self.fc2 = nn.Linear(625, num_classes)  # (N, num_classes)
        nn.init.xavier_uniform_(self.fc1.weight)
        nn.init.xavier_uniform_(self.fc2.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Return a logit for each class: (N, 1, 28, 28) float32 -> (N, num_classes)."""
        out = self.layer1(x)
        out = self.layer2(out)
        out = self.layer3(out)
        out = out.flatten(1)  # (N, 128, 4, 4) -> (N, 2048)
        out = self.layer4(out)
        return self.fc2(out)


class ThreeBlockCNNAsFound(ThreeBlockCNN):
    """The same layers as they were published: `layer4` is built, and `forward` passes it by.

    Between its two fully connected layers there is no activation, so together they are one.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return a logit for each class: (N, 1, 28, 28) float32 -> (N, num_classes)."""
        out = self.layer1(x)
        out = self.layer2(out)
        out = self.layer3(out)
        out = out.view(out.size(0), -1)  # (N, 128, 4, 4) -> (N, 2048)
        out = self.fc1(out)
        return self.fc2(out)


class SmallCNN(nn.Sequential):
    """Three blocks with batch normalisation, then one layer on maps 3×3.

    83,242 parameters with ten classes: ThreeBlockCNN has two fully connected layers on larger maps,
    and those hold most of its 1.4 million.
    (N, 1, 28, 28) -> logits (N, num_classes).
    """

    @checks_arguments
    def __init__(self, num_classes: Classes = 10) -> None:
        options = {"dropout": 0.0, "batch_norm": True}
        super().__init__(
            block(1, 32, **options),  # (N, 32, 14, 14)
            block(32, 64, **options),  # (N, 64, 7, 7)
            block(64, 96, **options),  # (N, 96, 3, 3)
            nn.Flatten(),  # (N, 864)
            nn.Linear(96 * 3 * 3, num_classes),  # (N, num_classes)
        )


def _xavier(layer: nn.Module) -> None:
    if isinstance(layer, (nn.Conv2d, nn.Linear)):
        nn.init.xavier_uniform_(layer.weight)
