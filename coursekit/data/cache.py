"""Fashion-MNIST's four files in the user's cache: complete and verified, or the reason why not."""

from __future__ import annotations

from pathlib import Path

from coursekit.data import idx
from coursekit.machine import download

__all__ = ["complete", "repair"]


def repair(folder: Path) -> list[str]:
    """Return a sentence on each damaged file of the folder, which is set aside under another name.

    A file that is in its place from then on is whole, so a download may leave it out.
    """
    return [f"{error.path.name} in the cache {error.what}; {_set_aside(error.path)}"
            for error in idx.damaged(folder)]  # fmt: skip


def _set_aside(path: Path) -> str:
    try:
        return f"it is {download.set_aside(path).name} now, and `coursekit fetch` gets a good one"
    except OSError as error:
        return f"it cannot be renamed ({error.strerror}): delete {path}"


def complete(folder: Path) -> None:
    """Fetch what the folder lacks; each file appears there whole, or not at all.

    Raises DownloadError, which says why.
    """
    from torchvision.datasets import FashionMNIST

    for name in idx.PACKED:
        if not (folder / name).is_file():
            address = FashionMNIST.mirrors[0] + name
            download.download(address, folder / name, idx.SHA256[name])
