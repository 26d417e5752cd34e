"""Sandals, toe to the left, heel to the right, y up from the ground."""

import numpy as np

from .fabric import tone
from .shoes import up
from .sketch import Points, Rng, Sketch, between, chance, curve, pick

# height of a foot above its bed, from the toes to the ankle
FOOT_X = (0.0, 0.1, 0.25, 0.4, 0.55, 0.66, 0.8, 1.0)
FOOT_Y = (0.05, 0.09, 0.14, 0.19, 0.25, 0.33, 0.37, 0.37)


class Foot:
    """The bed of a sandal, the foot that is not drawn, and straps laid over it."""

    def __init__(self, sketch: Sketch, rng: Rng, base: float, bed: np.ndarray, wide: float) -> None:
        """Keep what each strap needs.

        base: the cloth's tone, 0 to 255. bed: points (M, 2) from toe to heel. wide: a strap's usual
        width, in units of the garment.
        """
        self.sketch, self.rng, self.base, self.bed, self.wide = sketch, rng, base, bed, wide
        self.size = between(rng, 0.75, 1.15)

    def on(self, x: float, above: float = 0.0) -> tuple[float, float]:
        """Return the point of the bed at this distance from the toe, or so much above it."""
        return x, float(np.interp(x, self.bed[:, 0], self.bed[:, 1])) + above

    def over(self, x: float) -> tuple[float, float]:
        """Return the point on top of the foot at this distance from the toe."""
        return self.on(x, self.size * float(np.interp(x, FOOT_X, FOOT_Y)))

    def strap(self, *points: tuple[float, float], wide: float = 1.0) -> None:
        """Draw a strap along these points, `wide` times the usual width."""
        shade = np.clip(self.base + self.rng.normal(0, 25), 25, 250)
        self.sketch.band(up(curve(points)), shade, self.wide * wide, cloth=True)

    def cross(self, low: float, high: float, wide: float = 1.0) -> None:
        """Draw a strap from the bed at `low` to the top of the foot at `high`."""
        (x, y), (u, v) = self.on(low), self.over(high)
        self.strap((x, y), (x * 0.6 + u * 0.4 - 0.01, y * 0.4 + v * 0.6), (u, v), wide=wide)

    def panel(self, low: float, high: float) -> None:
        """Draw what covers the foot between two distances from the toe."""
        x = np.linspace(low, high, 5)
        shape = [self.on(low - 0.02), *(self.over(t) for t in x), self.on(high + 0.03)]
        self.sketch.fill(up(shape), np.clip(self.base + self.rng.normal(0, 15), 25, 250))

    def lining(self, high: float) -> None:
        """Draw the far inner side of the shoe, dim, up to a part of the foot's height."""
        x = np.linspace(0.08, self.bed[-1, 0], 8)
        low, top = np.array([self.on(t) for t in x]), np.array([self.over(t) for t in x])
        outline = np.concatenate([low, (low + high * (top - low))[::-1]])
        self.sketch.fill(up(outline), between(self.rng, 12, 50))


def _bed(rng: Rng, lift: float, thick: float) -> np.ndarray:
    """Return the upper side of the sole (M, 2), from toe to heel."""
    ball, end = between(rng, 0.26, 0.36), between(rng, 0.92, 1.0)
    toe = thick + between(rng, 0.0, 0.03)
    points = [(0.0, toe), (ball * 0.5, thick), (ball, thick + lift * 0.06)]
    points += [(0.5, thick + lift * 0.35), (0.74, thick + lift * 0.86), (end, thick + lift)]
    return curve(points)


def _sole(sketch: Sketch, kind: str, shade: float, bed: np.ndarray, thick: float) -> None:
    """Draw what is under the bed: a wedge to the ground, or a sole of even thickness."""
    wedge = [(bed[-1, 0] - 0.02, 0.0), (0.3, 0.0), (0.03, 0.0)]
    under: Points = wedge if kind == "wedge" else bed[::-1] - [0, thick]
    sketch.fill(up([*bed, *under]), shade, cloth=kind == "wedge")


