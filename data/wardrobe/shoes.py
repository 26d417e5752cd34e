"""Sneakers and ankle boots, toe to the left, heel to the right, y up from the ground."""

import numpy as np

from .fabric import tone
from .sketch import Points, Rng, Sketch, between, chance, curve, pick


def up(points: Points) -> np.ndarray:
    """Return points (M, 2) with y turned to point down, as a sketch wants them; ground at 0.9."""
    return np.asarray(points, float) * [1, -1] + [0, 0.9]


def _laces(sketch: Sketch, rng: Rng, low: tuple[float, float], high: tuple[float, float]) -> None:
    """Draw short strokes across the instep, from the toe end to the ankle end."""
    change = between(rng, 40, 170) * (1 if chance(rng, 0.4) else -1)
    length = between(rng, 0.06, 0.12)
    for t in np.linspace(0, 1, int(rng.integers(3, 7))):
        x, y = low[0] + t * (high[0] - low[0]), low[1] + t * (high[1] - low[1])
        sketch.line(up([(x, y), (x + length * 0.7, y - length)]), change, 0.018)


def sneaker(sketch: Sketch, rng: Rng) -> float:
    """Draw a sneaker, low or up to the ankle: thick sole, laces, a side mark. Return its tone."""
    base, high = tone(rng, 0.2, 0.35), chance(rng, 0.1)
    top = between(rng, 0.5, 0.64) if high else between(rng, 0.3, 0.46)
    dip = top - between(rng, 0.0, 0.05) if high else top - between(rng, 0.02, 0.09)
    toe, instep = between(rng, 0.12, 0.22), between(rng, 0.42, 0.54)
    sole, lift = between(rng, 0.04, 0.12), between(rng, 0.0, 0.06)
    points = [(0.01, sole), (0.0, toe * 0.7), (0.09, toe)]
    if high:
        points += [(instep * 0.7, toe * 0.5 + 0.16), (instep * 0.95, top * 0.75)]
    else:
        points += [(instep * 0.6, toe * 0.5 + top * 0.44), (instep * 0.9, top * 0.93)]
    points += [(instep + 0.06, top), (0.74, dip), (0.9, top * 0.97)]
    points += [(0.97, top * 0.98), (0.95, top * 0.6), (0.99, sole)]
    sketch.fill(up(curve(points, closed=True)), base)
    mouth = [(instep + 0.05, top - 0.02), (0.76, dip - 0.03), (0.93, top * 0.93)]
    sketch.line(up(curve(mouth)), between(rng, -120, 60), 0.025)
    _panels(sketch, rng, top, sole)
    if chance(rng, 0.85):
        _laces(sketch, rng, (instep * 0.6, top * 0.66), (instep, top))
    _rubber(sketch, rng, base, sole, lift)
    return base


def _rubber(sketch: Sketch, rng: Rng, base: float, sole: float, lift: float) -> None:
    """Draw the sole of a sneaker, its toe lifted a little off the ground."""
    rubber = np.clip(base + rng.normal(0, 90), 12, 250) if chance(rng, 0.8) else base
    under = [(0.0, sole + 0.01), (0.0, lift * 0.8), (0.1, 0.0), (0.8, 0.0), (1.0, lift * 0.5)]
    under += [(1.0, sole + 0.02), (0.5, sole + between(rng, -0.01, 0.03))]
    sketch.fill(up(under), rubber, cloth=False)
    if chance(rng, 0.4):
        sketch.line(up([(0.02, lift * 0.5), (0.5, 0.015), (0.98, lift * 0.4)]), -90, 0.02)


def _panels(sketch: Sketch, rng: Rng, top: float, sole: float) -> None:
    """Draw toe cap, heel counter and the mark on the side of a sneaker."""
    if chance(rng, 0.6):
        toe = between(rng, 0.12, 0.25)
        cap = [(0, sole), (0.03, 0.5), (toe, 0.5), (toe + 0.08, sole)]
        sketch.patch(up(cap), between(rng, -150, 100))
    if chance(rng, 0.6):
        heel = [(1, sole), (1, top), (0.9, top), (between(rng, 0.72, 0.85), sole)]
        sketch.patch(up(heel), between(rng, -150, 100))
    change, x = between(rng, -170, 120), between(rng, 0.4, 0.55)
    mark = pick(rng, {"swoosh": 2, "stripes": 2, "disc": 1, "none": 2})
    if mark == "swoosh":
        path = curve([(x, sole + 0.13), (x + 0.08, sole + 0.04), (0.9, top * 0.75)])
        sketch.line(up(path), change, between(rng, 0.02, 0.045))
    elif mark == "stripes":
        for k in range(int(rng.integers(2, 5))):
            left = x + k * 0.07
            sketch.line(up([(left, top * 0.7), (left + 0.1, sole)]), change, 0.025)
    elif mark == "disc":
        sketch.dot(tuple(up([(0.68, top * 0.55)])[0]), 0.05, change)


