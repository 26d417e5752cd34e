"""What takes people somewhere."""

import numpy as np

from .pen import Pen, box, curve, mirror, oval, smooth


def sailboat(pen: Pen) -> None:
    """Draw a sailing boat: hull, mast, two sails, a pennant."""
    deck, tip = pen.vary(0.35, 0.5), pen.vary(-0.95, -0.75)
    pen.line([(0, deck), (0, tip)], "dark", 0.06)
    pen.fill([(0.06, tip), (pen.vary(0.6, 0.8), deck - 0.1), (0.06, deck - 0.1)], "light")
    pen.fill(
        [(-0.06, tip + 0.15), (-pen.vary(0.4, 0.65), deck - 0.1), (-0.06, deck - 0.1)], "second"
    )
    pen.fill(curve([(-0.85, deck), (0.9, deck), (0.6, 0.88), (-0.55, 0.88), (-0.85, deck)]))
    if pen.maybe():
        pen.line([(-0.7, deck + 0.15), (0.75, deck + 0.15)], "third", 0.07)
    if pen.maybe(0.6):
        pen.fill([(0, tip - 0.03), (-0.28, tip + 0.05), (0, tip + 0.12)], "third")


def car(pen: Pen) -> None:
    """Draw a car from the side."""
    roof, back = pen.vary(-0.55, -0.35), pen.vary(0.45, 0.85)
    pen.fill([(-0.55, 0.0), (-0.3, roof), (back - 0.15, roof), (back, 0.0)], "main")
    pen.fill([(-0.42, 0.0), (-0.24, roof + 0.1), (0.02, roof + 0.1), (0.02, 0.0)], "light")
    pen.fill(
        [(0.12, 0.0), (0.12, roof + 0.1), (back - 0.22, roof + 0.1), (back - 0.12, 0.0)], "light"
    )
    pen.fill(box(-0.95, -0.02, 0.95, 0.42, 0.12))
    pen.fill(box(-0.98, 0.1, -0.85, 0.22), "third", edge=False)
    for x in (-0.52, 0.54):
        pen.disc(x, 0.42, pen.vary(0.22, 0.26), "dark")
        pen.disc(x, 0.42, 0.11, "light")


def train(pen: Pen) -> None:
    """Draw a steam locomotive from the side."""
    pen.fill(box(-0.7, -0.2, 0.3, 0.3, 0.1))
    pen.fill(box(0.2, -0.65, 0.8, 0.35), "second")
    pen.fill(box(0.12, -0.78, 0.9, -0.62), "third")
    pen.fill(box(0.36, -0.5, 0.66, -0.15), "light")
    top = pen.vary(-0.7, -0.5)
    pen.fill([(-0.55, -0.2), (-0.6, top), (-0.3, top), (-0.35, -0.2)], "dark")
    pen.fill(oval(-0.1, -0.2, 0.13, 0.16, turn=180, arc=180), "third")
    pen.fill([(-0.72, 0.3), (-0.95, 0.7), (-0.6, 0.7)], "third")
    pen.fill(box(-0.75, 0.28, 0.9, 0.42), "dark")
    for x, r in ((-0.42, 0.2), (0.05, 0.2), (0.52, 0.27)):
        pen.disc(x, 0.72 - r, r, "main" if r > 0.22 else "second")
        pen.disc(x, 0.72 - r, r * 0.35, "light")
    if pen.maybe():
        for k in range(3):
            pen.disc(-0.45 + 0.25 * k, top - 0.12 - 0.04 * k, 0.12 + 0.02 * k, "light")


def plane(pen: Pen) -> None:
    """Draw an aeroplane from above: swept wings, a tailplane."""
    w, sweep = pen.vary(0.1, 0.16), pen.vary(0.1, 0.4)
    for side in (-1, 1):
        pen.fill(
            [
                (side * w * 0.7, -0.25),
                (side * 0.95, sweep),
                (side * 0.95, sweep + 0.16),
                (side * w * 0.7, 0.2),
            ],
            "second",
        )
        pen.fill(
            [(side * w * 0.5, 0.6), (side * 0.4, 0.8), (side * 0.4, 0.92), (side * w * 0.4, 0.82)],
            "second",
        )
        if pen.maybe(0.7):
            pen.fill(oval(side * 0.45, sweep * 0.5 - 0.08, 0.07, 0.15), "third")
    pen.fill(smooth(mirror([(0.01, -0.97), (w, -0.7), (w, 0.4), (0.05, 0.95)])))
    pen.fill(oval(0, -0.7, w * 0.6, 0.09), "dark", edge=False)


def balloon(pen: Pen) -> None:
    """Draw a hot-air balloon: a striped envelope and a basket."""
    w = pen.vary(0.58, 0.7)
    pen.stripes([[(side * w * 0.4, 0.2), (side * 0.14, 0.72)] for side in (-1, 1)], "dark", 0.035)
    pen.fill(
        smooth(mirror([(0.05, -0.95), (w * 0.8, -0.72), (w, -0.3), (w * 0.6, 0.2), (0.16, 0.48)]))
    )
    for k in (0.32, 0.8)[: pen.count(1, 2)]:
        a = curve(
            mirror(
                [
                    (0.02, -0.93),
                    (w * 0.8 * k, -0.7),
                    (w * k, -0.3),
                    (w * 0.6 * k, 0.2),
                    (0.1 * k, 0.46),
                ]
            )
        )
        pen.fill(a, "second" if k > 0.5 else "third", edge=False)
    pen.fill(box(-0.18, 0.7, 0.18, 0.95, 0.04), "second")


def bicycle(pen: Pen) -> None:
    """Draw a bicycle: two spoked wheels, frame, saddle, handlebar."""
    r = pen.vary(0.36, 0.42)
    for x in (-0.55, 0.55):
        pen.line(oval(x, 0.35, r), "dark", 0.07)
        for t in np.radians(pen.vary(0, 60) + np.arange(3) * 60):
            d = r * np.array([np.cos(t), np.sin(t)])
            pen.line([(x + d[0], 0.35 + d[1]), (x - d[0], 0.35 - d[1])], "light", 0.025)
    frame = [(-0.55, 0.35), (-0.2, -0.25), (0.38, -0.25), (0.0, 0.35), (-0.55, 0.35)]
    pen.line(frame, "main", 0.09)
    pen.line([(-0.25, -0.4), (0.0, 0.35)], "main", 0.09)
    pen.line([(0.55, 0.35), (0.35, -0.5), (pen.vary(0.45, 0.6), -0.58)], "main", 0.08)
    pen.line([(-0.4, -0.42), (-0.1, -0.42)], "third", 0.12)


def anchor(pen: Pen) -> None:
    """Draw an anchor: ring, stock, shank, flukes."""
    w = pen.vary(0.55, 0.72)
    pen.line(oval(0, -0.78, 0.16), "main", 0.1)
    pen.line([(0, -0.62), (0, 0.8)], "main", 0.15)
    pen.line([(-0.38, -0.4), (0.38, -0.4)], "main", 0.13)
    pen.line(
        curve([(-w, 0.2), (-w * 0.7, 0.65), (0, 0.85), (w * 0.7, 0.65), (w, 0.2)]), "main", 0.14
    )
    for side in (-1, 1):
        pen.fill(
            [(side * (w + 0.02), 0.0), (side * (w + 0.2), 0.4), (side * (w - 0.25), 0.35)], "main"
        )
