"""One picture, read whatever made it: upright, in colour, on white where it is transparent."""

from __future__ import annotations

import hashlib
import io
import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from coursekit import arguments
from coursekit.data.framing import framed

__all__ = ["CHANGES", "Reading", "UnreadableError", "no_picture", "read_picture"]

GRAY, TRANSPARENT, TURNED, ENLARGED = CHANGES = (
    "gray made colour", "transparent laid on white", "turned upright by EXIF", "enlarged"
)  # fmt: skip
ORIENTATION = 0x0112  # the EXIF tag
PHONE = {".heic", ".heif"}  # what phones write, and Pillow cannot read
DECODED = "damaged, cannot be decoded"
# What Pillow raises on damaged files, depending on the format and the place of the damage.
DAMAGED = (OSError, SyntaxError, ValueError, struct.error, Image.DecompressionBombError)


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

    size: the middle size×size is what comes back, once the shorter side has become `resize` pixels,
        by default as many; None for the picture's own size.
    Raises UnreadableError with the name of the argument for what is no picture, or a damaged one.
    """
    frame = None if size is None else (resize or size, size)
    if isinstance(source, Image.Image):
        return _opened(source, frame, UnreadableError(argument, "an image", DECODED))
    file = arguments.path(argument, source)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableError(argument, file, f"cannot be opened: {error.strerror}") from error
    if not content:
        raise UnreadableError(argument, file, "empty, 0 bytes")
    problem = UnreadableError(argument, file, no_picture(file) or DECODED)
    try:
        opened = Image.open(io.BytesIO(content))
        if frame is not None:
            opened.draft(
                "RGB", (2 * frame[0], 2 * frame[0])
            )  # 12 megapixels are read eight times faster
    except DAMAGED as error:
        raise problem from error
    with opened:
        return _opened(opened, frame, problem)._replace(digest=hashlib.sha256(content).digest())


def no_picture(file: Path) -> str:
    """Return why a file of that name is no picture, or "" where it may be one."""
    from torchvision.datasets.folder import IMG_EXTENSIONS

    suffix = file.suffix.lower()
    if suffix in PHONE:
        return "HEIC, which Pillow does not read: export it as JPEG"
    return "" if suffix in IMG_EXTENSIONS else "not an image file"


def _opened(
    opened: Image.Image, frame: tuple[int, int] | None, problem: UnreadableError
) -> Reading:
    """Return what is in an image, or raise the problem where its pixels cannot be decoded."""
    try:
        turned = opened.getexif().get(ORIENTATION, 1) != 1
        picture, change = _colour(ImageOps.exif_transpose(opened))
    except DAMAGED as error:
        raise problem from error
    changes = [change] if change else []
    changes += [TURNED] if turned else []
    pixels = torch.from_numpy(np.array(picture)).permute(2, 0, 1)  # (3, H, W)
    if frame is not None:
        changes += [ENLARGED] if min(picture.size) < frame[0] else []
        pixels = framed(pixels.unsqueeze(0), *frame)[0]  # (3, size, size)
    return Reading(pixels.contiguous(), changes)


def _colour(picture: Image.Image) -> tuple[Image.Image, str]:
    """Return the picture in red, green and blue, and what that took."""
    if picture.mode.startswith("I"):
        return Image.fromarray(_eight_bits(picture)).convert("RGB"), GRAY
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB"), TRANSPARENT
    return picture.convert("RGB"), GRAY if picture.mode in ("1", "L") else ""


def _eight_bits(picture: Image.Image) -> np.ndarray:
    """Return gray values of 16 bits as bytes."""
    values = np.array(picture, dtype=np.float64)
    # 65,535 / 257 is 255. Some programs keep bytes in 16 bits: those are not made darker.
    return (values / 257 if values.max() > 255 else values).round().astype(np.uint8)
