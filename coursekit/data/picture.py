"""One picture, read whatever made it: upright, in colour, on white where it is transparent."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from coursekit.data.colours import GRAY, TRANSPARENT, in_colour
from coursekit.data.decoding import DAMAGED, as_it_comes, decoded, factor, reason, turn
from coursekit.machine import paths

__all__ = ["CHANGES", "Reading", "UnreadableError", "read_picture"]

TURNED, ENLARGED = "turned upright by EXIF", "enlarged"
CHANGES = GRAY, TRANSPARENT, TURNED, ENLARGED


class UnreadableError(ValueError):
    """A file cannot be used as a picture. `why` says so in a few words."""

    def __init__(self, argument: str, file: object, why: str) -> None:
        super().__init__(f"{argument} is {file}: {why}; expected a picture, such as PNG or JPEG")
        self.why = why


class Reading(NamedTuple):
    """A picture (3, H, W) uint8, which `CHANGES` it took, and a digest of its file."""

    pixels: Tensor
    changes: list[str]
    digest: bytes = b""


def read_picture(
    source: Image.Image | str | Path, size: int | None = None, *, argument: str = "path"
) -> Reading:
    """Return the picture in a file, or a PIL image: (3, H, W) uint8, 0 black to 255 white.

    What the file is called decides nothing; of several pictures in it, the first is read.
    size: the shorter side becomes so many pixels, and the longer one is cropped around its centre;
        None for the picture's own size, or for a huge one for a smaller one, of some megapixels.
    Raises UnreadableError with the name of the argument for what is no picture, or a damaged one.
    """
    if isinstance(source, Image.Image):
        try:
            with as_it_comes():
                source.load()
                return _finished(source, turn(source), size)
        except Exception as error:  # what Pillow raises depends on the format and on the damage
            raise UnreadableError(argument, "an image", DAMAGED) from error
    file = paths.given(argument, source)
    try:
        _check_file(argument, file)
        with file.open("rb") as stream, decoded(stream, size) as (picture, upright):
            reading = _finished(picture, upright, size)
        return reading._replace(digest=_digest(file))
    except UnreadableError:
        raise
    except Exception as error:
        raise UnreadableError(argument, file, _why(file, error)) from error


def _check_file(argument: str, file: Path) -> None:
    """Raise OSError for a file that is not there, UnreadableError for what holds no bytes."""
    size = file.stat().st_size
    if not file.is_file():
        raise UnreadableError(argument, file, "a folder" if file.is_dir() else "no regular file")
    if not size:
        raise UnreadableError(argument, file, "empty, 0 bytes")


def _why(file: Path, error: Exception) -> str:
    # Pillow raises OSError as well, without a number, for what it cannot decode.
    if isinstance(error, OSError) and error.errno is not None:
        return f"cannot be opened: {error.strerror}"
    return reason(file, error)


def _digest(file: Path) -> bytes:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.digest()


def _finished(picture: Image.Image, upright: Image.Transpose | None, size: int | None) -> Reading:
    """Return the reading of a decoded image."""
    colour, change = in_colour(picture, factor(picture.size, size))
    changes = [change] if change else []
    if upright is not None:
        colour = colour.transpose(upright)
        changes.append(TURNED)
    if size is not None:
        changes += [ENLARGED] if min(colour.size) < size else []
        colour = ImageOps.fit(colour, (size, size), Image.Resampling.BICUBIC)
    pixels = torch.from_numpy(np.array(colour)).permute(2, 0, 1).contiguous()  # (3, H, W)
    return Reading(pixels, changes)
