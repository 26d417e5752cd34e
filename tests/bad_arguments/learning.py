"""The calls that are varied of what learns: networks, training, transfer, Grad-CAM."""

from dataclasses import replace

import torch
from torch import nn

from bad_arguments.kinds import (
    AT_MOST_1,
    FLAG,
    FUNCTION,
    HUGE,
    INSTANCE,
    MODEL,
    NAN,
    PATH,
    SEED,
    TEXT,
    Kind,
    a_tensor,
    real,
    tensor,
    whole,
)
from coursekit import models, training, transfer
from coursekit.machine.paths import course_folder

SAVED, TRANSFERRED = "model.pt", "transferred.pt"  # made before the calls
PICTURE = course_folder("data") / "photographs" / "cat.png"
X, Y = torch.zeros(4, 3), torch.tensor([0, 1, 0, 1])
IMAGES = torch.linspace(-1, 1, 2 * 3 * 16 * 16).reshape(2, 3, 16, 16)
LABELS = torch.tensor([0, 1])
CLASSES = whole(1, HUGE)
DATA = Kind(
    [3, NAN, "ab", X, (X,), (X, Y, Y), (X, [0, 1, 0, 1]), ([1.0] * 4, Y), (X, Y[:3]),
     (X[:0], Y[:0]), (X, Y.float()), (X, Y + 1), (X, Y - 1), (a_tensor(4, 7), Y), (X * 1j, Y)]
)  # fmt: skip
PICTURES = Kind(
    [*DATA.bad[:6], (IMAGES[:, :1], LABELS), (IMAGES, LABELS + 9), (IMAGES, LABELS[:1])]
)
PLACE = Kind([3, NAN, True, "gpu", "cpu:7x", ["cpu"], a_tensor(2)])
WITHOUT_IT = {  # None is what they are without one
    name: kind.may_be(None)
    for name, kind in {
        "validation": DATA,
        "optimizer": Kind([3, NAN, True, torch.optim.SGD, "adam"]),
        "augment": FUNCTION,
        "on_epoch": FUNCTION,
        "early_stopping": Kind([3, NAN, True, training.EarlyStopping]),
        "checkpoint": PATH.may_be("three"),
    }.items()
}
BATCH = tensor(4, bad=[torch.zeros(0, 1, 4, 4)])
RATE, BATCH_SIZE, EPOCHS = real(low=0), whole(1, HUGE), whole(1, HUGE)
NOT_NEGATIVE = real(low=-0.1)
NO_CLASSES = Kind([1, 2.5, True, "1", HUGE, a_tensor(2, 2), torch.tensor([0, 99]), Y])


def linear():
    return nn.Sequential(nn.Flatten(), nn.Linear(3, 2))


class Small(nn.Module):
    """A network with the parts that are asked for by name, made in no time."""

    def __init__(self):
        super().__init__()
        self.layer4 = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU())
        self.fc = nn.Linear(4, 2)

    def features(self, x):
        return self.layer4(x).mean((2, 3))  # (N, 3, H, W) -> (N, 4)

    def forward(self, x):
        return self.fc(self.features(x))


def pretrained():
    return transfer.Pretrained(
        models.SmallResNet(2, stages=(4, 4, 8, 8)),
        "drawings",
        "SmallResNet",
        transfer.Preprocess(16, 16),
        ("a", "b"),
    )


