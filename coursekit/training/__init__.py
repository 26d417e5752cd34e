"""Training and evaluation on tensors in memory: one loop, visible in `fit`."""

from coursekit.training.augmentation import Chain, RandomErasing, RandomFlip, RandomShift
from coursekit.training.batching import batches
from coursekit.training.devices import find_device
from coursekit.training.files import load, save
from coursekit.training.history import Data, History, Scores, TrainingError
from coursekit.training.loop import fit
from coursekit.training.scoring import evaluate, measured, predict
from coursekit.training.stopping import EarlyStopping

__all__ = [
    "Chain",
    "Data",
    "EarlyStopping",
    "History",
    "RandomErasing",
    "RandomFlip",
    "RandomShift",
    "Scores",
    "TrainingError",
    "batches",
    "evaluate",
    "find_device",
    "fit",
    "load",
    "measured",
    "predict",
    "save",
]
