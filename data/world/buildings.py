"""Buildings, and a ladder to lean on them."""

import numpy as np

from .pen import Pen, box, oval


def house(pen: Pen) -> None:
    """Draw a house: gable, door, windows, chimney."""
    w, eaves = pen.vary(0.55, 0.75), pen.vary(-0.25, 0.05)
    if pen.maybe(0.7):
        pen.fill(box(w * 0.35, -0.85, w * 0.6, eaves), "third")
    pen.fill(box(-w, eaves, w, 0.9))
    pen.fill([(-w - 0.18, eaves), (0, -0.92), (w + 0.18, eaves)], "second")
    door = pen.vary(-0.3, 0.3)
    pen.fill(box(door - 0.14, 0.35, door + 0.14, 0.9), "dark")
    for x in (-w * 0.6, w * 0.6):
        if abs(x - door) > 0.3:
            pen.fill(box(x - 0.15, 0.2, x + 0.15, 0.5), "light")
            pen.stripes([[(x, 0.2), (x, 0.5)], [(x - 0.15, 0.35), (x + 0.15, 0.35)]], "dark", 0.03)
    if pen.maybe(0.5):
        pen.disc(0, eaves - 0.25, 0.13, "light")


def castle(pen: Pen) -> None:
    """Draw a castle: two towers with battlements, a gate, a flag."""
    w, h = pen.vary(0.3, 0.36), pen.vary(-0.5, -0.3)
    pen.fill(box(-0.6, 0.0, 0.6, 0.9))
    for x in np.linspace(-0.45, 0.45, 4):
        pen.fill(box(x - 0.08, -0.14, x + 0.08, 0.02))
    for side in (-1, 1):
        pen.fill(box(side * 0.68 - w / 2 - 0.08, h, side * 0.68 + w / 2 + 0.08, 0.9), "second")
        for x in (-0.16, 0, 0.16):
            pen.fill(
                box(side * 0.68 + x - 0.055, h - 0.15, side * 0.68 + x + 0.055, h + 0.02), "second"
            )
        pen.fill(oval(side * 0.68, h + 0.3, 0.06, 0.12), "dark", edge=False)
    pen.fill(
        np.concatenate([oval(0, 0.5, 0.22, 0.25, turn=180, arc=180), [(0.22, 0.9), (-0.22, 0.9)]]),
        "dark",
    )
    if pen.maybe(0.7):
        pen.line([(0, 0), (0, -0.9)], "dark", 0.04)
        pen.fill([(0, -0.92), (0.35, -0.78), (0, -0.62)], "third")


def lighthouse(pen: Pen) -> None:
    """Draw a lighthouse: a banded tower, a lantern, beams."""
    w = pen.vary(0.28, 0.4)
    if pen.maybe():
        for side in (-1, 1):
            pen.fill(
                [(side * 0.1, -0.66), (side * 0.95, -0.9), (side * 0.95, -0.5)], "light", edge=False
            )
    pen.fill([(-w * 0.6, -0.5), (w * 0.6, -0.5), (w, 0.9), (-w, 0.9)], "light")
    bands = pen.count(2, 3)
    for k in range(bands):
        top, low = -0.5 + 1.4 * (k + 0.25) / bands, -0.5 + 1.4 * (k + 0.7) / bands
        a, b = (w * (0.6 + 0.4 * (y + 0.5) / 1.4) for y in (top, low))
        pen.fill([(-a, top), (a, top), (b, low), (-b, low)])
    pen.fill(box(-w * 0.85, -0.55, w * 0.85, -0.45), "dark")
    pen.fill(box(-w * 0.45, -0.8, w * 0.45, -0.55), "third")
    pen.fill([(-w * 0.65, -0.78), (0, -0.98), (w * 0.65, -0.78)], "second")


def windmill(pen: Pen) -> None:
    """Draw a windmill: a tapering tower and four sails."""
    pen.fill([(-0.24, -0.3), (0.24, -0.3), (0.42, 0.95), (-0.42, 0.95)])
    pen.fill(oval(0, -0.3, 0.26, 0.24, turn=180, arc=180), "second")
    pen.fill(box(-0.12, 0.6, 0.12, 0.95), "dark")
    start, sail = pen.vary(10, 80), pen.vary(0.16, 0.24)
    for t in np.radians(start + np.arange(4) * 90):
        along, side = np.array([np.cos(t), np.sin(t)]), np.array([-np.sin(t), np.cos(t)])
        hub = np.array([0, -0.32])
        pen.fill(
            [
                hub + 0.15 * along,
                hub + 0.66 * along,
                hub + 0.66 * along + sail * side,
                hub + 0.15 * along + sail * side,
            ],
            "third",
        )
        pen.line([hub, hub + 0.68 * along], "dark", 0.05)


def tent(pen: Pen) -> None:
    """Draw a ridge tent from the front, its flaps open."""
    w, flap = pen.vary(0.75, 0.95), pen.vary(0.15, 0.32)
    pen.fill([(0, -0.7), (w, 0.75), (-w, 0.75)])
    pen.fill([(0, -0.6), (flap, 0.75), (-flap, 0.75)], "dark")
    pen.fill([(0, -0.6), (flap, 0.75), (flap + 0.2, 0.75)], "second")
    pen.fill([(0, -0.6), (-flap, 0.75), (-flap - 0.2, 0.75)], "second")
    for side in (-1, 1):
        pen.line([(0, -0.7), (side * 0.14, -0.92)], "dark", 0.05)
        pen.line([(side * w * 0.7, 0.3), (side * 0.99, 0.85)], "dark", 0.03)


def ladder(pen: Pen) -> None:
    """Draw a ladder leaning away."""
    top, low = pen.vary(0.25, 0.36), pen.vary(0.36, 0.5)
    count = pen.count(4, 6)
    for t in np.linspace(0.08, 0.92, count):
        x = top + t * (low - top)
        pen.line([(-x, -0.95 + 1.9 * t), (x, -0.95 + 1.9 * t)], "second", 0.09)
    for side in (-1, 1):
        pen.line([(side * top, -0.95), (side * low, 0.95)], "main", 0.12)
