"""Made things of the target task: the backbone never sees them."""

from itertools import pairwise

import numpy as np

from .pen import Pen, box, curve, mirror, oval, smooth


def guitar(pen: Pen) -> None:
    """Draw a guitar: a waisted body with a sound hole, a neck with frets, a head."""
    up, low, waist = pen.vary(0.3, 0.38), pen.vary(0.42, 0.54), pen.vary(0.2, 0.28)
    pen.fill(box(-0.07, -0.8, 0.07, 0.1), "second")
    pen.fill([(-0.09, -0.98), (0.09, -0.98), (0.12, -0.74), (-0.12, -0.74)], "third")
    pen.fill(
        smooth(
            mirror(
                [
                    (0.06, -0.12),
                    (up, -0.02),
                    (waist, 0.3),
                    (low, 0.62),
                    (low * 0.6, 0.92),
                    (0.06, 0.96),
                ]
            )
        )
    )
    pen.disc(0, 0.3, 0.14, "dark")
    pen.line([(-0.17, 0.68), (0.17, 0.68)], "dark", 0.08)
    pen.stripes([[(-0.07, y), (0.07, y)] for y in np.linspace(-0.65, -0.2, 4)], "dark", 0.03)
    pen.stripes([[(x, -0.75), (x, 0.66)] for x in (-0.03, 0.03)], "light", 0.018)
    for y in (-0.92, -0.82):
        pen.line([(-0.17, y), (0.17, y)], "dark", 0.04)


def key(pen: Pen) -> None:
    """Draw a key: a bow with a hole, a shank, a bit."""
    r, hole = pen.vary(0.28, 0.36), pen.vary(0.12, 0.18)
    shape = pen.count(0, 2)
    pen.line([(0, -0.4), (0, 0.9)], "main", pen.vary(0.12, 0.17))
    for y in (0.85, 0.62, 0.4)[: pen.count(2, 3)]:
        pen.line([(0, y), (pen.vary(0.24, 0.36), y)], "main", 0.13)
    if shape == 2:
        for t in np.radians((-150, -90, -30)):
            pen.line(oval(0.25 * np.cos(t), -0.55 + 0.25 * np.sin(t), 0.19), "main", 0.13)
        return
    pen.fill(oval(0, -0.6, r) if shape else box(-r, -0.6 - r, r, -0.6 + r, 0.12))
    pen.disc(0, -0.6, hole, "dark")
    pen.line([(-0.14, -0.25), (0.14, -0.25)], "main", 0.1)


def rocket(pen: Pen) -> None:
    """Draw a rocket: a pointed body, a porthole, fins, a flame."""
    w, low = pen.vary(0.24, 0.36), pen.vary(0.45, 0.6)
    if pen.maybe(0.8):
        pen.fill(smooth([(-w * 0.6, low), (0, 0.99), (w * 0.6, low)]), "third")
    for side in (-1, 1):
        pen.fill(
            [(side * w * 0.8, 0.0), (side * (w + 0.35), low + 0.2), (side * w * 0.6, low)], "second"
        )
    pen.fill(curve(mirror([(0, -0.97), (w * 0.7, -0.5), (w, 0.0), (w * 0.75, low), (0, low)])))
    pen.fill(curve(mirror([(0, -0.97), (w * 0.4, -0.72), (w * 0.72, -0.48), (0, -0.48)])), "second")
    for y in (-0.2, 0.2)[: pen.count(1, 2)]:
        pen.disc(0, y, w * 0.45, "light")
        pen.disc(0, y, w * 0.28, "dark")


def teapot(pen: Pen) -> None:
    """Draw a teapot: a round belly, a spout, a handle, a lid with a knob."""
    w, h = pen.vary(0.5, 0.6), pen.vary(0.4, 0.52)
    pen.line(curve([(w - 0.1, -0.1), (0.9, -0.15), (0.92, 0.3), (w - 0.1, 0.5)]), "main", 0.11)
    pen.fill(
        curve(
            [
                (-w + 0.1, 0.4),
                (-0.75, 0.1),
                (-0.98, -0.28),
                (-0.8, -0.3),
                (-0.62, -0.05),
                (-w + 0.1, -0.05),
            ]
        ),
        "main",
    )
    pen.fill(oval(0, 0.22, w, h))
    pen.fill(box(-0.3, 0.22 + h - 0.08, 0.3, 0.22 + h + 0.06), "second")
    pen.fill(oval(0, 0.22 - h + 0.06, w * 0.62, 0.2, turn=180, arc=180), "second")
    pen.disc(0, 0.22 - h - 0.2, 0.11, "third")
    if pen.maybe(0.6):
        pen.line(curve([(-w + 0.08, 0.2), (0, 0.32), (w - 0.08, 0.2)]), "third", 0.1)


def umbrella(pen: Pen) -> None:
    """Draw an open umbrella: panels with a scalloped rim, a crook."""
    w, rim = 0.92, pen.vary(-0.05, 0.1)
    side = pen.rng.choice([-1, 1])
    pen.line(
        curve(
            [
                (0, -0.9),
                (0, 0.2),
                (0, 0.72),
                (side * 0.12, 0.92),
                (side * 0.3, 0.88),
                (side * 0.33, 0.7),
            ]
        ),
        "dark",
        0.08,
    )
    panels = pen.count(3, 5)
    xs = np.linspace(-w, w, panels + 1)
    dome = oval(0, rim, w, pen.vary(0.75, 0.9), turn=180, arc=180)
    scallops = [
        oval((a + b) / 2, rim, (b - a) / 2, 0.13, turn=0, arc=-180)
        for a, b in zip(xs[::-1][1:], xs[::-1][:-1], strict=True)
    ]
    pen.fill(np.concatenate([dome, *scallops]))
    tip = dome[:, 1].min()
    for a, b in list(pairwise(xs))[1::2]:
        left, right = (curve([(0, tip), (x * 0.8, (tip + rim) * 0.55), (x, rim)]) for x in (a, b))
        pen.fill(np.concatenate([left, right[::-1]]), "second", edge=False)
