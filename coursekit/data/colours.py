"""Pixels of any kind as red, green and blue in bytes, as one who looks would have it."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageCms

__all__ = ["GRAY", "TRANSPARENT", "in_colour"]

GRAY, TRANSPARENT = "gray made colour", "transparent laid on white"
STRIP = 4_000_000  # pixels that are turned into colour at a time: a photograph needs no copy of all
DEEP = ("I", "F")  # how the names of Pillow's modes of more than eight bits begin
ALPHA = {"La": "LA", "RGBa": "RGBA"}  # colours multiplied by their opacity -> as they are


def in_colour(picture: Image.Image, factor: int = 1) -> tuple[Image.Image, str]:
    """Return the picture in red, green and blue, and what that took, or "".

    factor: how many pixels each way become one, their mean.
    Gray of 16 and of 32 bits, and decimals, are scaled: see `_range`. Transparent is laid on white.
    """
    change = TRANSPARENT if _is_transparent(picture) else ""
    if not change and (picture.mode in ("1", "L") or picture.mode.startswith(DEEP)):
        change = GRAY
    if picture.mode == "RGB" and not change and factor == 1:
        return picture, change
    span = _range(picture) if picture.mode.startswith(DEEP) else None
    width, height = picture.size
    colour = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    rows = max(factor, STRIP // width // factor * factor)
    for top in range(0, height, rows):
        strip = picture.crop((0, top, width, min(top + rows, height)))
        strip.info.update(picture.info)  # a transparent colour is named there
        drawn = _strip(strip, span)
        colour.paste(drawn.reduce(factor) if factor > 1 else drawn, (0, top // factor))
    return colour, change


def _is_transparent(picture: Image.Image) -> bool:
    return picture.has_transparency_data or (
        picture.mode.startswith("I") and isinstance(picture.info.get("transparency"), int)
    )


def _strip(strip: Image.Image, span: tuple[float, float] | None) -> Image.Image:
    if span is not None:
        return Image.fromarray(_bytes(strip, span)).convert("RGB")
    if strip.mode == "LAB":
        return ImageCms.applyTransform(strip, _lab_to_rgb())
    if strip.mode in ALPHA:
        strip = strip.convert(ALPHA[strip.mode])
    if strip.has_transparency_data:
        layer = strip.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return strip.convert("RGB")


def _lab_to_rgb() -> ImageCms.ImageCmsTransform:
    lab, rgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return ImageCms.buildTransform(lab, rgb, "LAB", "RGB")


def _range(picture: Image.Image) -> tuple[float, float]:
    """Return the values that stand for black and for white in a picture of deep gray.

    Bytes stay bytes, whatever they are kept in; 16 bits are 0 to 65,535; decimals from 0 to 1 are
    shares of white. Anything else has no white of its own: its least and largest value are taken.
    """
    values = np.asarray(picture)
    finite = values[np.isfinite(values)] if picture.mode == "F" else values
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    whites = (1, 255, 65_535) if picture.mode == "F" else (255, 65_535)
    for white in whites if low >= 0 else ():
        if high <= white:
            return 0.0, float(white)
    return low, high if high > low else low + 1


def _bytes(picture: Image.Image, span: tuple[float, float]) -> np.ndarray:
    """Return deep gray (H, W) as bytes; what is no number counts as black."""
    low, high = span
    values = np.nan_to_num(np.asarray(picture).astype(np.float64), nan=low, posinf=high, neginf=low)
    scaled = ((values - low) * (255 / (high - low))).round().clip(0, 255).astype(np.uint8)
    if isinstance(clear := picture.info.get("transparency"), int):
        scaled[values == clear] = 255  # one value that is transparent, and white lies behind it
    return scaled
