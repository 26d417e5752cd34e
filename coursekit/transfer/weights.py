"""ResNet-18's ImageNet weights: in torch's hub cache, or fetched into it."""

from __future__ import annotations

from pathlib import Path

import torch

from coursekit import downloads

__all__ = ["WeightsError", "address", "cached_file", "fetch", "read"]


class WeightsError(Exception):
    """Weights are missing or damaged. The message says what to do."""


def address() -> str:
    """Return where torchvision publishes the weights: the file's name ends in its checksum."""
    from torchvision.models import ResNet18_Weights

    return ResNet18_Weights.DEFAULT.url


def cached_file() -> Path:
    """Return where torch keeps the weights, or would: below TORCH_HOME."""
    return Path(torch.hub.get_dir()) / "checkpoints" / address().rpartition("/")[2]


def read(path: Path) -> dict[str, torch.Tensor]:
    """Return the state_dict in the file. Raises WeightsError where its checksum fails."""
    found = downloads.sha256(path.read_bytes())
    if not found.startswith(_checksum(path)):
        raise WeightsError(
            f"{path} is damaged: its SHA-256 begins {found[:8]}, not {_checksum(path)}. "
            "`coursekit fetch --all` puts another in its place; or delete it, and copy it from a "
            "machine that has it"
        )
    return torch.load(path, map_location="cpu", weights_only=True)


def fetch() -> str | None:
    """Fetch the weights into torch's cache (45 MB, with a progress bar). Return None, or why not.

    The file appears there whole and verified, or not at all.
    """
    path = cached_file()
    try:
        downloads.download(address(), path, _checksum(path))
    except downloads.DownloadError as error:
        return str(error)
    return None


def _checksum(path: Path) -> str:
    """Return the beginning of the SHA-256 that the name ends in: NAME-SHA.pth."""
    return path.stem.rpartition("-")[2]
