"""A small residual network with ResNet-18's anatomy and names, for colour images 64×64."""

from __future__ import annotations

from torch import Tensor, nn

from coursekit.arguments import integer, short

__all__ = ["ResidualBlock", "SmallResNet", "checked_classes"]

STAGES = (32, 64, 128, 256)
MOST = 100_000  # classes, or channels: more fits in no memory


def checked_classes(num_classes: object, *, minimum: int = 1) -> int:
    """Return the number of classes that a network shall tell apart."""
    return integer("num_classes", num_classes, minimum=minimum, maximum=MOST)


class ResidualBlock(nn.Module):
    """Two 3×3 convolutions, and a way around them: relu(x + f(x)).

    Where the size or the number of channels changes, a 1×1 convolution brings x to it.
    Source: He et al., Deep residual learning for image recognition, 2015.

    (N, in_channels, H, W) -> (N, out_channels, ceil(H / stride), ceil(W / stride)).
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
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
        """Return relu(x + f(x))."""
        around = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        return self.relu(around + self.bn2(self.conv2(out)))


class SmallResNet(nn.Module):
    """The network that ships with the course: one residual block a stage, 256 features.

    Its parts have the names of torchvision's ResNet-18 (conv1, bn1, layer1 to layer4, fc), so what
    freezes, cuts or looks into one does so in the other. 1,228,970 parameters with ten classes.

    stages: the channels of layer1 to layer4.
    (N, 3, 64, 64) -> logits (N, num_classes).
    """

    def __init__(
        self, num_classes: int = 10, *, stages: tuple[int, int, int, int] = STAGES
    ) -> None:
        super().__init__()
        if not isinstance(stages, (tuple, list)) or len(stages) != len(STAGES):
            raise TypeError(f"stages is {short(stages)}; expected four numbers of channels")
        first, second, third, fourth = (
            integer(f"stages[{place}]", channels, minimum=1, maximum=1000)
            for place, channels in enumerate(stages)
        )
        self.conv1 = nn.Conv2d(3, first, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(first)
        self.relu = nn.ReLU(inplace=True)
        self.layer1 = ResidualBlock(first, first)  # (N, 32, 32, 32)
        self.layer2 = ResidualBlock(first, second, stride=2)  # (N, 64, 16, 16)
        self.layer3 = ResidualBlock(second, third, stride=2)  # (N, 128, 8, 8)
        self.layer4 = ResidualBlock(third, fourth, stride=2)  # (N, 256, 4, 4)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(fourth, checked_classes(num_classes))

    def features(self, x: Tensor) -> Tensor:
        """Return what the head sees: (N, 3, H, W) -> (N, stages[3])."""
        x = self.relu(self.bn1(self.conv1(x)))
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return self.avgpool(x).flatten(1)

    def forward(self, x: Tensor) -> Tensor:
        """Return a score for each class."""
        return self.fc(self.features(x))
