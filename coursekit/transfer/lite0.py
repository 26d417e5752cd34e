"""EfficientNet-Lite0 with its published weights, and the transforms that go with them."""

from __future__ import annotations

import torch

from coursekit.data import lite0
from coursekit.models.efficientnet import STAGES, EfficientNetLite0
from coursekit.transfer.preprocessing import Preprocess

__all__ = ["network", "preprocess"]

# Published name of a part -> ours, outside of the blocks and inside.
OUTSIDE = {
    "_conv_stem": "conv1", "_bn0": "bn1", "_conv_head": "layer8.0", "_bn1": "layer8.1", "_fc": "fc",
}  # fmt: skip
INSIDE = {
    "_expand_conv": "expand.0", "_bn0": "expand.1", "_depthwise_conv": "depthwise.0",
    "_bn1": "depthwise.1", "_project_conv": "project.0", "_bn2": "project.1",
}  # fmt: skip
# Number of a block -> the stage in which it is, and its place there.
PLACES = [
    (stage, place)
    for stage, (repeats, *_) in enumerate(STAGES, start=1)
    for place in range(repeats)
]
GRAY = 1 / 255  # one step of a byte, where white is 1


def network() -> EfficientNetLite0:
    """Return the network with the published weights, in eval mode.

    Raises WeightsError where they are missing or damaged.
    """
    stored = {_renamed(name): tensor for name, tensor in lite0.read().items()}
    with torch.device("meta"):  # no memory and no random numbers: every tensor is replaced
        model = EfficientNetLite0()
    model.load_state_dict(stored, assign=True)
    return model.to(memory_format=torch.channels_last).eval()  # as it was before


def preprocess() -> Preprocess:
    """Return the transforms that its authors used: (x - 127) / 128 of bytes, 224×224 of 256."""
    return Preprocess(256, 224, (127 * GRAY,) * 3, (128 * GRAY,) * 3)


def _renamed(name: str) -> str:
    first, _, rest = name.partition(".")
    if first != "_blocks":
        return f"{OUTSIDE[first]}.{rest}"
    number, part, rest = rest.split(".", 2)
    stage, place = PLACES[int(number)]
    return f"layer{stage}.{place}.{INSIDE[part]}.{rest}"
