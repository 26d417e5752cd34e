"""The pretrained networks, behind one call: each by its name, and none in place of another."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import torch
from torch import nn

from coursekit.contracts import checks_arguments
from coursekit.data import weights
from coursekit.data.weights import WeightsError
from coursekit.machine import download
from coursekit.machine.paths import course_folder
from coursekit.models.efficientnet import EfficientNetLite0
from coursekit.models.resnet import SmallResNet
from coursekit.transfer import lite0
from coursekit.transfer.preprocessing import Preprocess
from coursekit.transfer.pretrained import Pretrained

__all__ = ["build", "load_backbone"]

IMAGENET = "1.28 million photographs of 1,000 kinds (ImageNet)"


@checks_arguments
def load_backbone(
    name: Literal["photographs", "drawings", "resnet18"] = "photographs",
) -> Pretrained:
    """Return the pretrained network of that name, in eval mode.

    name: "photographs" is EfficientNet-Lite0, which learned ImageNet: its weights are in a package
    that is installed with the course. "drawings" is the course's own small network, which learned
    69 kinds of drawn thing. "resnet18" is torchvision's, which learned ImageNet too: its weights
    are in torch's cache or, unless COURSEKIT_OFFLINE is set, downloaded (45 MB, once).
    Raises ValueError for another name, WeightsError where the weights are missing or damaged.
    """
    return {"photographs": _photographs, "drawings": _drawings, "resnet18": _resnet18}[name]()


def build(network: str, num_classes: int) -> nn.Module:
    """Return an untrained network of that name, as `Pretrained.network` has it.

    The network: (N, 3, H, W) -> logits (N, num_classes). Raises ValueError for another name.
    """
    known: Mapping[str, Callable[[int], nn.Module]] = {
        "EfficientNet-Lite0": EfficientNetLite0, "SmallResNet": SmallResNet, "ResNet-18": _empty,
    }  # fmt: skip
    if network not in known:
        raise ValueError(f"network is {network!r}; expected one of {', '.join(known)}")
    return known[network](num_classes)


def _empty(num_classes: int) -> nn.Module:
    from coursekit.transfer.imagenet import ResNet18  # torchvision takes seconds

    return ResNet18(num_classes)


def _photographs() -> Pretrained:
    model = lite0.network()  # before torchvision's seconds: an error comes at once
    from coursekit.transfer import imagenet

    return Pretrained(
        model, "photographs", "EfficientNet-Lite0", lite0.preprocess(), imagenet.categories(),
        f"It learned from {IMAGENET}: its features fit photographs of almost anything, and drawn "
        "things less well than those of \"drawings\" do.",
    )  # fmt: skip


def _drawings() -> Pretrained:
    folder = course_folder("data") / "backbone"
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    model = SmallResNet(len(record["classes"]))
    model.load_state_dict(_single(folder / "weights.pt"))
    return Pretrained(
        model.eval(), "drawings", "SmallResNet", Preprocess(**record["preprocess"]),
        tuple(record["classes"]),
        f"It learned from {record['images']:,} drawings of {len(record['classes'])} kinds of thing "
        "that the course made: its features fit drawn things, and photographs hardly at all.",
    )  # fmt: skip


def _resnet18() -> Pretrained:
    if problem := _missing_weights():
        raise WeightsError(
            f"ResNet-18's weights are not at hand: {problem}. Run `coursekit fetch --all` where "
            f"there is a network, or copy {weights.cached_file().name} from another machine to "
            f"{weights.cached_file().parent}; load_backbone('photographs') needs neither"
        )
    from coursekit.transfer import imagenet

    model = imagenet.ResNet18()
    model.load_state_dict(weights.read(weights.cached_file()))
    return Pretrained(
        model.eval(), "resnet18", "ResNet-18", imagenet.preprocess(), imagenet.categories(),
        f"It learned from {IMAGENET}: its features fit photographs of almost anything.",
    )  # fmt: skip


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


def _single(path: Path) -> dict[str, torch.Tensor]:
    stored = torch.load(path, map_location="cpu", weights_only=True)
    # Stored in half precision, for a small repository; batch norm's counters are whole numbers.
    return {
        name: tensor.float() if tensor.is_floating_point() else tensor
        for name, tensor in stored.items()
    }
