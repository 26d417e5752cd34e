"""Pictures on slides: in their own proportions, and tall ones in parts that can be read."""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Mapping
from itertools import pairwise
from math import ceil

import numpy as np
from PIL import Image

__all__ = ["SMALLEST", "blocks", "needed", "size"]

SMALLEST = 16  # px at 1280×720, of anything that is to be read
LETTERS = 12.0  # px of a figure's smallest letters, where its notebook does not say
TALLEST = 430  # px, as a notebook shows it, of what stands on one slide at a readable size
LEAST = 0.15  # of the height, for a part of it
MOST = 5  # parts
QUIET = 8  # px of white between what stands above and below
DIMENSIONS = re.compile(r'<img width="(\d+)" height="(\d+)" data-letters="([\d.]+)"')


def blocks(png: str, metadata: Mapping[str, object]) -> list[str]:
    """Return the picture as HTML, in one part, or in several where it is too tall to be read.

    png: in base64. metadata: as a notebook stores it; its width is kept, its height follows from
    the picture, so that nothing is stretched.
    """
    source = base64.b64decode("".join(png.split()))
    picture = Image.open(io.BytesIO(source))
    width = float(str(metadata.get("width", picture.width)))
    letters = float(str(metadata.get("letters", LETTERS)))
    parts = [source] if getattr(picture, "n_frames", 1) > 1 else _parts(picture, source, width)
    alt = str(metadata.get("alt", ""))
    return [
        _figure(part, width, letters, alt if len(parts) == 1 else f"Part {n}: {alt}")
        for n, part in enumerate(parts, start=1)
    ]


def size(block: str) -> tuple[float, float] | None:
    """Return the width and height that a figure needs to be readable, in px; None for others."""
    found = DIMENSIONS.search(block)
    if not found:
        return None
    by = needed(float(found[3]))
    return float(found[1]) * by, float(found[2]) * by


def needed(letters: float) -> float:
    """Return how many times its size a figure has to be shown.

    >>> needed(12.0)
    1.3333333333333333
    """
    return SMALLEST / letters


def _figure(png: bytes, width: float, letters: float, alt: str) -> str:
    picture = Image.open(io.BytesIO(png))
    height = round(width * picture.height / picture.width)
    source = "data:image/png;base64," + base64.b64encode(png).decode()
    return (
        f'<figure class="block figure"><img width="{width:.0f}" height="{height}" '
        f'data-letters="{letters:g}" alt="{html.escape(alt)}" src="{source}"></figure>'
    )


def _parts(picture: Image.Image, source: bytes, width: float) -> list[bytes]:
    """Return the picture's rows of panels as pictures, where all together they are too tall."""
    by = picture.width / width
    rows = range(min(MOST, ceil(picture.height / by / TALLEST)), MOST + 1)
    tries = [_cuts(picture, by, wanted) for wanted in rows] if rows[0] > 1 else []
    places = min(tries, key=lambda cuts: _tallest(cuts, picture.height, by), default=[])
    if not places:
        return [source]
    edges = [0, *places, picture.height]
    return [
        _saved(picture.crop((0, top, picture.width, bottom))) for top, bottom in pairwise(edges)
    ]


def _tallest(cuts: list[int], height: int, by: float) -> float:
    """Return the height of the tallest part, in px; all that fit are alike, so the fewest win."""
    edges = [0, *cuts, height]
    return max(TALLEST, *((b - a) / by for a, b in pairwise(edges)))


def _cuts(picture: Image.Image, by: float, wanted: int) -> list[int]:
    """Return up to `wanted` − 1 rows of pixels at which the picture may be cut, in order."""
    blank = np.asarray(picture.convert("L")).min(axis=1) > 250
    starts = np.flatnonzero(np.diff(np.concatenate([[0], blank, [0]])) == 1)
    ends = np.flatnonzero(np.diff(np.concatenate([[0], blank, [0]])) == -1)
    bands = [(int(a + b) // 2, int(b - a)) for a, b in zip(starts, ends, strict=True)]
    least = LEAST * picture.height
    bands = [
        (middle, high)
        for middle, high in bands
        if high >= QUIET * by and least <= middle <= picture.height - least
    ]
    found: list[int] = []
    for part in range(1, wanted):
        ideal = part * picture.height / wanted
        free = [b for b in bands if all(abs(b[0] - other) >= least for other in found)]
        if free:  # the widest band that is not far from an even share
            found.append(min(free, key=lambda b: abs(b[0] - ideal) - 2 * b[1])[0])
    return sorted(found)


def _saved(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, format="png", optimize=True)
    return stream.getvalue()
