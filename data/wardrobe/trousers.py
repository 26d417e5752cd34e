"""Trousers, skinny to wide."""

import numpy as np

from .fabric import tone
from .pattern import MIDDLE
from .sketch import Rng, Sketch, between, chance, curve


def trouser(sketch: Sketch, rng: Rng) -> float:
    """Draw trousers: two legs from a waistband, skinny to wide. Return their tone."""
    base = tone(rng, 0.08, 0.5)
    waist, hips = between(rng, 0.13, 0.18), between(rng, 0.15, 0.21)
    crotch = between(rng, 0.24, 0.34)
    ankle = between(rng, 0.03, 0.055) if chance(rng, 0.8) else between(rng, 0.055, 0.1)
    knee = (ankle + between(rng, 0.045, 0.065)) / 2 + 0.012
    end = 1.0 if chance(rng, 0.95) else between(rng, 0.55, 0.75)
    gap, sway = between(rng, 0.015, 0.075), rng.normal(0, 0.02)
    for side in (-1, 1):
        step, bent = rng.normal(0, 0.02), abs(rng.normal(0, 0.02))
        out_knee, out_end = hips * 0.85 + bent + side * sway, gap + 2 * ankle + step
        leg = curve([(waist, 0), (hips, crotch * 0.75), (out_knee, 0.6), (out_end, end)])
        low = end + rng.normal(0, 0.01)
        in_knee = max(out_knee - 2 * knee, 0.01 + side * sway)
        inner = [(gap + step, low), (in_knee, 0.6), (0.002, crotch), (-0.02, 0)]
        shape = np.concatenate([leg, curve(inner)]) * [side, 1] + MIDDLE
        sketch.fill(shape, np.clip(base + side * rng.normal(0, 6), 12, 252))
        if chance(rng, 0.4):
            crease = [(hips * 0.5, 0.2), (out_knee - knee, 0.6), (out_end - ankle, end)]
            sketch.line(np.array(crease) * [side, 1] + MIDDLE, rng.normal(0, 45), 0.03)
    _fly(sketch, rng, waist, hips, crotch)
    return base


def _fly(sketch: Sketch, rng: Rng, waist: float, hips: float, crotch: float) -> None:
    """Draw waistband, fly, pockets and worn thighs."""
    change = between(rng, -120, 50)
    band = between(rng, 0.03, 0.06)
    if chance(rng, 0.7):
        sketch.line([(0.5 - waist - 0.02, band), (0.5 + waist + 0.02, band)], change, 0.018)
    if chance(rng, 0.6):
        sketch.line([(0.5, band), (0.5, crotch)], change, 0.015)
    if chance(rng, 0.6):
        for side in (-1, 1):
            points = np.array([(waist * 0.5, band), (hips, between(rng, 0.1, 0.15))])
            sketch.line(points * [side, 1] + MIDDLE, change, 0.015)
    if chance(rng, 0.3):
        worn = between(rng, -70, 40)
        for side in (-1, 1):
            sketch.dot((0.5 + side * hips * 0.55, 0.42), 0.045, worn)
