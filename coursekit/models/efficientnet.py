"""EfficientNet-Lite0: a network of depthwise convolutions, for colour photographs 224×224."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit.contracts import checks_arguments
from coursekit.models.resnet import Channels, Classes

__all__ = ["EfficientNetLite0", "InvertedResidual", "SameConv2d"]

# Each row is a stage: repeats, kernel, stride of its first block, expansion, channels in and out.
STAGES = (
    (1, 3, 1, 1, 32, 16),
    (2, 3, 2, 6, 16, 24),
    (2, 5, 2, 6, 24, 40),
    (3, 3, 2, 6, 40, 80),
    (3, 5, 1, 6, 80, 112),
    (4, 5, 2, 6, 112, 192),
    (1, 3, 1, 6, 192, 320),
)
FEATURES = 1280


class SameConv2d(nn.Conv2d):
    """A convolution that pads so much that stride s turns size n into ceil(n / s).

    Where the padding cannot be the same on both sides, the larger part is at the bottom and right.
    It is TensorFlow's "SAME", with which the network learned: padded as PyTorch does it, maps at
    stride 2 would lie one pixel further to the top and left.

    (N, in_channels, H, W) -> (N, out_channels, ceil(H / stride), ceil(W / stride)).
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return the feature maps of x, (N, C, H, W) float32."""
        vertical, horizontal = (
            _padding(*axis)
            for axis in zip(x.shape[-2:], self.kernel_size, self.stride, strict=True)
        )
        if any(before != after for before, after in (vertical, horizontal)):
            x, vertical, horizontal = F.pad(x, (*horizontal, *vertical)), (0, 0), (0, 0)
        padding = vertical[0], horizontal[0]
        return F.conv2d(x, self.weight, self.bias, self.stride, padding, 1, self.groups)


def _padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Return how many pixels are added before and behind, along one axis."""
    windows = -(-size // stride)  # rounded up
    total = max(0, (windows - 1) * stride + kernel - size)
    return total // 2, total - total // 2


def _step(
    in_channels: int, out_channels: int, kernel: int, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    return nn.Sequential(
        SameConv2d(in_channels, out_channels, kernel, stride, groups=groups, bias=False),
        nn.BatchNorm2d(out_channels, eps=1e-3, momentum=0.01),  # as it was trained
        nn.ReLU6(inplace=True),  # min(max(0, x), 6): bytes are enough to store such numbers
    )


class InvertedResidual(nn.Module):
    """Widened by a 1×1 convolution, filtered channel by channel, narrowed again: x + f(x).

    A residual block narrows in its middle; this one widens there, `expansion` times, for a
    depthwise convolution costs little. Where the stride or the number of channels changes there
    is no way around, and f(x) alone comes back.
    Source: Sandler et al., MobileNetV2: inverted residuals and linear bottlenecks, 2018.

    (N, in_channels, H, W) -> (N, out_channels, ceil(H / stride), ceil(W / stride)).

    >>> import torch
    >>> InvertedResidual(2, 4, kernel=5, stride=2, expansion=6)(torch.zeros(1, 2, 7, 6)).shape
    torch.Size([1, 4, 4, 3])
    """

    @checks_arguments
    def __init__(
        self, in_channels: Channels, out_channels: Channels, *,
        kernel: Channels, stride: Channels, expansion: Channels,
    ) -> None:  # fmt: skip
        super().__init__()
        wide = expansion * in_channels
        self.expand = _step(in_channels, wide, 1) if expansion > 1 else nn.Identity()
        self.depthwise = _step(wide, wide, kernel, stride, groups=wide)
        self.project = _step(wide, out_channels, 1)[:2]  # no ReLU: few channels have none to lose
        self.goes_around = stride == 1 and in_channels == out_channels

    def forward(self, x: Tensor) -> Tensor:
        """Return x + f(x), or f(x), (N, out_channels, ceil(H / stride), ceil(W / stride))."""
        wide = self.expand(x)  # (N, expansion·in_channels, H, W)
        out = self.project(self.depthwise(wide))
        return x + out if self.goes_around else out


class EfficientNetLite0(nn.Module):
    """EfficientNet-Lite0: 16 inverted residual blocks in seven stages, 1,280 features.

    Its parts are named as those of the other pretrained networks: conv1, bn1, layer1 and on, fc.
    4,652,008 parameters with 1,000 classes, more than a quarter of them in the last layer.
    Source: Tan and Le, EfficientNet: rethinking model scaling, 2019, table 1; the Lite variant
    leaves out squeeze-and-excitation, and has ReLU6 in place of swish.

    (N, 3, 224, 224) -> logits (N, num_classes); other sizes too, as the last maps are averaged.
    """

    pads_behind = True  # so cell i of a map at stride s looks around pixel i·s + s - 1

    @checks_arguments
    def __init__(self, num_classes: Classes = 1000) -> None:
        super().__init__()
        self.conv1, self.bn1, self.relu = _step(3, 32, 3, stride=2)  # (N, 32, 112, 112)
        (
            self.layer1,
            self.layer2,
            self.layer3,
            self.layer4,
            self.layer5,
            self.layer6,
            self.layer7,
        ) = (_stage(*row) for row in STAGES)
        # layer1 (N, 16, 112, 112), layer2 (N, 24, 56, 56), layer3 (N, 40, 28, 28),
        # layer4 (N, 80, 14, 14), layer5 (N, 112, 14, 14), layer6 (N, 192, 7, 7),
        # layer7 (N, 320, 7, 7)
        self.layer8 = _step(320, FEATURES, 1)  # (N, 1280, 7, 7)
        self.avgpool = nn.AdaptiveAvgPool2d(1)  # (N, 1280, 1, 1)
        self.fc = nn.Linear(FEATURES, num_classes)  # (N, num_classes)
        self.to(memory_format=torch.channels_last)  # the same numbers, in a third less time

    def features(self, x: Tensor) -> Tensor:
        """Return what the head sees: (N, 3, H, W) float32 -> (N, 1280), from 0 to 6."""
        x = self.relu(self.bn1(self.conv1(x)))
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4, self.layer5):
            x = layer(x)
        x = self.layer8(self.layer7(self.layer6(x)))
        return self.avgpool(x).flatten(1)  # (N, 1280, h, w) -> (N, 1280, 1, 1) -> (N, 1280)

    def forward(self, x: Tensor) -> Tensor:
        """Return a logit for each class: (N, 3, H, W) float32 -> (N, num_classes)."""
        return self.fc(self.features(x))


def _stage(
    repeats: int, kernel: int, stride: int, expansion: int, in_channels: int, out_channels: int
) -> nn.Sequential:
    """Return blocks of which the first alone has the stride, and changes the channels."""
    firsts = [(in_channels, stride), *[(out_channels, 1)] * (repeats - 1)]
    return nn.Sequential(
        *(
            InvertedResidual(
                channels, out_channels, kernel=kernel, stride=step, expansion=expansion
            )
            for channels, step in firsts
        )
    )
