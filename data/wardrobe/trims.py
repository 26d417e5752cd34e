"""What is sewn onto a top: closures, pockets, seams and ribs."""

import numpy as np

from .pattern import MIDDLE, Cut
from .sketch import Rng, Sketch, between, chance


def draw_front(sketch: Sketch, cut: Cut, rng: Rng, kind: str, bold: float = 1.0) -> None:
    """Draw the closure: `buttons`, `zip`, `open`, `placket` (half way down) or `none`."""
    if kind == "none":
        return
    top = cut.neck_depth if cut.neck != "hood" else cut.neck_depth + 0.06
    end = cut.length + cut.round_hem * 0.8 if kind != "placket" else top + between(rng, 0.12, 0.3)
    x = 0.5 + rng.normal(0, 0.012)
    change = bold * rng.normal(0, 45)
    if kind == "open":
        gap = between(rng, 0.015, 0.06)
        shape = [(x, top), (x + gap, end), (x - gap, end)]
        sketch.patch(shape, between(rng, -130, -20))
        return
    sketch.line(
        [(x, top), (x + rng.normal(0, 0.01), end)], change, between(rng, 0.012, 0.03) * bold
    )
    if kind in ("buttons", "placket"):
        for y in np.arange(top + 0.04, end - 0.03, between(rng, 0.08, 0.15)):
            sketch.dot((x + 0.01, y), between(rng, 0.01, 0.02), rng.normal(0, 70))


def draw_pockets(sketch: Sketch, cut: Cut, rng: Rng, low: bool) -> None:
    """Draw two pockets at the hips, or one or two on the chest."""
    change = between(rng, -120, 60)
    y = between(rng, 0.58, 0.72) * cut.length if low else between(rng, 0.26, 0.34)
    size, x = between(rng, 0.05, 0.09), (0.6 if low else 0.5) * cut.chest
    lean = between(rng, -0.05, 0.05) if low else 0.0
    for side in (-1, 1) if low or chance(rng, 0.5) else (1,):
        points = np.array([(x - size, y + lean), (x + size * 0.6, y - lean)])
        sketch.line(points * [side, 1] + MIDDLE, change, 0.02)


def draw_seams(sketch: Sketch, cut: Cut, rng: Rng) -> None:
    """Draw a yoke over the chest and seams down the front."""
    change, y, x = between(rng, -100, 60), between(rng, 0.2, 0.36), cut.chest * 0.9
    if chance(rng, 0.6):
        middle = (0.5, y + rng.normal(0, 0.03))
        sketch.line([(0.5 - x, y), middle, (0.5 + x, y)], change, 0.02)
    if chance(rng, 0.5):
        for side in (-1, 1):
            seam = np.array([(x * 0.55, y), (x * 0.5, cut.length)])
            sketch.line(seam * [side, 1] + MIDDLE, change, 0.018)


def draw_ribs(sketch: Sketch, cut: Cut, rng: Rng) -> None:
    """Draw the knitted band along the hem."""
    y = cut.length - between(rng, 0.04, 0.08)
    change = between(rng, -90, 50)
    sketch.line([(0.5 - cut.hem, y), (0.5 + cut.hem, y)], change, 0.02)
