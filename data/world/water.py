"""Animals in and on the water."""

import numpy as np

from .pen import Pen, curve, mirror, oval, smooth


def fish(pen: Pen) -> None:
    """Draw a fish from the side: body, forked tail, fins, stripes or scales."""
    h, tail = pen.vary(0.32, 0.58), pen.vary(0.3, 0.55)
    pen.fill([(0.45, 0), (0.95, -tail), (pen.vary(0.7, 0.9), 0), (0.95, tail)], "second")
    if pen.maybe(0.8):
        pen.fill(
            curve([(-0.35, -h * 0.7), (0, -h - pen.vary(0.15, 0.4)), (0.35, -h * 0.5)]), "second"
        )
    pen.fill(smooth([(-0.95, 0.02), (-0.5, -h), (0.1, -h * 0.95), (0.6, 0), (0.1, h), (-0.5, h)]))
    if pen.maybe():
        xs = np.linspace(-0.2, 0.3, pen.count(2, 4))
        pen.stripes([[(x, -h * 0.75), (x + 0.06, 0), (x, h * 0.75)] for x in xs], "third", 0.08)
    pen.fill([(-0.1, 0.1), (0.25, 0.3), (0.2, 0.02)], "second")
    pen.line(curve([(-0.42, -h * 0.6), (-0.34, 0), (-0.42, h * 0.6)]), "dark", 0.03)
    pen.eye(-0.62, -h * 0.3, 0.1)


def whale(pen: Pen) -> None:
    """Draw a whale: a heavy head, a raised fluke, a light belly, a spout."""
    lift = pen.vary(0.5, 0.8)
    pen.fill(
        smooth(
            [
                (0.6, 0),
                (0.78, -lift * 0.7),
                (0.5, -lift - 0.1),
                (0.82, -lift),
                (0.98, -lift - 0.15),
                (0.98, -lift * 0.6),
                (0.85, 0.1),
                (0.4, 0.5),
            ]
        )
    )
    pen.fill(
        smooth(
            [
                (-0.95, 0.1),
                (-0.7, -0.4),
                (-0.1, -0.4),
                (0.7, -0.1),
                (0.8, 0.2),
                (0.2, 0.6),
                (-0.7, 0.55),
            ]
        )
    )
    pen.fill(
        curve([(-0.9, 0.3), (-0.3, 0.35), (0.3, 0.55), (-0.3, 0.62), (-0.75, 0.52)]),
        "light",
        edge=False,
    )
    pen.fill([(-0.15, 0.3), (0.2, 0.75), (0.12, 0.25)], "second")
    pen.eye(-0.6, 0.05, 0.07)
    if pen.maybe(0.7):
        for side in (-1, 1):
            pen.line(
                curve([(-0.45, -0.4), (-0.45 + side * 0.08, -0.75), (-0.45 + side * 0.3, -0.7)]),
                "third",
                0.06,
            )


def octopus(pen: Pen) -> None:
    """Draw an octopus: a round head on curling arms."""
    for x in np.linspace(-0.75, 0.75, pen.count(5, 7)):
        bend = pen.vary(0.1, 0.3) * (1 if x > 0 else -1)
        pen.line(
            curve([(x * 0.4, 0.1), (x * 0.8, 0.5), (x * 1.1, 0.75), (x * 1.1 + bend, 0.85)]),
            pen.ink("main"),
            0.17,
        )
    pen.fill(
        smooth(
            [
                (0, -0.95),
                (0.5, -0.7),
                (0.55, -0.2),
                (0.4, 0.3),
                (-0.4, 0.3),
                (-0.55, -0.2),
                (-0.5, -0.7),
            ]
        )
    )
    for side in (-1, 1):
        pen.eye(side * 0.2, pen.vary(-0.25, -0.1), 0.12)
    pen.line(curve([(-0.12, 0.1), (0, 0.16), (0.12, 0.1)]), "dark", 0.04)


def crab(pen: Pen) -> None:
    """Draw a crab: wide body, two claws, legs on both sides, eyes on stalks."""
    spread = pen.vary(0.75, 0.95)
    for side in (-1, 1):
        for y in (0.2, 0.38, 0.55):
            pen.line(
                [(side * 0.4, y - 0.1), (side * spread, y), (side * (spread - 0.08), y + 0.3)],
                "second",
                0.07,
            )
        pen.line([(side * 0.45, 0), (side * 0.75, -0.2), (side * 0.66, -0.5)], "main", 0.1)
        pen.fill(
            oval(side * 0.62, -0.62, 0.26, 0.26, turn=-60 if side > 0 else -70, arc=310), "main"
        )
        pen.fill(
            [(side * 0.62, -0.6), (side * 0.5, -0.95), (side * 0.72, -0.95)], "dark", edge=False
        )
        pen.line([(side * 0.16, -0.1), (side * 0.18, -0.36)], "main", 0.06)
        pen.eye(side * 0.18, -0.38, 0.09)
    pen.fill(
        smooth(
            [(-0.6, 0.15), (-0.35, -0.18), (0.35, -0.18), (0.6, 0.15), (0.35, 0.5), (-0.35, 0.5)]
        )
    )
    pen.line(curve([(-0.18, 0.25), (0, 0.32), (0.18, 0.25)]), "dark", 0.04)


def duck(pen: Pen) -> None:
    """Draw a duck on the water, from the side."""
    neck = pen.vary(-0.65, -0.4)
    pen.fill(
        smooth(
            [
                (-0.5, 0.0),
                (-0.1, 0.1),
                (0.4, -0.02),
                (0.95, -0.25),
                (0.7, 0.45),
                (0.1, 0.7),
                (-0.5, 0.5),
            ]
        )
    )
    pen.fill(curve([(-0.6, neck), (-0.3, neck), (-0.2, 0.25), (-0.6, 0.3)]), "main", edge=False)
    pen.fill([(-0.65, neck - 0.02), (-1.0, neck + 0.12), (-0.65, neck + 0.2)], "third")
    pen.fill(oval(-0.48, neck, 0.27), pen.ink("main", "second"))
    pen.fill(smooth([(-0.1, 0.15), (0.3, 0.1), (0.65, 0.05), (0.35, 0.45), (0, 0.42)]), "second")
    pen.eye(-0.55, neck - 0.06, 0.07)


def penguin(pen: Pen) -> None:
    """Draw a penguin: a light front, flippers, a beak, feet."""
    w = pen.vary(0.42, 0.56)
    for side in (-1, 1):
        pen.fill(oval(side * 0.22, 0.88, 0.2, 0.09), "third")
        out = pen.vary(0.1, 0.35)
        pen.fill(
            smooth([(side * w * 0.8, -0.25), (side * (w + out), 0.35), (side * w * 0.85, 0.25)]),
            "main",
        )
    pen.fill(
        smooth(
            mirror(
                [(0.02, -0.95), (0.3, -0.75), (0.32, -0.4), (w, 0.1), (w * 0.95, 0.6), (0.1, 0.88)]
            )
        )
    )
    pen.fill(
        smooth(mirror([(0.02, -0.3), (w * 0.6, 0.1), (w * 0.6, 0.55), (0.05, 0.78)])),
        "light",
        edge=False,
    )
    for side in (-1, 1):
        pen.disc(side * 0.13, -0.66, 0.08, "light")
        pen.disc(side * 0.12, -0.65, 0.04, "dark")
    pen.fill([(-0.09, -0.55), (0.09, -0.55), (0, -0.38)], "third")
