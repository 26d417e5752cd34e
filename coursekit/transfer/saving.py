"""A trained network on disk, with all that a prediction needs, and a prediction for one file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from PIL.Image import Image
from torch import Tensor

from coursekit import arguments
from coursekit.data.picture import read_picture
from coursekit.training import files
from coursekit.transfer.backbones import Pretrained, build
from coursekit.transfer.preprocessing import Preprocess

__all__ = ["Prediction", "load", "predict_file", "save"]

FORMAT = "coursekit transfer 1"


class Prediction(NamedTuple):
    """One class, and how likely the model takes it to be."""

    name: str
    probability: float


def save(path: str | Path, trained: Pretrained, *, classes: Sequence[str] | None = None) -> Path:
    """Return the path, which now holds weights, classes and transforms: tensors and plain values.

    classes: the names of the head's classes, where they are not `trained.classes`.
    Raises ValueError where there are not as many names as the head has outputs.
    """
    arguments.instance("trained", trained, Pretrained)
    path = arguments.path("path", path)
    names = trained.classes if classes is None else arguments.names("classes", classes)
    _check_classes(trained, names)
    content = {
        "format": FORMAT,
        "name": trained.name,
        "track": trained.track,
        "classes": list(names),
        "preprocess": trained.preprocess.facts(),
        "weights": {key: value.cpu() for key, value in trained.model.state_dict().items()},
    }
    files.write(content, path)
    return path


def _check_classes(trained: Pretrained, names: tuple[str, ...]) -> None:
    outputs = trained.model.fc.out_features
    if len(names) != outputs:
        raise ValueError(
            f"classes has {len(names)} names, and the head {outputs} outputs; "
            "expected a name for each"
        )


def load(path: str | Path) -> Pretrained:
    """Return what `save` wrote, in eval mode. No code in the file is run.

    Raises ValueError where the file is missing, damaged or something else.
    """
    stored = files.read(arguments.path("path", path), "path")
    if not isinstance(stored, dict) or stored.get("format") != FORMAT:
        raise ValueError(
            f"path is {path}, which transfer.save did not write; expected a file that it did"
        )
    model = build(stored["name"], len(stored["classes"]))
    differences = files.unlike(files.shapes(stored["weights"]), files.shapes(model.state_dict()))
    if differences:
        raise ValueError(
            f"path is {path}, whose weights are not those of a {stored['name']}: {differences}; "
            "expected a network that load_backbone gave"
        )
    model.load_state_dict(stored["weights"])
    return Pretrained(
        model.eval(),
        stored["name"],
        stored["track"],
        Preprocess(**stored["preprocess"]),
        tuple(stored["classes"]),
        f"{stored['name']}, loaded from {Path(path).name}.",
    )


@torch.no_grad()
def predict_file(trained: Pretrained, path: str | Path | Image) -> list[Prediction]:
    """Return the classes with their probabilities, the most likely first.

    path: a picture's file, of any size and kind that Pillow reads, or a PIL image.
    Raises ValueError that names the file where it is missing, damaged or no picture.
    """
    training = arguments.instance("trained", trained, Pretrained).model.training
    pixels = read_picture(path).pixels
    logits: Tensor = trained.model.eval()(trained.preprocess(pixels))
    trained.model.train(training)
    probabilities = logits.softmax(dim=1)[0]
    ranked = zip(trained.classes, probabilities.tolist(), strict=True)
    return sorted((Prediction(*pair) for pair in ranked), key=lambda p: -p.probability)
