"""Food, and what stands on a table."""

import numpy as np

from .pen import Pen, box, curve, mirror, oval


def carrot(pen: Pen) -> None:
    """Draw a carrot with its green."""
    w = pen.vary(0.28, 0.4)
    for x in np.linspace(-0.4, 0.4, pen.count(3, 5)):
        pen.line(curve([(0, -0.4), (x * 0.6, -0.7), (x, -0.97)]), "second", 0.11)
    pen.fill(curve(mirror([(0, -0.5), (w * 0.8, -0.45), (w, -0.2), (w * 0.6, 0.4), (0.02, 0.97)])))
    for y in np.linspace(-0.2, 0.5, pen.count(3, 5)):
        side = pen.rng.choice([-1, 1])
        pen.line([(side * w * (0.75 - y * 0.7), y), (side * w * 0.1, y + 0.03)], "dark", 0.04)


def pineapple(pen: Pen) -> None:
    """Draw a pineapple: a lattice and a tuft."""
    w = pen.vary(0.4, 0.52)
    for x in np.linspace(-0.5, 0.5, pen.count(4, 6)):
        pen.fill([(-0.14, -0.25), (x, -0.97 + abs(x) * 0.5), (0.14, -0.25)], "second")
    pen.fill(oval(0, 0.33, w, 0.63))
    for k in np.linspace(-0.6, 0.6, 4):
        for side in (-1, 1):
            top, low = (k - 0.35) * side * w, (k + 0.35) * side * w
            pen.line([(top, -0.05 + abs(k) * 0.25), (low, 0.72 - abs(k) * 0.25)], "dark", 0.045)


def ice_cream(pen: Pen) -> None:
    """Draw a cone with one to three scoops."""
    w = pen.vary(0.36, 0.46)
    pen.fill([(-w, 0), (w, 0), (0, 0.97)], "second")
    for k in (0.3, 0.65):  # a grid along both edges of the cone
        for side in (-1, 1):
            pen.line([(side * w * (1 - k), 0.97 * k), (-side * w * k, 0.02)], "dark", 0.035)
    scoops = [(-0.28, -0.18, "main"), (0.28, -0.18, "third"), (0, -0.55, "light")]
    places = (
        scoops if pen.maybe(0.4) else [(0, -0.2, "main"), (0, -0.6, "third")][: pen.count(1, 2)]
    )
    for x, y, ink in places:
        pen.fill(oval(x, y, w * 0.95), ink)
    if pen.maybe(0.4):
        pen.disc(0, places[-1][1] - w * 0.95, 0.13, "third")


def cupcake(pen: Pen) -> None:
    """Draw a cupcake: a pleated case and swirls of cream."""
    w = pen.vary(0.5, 0.62)
    pen.fill([(-w, 0.1), (w, 0.1), (w * 0.72, 0.92), (-w * 0.72, 0.92)], "second")
    for k in np.linspace(-0.75, 0.75, pen.count(4, 6)):
        pen.line([(k * w, 0.15), (k * w * 0.75, 0.88)], "dark", 0.04)
    for y, r in ((0.02, 1.12), (-0.27, 0.85), (-0.53, 0.55)):
        pen.fill(oval(0, y, w * r, 0.23), "main")
    pen.disc(0, -0.8, pen.vary(0.12, 0.18), "third")


def lollipop(pen: Pen) -> None:
    """Draw a lollipop: a spiral disc on a stick."""
    pen.line([(0, 0.2), (0, 0.97)], "light", 0.09)
    pen.fill(oval(0, -0.35, 0.58))
    t = np.linspace(0, pen.vary(3, 5) * np.pi, 50)
    r = np.linspace(0.03, 0.52, 50)
    pen.line(np.stack([r * np.cos(t), r * np.sin(t) - 0.35], axis=1), "second", 0.1)


def cup(pen: Pen) -> None:
    """Draw a cup with a handle, a saucer, steam."""
    w, foot = pen.vary(0.42, 0.55), pen.vary(0.25, 0.4)
    if pen.maybe(0.6):
        pen.fill(oval(-0.1, 0.75, 0.8, 0.13), "second")
    pen.line(
        curve([(w - 0.15, -0.1), (w + 0.3, -0.05), (w + 0.2, 0.35), (w - 0.3, 0.45)]), "main", 0.11
    )
    pen.fill(
        curve(
            [
                (-w - 0.1, -0.3),
                (w - 0.1, -0.3),
                (w - 0.15, 0.3),
                (foot - 0.1, 0.72),
                (-foot - 0.1, 0.72),
                (-w - 0.05, 0.3),
                (-w - 0.1, -0.3),
            ]
        )
    )
    pen.fill(oval(-0.1, -0.3, w, 0.12), "dark")
    if pen.maybe():
        pen.line([(-w, 0.1), (w - 0.2, 0.1)], "third", 0.1)
    if pen.maybe(0.6):
        for x in (-0.3, 0.1):
            pen.line(
                curve([(x, -0.45), (x + 0.1, -0.62), (x, -0.78), (x + 0.08, -0.95)]), "light", 0.06
            )


def bottle(pen: Pen) -> None:
    """Draw a bottle with a neck, a label, a cork."""
    w, neck, shoulder = pen.vary(0.26, 0.38), pen.vary(0.09, 0.14), pen.vary(-0.3, 0.0)
    pen.fill(box(-neck * 0.9, -0.97, neck * 0.9, -0.75), "third")
    pen.fill(
        mirror(
            [
                (0, -0.8),
                (neck, -0.8),
                (neck, shoulder - 0.2),
                (w, shoulder + 0.1),
                (w, 0.92),
                (0, 0.95),
            ]
        )
    )
    if pen.maybe(0.8):
        pen.fill(box(-w, 0.2, w, 0.65), "light")
        pen.stripes([[(-w * 0.6, y), (w * 0.6, y)] for y in (0.34, 0.5)], "dark", 0.04)


def fork(pen: Pen) -> None:
    """Draw a fork with three or four prongs."""
    w, tines = pen.vary(0.26, 0.36), pen.count(3, 4)
    for x in np.linspace(-w, w, tines):
        pen.line([(x, -0.95), (x, -0.35)], "main", 0.1)
    pen.fill(
        curve(
            mirror(
                [
                    (0, -0.42),
                    (w + 0.05, -0.42),
                    (w * 0.75, -0.1),
                    (0.09, 0.08),
                    (0.08, 0.1),
                    (0, 0.1),
                ]
            )
        )
    )
    pen.fill(
        mirror([(0, 0), (0.07, 0), (pen.vary(0.1, 0.16), 0.9), (0.05, 0.97)]),
        pen.ink("main", "second"),
    )
