"""A picture file of one's own, made into what the network was trained on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from coursekit.contracts import File, checks_arguments
from coursekit.data.fashion import normalise
from coursekit.data.picture import read_picture

__all__ = ["GarmentPhoto", "garment_photo"]

SIDE, MIDDLE = 28, 127.5
BACKGROUND = 40  # gray levels above the darkest that still count as background
SMALLEST = 4  # pixels that a picture has at least, each way
UNEVEN = 0.1  # share of the border that may be no background before the cut is in doubt


@dataclass(frozen=True, repr=False)
class GarmentPhoto:
    """A picture as a network for Fashion-MNIST takes it, and what was done to make it so.

    image: (1, 28, 28) uint8, light on dark. steps: what was done, in order.
    doubt: why it may be no garment that was cut out; "" where there is no reason to think so.
    """

    image: Tensor
    steps: tuple[str, ...]
    doubt: str = ""

    def __repr__(self) -> str:
        return "; ".join(self.steps)

    def inputs(self) -> Tensor:
        """Return a batch of one for the network: (1, 1, 28, 28), normalised as in training."""
        return normalise(self.image[None])  # (1, 28, 28) -> (1, 1, 28, 28)


@checks_arguments
def garment_photo(path: File, *, dark_on_light: bool | None = None) -> GarmentPhoto:
    """Return a picture file as gray (1, 28, 28) uint8, a light garment on a dark background.

    dark_on_light: whether the garment is darker than its background, so that light and dark have to
        be swapped; None to judge by the picture's border.

    The garment is cut out, brought to 28 pixels at its longer side, and put in the middle.
    Where the picture has no even background, its `doubt` says so, and the cut is a guess.
    Raises ValueError that names the file where it is missing, no picture, or shows nothing.
    """
    path = Path(path)
    pixels = _read(path)
    steps = [f"read as gray, {pixels.shape[0]}×{pixels.shape[1]}"]
    if dark_on_light is None:
        dark_on_light = bool(_border(pixels).mean() > MIDDLE)
        where = "light" if dark_on_light else "dark"
        steps.append(f"the border is {where}, so the background is")
    if dark_on_light:
        pixels = 255 - pixels
        steps.append("light and dark swapped")
    doubt = _doubt(pixels)
    box = _cut_out(pixels, path)
    steps.append(f"cut to the garment, {box.shape[0]}×{box.shape[1]}")
    image = _fitted(box)
    steps.append(f"brought to {SIDE}×{SIDE}")
    return GarmentPhoto(image, tuple(steps), doubt)


def _read(path: Path) -> np.ndarray:
    from PIL import Image

    colour = read_picture(path).pixels.permute(1, 2, 0).numpy()  # (3, H, W) -> (H, W, 3)
    pixels = np.array(Image.fromarray(colour).convert("L"), dtype=np.float32)
    if min(pixels.shape) < SMALLEST:
        raise ValueError(
            f"path is {path}, a picture of {pixels.shape[0]}×{pixels.shape[1]}; "
            f"expected at least {SMALLEST}×{SMALLEST} pixels"
        )
    return pixels


def _border(pixels: np.ndarray) -> np.ndarray:
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])


def _doubt(pixels: np.ndarray) -> str:
    """Return why no garment on an even background was found in a light-on-dark picture, or "".

    A garment in the middle leaves the border to the background, dark and of one gray.
    """
    border = _border(pixels)
    level = float(np.median(border))
    share = float((np.abs(border - level) > BACKGROUND).mean())
    if share > UNEVEN:
        return f"the border is no even background: {share:.0%} of it differs"
    if level > MIDDLE:
        return "the border is light, so it counts as the garment"
    return ""


def _cut_out(pixels: np.ndarray, path: Path) -> np.ndarray:
    """Return the part of a light garment on dark, with its background at 0.

    Where nothing is lighter than the border, the darkest pixel is the background.
    """
    for level in (float(np.median(_border(pixels))), float(pixels.min())):
        garment = pixels > level + BACKGROUND  # (H, W) bool
        if garment.any():
            rows, columns = (np.flatnonzero(garment.any(axis=axis)) for axis in (1, 0))
            box = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            return (box - level).clip(0)
    raise ValueError(f"path is {path}, which is one even gray; expected a garment on a background")


def _fitted(box: np.ndarray) -> Tensor:
    """Return the box in the middle of 28×28, its longer side 28."""
    from PIL import Image

    height, width = box.shape
    scale = SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))  # Pillow: width first
    # The mean of what a pixel covers: sharper filters overshoot, and garments have no such rims.
    small = Image.fromarray(box).resize(size, Image.Resampling.BOX)
    canvas = np.zeros((SIDE, SIDE), dtype=np.float32)
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    canvas[top : top + size[1], left : left + size[0]] = np.asarray(small)
    return torch.from_numpy(canvas.clip(0, 255).astype(np.uint8))[None]  # (1, 28, 28)
