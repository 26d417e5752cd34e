"""A pen that draws one thing, in its own units, onto a large colour sheet."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw
from wardrobe.sketch import Points, Rng, curve

from .paint import Palette

PICTURE = 64
SIDE = 3 * PICTURE  # pixels of the sheet: three for each pixel of the picture

__all__ = [
    "PICTURE",
    "SIDE",
    "Pen",
    "box",
    "curve",
    "mirror",
    "moved",
    "oval",
    "placement",
    "ring",
    "smooth",
]


def oval(
    x: float, y: float, rx: float, ry: float | None = None, turn: float = 0, arc: float = 360
) -> np.ndarray:
    """Return points (M, 2) of an ellipse around (x, y), or of an arc of it.

    rx and ry: half axes. turn and arc: degrees clockwise; the arc begins at `turn`, 0 is right.
    """
    t = np.radians(turn + np.linspace(0, arc, max(8, round(arc / 12)) + 1))  # one in 12 degrees
    return np.stack([x + rx * np.cos(t), y + (rx if ry is None else ry) * np.sin(t)], axis=1)


def ring(count: int, outer: float, inner: float, turn: float = -90) -> np.ndarray:
    """Return points (2·count, 2) of a star with `count` tips around the origin.

    outer and inner: radii of tips and notches. turn: degrees clockwise to the first tip (0: right).
    """
    t = np.radians(turn) + np.arange(2 * count) * np.pi / count
    radius = np.where(np.arange(2 * count) % 2, inner, outer)
    return np.stack([radius * np.cos(t), radius * np.sin(t)], axis=1)


def box(left: float, top: float, right: float, bottom: float, round_: float = 0) -> np.ndarray:
    """Return points (M, 2) of a rectangle, its corners rounded by this radius."""
    if not round_:
        return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    r = round_
    corners = ((right - r, top + r, -90), (right - r, bottom - r, 0))
    corners += ((left + r, bottom - r, 90), (left + r, top + r, 180))
    return np.concatenate([oval(x, y, r, turn=turn, arc=90) for x, y, turn in corners])


def mirror(right: Points) -> np.ndarray:
    """Return points (2·M, 2) of an outline from its right half (M, 2), which goes down."""
    half = np.asarray(right, float)
    return np.concatenate([half, half[::-1] * [-1, 1]])


def moved(points: Points, x: float, y: float) -> np.ndarray:
    """Return the points (M, 2), each moved by x to the right and by y down."""
    return np.add(points, (x, y))


def smooth(points: Points) -> np.ndarray:
    """Return points (M, 2) of a closed smooth outline through these."""
    return curve(points, closed=True)


def placement(rng: Rng) -> np.ndarray:
    """Return a matrix (2, 3) from a thing's units, -1 to 1, to pixels of the sheet.

    It turns by up to 40 degrees, scales, stretches, leans, mirrors and moves.
    """
    turn = np.radians(rng.uniform(-40, 40))
    scale = SIDE * rng.uniform(0.3, 0.46)
    stretch, lean = np.exp(rng.normal(0, 0.1)), rng.normal(0, 0.08)
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    shape = np.array([[rng.choice([-1, 1]) * stretch, lean], [0, 1 / stretch]])
    shift = SIDE / 2 + rng.uniform(-1, 1, 2) * (SIDE * 0.56 - scale)
    return np.column_stack([scale * spin @ shape, shift])


class Pen:
    """Draws polygons and lines, given in units of the thing: x right, y down, -1 to 1.

    Inks are names of the palette: "main", "second", "third", "dark", "light".
    """

    def __init__(self, rng: Rng, palette: Palette, place: np.ndarray) -> None:
        """Start a clear sheet (SIDE, SIDE). How the outline looks is drawn once for the thing.

        place: what `placement` returned, (2, 3).
        """
        self.rng, self.palette, self.place = rng, palette, place
        self.sheet = Image.new("RGBA", (SIDE, SIDE), (*palette["main"], 0))
        self._draw = ImageDraw.Draw(self.sheet)
        # pixels of a unit: the root of how much the matrix enlarges an area
        self._unit = float(np.sqrt(abs(np.linalg.det(place[:, :2]))))
        self.outline = rng.uniform(0.02, 0.06) if rng.random() < 0.55 else 0.0
        self.hollow = rng.random() < 0.06  # drawn with lines alone

    def vary(self, low: float, high: float) -> float:
        """Return a random number, even over [low, high)."""
        return float(self.rng.uniform(low, high))

    def count(self, low: int, high: int) -> int:
        """Return a random whole number, from low to high inclusive."""
        return int(self.rng.integers(low, high + 1))

    def maybe(self, probability: float = 0.5) -> bool:
        """Return whether it happened, with this probability."""
        return bool(self.rng.random() < probability)

    def ink(self, *names: str) -> str:
        """Return one of the names, each as likely."""
        return str(self.rng.choice(names))

    def _pixels(self, points: Points) -> list[tuple[float, float]]:
        placed = np.asarray(points, float) @ self.place[:, :2].T + self.place[:, 2]
        return [(float(x), float(y)) for x, y in placed]

    def fill(self, points: Points, ink: str = "main", *, edge: bool = True) -> None:
        """Draw a polygon (M, 2) in an ink, with the thing's outline where it has one."""
        if not self.hollow:
            self._draw.polygon(self._pixels(points), fill=(*self.palette[ink], 255))
        if edge and (self.outline or self.hollow):
            closed = np.concatenate([points, points[:2]])
            self.line(closed, "dark", max(self.outline, 0.05 * self.hollow))

    def line(self, points: Points, ink: str = "dark", width: float = 0.06) -> None:
        """Draw a line through points (M, 2) with round ends, `width` wide in its units."""
        path, thick = self._pixels(points), max(2, round(width * self._unit))
        colour = (*self.palette[ink], 255)
        self._draw.line(path, fill=colour, width=thick, joint="curve")
        for x, y in (path[0], path[-1]):
            r = (thick - 1) / 2
            self._draw.ellipse([x - r, y - r, x + r, y + r], fill=colour)

    def disc(
        self, x: float, y: float, r: float, ink: str = "dark", ry: float | None = None
    ) -> None:
        """Draw an ellipse around (x, y) with half axes r and ry, a small one without outline."""
        self.fill(oval(x, y, r, ry), ink, edge=r > 0.12)

    def eye(self, x: float, y: float, r: float = 0.09) -> None:
        """Draw an eye: white with a pupil, or a dark dot."""
        if self.hollow or self.outline < 0.03:
            self.disc(x, y, r * 0.7, "dark")
            return
        self.disc(x, y, r * 1.2, "light")
        self.disc(x + self.vary(-0.3, 0.3) * r, y, r * 0.6, "dark")

    def stripes(self, lines: Sequence[Points], ink: str, width: float) -> None:
        """Draw several lines, each through points (M, 2), with one ink and width."""
        for points in lines:
            self.line(points, ink, width)
