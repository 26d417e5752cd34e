"""ResNet-18's ImageNet weights: in torch's hub cache, or fetched into it."""

from __future__ import annotations

from pathlib import Path

import torch

from coursekit.machine.download import download, sha256

__all__ = ["WeightsError", "address", "cached_file", "fetch", "is_whole", "read"]


class WeightsError(Exception):
    """Weights are missing or damaged. The message says what to do."""


def address() -> str:
    """Return where torchvision publishes the weights: the file's name ends in its checksum."""
    from torchvision.models import ResNet18_Weights

    return ResNet18_Weights.DEFAULT.url


def cached_file() -> Path:
    """Return where torch keeps the weights, or would: below TORCH_HOME."""
    return Path(torch.hub.get_dir()) / "checkpoints" / address().rpartition("/")[2]


def is_whole(path: Path) -> bool:
    """Return whether the file's SHA-256 is the one that its name ends in."""
    return sha256(path.read_bytes()).startswith(_checksum(path))  # the name has eight digits of it


def read(path: Path) -> dict[str, torch.Tensor]:
    """Return the state_dict in the file: name -> tensor of the parameter's shape, on the CPU.

    Raises WeightsError where its checksum fails.
    """
    if not is_whole(path):
        raise WeightsError(
            f"{path} is damaged: its SHA-256 does not begin {_checksum(path)}. "
            "`coursekit fetch --all` puts another in its place; or delete it, and copy it from a "
            "machine that has it"
        )
    return torch.load(path, map_location="cpu", weights_only=True)


def fetch() -> None:
    """Fetch the weights into torch's cache: 45 MB, with a progress bar.

    The file appears there whole and verified, or not at all.
    Raises DownloadError, which says why.
    """
    path = cached_file()
    download(address(), path, _checksum(path))


def _checksum(path: Path) -> str:
    """Return the beginning of the SHA-256 that the name ends in: NAME-SHA.pth."""
    return path.stem.rpartition("-")[2]
