"""Garments for the upper body: one pattern of body, sleeves and neck, cut in many ways."""

from dataclasses import dataclass

import numpy as np

from .sketch import Rng, Sketch, between, chance, curve

MIDDLE = np.array([0.5, 0.0])  # of the shoulders; patterns count x from here


@dataclass
class Cut:
    """The pattern of a top, in units of its height; widths are half widths."""

    tone: float
    neck: str = "round"  # v, boat, strap, collar, lapel, turtle, stand or hood
    neck_width: float = 0.1
    neck_depth: float = 0.08
    shoulder: float = 0.23
    drop: float = 0.05  # how much lower the shoulder is than the neck
    chest: float = 0.24
    waist: float = 0.23
    waist_at: float = 0.55
    hem: float = 0.24
    length: float = 1.0
    round_hem: float = 0.0
    armhole: float = 0.27
    sleeve: float = 0.0  # its length; 0 is sleeveless
    spread: float = 0.2  # angle of the sleeve from the vertical, in radians
    upper_arm: float = 0.16
    cuff: float = 0.1
    bend: float = 0.0
    sleeve_tone: float = 0.0  # difference from the body
    asymmetry: float = 0.02


def _sleeve(cut: Cut, side: int, rng: Rng) -> np.ndarray:
    """Return one sleeve's outline (M, 2): shoulder, elbow and cuff outside, back to the armpit."""
    angle = cut.spread + rng.normal(0, cut.asymmetry)
    along = np.array([np.sin(angle), np.cos(angle)])  # unit vectors, of the sleeve and across it
    across = np.array([-along[1], along[0]])
    start = np.array([cut.shoulder, cut.drop])
    out = -across * 0.0
    elbow = start + along * cut.sleeve * 0.5 - across * cut.bend
    end = start + along * cut.sleeve
    width = (cut.upper_arm + cut.cuff) / 2
    inner = [end + across * cut.cuff, elbow + across * width]
    armpit = np.array([cut.chest - 0.02, cut.armhole])
    points = [start - [0.03, 0.01], start + along * 0.03 + out, elbow, end]
    outline = np.concatenate([curve(points), curve([*inner, armpit])])
    return outline * [side, 1] + MIDDLE


def _edge(cut: Cut, side: int, rng: Rng) -> np.ndarray:
    """Return one side of the body (M, 2), from the neck to the hem. side: -1 left, 1 right."""
    wobble = rng.normal(0, cut.asymmetry / 2, 2)
    bare = cut.sleeve == 0
    points = [(cut.shoulder, cut.drop)]
    if bare:
        points.append((cut.shoulder - 0.015, cut.armhole * 0.6))
    points += [
        (cut.chest, cut.armhole),
        (cut.waist + wobble[0], cut.waist_at),
        (cut.hem + wobble[1], cut.length),
    ]
    path = np.concatenate([[(cut.neck_width, 0.0)], curve(points)])
    return path * [side, 1] + MIDDLE


def _hem(cut: Cut) -> np.ndarray:
    """Return the lower edge (9, 2), right to left; a round hem hangs lower in the middle."""
    x = np.linspace(cut.hem, -cut.hem, 9)
    y = cut.length + cut.round_hem * np.cos(x / cut.hem * np.pi / 2)
    return np.stack([x + 0.5, y], 1)


def neckline(cut: Cut) -> np.ndarray:
    """Return the front edge of the neck (M, 2), from left to right, in units of the garment."""
    width, depth = cut.neck_width, cut.neck_depth
    if cut.neck in ("v", "collar", "lapel"):
        points = np.array([(-width, 0), (0, depth), (width, 0)])
    else:
        x = np.linspace(-1, 1, 9)
        points = np.stack([x * width, depth * np.sqrt(1 - x**2)], 1)
    return points + MIDDLE


