"""The networks of the lessons, as short as their specification, and what they are made of."""

from coursekit.models.efficientnet import EfficientNetLite0
from coursekit.models.networks import (
    MLP,
    FirstCNN,
    LeNet,
    SmallCNN,
    ThreeBlockCNN,
    ThreeBlockCNNAsFound,
)
from coursekit.models.resnet import ResidualCNN, SmallResNet
from coursekit.models.summary import count_parameters, shape_table

__all__ = [
    "MLP",
    "EfficientNetLite0",
    "FirstCNN",
    "LeNet",
    "ResidualCNN",
    "SmallCNN",
    "SmallResNet",
    "ThreeBlockCNN",
    "ThreeBlockCNNAsFound",
    "count_parameters",
    "shape_table",
]
