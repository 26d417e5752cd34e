"""The two pretrained networks, behind one call."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import torch
from torch import nn

from coursekit.arguments import names
from coursekit.contracts import checks_arguments
from coursekit.data import weights
from coursekit.data.weights import WeightsError
from coursekit.machine import download
from coursekit.machine.paths import course_folder
from coursekit.models.resnet import SmallResNet
from coursekit.transfer.freezing import head_name, replace_head
from coursekit.transfer.preprocessing import Preprocess

__all__ = ["Pretrained", "build", "load_backbone"]

ONLINE = (
    "ResNet-18, trained on 1.28 million photographs of 1,000 kinds (ImageNet): its features fit "
    "photographs of almost anything."
)
SHIPPED = (
    "the small network that ships with the course, trained on drawings alone: its features fit "
    "drawn things well and photographs less well than those of ResNet-18 would."
)


@dataclass(frozen=True, repr=False)
class Pretrained:
    """A network that was trained on one task, and what it takes to use it for another.

    model: (N, 3, H, W) -> logits (N, classes), by a linear head, `fc`; model.features(x), of shape
        (N, num_features), is what the head sees.
    track: "shipped" or "imagenet".
    preprocess: pictures -> the batch (N, 3, size, size) that the model expects.
    classes: what the head tells apart, in the order of its outputs.
    notice: which track this is and what it means.
    """

    model: nn.Module
    name: str
    track: str
    preprocess: Preprocess
    classes: tuple[str, ...]
    notice: str = ""

    @property
    def num_features(self) -> int:
        """Return how many numbers the head sees of each image: of the two networks, 256 or 512."""
        return self.model.get_submodule(head_name(self.model)).in_features

    def __repr__(self) -> str:
        return (
            f"{self.name}, track {self.track}: {self.preprocess.size}×{self.preprocess.size} "
            f"images, {self.num_features} features, {len(self.classes)} classes"
        )

    @checks_arguments
    def adapted(self, classes: Annotated[Sequence[str], partial(names, minimum=2)]) -> Pretrained:
        """Return a copy with a fresh head for these classes. This one stays as it is.

        The copy's model: (N, 3, H, W) -> logits (N, classes), in the order in which they are given.
        Raises ValueError for fewer than two names, or one that comes twice.
        """
        # Deep, or both would share their layers, and training one would train the other.
        adapted = replace(self, model=copy.deepcopy(self.model), classes=tuple(classes))
        replace_head(adapted.model, len(adapted.classes))
        return adapted


@checks_arguments
def load_backbone(track: Literal["auto", "imagenet", "shipped"] = "auto") -> Pretrained:
    """Return a pretrained network in eval mode, by default the best one at hand.

    track: "imagenet" is ResNet-18 with weights from torch's cache or, unless COURSEKIT_OFFLINE is
    set, downloaded (45 MB, once); "shipped" the network of the course; "auto" the first, where it
    can be had, else the second.
    Raises ValueError for another track, WeightsError where the weights are missing or damaged.
    """
    if track == "shipped":
        return _shipped("it was asked for")
    problem = _missing_weights()
    if problem is None:
        return _imagenet()
    if track == "imagenet":
        raise WeightsError(
            f"ResNet-18's weights are not at hand: {problem}. Run `coursekit fetch --all` where "
            f"there is a network, or copy {weights.cached_file().name} from another machine to "
            f"{weights.cached_file().parent}; track='shipped' needs neither"
        )
    return _shipped(problem)


def _missing_weights() -> str | None:
    if weights.cached_file().is_file():
        return None
    if download.offline():
        return "COURSEKIT_OFFLINE is set"
    try:
        weights.fetch()
    except download.DownloadError as error:
        return str(error)
    return None


def build(name: str, num_classes: int) -> nn.Module:
    """Return an untrained network of that name: "SmallResNet" or "ResNet-18".

    The network: (N, 3, H, W) -> logits (N, num_classes). Raises ValueError for another name.
    """
    if name == "SmallResNet":
        return SmallResNet(num_classes)
    if name == "ResNet-18":
        from coursekit.transfer.imagenet import ResNet18  # torchvision takes seconds

        return ResNet18(num_classes)
    raise ValueError(f"name is {name!r}; expected 'SmallResNet' or 'ResNet-18'")


def _imagenet() -> Pretrained:
    from coursekit.transfer import imagenet

    model = imagenet.ResNet18()
    model.load_state_dict(weights.read(weights.cached_file()))
    return Pretrained(
        model.eval(),
        "ResNet-18",
        "imagenet",
        imagenet.preprocess(),
        imagenet.categories(),
        f"Online track: {ONLINE}",
    )


def _shipped(reason: str) -> Pretrained:
    folder = course_folder("data") / "backbone"
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    model = SmallResNet(len(record["classes"]))
    model.load_state_dict(_single(folder / "weights.pt"))
    return Pretrained(
        model.eval(),
        "SmallResNet",
        "shipped",
        Preprocess(**record["preprocess"]),
        tuple(record["classes"]),
        f"Offline track ({reason}): {SHIPPED}",
    )


def _single(path: Path) -> dict[str, torch.Tensor]:
    stored = torch.load(path, map_location="cpu", weights_only=True)
    # Stored in half precision, for a small repository; batch norm's counters are whole numbers.
    return {
        name: tensor.float() if tensor.is_floating_point() else tensor
        for name, tensor in stored.items()
    }
