"""A trained network on disk, with all that a prediction needs, and a prediction for one file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import torch
from PIL.Image import Image
from torch import Tensor

from coursekit.arguments import names, short
from coursekit.contracts import File, checks_arguments
from coursekit.machine import paths
from coursekit.training import files
from coursekit.transfer.backbones import build
from coursekit.transfer.preprocessing import Preprocess
from coursekit.transfer.pretrained import Pretrained

__all__ = ["Prediction", "load", "predict_file", "save"]

FORMAT = "coursekit transfer 2"  # in the file, so that another kind of file is told from it
FORMER = "coursekit transfer 1"  # in which the backbone's name was that of its network
BACKBONES = {"SmallResNet": "drawings", "ResNet-18": "resnet18"}


class Prediction(NamedTuple):
    """One class, and how likely the model takes it to be, from 0 to 1."""

    name: str
    probability: float


@checks_arguments
def save(
    path: File, trained: Pretrained, *, classes: Annotated[Sequence[str], names] | None = None
) -> Path:
    """Return the path, which now holds weights, classes and transforms: tensors and plain values.

    All the weights, so that loading takes this file alone: 14 MB of "photographs", 5 of "drawings",
    45 of "resnet18", where there are few classes.
    classes: the names of the head's classes, where they are not `trained.classes`.
    Raises ValueError where there are not as many names as the head has outputs.
    """
    path = paths.to_write("path", path)
    kinds = tuple(trained.classes if classes is None else classes)
    _check_classes(trained, kinds)
    content = {
        "format": FORMAT,
        "name": trained.name,
        "network": trained.network,
        "learned_from": trained.learned_from,
        "classes": list(kinds),
        "preprocess": trained.preprocess.facts(),
        "weights": {key: value.cpu() for key, value in trained.model.state_dict().items()},
    }
    files.write(content, path)
    return path


def _check_classes(trained: Pretrained, kinds: tuple[str, ...]) -> None:
    outputs = trained.model.fc.out_features
    if len(kinds) != outputs:
        raise ValueError(
            f"classes has {len(kinds)} names, and the head {outputs} outputs; "
            "expected a name for each"
        )


@checks_arguments
def load(path: File) -> Pretrained:
    """Return what `save` wrote, in eval mode, on the CPU. No code in the file is run.

    Raises ValueError where the file is missing, damaged or something else.
    """
    stored = _current(files.read(paths.given("path", path), "path"))
    if not isinstance(stored, dict) or stored.get("format") != FORMAT:
        raise ValueError(
            f"path is {path}, which transfer.save did not write; expected a file that it did"
        )
    try:
        return _restored(stored, path)
    except (KeyError, TypeError, AttributeError, RuntimeError) as error:  # of parts that are odd
        raise ValueError(
            f"path is {path}, in which something of the network is missing or changed "
            f"({type(error).__name__}: {short(str(error))}); expected a file as transfer.save "
            "wrote it"
        ) from error


def _restored(stored: dict[str, Any], path: object) -> Pretrained:
    texts = [stored["name"], stored["learned_from"], *stored["classes"]]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("a name is no text")
    model = build(stored["network"], len(stored["classes"]))
    differences = files.unlike(files.shapes(stored["weights"]), files.shapes(model.state_dict()))
    if differences:
        raise ValueError(
            f"path is {path}, whose weights are not those of {stored['network']}: {differences}; "
            "expected a network that load_backbone gave"
        )
    model.load_state_dict(stored["weights"])
    return Pretrained(
        model.eval(),
        stored["name"],
        stored["network"],
        Preprocess(**stored["preprocess"]),
        tuple(stored["classes"]),
        stored["learned_from"],
    )


def _current(stored: object) -> object:
    """Return what a file holds as `save` writes it now, where it is of the former format."""
    if not isinstance(stored, dict) or stored.get("format") != FORMER:
        return stored
    network = stored["name"]
    return {**stored, "format": FORMAT, "network": network, "name": BACKBONES[network],
            "learned_from": ""}  # fmt: skip


@checks_arguments
@torch.no_grad()
def predict_file(trained: Pretrained, path: File | Image) -> list[Prediction]:
    """Return the classes with their probabilities, the most likely first.

    path: a picture's file, of any size and kind that Pillow reads, or a PIL image.
    Raises ValueError that names the file where it is missing, damaged or no picture.
    """
    training = trained.model.training
    batch = trained.preprocess.read(path)  # (1, 3, size, size), as a folder's pictures are read
    logits: Tensor = trained.model.eval()(batch)  # (1, classes)
    trained.model.train(training)
    probabilities = logits.softmax(dim=1)[0]  # (classes,)
    ranked = zip(trained.classes, probabilities.tolist(), strict=True)
    return sorted((Prediction(*pair) for pair in ranked), key=lambda p: -p.probability)
