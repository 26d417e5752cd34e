"""torchvision's ResNet-18, with its features in reach. Importing this module takes seconds."""

from __future__ import annotations

from torch import Tensor
from torchvision.models import ResNet18_Weights
from torchvision.models.resnet import BasicBlock, ResNet

from coursekit.transfer.preprocessing import Preprocess

__all__ = ["ResNet18", "categories", "preprocess"]


class ResNet18(ResNet):
    """torchvision's ResNet-18 (11.7 million parameters): (N, 3, 224, 224) -> (N, num_classes)."""

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__(BasicBlock, [2, 2, 2, 2], num_classes=num_classes)

    def features(self, x: Tensor) -> Tensor:
        """Return what the head sees: (N, 3, H, W) -> (N, 512)."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return self.avgpool(x).flatten(1)


def preprocess() -> Preprocess:
    """Return the transforms of the published weights, as torchvision states them."""
    published = ResNet18_Weights.DEFAULT.transforms()
    return Preprocess(
        published.resize_size[0],
        published.crop_size[0],
        tuple(published.mean),
        tuple(published.std),
    )


def categories() -> tuple[str, ...]:
    """Return the names of the 1,000 classes."""
    return tuple(ResNet18_Weights.DEFAULT.meta["categories"])
