"""Two networks that see more in a second than the lessons' own, for Fashion-MNIST's 28×28."""

from __future__ import annotations

from torch import Tensor, nn

from coursekit.contracts import checks_arguments
from coursekit.models.resnet import Classes

__all__ = ["AccurateCNN", "CompactCNN"]


class CompactCNN(nn.Sequential):
    """Four convolutions behind blocks of 2×2 pixels: 85,674 parameters with ten classes.

    The blocks' pixels become channels (space to depth), so that no layer works on maps of 28×28,
    which cost most and know least. The last convolution adds to what it is given.

    (N, 1, 28, 28) -> logits (N, num_classes).
    """

    @checks_arguments
    def __init__(self, num_classes: Classes = 10) -> None:
        super().__init__(
            nn.PixelUnshuffle(2),  # (N, 4, 14, 14)
            _convolution(4, 32),  # (N, 32, 14, 14)
            _convolution(32, 48, pooled=True),  # (N, 48, 7, 7)
            _convolution(48, 64),  # (N, 64, 7, 7)
            _Added(_convolution(64, 64)),  # (N, 64, 7, 7)
            nn.MaxPool2d(2),  # (N, 64, 3, 3)
            nn.Flatten(),  # (N, 576)
            nn.Linear(64 * 3 * 3, num_classes),  # (N, num_classes)
        )


class AccurateCNN(nn.Sequential):
    """As CompactCNN with more channels, and dropout before the last layer.

    (N, 1, 28, 28) -> logits (N, num_classes).
    """

    @checks_arguments
    def __init__(self, num_classes: Classes = 10) -> None:
        super().__init__(
            nn.PixelUnshuffle(2),  # (N, 4, 14, 14)
            _convolution(4, 48),  # (N, 48, 14, 14)
            _convolution(48, 96, stride=2),  # (N, 96, 7, 7)
            _Added(_convolution(96, 96)),  # (N, 96, 7, 7)
            _convolution(96, 192, pooled=True),  # (N, 192, 3, 3)
            nn.Flatten(),  # (N, 1728)
            nn.Dropout(0.2),
            nn.Linear(192 * 3 * 3, num_classes),  # (N, num_classes)
        )


class _Added(nn.Module):
    """x + f(x): (N, C, H, W) -> (N, C, H, W)."""

    def __init__(self, inside: nn.Module) -> None:
        super().__init__()
        self.inside = inside

    def forward(self, x: Tensor) -> Tensor:
        return x + self.inside(x)


def _convolution(
    in_channels: int, out_channels: int, *, stride: int = 1, pooled: bool = False
) -> nn.Sequential:
    """Return a 3×3 convolution, pooled 2×2 if asked for, with batch norm and ReLU."""
    return nn.Sequential(
        # No bias: batch norm takes the mean away, and adds a bias of its own.
        nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False),
        *([nn.MaxPool2d(2)] if pooled else []),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(inplace=True),
    )
