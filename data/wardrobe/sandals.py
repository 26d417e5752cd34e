"""Sandals, toe to the left, heel to the right, y up from the ground."""

import numpy as np

from .fabric import tone
from .shoes import up
from .sketch import Rng, Sketch, between, chance, curve, pick


def sandal(sketch: Sketch, rng: Rng) -> float:
    """Tone of the sandal drawn: a sole, flat or raised, and straps with air between them."""
    base = tone(rng, 0.35, 0.3)
    kind = pick(rng, {"flat": 5, "wedge": 2, "block": 1.5, "thin": 2.5})
    lift = between(rng, 0.0, 0.07) if kind == "flat" else between(rng, 0.25, 0.62)
    thick = between(rng, 0.025, 0.06) if kind != "flat" else between(rng, 0.035, 0.1)
    ball, end = between(rng, 0.28, 0.38), between(rng, 0.9, 0.97)
    bed = curve([(0.0, thick), (0.12, thick), (ball, thick + lift * 0.05)])
    bed = np.concatenate([bed, curve([(0.45, thick + lift * 0.22), (0.75, lift * 0.85 + thick)])])
    bed = np.concatenate([bed, curve([(0.85, lift + thick), (end, lift + thick * 1.1)])])
    sole = np.clip(base + rng.normal(0, 50), 25, 250)
    if kind == "wedge":
        under = [(end, 0.0), (0.5, 0.0), (ball, 0.0), (0.02, 0.0)]
    else:
        under = [*(bed[::-1] - [0, thick])]
    sketch.fill(up([*bed, *under]), sole, cloth=kind == "wedge")
    if kind in ("block", "thin"):
        wide = between(rng, 0.14, 0.24) if kind == "block" else between(rng, 0.03, 0.06)
        back = end + between(rng, -0.03, 0.04)
        shape = [(end, lift + thick), (back, 0), (back - wide, 0), (end - wide - 0.08, lift)]
        sketch.fill(up(shape), sole, cloth=False)
    foot = _Foot(sketch, rng, base, bed)
    _toe_straps(foot, rng)
    if kind != "flat" or chance(rng, 0.75):
        _ankle_straps(foot, rng, lift)
    return base


class _Foot:
    """The bed of a sandal, and straps laid over it."""

    def __init__(self, sketch: Sketch, rng: Rng, base: float, bed: np.ndarray) -> None:
        """Keep what each strap needs."""
        self.sketch, self.rng, self.base, self.bed = sketch, rng, base, bed
        self.width, self.high = between(rng, 0.025, 0.08), between(rng, 0.12, 0.22)

    def on(self, x: float, above: float = 0.0) -> tuple[float, float]:
        """Point of the bed at this distance from the toe, or so much above it."""
        return x, float(np.interp(x, self.bed[:, 0], self.bed[:, 1])) + above

    def strap(self, *points: tuple[float, float], wide: float = 1.0) -> None:
        """Lay a strap along these points."""
        tone = np.clip(self.base + self.rng.normal(0, 20), 25, 252)
        self.sketch.band(up(curve(points)), tone, self.width * wide, cloth=True)


def _toe_straps(foot: _Foot, rng: Rng) -> None:
    """Draw straps over the toes."""
    for _ in range(int(rng.integers(1, 4))):
        x, reach = between(rng, 0.08, 0.3), between(rng, 0.08, 0.2)
        top = (x + reach * 0.7, foot.on(x + reach, foot.high)[1])
        foot.strap(foot.on(x), top, foot.on(x + reach * 1.5), wide=between(rng, 0.8, 1.8))


def _ankle_straps(foot: _Foot, rng: Rng, lift: float) -> None:
    """Draw straps round the ankle, and those that join them to the bed."""
    high, reach, tilt = foot.high, between(rng, 0.5, 0.66), between(rng, -0.05, 0.12)
    ankle = foot.on(0.85, between(rng, 0.16, 0.34))[1]
    front, back = (reach, ankle + tilt), (0.95, ankle - tilt)
    foot.strap(back, (0.8, ankle - 0.04), front)
    foot.strap(foot.on(0.92), (0.97, ankle * 0.5 + foot.on(0.9)[1] * 0.5), back)
    if chance(rng, 0.55):
        foot.strap(foot.on(0.22, high), foot.on(0.42, high), front)
    if chance(rng, 0.5):
        foot.strap(front, foot.on(0.62, high * 0.5), foot.on(between(rng, 0.55, 0.8)))
    if chance(rng, 0.3):
        foot.strap(foot.on(0.3, high), foot.on(0.55))
    if lift > 0.2 and chance(rng, 0.25):
        foot.strap((0.95, ankle + 0.1), (reach, ankle + 0.12))
