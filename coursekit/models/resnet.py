"""Small residual networks: ResNet-18's anatomy for colour images 64×64, and one for gray 28×28."""

from __future__ import annotations

from functools import partial
from typing import Annotated, TypeAlias

from torch import Tensor, nn

from coursekit.arguments import integer
from coursekit.contracts import checks_arguments
from coursekit.models.blocks import block

__all__ = ["MOST_CLASSES", "Classes", "ResidualBlock", "ResidualCNN", "SmallResNet"]

STAGES = (32, 64, 128, 256)
MOST_CLASSES = 100_000  # more outputs fit in no memory

Classes: TypeAlias = Annotated[int, partial(integer, minimum=1, maximum=MOST_CLASSES)]
Channels: TypeAlias = Annotated[int, partial(integer, minimum=1, maximum=1000)]


class ResidualBlock(nn.Module):
    """Two 3×3 convolutions, and a way around them: relu(x + f(x)).

    Where the size or the number of channels changes, a 1×1 convolution brings x to it.
    Source: He et al., Deep residual learning for image recognition, 2015, section 3.

    (N, in_channels, H, W) -> (N, out_channels, ceil(H / stride), ceil(W / stride)).

    >>> import torch
    >>> ResidualBlock(2, 4, stride=2)(torch.zeros(1, 2, 7, 6)).shape
    torch.Size([1, 4, 4, 3])
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        # No biases: batch norm takes the mean away, and with it any bias, and adds one of its own.
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: Tensor) -> Tensor:
        """Return relu(x + f(x)), (N, out_channels, ceil(H / stride), ceil(W / stride))."""
        around = x if self.downsample is None else self.downsample(x)  # of the shape of f(x)
        out = self.relu(self.bn1(self.conv1(x)))
        return self.relu(around + self.bn2(self.conv2(out)))


class SmallResNet(nn.Module):
    """The network that ships with the course: one residual block a stage, 256 features.

    Its parts have the names of torchvision's ResNet-18 (conv1, bn1, layer1 to layer4, fc), so what
    freezes, cuts or looks into one does so in the other. 1,228,970 parameters with ten classes.

    stages: the channels of layer1 to layer4, each from 1 to 1,000.
    (N, 3, 64, 64) -> logits (N, num_classes); other sizes too, as the last maps are averaged.
    Raises ValueError for numbers out of range, TypeError for what is not four of them.
    """

    @checks_arguments
    def __init__(
        self,
        num_classes: Classes = 10,
        *,
        stages: tuple[Channels, Channels, Channels, Channels] = STAGES,
    ) -> None:
        super().__init__()
        first, second, third, fourth = stages
        # ResNet-18's 7×7 and max pooling are made for 224×224; of 64×64 they leave layer4 only 2×2.
        self.conv1 = nn.Conv2d(3, first, 3, stride=2, padding=1, bias=False)  # (N, 32, 32, 32)
        self.bn1 = nn.BatchNorm2d(first)
        self.relu = nn.ReLU(inplace=True)
        self.layer1 = ResidualBlock(first, first)  # (N, 32, 32, 32)
        self.layer2 = ResidualBlock(first, second, stride=2)  # (N, 64, 16, 16)
        self.layer3 = ResidualBlock(second, third, stride=2)  # (N, 128, 8, 8)
        self.layer4 = ResidualBlock(third, fourth, stride=2)  # (N, 256, 4, 4)
        self.avgpool = nn.AdaptiveAvgPool2d(1)  # (N, 256, 1, 1)
        self.fc = nn.Linear(fourth, num_classes)  # (N, num_classes)

    def features(self, x: Tensor) -> Tensor:
        """Return what the head sees: (N, 3, H, W) float32 -> (N, stages[3]), none below 0."""
        x = self.relu(self.bn1(self.conv1(x)))
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return self.avgpool(x).flatten(1)  # (N, C, h, w) -> (N, C, 1, 1) -> (N, C)

    def forward(self, x: Tensor) -> Tensor:
        """Return a logit for each class: (N, 3, H, W) float32 -> (N, num_classes)."""
        return self.fc(self.features(x))


class ResidualCNN(nn.Module):
    """Three blocks of 32, 64 and `channels` channels, then a fourth convolution: x + f(x).

    98,666 parameters with ten classes and 64 channels. The fourth convolution works on maps 3×3,
    which costs little, and the dense layer behind it sees no more numbers than without it.

    (N, 1, 28, 28) -> logits (N, num_classes).
    """

    @checks_arguments
    def __init__(self, num_classes: Classes = 10, *, channels: Channels = 64) -> None:
        super().__init__()
        options = {"dropout": 0.0, "batch_norm": True, "bias": False}
        self.block1 = block(1, 32, **options)  # (N, 32, 14, 14)
        self.block2 = block(32, 64, **options)  # (N, 64, 7, 7)
        self.block3 = block(64, channels, **options)  # (N, channels, 3, 3)
        self.block4 = nn.Sequential(  # the same shape
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
        )
        self.fc = nn.Linear(channels * 3 * 3, num_classes)  # (N, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return a logit for each class: (N, 1, 28, 28) float32 -> (N, num_classes)."""
        x = self.block3(self.block2(self.block1(x)))
        x = x + self.block4(x)
        return self.fc(x.flatten(1))  # (N, channels, 3, 3) -> (N, 9 * channels)
