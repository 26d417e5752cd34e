"""Transfer learning: a pretrained network, made to tell other things apart.

One code path for three backbones, chosen by name: "photographs", whose weights are installed with
the course, "drawings", which ships with it, and "resnet18", where a network is or was.
"""

from coursekit.data.weights import WeightsError
from coursekit.transfer.augmenting import augment
from coursekit.transfer.backbones import load_backbone
from coursekit.transfer.freezing import (
    freeze,
    keep_norm_frozen,
    parameter_groups,
    replace_head,
    trainable,
)
from coursekit.transfer.learning import cache_features, fine_tune, linear_probe
from coursekit.transfer.preprocessing import Preprocess
from coursekit.transfer.pretrained import Pretrained
from coursekit.transfer.saving import Prediction, load, predict_file, save

__all__ = [
    "Prediction",
    "Preprocess",
    "Pretrained",
    "WeightsError",
    "augment",
    "cache_features",
    "fine_tune",
    "freeze",
    "keep_norm_frozen",
    "linear_probe",
    "load",
    "load_backbone",
    "parameter_groups",
    "predict_file",
    "replace_head",
    "save",
    "trainable",
]
