"""One file, read as a picture of one size, whatever made it."""

from __future__ import annotations

import hashlib
import io
import struct
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

__all__ = ["CHANGES", "UnreadableError", "read_picture"]

GRAY, TRANSPARENT, TURNED, ENLARGED = CHANGES = (
    "gray made colour", "transparent laid on white", "turned upright by EXIF", "enlarged"
)  # fmt: skip
ORIENTATION = 0x0112  # the EXIF tag
PHONE = {".heic", ".heif"}
DAMAGED = (OSError, SyntaxError, ValueError, struct.error, Image.DecompressionBombError)


class UnreadableError(ValueError):
    """A file cannot be used as a picture. The message says why, in a few words."""


def read_picture(file: Path, size: int) -> tuple[Tensor, bytes, list[str]]:
    """Return a picture (3, size, size) uint8, a digest of its file, and which `CHANGES` it took.

    The shorter side becomes `size` pixels, and the longer one is cropped around its centre.
    Raises UnreadableError for what is no picture, or a damaged one.
    """
    from torchvision.datasets.folder import IMG_EXTENSIONS

    suffix = file.suffix.lower()
    if suffix in PHONE:
        raise UnreadableError("HEIC, which Pillow does not read: export it as JPEG")
    if suffix not in IMG_EXTENSIONS:
        raise UnreadableError("not an image file")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableError(f"cannot be opened: {error.strerror}") from error
    if not content:
        raise UnreadableError("empty, 0 bytes")
    try:
        picture, changes = _decode(content, size)
    except DAMAGED as error:
        raise UnreadableError("damaged, cannot be decoded") from error
    pixels = torch.from_numpy(np.array(picture)).permute(2, 0, 1).contiguous()
    return pixels, hashlib.sha256(content).digest(), changes


def _decode(content: bytes, size: int) -> tuple[Image.Image, list[str]]:
    with Image.open(io.BytesIO(content)) as opened:
        opened.draft(
            "RGB", (2 * size, 2 * size)
        )  # a photograph of 12 megapixels, eight times faster
        turned = opened.getexif().get(ORIENTATION, 1) != 1
        upright = ImageOps.exif_transpose(opened)
        picture, change = _colour(upright)
    changes = [change] if change else []
    changes += [TURNED] if turned else []
    changes += [ENLARGED] if min(picture.size) < size else []
    return ImageOps.fit(picture, (size, size), Image.Resampling.BICUBIC), changes


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
    return (values / 257 if values.max() > 255 else values).round().astype(np.uint8)
