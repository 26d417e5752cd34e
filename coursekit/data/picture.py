"""One picture, read whatever made it: upright, in colour, on white where it is transparent."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from coursekit.data.colours import GRAY, TRANSPARENT, in_colour
from coursekit.data.decoding import DAMAGED, as_it_comes, decoded, factor, reason, turn
from coursekit.data.framing import framed
from coursekit.machine import paths

__all__ = ["CHANGES", "Reading", "UnreadableError", "read_picture"]

TURNED, ENLARGED = "turned upright by EXIF", "enlarged"
LONG = 8  # times the shorter side: what lies further out is cropped before anything is resized
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
    source: Image.Image | str | Path,
    size: int | None = None,
    *,
    resize: int | None = None,
    argument: str = "path",
) -> Reading:
    """Return the picture in a file, or a PIL image: (3, H, W) uint8, 0 black to 255 white.

    What the file is called decides nothing; of several pictures in it, the first is read.
    size: the middle size×size is what comes back, once the shorter side has become `resize` pixels,
        by default as many; None for the picture's own size, or for a huge one for a smaller one, of
        some megapixels.
    Raises UnreadableError with the name of the argument for what is no picture, or a damaged one.
    """
    frame = None if size is None else (resize or size, size)
    if isinstance(source, Image.Image):
        if 0 in source.size:
            raise UnreadableError(
                argument, "an image", "empty, {} x {} pixels".format(*source.size)
            )
        try:
            with as_it_comes():
                source.load()
                return _finished(source, turn(source), frame)
        except Exception as error:  # what Pillow raises depends on the format and on the damage
            raise UnreadableError(argument, "an image", DAMAGED) from error
    file = paths.given(argument, source)
    try:
        _check_file(argument, file)
        with file.open("rb") as stream, decoded(stream, frame and frame[0]) as (picture, upright):
            reading = _finished(picture, upright, frame)
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


def _finished(
    picture: Image.Image, upright: Image.Transpose | None, frame: tuple[int, int] | None
) -> Reading:
    """Return the reading of a decoded image."""
    picture = _middle(picture) if frame is not None else picture
    colour, change = in_colour(picture, factor(picture.size, frame and frame[0]))
    changes = [change] if change else []
    if upright is not None:
        colour = colour.transpose(upright)
        changes.append(TURNED)
    pixels = torch.from_numpy(np.array(colour)).permute(2, 0, 1)  # (3, H, W)
    if frame is not None:
        changes += [ENLARGED] if min(colour.size) < frame[0] else []
        pixels = framed(pixels.unsqueeze(0), *frame)[0]  # (3, size, size)
    return Reading(pixels.contiguous(), changes)


def _middle(picture: Image.Image) -> Image.Image:
    """Return the middle of a very long picture: enlarged whole, 1×5000 would fill the memory."""
    width, height = picture.size
    longest = LONG * min(width, height)
    if max(width, height) <= longest:
        return picture
    left, top = (max(0, (side - longest) // 2) for side in picture.size)
    middle = picture.crop((left, top, left + min(width, longest), top + min(height, longest)))
    middle.info.update(picture.info)  # a transparent colour is named there
    return middle
