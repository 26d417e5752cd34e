"""Things from the house."""

import numpy as np

from .pen import Pen, box, curve, mirror, oval, smooth


def lamp(pen: Pen) -> None:
    """Draw a table lamp: a shade, a stem, a foot."""
    top, low = pen.vary(0.2, 0.4), pen.vary(0.55, 0.72)
    pen.line([(0, -0.1), (0, 0.85)], "second", pen.vary(0.07, 0.14))
    if pen.maybe():
        pen.fill(oval(0, 0.4, 0.2, 0.28), "second")
    pen.fill(oval(0, 0.88, 0.4, 0.09), "second")
    pen.fill([(-top, -0.9), (top, -0.9), (low, 0.0), (-low, 0.0)])
    if pen.maybe(0.4):
        pen.line([(-low * 0.9, -0.15), (low * 0.9, -0.15)], "third", 0.08)
    if pen.maybe(0.4):
        pen.line([(low * 0.6, 0), (low * 0.6, 0.3)], "dark", 0.04)


def chair(pen: Pen) -> None:
    """Draw a chair, half from the side: back with slats, seat, four legs."""
    h = pen.vary(-0.95, -0.75)
    for x in (-0.45, 0.35, -0.2, 0.6):
        pen.line([(x, 0.1), (x + 0.02, 0.95 if x in (-0.45, 0.35) else 0.8)], "second", 0.09)
    for x in (-0.45, -0.2):
        pen.line([(x, 0.15), (x - 0.08, h + (0.12 if x > -0.3 else 0.0))], "main", 0.1)
    for t in np.linspace(0.1, 0.7, pen.count(2, 4)):
        y = h + t * (0.0 - h)
        pen.line([(-0.52, y), (-0.26, y + 0.1)], "main", 0.1)
    pen.fill([(-0.52, 0.1), (0.4, 0.12), (0.68, -0.04), (-0.22, -0.06)], "main")
    pen.fill([(-0.52, 0.1), (0.4, 0.12), (0.4, 0.22), (-0.52, 0.2)], "second")


def clock(pen: Pen) -> None:
    """Draw an alarm clock: a dial with hands, bells, feet."""
    if pen.maybe(0.75):
        for side in (-1, 1):
            pen.fill(oval(side * 0.45, -0.68, 0.25, 0.2), "second")
            pen.line([(side * 0.4, 0.6), (side * 0.6, 0.92)], "dark", 0.1)
    pen.fill(oval(0, 0.08, 0.74))
    pen.fill(oval(0, 0.08, 0.58), "light")
    for t in np.arange(12) * np.pi / 6:
        pen.line(
            [
                (0.46 * np.cos(t), 0.08 + 0.46 * np.sin(t)),
                (0.53 * np.cos(t), 0.08 + 0.53 * np.sin(t)),
            ],
            "dark",
            0.04,
        )
    for length in (0.27, 0.42):
        t = pen.vary(0, 2 * np.pi)
        pen.line([(0, 0.08), (length * np.cos(t), 0.08 + length * np.sin(t))], "dark", 0.07)


def bulb(pen: Pen) -> None:
    """Draw a light bulb: glass, filament, a threaded base."""
    w = pen.vary(0.5, 0.62)
    pen.fill(
        smooth(
            mirror(
                [
                    (0.05, -0.95),
                    (w * 0.8, -0.75),
                    (w, -0.3),
                    (w * 0.5, 0.2),
                    (0.22, 0.5),
                    (0.05, 0.52),
                ]
            )
        )
    )
    pen.line(
        [
            (-0.12, 0.45),
            (-0.2, -0.15),
            (-0.07, -0.3),
            (0, -0.12),
            (0.07, -0.3),
            (0.2, -0.15),
            (0.12, 0.45),
        ],
        "dark",
        0.04,
    )
    for y in (0.5, 0.64, 0.78):
        pen.fill(box(-0.24, y, 0.24, y + 0.12, 0.05), "second")
    pen.fill(box(-0.1, 0.9, 0.1, 0.97), "dark")


def candle(pen: Pen) -> None:
    """Draw a candle with a flame, drips and a holder."""
    w, top = pen.vary(0.16, 0.26), pen.vary(-0.4, -0.15)
    pen.fill(smooth([(0, -0.97), (0.17, top - 0.2), (0, top - 0.05), (-0.17, top - 0.2)]), "third")
    pen.line([(0, top - 0.15), (0, top)], "dark", 0.04)
    pen.fill(box(-w, top, w, 0.75))
    for x in (-w * 0.6, w * 0.5):
        pen.line([(x, top), (x, top + pen.vary(0.1, 0.35))], "light", 0.08)
    pen.fill(oval(0, 0.78, 0.55, 0.14), "second")
    if pen.maybe(0.6):
        pen.line(oval(0.62, 0.76, 0.17, 0.14), "second", 0.07)


def bell(pen: Pen) -> None:
    """Draw a bell: a flared rim, a clapper, a loop."""
    w = pen.vary(0.38, 0.48)
    pen.disc(0, 0.72, 0.17, "second")
    pen.line(oval(0, -0.82, 0.12), "second", 0.07)
    pen.fill(
        curve(
            mirror(
                [(0, -0.75), (w * 0.7, -0.6), (w, -0.1), (w + 0.08, 0.3), (0.75, 0.62), (0, 0.62)]
            )
        )
    )
    pen.line([(-w - 0.12, 0.35), (w + 0.12, 0.35)], "third", 0.08)