def _heel(sketch: Sketch, rng: Rng, kind: str, shade: float, bed: np.ndarray) -> None:
    """Draw the heel, a block or a thin one."""
    end, high = bed[-1]
    wide = between(rng, 0.14, 0.26) if kind == "block" else between(rng, 0.03, 0.07)
    back = end + between(rng, -0.05, 0.02)
    shape = [(end, high), (back, 0), (back - wide, 0), (end - max(wide, 0.16), high - 0.04)]
    sketch.fill(up(shape), shade, cloth=False)


def _front(foot: Foot, rng: Rng) -> None:
    """Draw what holds the toes: bands, a thong or a covered toe."""
    kind = pick(rng, {"bands": 5, "thong": 1.5, "cover": 2})
    if kind == "cover":
        start = between(rng, 0.05, 0.16)
        foot.panel(start, start + between(rng, 0.12, 0.28))
    elif kind == "thong":
        foot.cross(between(rng, 0.08, 0.14), between(rng, 0.22, 0.32))
        foot.strap(foot.over(0.25), foot.over(0.35), foot.on(between(rng, 0.45, 0.6)))
    else:
        for x in np.cumsum(rng.uniform(0.06, 0.14, int(rng.integers(1, 4)))):
            foot.cross(x, x + between(rng, 0.02, 0.14), wide=between(rng, 0.8, 2.0))


def _middle(foot: Foot, rng: Rng, ankle: tuple[float, float]) -> None:
    """Draw straps between toes and ankle."""
    if chance(rng, 0.3):
        foot.strap(foot.over(between(rng, 0.18, 0.3)), foot.over(0.45), ankle)
    for _ in range(int(rng.integers(0, 4))):
        x = between(rng, 0.35, 0.72)
        foot.cross(x, np.clip(x + rng.normal(0, 0.13), 0.25, 0.75))
    if chance(rng, 0.3):
        foot.strap(ankle, foot.on(between(rng, 0.6, 0.85), 0.05))


def _back(foot: Foot, rng: Rng, lift: float) -> tuple[float, float]:
    """Draw what holds the heel. Return the front end of the ankle strap."""
    rise, end = between(rng, 0.12, 0.4 if lift > 0.2 else 0.28), foot.bed[-1, 0]
    x, y = foot.on(end - 0.02, rise)
    ankle = foot.on(between(rng, 0.58, 0.68), 0)
    ankle = (ankle[0], y + between(rng, -0.06, 0.06))
    foot.strap((x, y), (0.8, y + between(rng, -0.04, 0.02)), ankle, wide=between(rng, 0.8, 1.6))
    if chance(rng, 0.5):
        counter = [
            foot.on(end),
            (x + 0.01, y),
            (x - 0.05, y),
            foot.on(end - between(rng, 0.08, 0.3)),
        ]
        foot.sketch.fill(up(counter), foot.base)
    else:
        foot.strap(foot.on(end - 0.02), (x + 0.01, (y + foot.on(end)[1]) / 2), (x, y))
    if lift > 0.2 and chance(rng, 0.25):
        foot.strap((x, y + 0.12), (ankle[0], ankle[1] + 0.13))
    return ankle


def sandal(sketch: Sketch, rng: Rng) -> float:
    """Draw a sandal: a sole, flat or raised, straps with air between them. Return its tone."""
    base = tone(rng, 0.25, 0.35)
    kind = pick(rng, {"slide": 1.2, "flat": 4, "sport": 4, "wedge": 2, "block": 1.5, "thin": 2.5})
    raised = kind in ("wedge", "block", "thin")
    lift = between(rng, 0.18, 0.6) if raised else between(rng, 0.0, 0.06)
    thick = between(rng, 0.07, 0.13) if kind == "sport" else between(rng, 0.04, 0.11)
    bed, shade = _bed(rng, lift, thick), np.clip(base + rng.normal(0, 55), 30, 245)
    foot = Foot(sketch, rng, base, bed, between(rng, 0.03, 0.1 if kind == "sport" else 0.08))
    _sole(sketch, kind, shade, bed, thick)
    if kind in ("block", "thin"):
        _heel(sketch, rng, kind, shade, bed)
    if chance(rng, 0.2):
        foot.lining(between(rng, 0.25, 0.7))
    _front(foot, rng)
    if kind != "slide":
        _middle(foot, rng, _back(foot, rng, lift))
    if kind == "sport" and chance(rng, 0.35):
        foot.panel(between(rng, 0.3, 0.45), between(rng, 0.5, 0.65))
    return base
