"""Living things of the target task: the backbone never sees them."""

import numpy as np

from .pen import Pen, box, curve, mirror, moved, oval, ring, smooth


def butterfly(pen: Pen) -> None:
    """Draw a butterfly from above: four wings with spots, feelers."""
    up, low = pen.vary(0.75, 0.95), pen.vary(0.5, 0.8)
    for side in (-1, 1):
        pen.fill(
            smooth(
                [
                    (0, 0.05),
                    (side * 0.3, 0.1),
                    (side * 0.65, 0.35),
                    (side * low, 0.75),
                    (side * 0.35, 0.85),
                    (side * 0.08, 0.4),
                ]
            ),
            "second",
        )
        pen.fill(
            smooth(
                [
                    (0, -0.2),
                    (side * 0.4, -0.75),
                    (side * up, -0.8),
                    (side * up, -0.3),
                    (side * 0.55, 0.1),
                    (0, 0.12),
                ]
            )
        )
        pen.disc(side * up * 0.68, -0.45, pen.vary(0.1, 0.17), "third")
        pen.disc(side * 0.42, 0.5, pen.vary(0.08, 0.13), "third")
        pen.line(curve([(0, -0.4), (side * 0.1, -0.75), (side * 0.25, -0.95)]), "dark", 0.04)
    pen.fill(oval(0, 0.02, 0.08, 0.48), "dark")


def cactus(pen: Pen) -> None:
    """Draw a cactus: a ribbed column with arms, in a pot or with a flower."""
    w, top = pen.vary(0.18, 0.26), pen.vary(-0.95, -0.75)
    for side in (-1, 1)[: pen.count(1, 2)] if pen.maybe(0.3) else (-1, 1):
        y, out, tip = pen.vary(-0.15, 0.3), pen.vary(0.5, 0.68), pen.vary(-0.6, -0.25)
        pen.line(
            curve([(0, y), (side * out * 0.8, y), (side * out, y - 0.15), (side * out, tip)]),
            "main",
            0.24,
        )
    pen.fill(box(-w, top, w, 0.75, w * 0.95))
    for x in (-0.5, 0, 0.5):
        pen.line([(x * w, top + 0.2), (x * w, 0.6)], pen.ink("dark"), 0.03)
    if pen.maybe(0.65):
        pen.fill([(-0.42, 0.5), (0.42, 0.5), (0.3, 0.95), (-0.3, 0.95)], "second")
        pen.fill(box(-0.48, 0.42, 0.48, 0.58), "second")
    if pen.maybe():
        pen.fill(moved(ring(6, 0.2, 0.1), 0, top), "third")


def mushroom(pen: Pen) -> None:
    """Draw a mushroom: a spotted cap on a stem."""
    w, stem, low = pen.vary(0.7, 0.92), pen.vary(0.14, 0.26), pen.vary(-0.1, 0.15)
    pen.fill(
        curve(
            mirror([(0, low - 0.1), (stem, low), (stem * 0.9, 0.5), (stem * 1.5, 0.88), (0, 0.92)])
        ),
        "light",
    )
    if pen.maybe(0.5):
        pen.fill(
            [
                (-stem - 0.1, low + 0.3),
                (stem + 0.1, low + 0.3),
                (stem + 0.02, low + 0.16),
                (-stem - 0.02, low + 0.16),
            ],
            "second",
        )
    cap = np.concatenate(
        [
            oval(0, low, w, low + pen.vary(0.75, 0.95), turn=180, arc=180),
            curve([(w, low), (0, low + 0.12), (-w, low)]),
        ]
    )
    pen.fill(cap)
    for x, y, r in (
        (-0.45, -0.2, 0.12),
        (0.05, -0.5, 0.14),
        (0.45, -0.22, 0.11),
        (0.02, -0.12, 0.09),
        (-0.25, -0.55, 0.07),
    ):
        if pen.maybe(0.8):
            pen.disc(x * w, low + y, r, "second")


def snail(pen: Pen) -> None:
    """Draw a snail: a spiral house on a foot, two horns."""
    pen.fill(
        curve(
            [
                (0.95, 0.78),
                (-0.7, 0.78),
                (-0.95, 0.5),
                (-0.85, 0.05),
                (-0.55, 0.08),
                (-0.5, 0.4),
                (0.3, 0.55),
                (0.95, 0.78),
            ]
        ),
        "second",
    )
    for x in (-0.98, -0.6):
        pen.line([(-0.72, 0.1), (x, pen.vary(-0.5, -0.35))], "second", 0.07)
        pen.disc(x, -0.42, 0.07, "dark")
    r = pen.vary(0.5, 0.62)
    pen.fill(oval(0.2, 0.12, r))
    t = np.linspace(0, pen.vary(3.5, 5) * np.pi, 60)
    radius = np.linspace(0.04, r * 0.9, 60)
    pen.line(
        np.stack([0.2 + radius * np.cos(t), 0.12 + radius * np.sin(t)], axis=1),
        pen.ink("dark", "third"),
        0.07,
    )


def turtle(pen: Pen) -> None:
    """Draw a turtle from above: a patterned shell, four flippers, a head, a tail."""
    w = pen.vary(0.5, 0.62)
    for side in (-1, 1):
        pen.fill(
            smooth(
                [(side * 0.3, -0.3), (side * 0.7, -0.72), (side * 0.92, -0.6), (side * 0.55, -0.08)]
            ),
            "second",
        )
        pen.fill(
            smooth(
                [(side * 0.3, 0.35), (side * 0.7, 0.65), (side * 0.55, 0.82), (side * 0.2, 0.55)]
            ),
            "second",
        )
    pen.fill([(-0.08, 0.6), (0.08, 0.6), (0, 0.95)], "second")
    pen.fill(oval(0, -0.72, 0.19, 0.24), "second")
    for side in (-1, 1):
        pen.eye(side * 0.09, -0.8, 0.05)
    pen.fill(oval(0, 0.05, w, 0.62))
    plate = moved(ring(6, 0.27, 0.25, turn=-60), 0, 0.05)
    pen.fill(plate, "third", edge=False)
    for x, y in plate[::2]:
        pen.line([(x, y), (x * 2.0, 0.05 + (y - 0.05) * 2.1)], "dark", 0.05)
    pen.line(np.concatenate([plate, plate[:1]]), "dark", 0.05)
