"""What lies on a desk or in a drawer."""

import numpy as np

from .pen import Pen, box, curve, mirror, oval, smooth


def glasses(pen: Pen) -> None:
    """Draw a pair of glasses: two lenses, a bridge, temples."""
    r, flat = pen.vary(0.32, 0.4), pen.vary(0.8, 1.0)
    square = pen.maybe(0.4)
    for side in (-1, 1):
        x = side * 0.5
        rim = box(x - r, -r * flat, x + r, r * flat, 0.12) if square else oval(x, 0, r, r * flat)
        if pen.maybe(0.7):
            pen.fill(rim, "light")
        pen.line(np.concatenate([rim, rim[:2]]), "main", 0.09)
        pen.line(
            curve([(side * (0.5 + r), -0.1), (side * 0.98, -0.3), (side * 0.9, -0.55)]),
            "main",
            0.07,
        )
    pen.line(curve([(-0.5 + r, -0.05), (0, -0.16), (0.5 - r, -0.05)]), "main", 0.08)


def scissors(pen: Pen) -> None:
    """Draw scissors, a little open."""
    a = pen.vary(0.12, 0.3)
    for side in (-1, 1):
        pen.fill(
            [
                (side * a - side * 0.07, -0.95),
                (side * 0.1, 0.1),
                (-side * 0.08, 0.15),
                (side * a - side * 0.16, -0.6),
            ],
            "light",
        )
        pen.line([(0, 0.1), (-side * 0.3, 0.45)], "main", 0.12)
        pen.line(oval(-side * 0.38, 0.66, 0.22, 0.25), "main", 0.12)
    pen.disc(0, 0.1, 0.07, "dark")


def hammer(pen: Pen) -> None:
    """Draw a hammer: a handle, a head with a claw."""
    pen.fill([(-0.09, -0.4), (0.09, -0.4), (0.13, 0.95), (-0.13, 0.95)], "second")
    pen.fill(
        curve(
            [(-0.2, -0.75), (0.3, -0.75), (0.9, -0.45), (0.95, -0.3), (0.3, -0.42), (-0.2, -0.38)]
        ),
        "main",
    )
    pen.fill(box(-0.3, -0.74, 0.2, -0.38), "main")
    face = pen.vary(0.22, 0.3)
    pen.fill(box(-0.62, -0.56 - face, -0.28, -0.56 + face), "main")
    if pen.maybe():
        pen.fill(box(-0.13, 0.45, 0.13, 0.93), "third")


def pencil(pen: Pen) -> None:
    """Draw a pencil, point down, with ferrule and eraser."""
    w = pen.vary(0.15, 0.24)
    pen.fill(box(-w, -0.95, w, -0.75, 0.04), "third")
    pen.fill(box(-w, -0.78, w, -0.62), "light")
    pen.fill(box(-w, -0.63, w, 0.5))
    pen.stripes([[(x * w, -0.6), (x * w, 0.5)] for x in (-0.35, 0.35)], "second", 0.035)
    pen.fill([(-w, 0.5), (w, 0.5), (0, 0.97)], "light")
    pen.fill([(-w * 0.35, 0.8), (w * 0.35, 0.8), (0, 0.97)], "dark")


def envelope(pen: Pen) -> None:
    """Draw an envelope with its flap, a stamp or a seal."""
    h = pen.vary(0.5, 0.65)
    pen.fill(box(-0.9, -h, 0.9, h))
    for side in (-1, 1):
        pen.line([(side * 0.88, h - 0.02), (side * 0.2, 0.05)], "dark", 0.04)
    pen.fill([(-0.9, -h), (0.9, -h), (0, pen.vary(0.05, 0.25))], "second")
    pen.stripes([[(-0.9, -h), (0, 0.18), (0.9, -h)]], "dark", 0.04)
    if pen.maybe():
        pen.disc(0, 0.15, 0.15, "third")


def book(pen: Pen) -> None:
    """Draw an open book with lines of text."""
    h, dip = pen.vary(0.45, 0.6), pen.vary(0.1, 0.2)
    pen.fill(mirror([(0, -h + 0.2), (0.95, -h), (0.95, h), (0, h + dip)]))
    for side in (-1, 1):
        pen.fill(
            curve(
                [
                    (0, -h + 0.12),
                    (side * 0.4, -h - 0.1),
                    (side * 0.85, -h),
                    (side * 0.85, h - 0.08),
                    (side * 0.4, h - 0.15),
                    (0, h + 0.05),
                ]
            ),
            "light",
        )
        for y in np.linspace(-h + 0.22, h - 0.3, pen.count(3, 5)):
            pen.line([(side * 0.15, y + 0.06), (side * 0.72, y)], "dark", 0.035)
    pen.line([(0, -h + 0.12), (0, h + 0.08)], "dark", 0.05)


def gift(pen: Pen) -> None:
    """Draw a parcel with a ribbon and a bow."""
    w = pen.vary(0.62, 0.75)
    pen.fill(box(-w, -0.1, w, 0.9))
    pen.fill(box(-w - 0.08, -0.35, w + 0.08, -0.05), "second")
    pen.fill(box(-0.12, -0.35, 0.12, 0.9), "third")
    for side in (-1, 1):
        pen.fill(
            smooth([(0, -0.36), (side * 0.25, -0.85), (side * 0.55, -0.7), (side * 0.4, -0.42)]),
            "third",
        )
    pen.disc(0, -0.4, 0.12, "third")
