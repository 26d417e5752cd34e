"""A large gray drawing of one garment, and its reduction to 28x28 pixels."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

SIDE = 140  # pixels of the drawing: five for each pixel of the picture
PICTURE = 28
MARGIN = 0.14  # of the drawing, so that a turned garment stays inside
LEVELS = 40  # gray levels of the picture: fewer compress better
NEUTRAL = 128  # ink that changes nothing

Point = tuple[float, float]
Points = Sequence[Point] | np.ndarray
Rng = np.random.Generator


def between(rng: Rng, low: float, high: float) -> float:
    """Return a random number, even over [low, high)."""
    return low + (high - low) * float(rng.random())


def chance(rng: Rng, probability: float) -> bool:
    """Return whether it happened, with this probability."""
    return bool(rng.random() < probability)


def pick(rng: Rng, weights: dict[str, float]) -> str:
    """Return one of the names, as often as its weight says; weights need not sum to one."""
    shares = np.cumsum(list(weights.values()))
    return list(weights)[int(np.searchsorted(shares, rng.random() * shares[-1], side="right"))]


def curve(points: Points, closed: bool = False, steps: int = 6) -> np.ndarray:
    """Return a Catmull-Rom spline through the points (N, 2), as points (M, 2) of a line.

    steps: pieces of the line between neighbours. closed: whether it goes on from last to first.
    """
    p = np.asarray(points, float)
    ends = (p[-1:], p[:2]) if closed else (p[:1], p[-1:])
    p = np.concatenate([ends[0], p, ends[1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None, None]  # (steps, 1, 1)
    a, b, c, d = p[:-3], p[1:-2], p[2:-1], p[3:]
    pieces = b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    path = pieces.transpose(1, 0, 2).reshape(-1, 2)  # from (steps, N, 2), piece after piece
    return path if closed else np.concatenate([path, p[-1:]])


class Sketch:
    """Three drawings in step: what is covered, how bright it is, and the ink on top.

    Points are (x, y) in units of the garment, y pointing down, (0.5, 0.5) its middle.
    """

    def __init__(self, rng: Rng) -> None:
        """Start an empty sheet of SIDE pixels, held at a slightly random angle and stretched."""
        self.cover = Image.new("L", (SIDE, SIDE), 0)
        self.tone = Image.new("L", (SIDE, SIDE), 0)
        self.cloth = Image.new("L", (SIDE, SIDE), 0)
        self.ink = Image.new("L", (SIDE, SIDE), NEUTRAL)
        self._pens = [ImageDraw.Draw(i) for i in (self.cover, self.tone, self.cloth, self.ink)]
        turn, lean = rng.normal(0, 0.015), rng.normal(0, 0.02)  # radians, and a share of the height
        stretch = np.exp(rng.normal(0, 0.06))
        scale = SIDE * (1 - 2 * MARGIN)
        # small angles: their sine is the angle, their cosine 1
        self._frame = scale * np.array([[stretch, turn + lean], [-turn, 1.0]])

    def _place(self, points: Points) -> list[Point]:
        placed = (np.asarray(points, float) - 0.5) @ self._frame.T + SIDE / 2
        return [(float(x), float(y)) for x, y in placed]

    def fill(self, points: Points, tone: float, cloth: bool = True) -> None:
        """Draw a polygon (M, 2) with a brightness from 0 to 255; prints appear on cloth only."""
        outline, inks = self._place(points), (255, round(tone), 255 * cloth, NEUTRAL)
        for pen, ink in zip(self._pens, inks, strict=True):
            pen.polygon(outline, fill=ink)

    def band(self, points: Points, tone: float, width: float, cloth: bool = False) -> None:
        """Draw a line of this width (in units of the garment): a strap, a handle, a lace.

        tone: its brightness, 0 to 255. cloth: whether prints appear on it.
        """
        path, thick = self._place(points), max(1, round(width * SIDE * (1 - 2 * MARGIN)))
        for pen, ink in zip(self._pens, (255, round(tone), 255 * cloth, NEUTRAL), strict=True):
            pen.line(path, fill=ink, width=thick, joint="curve")

    def line(self, points: Points, change: float, width: float = 0.02) -> None:
        """Draw a brighter line, or a darker one: a seam, a fold, a zip.

        change: gray levels, darker below zero. width: in units of the garment.
        """
        thick = max(1, round(width * SIDE * (1 - 2 * MARGIN)))
        self._pens[3].line(self._place(points), fill=_ink(change), width=thick, joint="curve")

    def patch(self, points: Points, change: float) -> None:
        """Draw a polygon (M, 2) brighter or darker, by gray levels: a pocket, a hood's inside."""
        self._pens[3].polygon(self._place(points), fill=_ink(change))

    def dot(self, centre: Point, radius: float, change: float) -> None:
        """Draw a small disc brighter or darker, by gray levels: a button, an eyelet, a clasp."""
        (x, y), r = self._place([centre])[0], radius * SIDE * (1 - 2 * MARGIN)
        self._pens[3].ellipse([x - r, y - r, x + r, y + r], fill=_ink(change))

    def cut(self, points: Points) -> None:
        """Draw a hole: a polygon (M, 2) through which the background shows."""
        for pen, ink in zip(self._pens, (0, 0, 0, NEUTRAL), strict=True):
            pen.polygon(self._place(points), fill=ink)


def _ink(change: float) -> int:
    """Return the ink that changes brightness so much: half, as 8 bits hold -255 to 255."""
    return int(np.clip(round(NEUTRAL + change / 2), 0, 255))


def shade(sketch: Sketch, shading: np.ndarray, prints: np.ndarray, rim: float) -> np.ndarray:
    """Return brightness from 0 to 255, (SIDE, SIDE): cloth with print, folds, rim light and ink.

    shading: factors, and prints: gray levels, both (SIDE, SIDE). rim: gray levels at the edge.
    """
    tone, cover, cloth, ink = (
        np.asarray(image, np.float32)
        for image in (sketch.tone, sketch.cover, sketch.cloth, sketch.ink)
    )
    # 1 where a square of three pixels of the picture is covered, less towards the edge
    inside = ndimage.uniform_filter(cover / 255, SIDE // PICTURE * 3)
    bright = tone * shading + prints * cloth / 255 + rim * (1 - inside) + 2 * (ink - NEUTRAL)
    return np.clip(bright, 6, 255) * (cover / 255)  # no garment as black as the background


def reduce(bright: np.ndarray, cover: Image.Image, sharpen: float) -> np.ndarray:
    """Return a picture, uint8 (28, 28): trimmed, its longer edge scaled to 28, centred, sharpened.

    bright: (SIDE, SIDE), 0 to 255. sharpen: how much of the difference to its blur is added.
    """
    left, top, right, bottom = cover.getbbox() or (0, 0, SIDE, SIDE)
    scale = PICTURE / max(right - left, bottom - top)
    width = max(1, round((right - left) * scale))
    height = max(1, round((bottom - top) * scale))
    image = Image.fromarray(bright.astype(np.float32))
    small = image.resize((width, height), Image.Resampling.BOX, (left, top, right, bottom))
    picture = np.zeros((PICTURE, PICTURE), np.float32)
    y, x = (PICTURE - height) // 2, (PICTURE - width) // 2
    picture[y : y + height, x : x + width] = np.asarray(small)
    halo = picture - ndimage.gaussian_filter(picture, 1.0)
    picture = np.where(picture > 0, picture + sharpen * halo, 0)
    steps = np.round(np.clip(picture, 0, 255) / 255 * (LEVELS - 1))
    return np.round(steps * 255 / (LEVELS - 1)).astype(np.uint8)
