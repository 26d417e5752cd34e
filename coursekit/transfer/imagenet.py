"""torchvision's ResNet-18, with its features in reach. Importing this module takes seconds."""

from __future__ import annotations

from torch import Tensor
from torchvision.models import ResNet18_Weights
from torchvision.models.resnet import BasicBlock, ResNet

from coursekit.transfer.preprocessing import Preprocess

__all__ = ["ResNet18", "categories", "preprocess"]


class ResNet18(ResNet):
    """torchvision's ResNet-18, 11.7 million parameters.

    Source: He et al., Deep residual learning for image recognition, 2015, table 1.
    (N, 3, 224, 224) -> logits (N, num_classes); other sizes too, as the last maps are averaged.
    """

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__(BasicBlock, [2, 2, 2, 2], num_classes=num_classes)

    def features(self, x: Tensor) -> Tensor:
        """Return what the head sees: (N, 3, H, W) -> (N, 512)."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))  # (N, 64, H/4, W/4), rounded up
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return self.avgpool(x).flatten(1)  # (N, 512, h, w) -> (N, 512)


def preprocess() -> Preprocess:
    """Return the transforms of the published weights, as torchvision states them: to 224×224."""
    published = ResNet18_Weights.DEFAULT.transforms()
    return Preprocess(
        published.resize_size[0],
        published.crop_size[0],
        tuple(published.mean),
        tuple(published.std),
    )


def categories() -> tuple[str, ...]:
    """Return the names of the 1,000 classes, in the order of the logits."""
    return tuple(ResNet18_Weights.DEFAULT.meta["categories"])
