"""Data sets as tensors in memory, and where they came from.

Fashion-MNIST is looked for in this order: the folder COURSEKIT_DATA, the user's cache, a download,
and at last the stand-in that ships with the course. Files are verified before they are used.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import torch
from torch import Tensor

from coursekit import arguments
from coursekit.contracts import Seed, checks_arguments
from coursekit.data import cache, idx
from coursekit.machine import download
from coursekit.machine.paths import cache_folder, course_folder

__all__ = ["CLASSES", "ImageSet", "data_folder", "fashion_mnist", "normalise"]

CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
MEAN, STANDARD_DEVIATION = 0.2860, 0.3530  # of Fashion-MNIST's training pixels, scaled to 0..1
RAW = Path("FashionMNIST") / "raw"  # torchvision's layout
SPLITS = {"train": "train", "test": "t10k"}


@dataclass(frozen=True, repr=False)
class ImageSet:
    """Labelled images, in memory.

    images: (N, 1, 28, 28) uint8, 0 black to 255 white. labels: (N,) int64, places in `classes`.
    source: where they came from, in words. stand_in: whether they are drawn in place of the real
    ones, and reason: why.
    """

    images: Tensor
    labels: Tensor
    classes: tuple[str, ...]
    source: str
    stand_in: bool
    reason: str = ""

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        shape = "×".join(str(size) for size in self.images.shape[1:])
        why = f" ({self.reason})" if self.reason else ""
        return f"{len(self):,} images {shape} in {len(self.classes)} classes: {self.source}{why}"

    def tensors(self) -> tuple[Tensor, Tensor]:
        """Return (inputs, labels) for training: (N, 1, 28, 28) float32, normalised; (N,) int64."""
        return normalise(self.images), self.labels

    @checks_arguments
    def split(
        self, share: Annotated[float, arguments.share], *, seed: Seed = 0
    ) -> tuple[ImageSet, ImageSet]:
        """Return (the rest, a share of the images drawn at random): each image is in one of them.

        Raises ValueError for a share that is not between 0 and 1.
        """
        generator = torch.Generator().manual_seed(int(seed))  # which takes no numpy integer
        order = torch.randperm(len(self), generator=generator)
        cut = len(self) - round(share * len(self))  # the drawn ones lie behind it
        rest, drawn = (
            replace(self, images=self.images[places], labels=self.labels[places])
            for places in (order[:cut].sort().values, order[cut:])
        )
        return rest, drawn

    @checks_arguments
    def head(self, count: Annotated[int, partial(arguments.integer, minimum=1)]) -> ImageSet:
        """Return the first `count` images, or all where there are fewer, as a set of their own."""
        return replace(self, images=self.images[:count], labels=self.labels[:count])


@checks_arguments
def normalise(images: Annotated[Tensor, arguments.tensor]) -> Tensor:
    """Return uint8 images as float32 with mean 0 and standard deviation 1 over the training set.

    images: of any shape, 0 black to 255 white. The same shape comes back, from -0.81 to 2.02.
    Raises ValueError for another dtype.

    >>> normalise(torch.tensor([0, 255], dtype=torch.uint8))
    tensor([-0.8102,  2.0227])
    """
    if images.dtype != torch.uint8:  # scaled once already, they would be scaled twice
        raise ValueError(f"images is {images.dtype}; expected torch.uint8, 0 to 255")
    return (images.float() / 255 - MEAN) / STANDARD_DEVIATION


@checks_arguments
def fashion_mnist(split: Literal["train", "test"]) -> ImageSet:
    """Return Fashion-MNIST's "train" or "test" part, or the stand-in's, and say which.

    Images (N, 1, 28, 28) uint8, 60,000 or 10,000 of them where they are the real ones.
    A damaged file in the cache is set aside and downloaded anew.
    Raises ValueError for another split, DataError where COURSEKIT_DATA names no folder or holds a
    damaged file: the message names the file and says what to do.
    """
    reasons: list[str] = []
    named = data_folder()
    if named is not None and idx.present(named / RAW):
        return _read(named / RAW, split, "Fashion-MNIST from COURSEKIT_DATA", idx.SHA256)
    if named is not None:
        reasons.append("COURSEKIT_DATA holds no Fashion-MNIST")
    folder, where = cache_folder() / RAW, "from the cache"
    reasons += cache.repair(folder)
    if not idx.present(folder):
        where = "downloaded"
        reasons += _completed(folder)
    if idx.present(folder):
        return _read(folder, split, f"Fashion-MNIST {where}", idx.SHA256)
    folder = course_folder("data") / "standin" / RAW
    drawn = _read(folder, split, "the course's drawn stand-in for Fashion-MNIST")
    return replace(drawn, stand_in=True, reason="; ".join(reasons))


def _completed(folder: Path) -> list[str]:
    """Download into the folder. Return the reason why it is not complete, if it is not."""
    if download.offline():
        return ["COURSEKIT_OFFLINE is set"]
    try:
        cache.complete(folder)
    except download.DownloadError as error:
        return [str(error)]
    return []


def data_folder() -> Path | None:
    """Return the folder that COURSEKIT_DATA names, or None where it is unset or empty.

    Raises DataError where it names something that is not a folder.
    """
    named = os.environ.get("COURSEKIT_DATA", "")
    if not named:
        return None
    folder = Path(named).expanduser()
    if not folder.is_dir():
        raise idx.DataError(
            f"COURSEKIT_DATA is {named!r}, which is not a folder; "
            "expected a folder that holds FashionMNIST/raw, or no COURSEKIT_DATA at all"
        )
    return folder


def _read(
    folder: Path, split: str, source: str, verify: Mapping[str, str] | None = None
) -> ImageSet:
    images = idx.read(folder, f"{SPLITS[split]}-images-idx3-ubyte", verify)
    labels = idx.read(folder, f"{SPLITS[split]}-labels-idx1-ubyte", verify)
    if images.shape != (len(labels), 28, 28):
        raise idx.DataError(
            f"{folder} holds images {images.shape} and labels {labels.shape}; "
            "expected as many labels as images, 28×28 each. Replace the four files together"
        )
    return ImageSet(
        torch.from_numpy(images).unsqueeze(1),  # (N, 28, 28) -> (N, 1, 28, 28)
        torch.from_numpy(labels.astype(np.int64)),  # bytes in the file; PyTorch's losses take int64
        CLASSES,
        source,
        stand_in=False,
    )