MODELS = {
    "MLP": ({"sizes": (2, 3)}, {"sizes": Kind([(2, 0), (2, -1), (2.0, 2), ("2", 2), (2, True), (None, 2), (2, HUGE), (2,), (10**6, 10**6)], ())}),
    "FirstCNN": ({}, {}),
    "LeNet": ({}, {"num_classes": CLASSES, "classic": FLAG}),
    "ThreeBlockCNN": ({}, {"num_classes": CLASSES, "dropout": real(-0.1, 1.1), "batch_norm": FLAG}),
    "ThreeBlockCNNAsFound": ({}, {"num_classes": CLASSES, "dropout": AT_MOST_1, "batch_norm": FLAG}),
    "SmallCNN": ({}, {"num_classes": CLASSES}),
    "ResidualCNN": ({}, {"num_classes": CLASSES, "channels": whole(1, HUGE)}),
    "EfficientNetLite0": ({}, {"num_classes": CLASSES}),
    "SmallResNet": (
        {},
        {"num_classes": CLASSES,
         "stages": Kind([3, NAN, (4, 4, 8), (4, 4, 8, 0), (4, 4, 8, 8.0), (4, 4, 8, "8"), (4, 4, 8, HUGE)])},
    ),
    "count_parameters": ({"model": nn.Linear(2, 2)}, {"model": MODEL}),
    "shape_table": (
        {"model": nn.Sequential(nn.Linear(3, 2)), "x": X},
        {"model": Kind([*MODEL.bad, nn.Linear(3, 2)]), "x": Kind([3, NAN, [1.0], a_tensor(2, 4), X.long()])},
    ),
}  # fmt: skip
AUGMENTATIONS = {
    "RandomShift": ({}, {"pixels": whole(0, HUGE)}),
    "RandomShift.__call__": ({"self": training.RandomShift(), "x": torch.zeros(2, 1, 4, 4)}, {"x": Kind([*BATCH.bad, torch.zeros(1, 1, 1, 1)])}),
    "RandomFlip": ({}, {"share": AT_MOST_1}),
    "RandomFlip.__call__": ({"self": training.RandomFlip(), "x": torch.zeros(2, 1, 4, 4)}, {"x": BATCH}),
    "RandomErasing": ({}, {"size": whole(1, HUGE)}),
    "RandomErasing.__call__": ({"self": training.RandomErasing(), "x": torch.zeros(2, 1, 4, 4)}, {"x": BATCH}),
    "Chain": ({"steps": (abs,)}, {"steps": Kind([(3,), (abs, None), ("abs",)], ())}),
}  # fmt: skip
TRAINING = {
    **AUGMENTATIONS,
    "EarlyStopping": ({}, {"patience": whole(1), "min_delta": NOT_NEGATIVE}),
    "EarlyStopping.best_epoch": (
        {"self": training.EarlyStopping(), "accuracies": [0.5]},
        {"accuracies": Kind([3, NAN, ["a"], [None], [NAN]])},
    ),
    "EarlyStopping.is_over": (
        {"self": training.EarlyStopping(), "accuracies": [0.5]},
        {"accuracies": Kind([3, NAN, ["a"], [None], [NAN]])},
    ),
    "batches": (
        {"inputs": X, "labels": Y, "batch_size": 2, "order": torch.Generator()},
        {"inputs": tensor(1, 2, 3, 4, 5, bad=[X[:3]]), "labels": tensor(1, 2, 3, 4, 5, bad=[Y[:3]]), "batch_size": BATCH_SIZE,
         "order": Kind([3, NAN, torch.Generator]), "share": FUNCTION.may_be(None), "alone": FLAG},
    ),
    "evaluate": (
        lambda: {"model": linear(), "data": (X, Y)},
        {"model": MODEL, "data": DATA, "batch_size": BATCH_SIZE, "device": PLACE.may_be(None)},
    ),
    "measured": (
        {"label": "a", "value": 0.5},
        {"label": TEXT, "value": real(infinite=True, tensors=True), "above": real(infinite=True, tensors=True),
         "below": real(infinite=True, tensors=True), "digits": whole(0, 10)},
    ),
    "find_device": ({"device": "cpu"}, {"device": PLACE}),
    "fit": (
        lambda: {"model": linear(), "train": (X, Y)},
        {"model": MODEL, "train": DATA, **WITHOUT_IT, "num_epochs": EPOCHS, "batch_size": BATCH_SIZE,
         "learning_rate": RATE, "weight_decay": NOT_NEGATIVE, "label_smoothing": AT_MOST_1, "seed": SEED, "device": PLACE},
    ),
    "load": (lambda: {"model": linear(), "path": SAVED}, {"model": MODEL, "path": Kind([*PATH.bad, "three"])}),
    "predict": (
        lambda: {"model": linear(), "inputs": X},
        {"model": MODEL, "inputs": Kind([3, NAN, [1.0], a_tensor(2, 4), X.long(), X[:0]]), "batch_size": BATCH_SIZE},
    ),
    "save": (lambda: {"model": linear(), "path": SAVED}, {"model": MODEL, "path": PATH}),
}  # fmt: skip
NUM_CLASSES = {"num_classes": Kind([*whole(2, HUGE).bad, 1])}
TRANSFER = {
    "Preprocess": (
        {"resize": 8, "size": 8},
        {"resize": whole(1, HUGE), "size": whole(1, 9, HUGE),
         **{name: Kind([3, NAN, "abc", (1, 1, "1"), (1.0, 1.0), (1.0, NAN, 1.0), *more])
            for name, more in (("mean", []), ("std", [(1.0, 1.0, 0.0)]))}},
    ),
    "Preprocess.__call__": (
        {"self": transfer.Preprocess(8, 8), "pictures": torch.zeros(1, 3, 9, 9, dtype=torch.uint8)},
        {"pictures": Kind([3, NAN, "three", IMAGES, a_tensor(2), [a_tensor(2)], torch.zeros(0, 3, 9, 9, dtype=torch.uint8),
                           torch.zeros(1, 3, 0, 9, dtype=torch.uint8)])},
    ),
    "Preprocess.read": (lambda: {"self": transfer.Preprocess(8, 8), "path": PICTURE}, {"path": Kind([*PATH.bad, "three"])}),
    "Preprocess.undo": ({"self": transfer.Preprocess(8, 8), "batch": IMAGES}, {"batch": Kind([3, NAN, [1.0], IMAGES[:, :2], IMAGES[0]])}),
    "Pretrained.adapted": (lambda: {"self": pretrained(), "classes": ["a", "b"]}, {"classes": Kind([3, NAN, "ab", ["a"], [1, 2], ["a", "a"]])}),
    "Pretrained.features": (
        lambda: {"self": pretrained(), "pictures": torch.zeros(1, 3, 9, 9, dtype=torch.uint8)},
        {"pictures": Kind([3, NAN, "three", IMAGES, a_tensor(2), [a_tensor(2)], [], torch.zeros(0, 3, 9, 9, dtype=torch.uint8)])},
    ),
    "Pretrained.read_folder": (
        lambda: {"self": pretrained(), "path": "pictures"},  # made for image_folder
        {"path": Kind([*PATH.bad, "three"]), "share": real(0, 1, -0.5, 1.5), "seed": SEED},
    ),
    "augment": ({"batch": IMAGES}, {"batch": tensor(4, bad=[IMAGES.to(torch.uint8), IMAGES[:, :2]])}),
    "cache_features": (
        lambda: {"model": Small(), "images": IMAGES},
        {"model": MODEL, "images": tensor(4, bad=[IMAGES[:0], IMAGES[:, :2], IMAGES.to(torch.uint8)]), "batch_size": BATCH_SIZE},
    ),
    "fine_tune": (
        lambda: {"model": Small(), "train": (IMAGES, LABELS), "num_epochs": 1},
        {"model": MODEL, "train": PICTURES, "validation": PICTURES.may_be(None), "num_epochs": EPOCHS, "batch_size": BATCH_SIZE,
         "head_rate": NOT_NEGATIVE, "backbone_rate": NOT_NEGATIVE, "weight_decay": NOT_NEGATIVE,
         "augment": WITHOUT_IT["augment"], "seed": SEED},
    ),
    "freeze": (lambda: {"model": Small()}, {"model": MODEL, "except_": Kind([3, NAN, "nope", ["nope"], [3], ""]).may_be([])}),
    "keep_norm_frozen": (lambda: {"model": Small()}, {"model": MODEL}),
    "linear_probe": (
        {"features": a_tensor(4, 3), "labels": Y},
        {"features": tensor(2, bad=[a_tensor(3, 3), X[:0], torch.full((4, 3), NAN), torch.ones(4, 3) * 1j]),
         "labels": tensor(1, bad=[Y[:3], Y.float(), Y - 1, Y * 0]),
         "num_classes": Kind([*whole(2, HUGE).bad, 1]).may_be(None), "penalty": NOT_NEGATIVE, "max_steps": whole(1, HUGE)},
    ),
    "load": (lambda: {"path": TRANSFERRED}, {"path": Kind([*PATH.bad, "three"])}),
    "load_backbone": ({"name": "drawings"}, {"name": Kind([3, NAN, "shipped", ["drawings"]])}),
    "parameter_groups": (
        lambda: {"model": Small(), "head_rate": 0.1, "backbone_rate": 0.1},
        {"model": MODEL, "head_rate": NOT_NEGATIVE, "backbone_rate": NOT_NEGATIVE},
    ),
    "predict_file": (
        lambda: {"trained": pretrained(), "path": PICTURE},
        {"trained": INSTANCE, "path": Kind([*PATH.bad, "three"])},
    ),
    "replace_head": (lambda: {"model": Small(), "num_classes": 3}, {"model": MODEL, **NUM_CLASSES}),
    "save": (
        lambda: {"path": TRANSFERRED, "trained": pretrained()},
        {"path": PATH, "trained": INSTANCE, "classes": Kind([3, NAN, "ab", ["a"], [1, 2], ["a", "a"]]).may_be(None)},
    ),
    "trainable": ({"model": nn.Linear(2, 2)}, {"model": MODEL}),
}  # fmt: skip
OTHERS = {
    **{
        f"training.recipes.{name}": (
            lambda: {"train": (torch.zeros(2, 1, 28, 28), LABELS), "num_epochs": 1},
            {"train": DATA, "seed": SEED}
            | ({"num_epochs": EPOCHS, "batch_size": BATCH_SIZE, "learning_rate": RATE} if name == "fast_lenet" else {}),
        )
        for name in (
            "accurate", "challenge", "compact", "fast_lenet", "modern_lenet", "quick_lenet", "strong",
        )
    },
    "transfer.grad_cam.grad_cam": (
        lambda: (lambda model: {"model": model, "images": IMAGES, "layer": model.layer4})(Small()),
        {"model": MODEL, "images": tensor(4, bad=[IMAGES[:0], IMAGES[:, :2]]),
         "layer": Kind([*MODEL.bad, "layer4", nn.Linear(2, 2)]), "classes": NO_CLASSES.may_be(None)},
    ),
    "transfer.grad_cam.stages": (
        lambda: {"model": Small(), "images": IMAGES},
        {"model": MODEL, "images": tensor(4, bad=[IMAGES[:0], IMAGES[:, :2]])},
    ),
}  # fmt: skip
CALLS = {
    **{f"models.{name}": how for name, how in MODELS.items()},
    **{f"training.{name}": how for name, how in TRAINING.items()},
    **{f"transfer.{name}": how for name, how in TRANSFER.items()},
    **OTHERS,
}
WITHOUT = {
    "training.History": "what fit returns",
    "training.Scores": "what evaluate returns",
    "training.TrainingError": "an exception",
    "transfer.Prediction": "what predict_file returns",
    "transfer.Pretrained": "what load_backbone returns",
    "transfer.WeightsError": "an exception",
}
MODULES = ("models", "training", "transfer", "training.recipes", "transfer.grad_cam")


def write_files():
    """Write the files that the calls read into the folder that is the current one."""
    training.save(linear(), SAVED)
    whole = replace(pretrained(), model=models.SmallResNet(2))  # of the size that load builds
    transfer.save(TRANSFERRED, whole)
