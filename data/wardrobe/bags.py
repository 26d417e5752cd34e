"""Bags, from clutch to tote."""

import numpy as np

from .fabric import tone
from .sketch import Rng, Sketch, between, chance, curve, pick


def bag(sketch: Sketch, rng: Rng) -> float:
    """Draw a bag: a box, soft or stiff, with handles, a strap or neither. Return its tone."""
    base = tone(rng, 0.16, 0.38)
    kind = pick(rng, {"tote": 4, "hand": 4.5, "clutch": 4, "pouch": 1.5})
    width = between(rng, 0.36, 0.5)
    low, high = {"tote": (0.5, 0.85), "hand": (0.4, 0.6)}.get(kind, (0.4, 0.75))
    height = between(rng, low, high)
    top, flare = 0.95 - height, between(rng, -0.07, 0.05)
    if kind == "pouch":
        points = [(-width * 0.6, 0), (-width, 0.6), (-width * 0.8, 1), (width * 0.8, 1)]
        outline = curve([*points, (width, 0.6), (width * 0.6, 0)], closed=True)
    else:
        outline = _box(width, flare, between(rng, 0.01, 0.11))
    outline = outline * [1, height] + [0.5, top]
    _handles(sketch, rng, base, kind, width, top)
    sketch.fill(outline, base)
    if chance(rng, 0.5):
        sketch.line(np.concatenate([outline, outline[:1]]), between(rng, -60, 60), 0.03)
    _flap(sketch, rng, width, top, height)
    return base


def _box(width: float, flare: float, soft: float) -> np.ndarray:
    """Return the outline (8, 2) of a bag one unit high, with rounded corners."""
    up, down = width + min(flare, 0), width - max(flare, 0)
    sides = [(up, soft), (down, 1 - soft), (down - soft, 1), (-down + soft, 1)]
    sides += [(-down, 1 - soft), (-up, soft), (-up + soft, 0), (up - soft, 0)]
    return np.asarray(sides)


def _handles(sketch: Sketch, rng: Rng, base: float, kind: str, width: float, top: float) -> None:
    """Draw one or two arcs above the bag, or a strap along its side."""
    if kind == "clutch" and chance(rng, 0.75):
        return
    thick = between(rng, 0.02, 0.05)
    grip = width * between(rng, 0.3, 0.75) if kind != "pouch" else width * 0.7
    rise = between(rng, 0.14, 0.42) if kind != "clutch" else between(rng, 0.1, 0.2)
    square = between(rng, 0.6, 0.95)
    for k in range(1 if chance(rng, 0.6) else 2):
        bow = grip * square
        arc = [(-grip, 0.08), (-bow, -rise * 0.7), (0, -rise), (bow, -rise * 0.7)]
        shift = [0.5 + k * between(rng, -0.04, 0.04), top + k * between(rng, 0.02, 0.08)]
        path = curve([*arc, (grip, 0.08)]) + shift
        sketch.band(path, np.clip(base + rng.normal(0, 35), 15, 252), thick)


def _flap(sketch: Sketch, rng: Rng, width: float, top: float, height: float) -> None:
    """Draw the flap of a bag and its clasp, then the rest of its front."""
    change = between(rng, -140, 70)
    y = top + height * between(rng, 0.25, 0.6)
    if chance(rng, 0.5):
        x = width * 0.98
        middle = between(rng, 0.0, 0.14)
        flap = [(0.5 - x, top), (0.5 - x, y), (0.5, y + middle), (0.5 + x, y), (0.5 + x, top)]
        if chance(rng, 0.4):
            sketch.patch(flap, change * 0.5)
        sketch.line(flap[1:4], change, 0.022)
        if chance(rng, 0.6):
            sketch.dot((0.5, y + middle), between(rng, 0.015, 0.04), between(rng, -150, 150))
    _front(sketch, rng, width, top, height, change)


def _front(
    sketch: Sketch, rng: Rng, width: float, top: float, height: float, change: float
) -> None:
    """Draw zip, belts and pocket of a bag."""
    if chance(rng, 0.3):
        sketch.line([(0.5 - width, top + 0.05), (0.5 + width, top + 0.05)], change, 0.025)
    if chance(rng, 0.3):
        for x in (-0.5, 0.5):
            column = 0.5 + x * width
            sketch.line([(column, top), (column, top + height)], change, between(rng, 0.02, 0.06))
    if chance(rng, 0.3):
        low, wide = top + height * 0.55, width * between(rng, 0.4, 0.8)
        box = [(0.5 - wide, low), (0.5 + wide, low), (0.5 + wide, 0.9), (0.5 - wide, 0.9)]
        sketch.line([*box, box[0]], change, 0.02)
