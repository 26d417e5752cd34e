"""From pictures of any size to the batch that a pretrained network expects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import torch
from PIL.Image import Image
from torch import Tensor

from coursekit.arguments import integer, number, short, tensor
from coursekit.contracts import File, checks_arguments
from coursekit.data.framing import framed
from coursekit.data.picture import read_picture

__all__ = ["Batch", "Picture", "Preprocess"]

MOST = 10_000  # pixels each way
Picture: TypeAlias = Tensor | Image | str | Path
Batch: TypeAlias = Annotated[Tensor, partial(tensor, axes="(N, 3, H, W)")]  # normalised, float32


@dataclass(frozen=True)
class Preprocess:
    """The transforms that a network was trained with.

    The shorter edge becomes `resize` pixels, the middle `size`×`size` is cut out, and each channel
    loses its `mean` and is divided by its `std`, both in units of white = 1.
    Raises ValueError for a size larger than `resize` or an std that is not above 0.

    >>> Preprocess(64, 64)(torch.zeros(2, 3, 80, 100, dtype=torch.uint8)).shape
    torch.Size([2, 3, 64, 64])
    """

    resize: int
    size: int
    mean: tuple[float, ...] = (0.5, 0.5, 0.5)
    std: tuple[float, ...] = (0.25, 0.25, 0.25)

    def __post_init__(self) -> None:
        """Check the sizes, and turn the lists of a JSON file into tuples."""
        integer("resize", self.resize, minimum=1, maximum=MOST)
        integer("size", self.size, minimum=1, maximum=self.resize)
        # Frozen for everyone else; equal transforms shall be equal whatever they were made from.
        object.__setattr__(self, "mean", _three("mean", self.mean))
        object.__setattr__(self, "std", _three("std", self.std, above=0))

    def __call__(self, pictures: Picture | Sequence[Picture]) -> Tensor:
        """Return the batch that the network expects: float32 (N, 3, size, size), around 0.

        pictures: uint8 (N, 3, H, W), (N, 1, H, W) or (3, H, W); or a PIL image, or a path; or a
        sequence of these, of mixed sizes. Tensors that are size×size already are neither resized
        nor cropped: `image_folder` gives such. Raises ValueError for anything else.
        """
        if isinstance(pictures, Tensor) and pictures.dim() == 4:
            return self._batch(pictures)
        if isinstance(pictures, (list, tuple)):
            if not pictures:
                raise ValueError("pictures is empty; expected at least one")
            return torch.cat([self(picture) for picture in pictures])
        if isinstance(pictures, Tensor):
            return self._batch(pictures.unsqueeze(0))
        if not isinstance(pictures, (str, Path, Image)):
            raise TypeError(
                f"pictures is {short(pictures)}; expected uint8 (N, 3, H, W), a PIL image or a path"
            )
        return self._read(pictures, "pictures")

    @checks_arguments
    def read(self, path: File | Image) -> Tensor:
        """Return the batch of one picture, (1, 3, size, size): its file is read as in a folder.

        path: a picture's file, or a PIL image. Raises ValueError for what is none, or damaged.
        """
        return self._read(path, "path")

    @checks_arguments
    def undo(self, batch: Batch) -> Tensor:
        """Return the pictures that the network was shown: float32 from 0 black to 1 white.

        batch: (N, 3, H, W), normalised. The pictures have the same shape; what an augmentation made
        brighter than white or darker than black is cut off.
        """
        return (batch * self._channels(self.std) + self._channels(self.mean)).clamp(0, 1)

    def facts(self) -> dict[str, Any]:
        """Return what makes another Preprocess like this one, Preprocess(**facts), for a file."""
        return asdict(self)

    def _read(self, picture: str | Path | Image, argument: str) -> Tensor:
        reading = read_picture(picture, self.size, resize=self.resize, argument=argument)
        return self._batch(reading.pixels.unsqueeze(0))

    def _batch(self, images: Tensor) -> Tensor:
        images = _colour(images)  # (N, 1 or 3, H, W) -> (N, 3, H, W)
        if images.shape[-2:] != (self.size, self.size):
            images = framed(images, self.resize, self.size)  # (N, 3, size, size)
        return (images.float() / 255 - self._channels(self.mean)) / self._channels(self.std)

    @staticmethod
    def _channels(values: tuple[float, ...]) -> Tensor:
        return torch.tensor(values).view(1, -1, 1, 1)  # (3,) -> (1, 3, 1, 1), beside (N, 3, H, W)


def _three(name: str, values: object, *, above: float | None = None) -> tuple[float, ...]:
    if not isinstance(values, (list, tuple)) or len(values) != 3:
        raise TypeError(f"{name} is {short(values)}; expected a number for each of three channels")
    return tuple(number(f"{name}[{at}]", value, above=above) for at, value in enumerate(values))


def _colour(images: Tensor) -> Tensor:
    if (
        images.dtype != torch.uint8
        or images.dim() != 4
        or images.shape[1] not in (1, 3)
        or not images.numel()
    ):
        raise ValueError(
            f"pictures is {images.dtype} {tuple(images.shape)}; "
            "expected torch.uint8 (N, 3, H, W), 0 to 255"
        )
    return images.expand(-1, 3, -1, -1)  # gray three times, as a view: no pixel is copied