def boot(sketch: Sketch, rng: Rng) -> float:
    """Draw an ankle boot: shaft over the ankle, flat to high heel. Return its tone."""
    base, heel = tone(rng, 0.1, 0.42), pick(rng, {"flat": 6, "block": 4, "thin": 1.5})
    lift = between(rng, 0.03, 0.08) if heel == "flat" else between(rng, 0.08, 0.32)
    tall = 0.49 + lift + between(rng, 0.0, 0.4 if chance(rng, 0.6) else 0.2)
    front, toe = between(rng, 0.46, 0.62), between(rng, 0.16, 0.25)
    back, ankle = between(rng, 0.92, 1.0), 0.4 + lift * 0.6 + rng.normal(0, 0.02)
    points = [(0.0, 0.05), (0.02, toe * 0.75), (0.12, toe)]
    points += [(front * 0.62, toe * 0.55 + ankle * 0.35), (front * 0.95, ankle)]
    points += [(front + rng.normal(0.02, 0.025), tall)]
    points += [(back - 0.02, tall + rng.normal(0, 0.03)), (back - 0.03, 0.5 + lift * 0.5)]
    points += [(1.0, 0.2 + lift), (0.98, lift), (0.6, lift * 0.8), (0.35, 0.04)]
    sketch.fill(up(_corners(points)), base)
    _heel(sketch, rng, base, lift, heel)
    _uppers(sketch, rng, front, tall, lift)
    return base


def _corners(points: list[tuple[float, float]]) -> np.ndarray:
    """Return a boot's outline (M, 2): the shaft's rim stays sharp, the rest is smooth."""
    return np.concatenate([curve(points[:6]), curve(points[6:])])


def _heel(sketch: Sketch, rng: Rng, base: float, lift: float, kind: str) -> None:
    """Draw sole and heel of a boot."""
    dark = np.clip(base + rng.normal(0, 70), 12, 250) if chance(rng, 0.6) else base
    thick = between(rng, 0.025, 0.06)
    if kind == "flat":
        thick += lift
        sole = [(0, 0.08), (0.03, 0), (0.98, 0), (1, thick), (0.5, thick)]
        sketch.fill(up(sole), dark, cloth=False)
        arch = between(rng, 0.5, 0.66)
        notch = between(rng, 0.015, 0.06)
        sketch.cut(up([(arch, -0.01), (arch + 0.06, notch), (0.71, notch), (0.72, -0.01)]))
        return
    width = between(rng, 0.18, 0.3) if kind == "block" else between(rng, 0.05, 0.12)
    block = [(1.0, lift + 0.06), (0.98, 0), (0.98 - width, 0), (0.9 - width * 1.2, lift + 0.02)]
    sketch.fill(up(block), dark, cloth=False)
    sole = [(0.0, 0.06), (0.03, 0.0), (0.36, 0.0), (0.66, lift * 0.8), (0.62, lift * 0.9 + thick)]
    sketch.fill(up([*sole, (0.34, thick)]), dark, cloth=False)


def _uppers(sketch: Sketch, rng: Rng, front: float, tall: float, lift: float) -> None:
    """Draw elastic, laces, straps, and what else is sewn to a boot."""
    change, ankle = between(rng, -170, 60), 0.4 + lift * 0.5
    if chance(rng, 0.35):
        x = between(rng, 0.62, 0.75)
        shape = [(x - 0.07, tall), (x + 0.09, tall), (x + 0.04, ankle), (x - 0.02, ankle)]
        sketch.patch(up(shape), change)
    if chance(rng, 0.35):
        _laces(sketch, rng, (front * 0.75, 0.34 + lift * 0.5), (front - 0.02, tall - 0.05))
    if chance(rng, 0.4):
        for y in ankle + between(rng, 0, 0.15) * np.arange(1, int(rng.integers(2, 4))):
            strap = [(front - 0.05, y), (0.75, y + between(rng, -0.02, 0.06)), (0.97, y)]
            sketch.line(up(curve(strap)), change, between(rng, 0.015, 0.05))
    _seams(sketch, rng, front, tall, lift)


def _seams(sketch: Sketch, rng: Rng, front: float, tall: float, lift: float) -> None:
    """Draw zip, rim and toe cap of a boot."""
    ankle = 0.4 + lift * 0.5
    if chance(rng, 0.3):
        x = between(rng, 0.65, 0.85)
        sketch.line(up([(x, tall), (x, ankle * 0.7)]), between(rng, -150, 80), 0.02)
    if chance(rng, 0.4):
        rim = [(front - 0.05, tall - 0.03), (1, tall - 0.03)]
        sketch.line(up(rim), between(rng, -100, 90), between(rng, 0.03, 0.12))
    seam = [(front * 0.75, 0.1), (front + 0.05, 0.3 + lift * 0.4), (0.98, 0.22 + lift)]
    if chance(rng, 0.5):
        sketch.line(up(curve(seam)), between(rng, -120, 60), 0.02)