def draw_body(sketch: Sketch, cut: Cut, rng: Rng) -> None:
    """Draw sleeves, body and neck of a top, without its closures."""
    seam = between(rng, -100, 30)
    inside = np.clip(cut.tone + rng.normal(0, 45), 15, 250)
    back = [(-cut.neck_width, 0), (0, 0.02), (cut.neck_width, 0), (0, cut.neck_depth + 0.03)]
    sides = {s: _edge(cut, s, rng) for s in (-1, 1)}
    body = np.concatenate([neckline(cut), sides[1], _hem(cut), sides[-1][::-1]])
    if cut.sleeve:
        for side in (-1, 1):
            arm = np.clip(cut.tone + cut.sleeve_tone, 12, 252)
            sketch.fill(_sleeve(cut, side, rng), arm)
    if cut.neck != "strap":
        sketch.fill(np.array(back) + MIDDLE, inside, cloth=False)
    sketch.fill(body, cut.tone)
    if cut.sleeve:
        for side in (-1, 1):
            join = [(cut.shoulder, cut.drop), (cut.chest - 0.01, cut.armhole)]
            join.append((cut.chest, cut.armhole + (0.12 if cut.sleeve > 0.5 else 0)))
            sketch.line(curve(join) * [side, 1] + MIDDLE, seam, 0.025)
    draw_creases(sketch, cut, rng)


def draw_neck(sketch: Sketch, cut: Cut, rng: Rng) -> None:
    """Draw what the neck has: a band, a collar, a hood."""
    change, width, depth = between(rng, -110, 60), cut.neck_width, cut.neck_depth
    if cut.neck == "hood":
        _hood(sketch, cut, rng)
    elif cut.neck in ("collar", "lapel"):
        tip = depth * between(rng, 0.8, 1.5)
        for side in (-1, 1):
            flap = [
                (width * 0.8, -0.045),
                (0.0, depth * 0.75),
                (width * 0.75, tip),
                (width + 0.03, 0.03),
            ]
            points = np.array(flap) * [side, 1] + MIDDLE
            sketch.fill(points, np.clip(cut.tone + change / 3, 12, 250))
            sketch.line(points[1:], change, 0.02)
    elif cut.neck in ("turtle", "stand"):
        high = between(rng, 0.03, 0.09)
        band = [(-width, 0.03), (-width * 0.9, -high), (width * 0.9, -high), (width, 0.03)]
        sketch.fill(np.array(band) + MIDDLE, np.clip(cut.tone + change / 3, 12, 250))
        sketch.line(neckline(cut), change, 0.02)
    elif chance(rng, 0.6):
        sketch.line(neckline(cut), change, between(rng, 0.015, 0.035))


def _hood(sketch: Sketch, cut: Cut, rng: Rng) -> None:
    width, high = cut.neck_width * between(rng, 1.1, 1.5), between(rng, 0.04, 0.12)
    points = [(-width, 0.08), (-width * 0.8, -high * 0.7), (0, -high), (width * 0.8, -high * 0.7)]
    points += [(width, 0.08), (0, cut.neck_depth + 0.08)]
    outline = curve(points, closed=True) + MIDDLE
    sketch.fill(outline, np.clip(cut.tone + rng.normal(0, 15), 15, 250))
    hollow = (outline - MIDDLE) * between(rng, 0.5, 0.7) + MIDDLE
    sketch.patch(hollow, between(rng, -140, 30))
    if chance(rng, 0.5):
        for side in (-1, 1):
            x = 0.5 + side * between(rng, 0.03, 0.05)
            sketch.line([(x, 0.12), (x, between(rng, 0.2, 0.35))], between(rng, -160, 100), 0.015)


def draw_creases(sketch: Sketch, cut: Cut, rng: Rng) -> None:
    """Draw what hanging cloth does: shadow at the sides, creases from the armpits, soft folds."""
    side_light = rng.normal(0, 30)
    for side in (-1, 1):
        x = cut.waist - 0.03
        edge = [(cut.chest - 0.03, cut.armhole + 0.05), (x, cut.waist_at), (cut.hem - 0.03, 0.92)]
        sketch.line(np.array(edge) * [side, 1] + MIDDLE, side_light + rng.normal(0, 12), 0.035)
        reach = [(x, cut.armhole), (between(rng, 0, x), cut.armhole + between(rng, -0.08, 0.25))]
        sketch.line(np.array(reach) * [side, 1] + MIDDLE, rng.normal(0, 22), 0.02)
    for _ in range(int(rng.integers(0, 6))):
        x, y = between(rng, -1, 1) * cut.waist, between(rng, 0.2, 0.8)
        fold = [(x, y), (x + rng.normal(0, 0.06), y + between(rng, 0.1, 0.3))]
        sketch.line(np.array(fold) + MIDDLE, rng.normal(0, 25), between(rng, 0.015, 0.04))
