"""Plants and fruit."""

import numpy as np

from .pen import Pen, box, curve, mirror, moved, oval, ring, smooth


def leaf(pen: Pen) -> None:
    """Draw a leaf with a stalk, a midrib and veins."""
    w, low = pen.vary(0.35, 0.6), pen.vary(-0.1, 0.3)
    pen.line(curve([(0, 0.5), (0.03, 0.75), (0.12, 0.98)]), "second", 0.07)
    pen.fill(curve(mirror([(0, -0.95), (w * 0.7, -0.4), (w, low), (w * 0.5, 0.5), (0, 0.65)])))
    pen.line([(0, -0.8), (0, 0.7)], "second", 0.05)
    for y in np.linspace(-0.4, 0.4, pen.count(3, 5)):
        for side in (-1, 1):
            pen.line([(0, y + 0.1), (side * w * 0.6, y - 0.12)], "second", 0.035)


def flower(pen: Pen) -> None:
    """Draw a flower: petals around a disc, a stem, a leaf."""
    petals, reach = pen.count(5, 8), pen.vary(0.3, 0.38)
    pen.line(curve([(0, -0.3), (0.05, 0.4), (0, 0.98)]), "third", 0.08)
    for side in (-1, 1)[: pen.count(1, 2)]:
        pen.fill(
            smooth([(0.03, 0.7), (side * 0.3, 0.4), (side * 0.5, 0.42), (side * 0.3, 0.68)]),
            "third",
        )
    for t in np.arange(petals) * 2 * np.pi / petals + pen.vary(0, 1):
        pen.fill(
            oval(
                reach * np.cos(t),
                reach * np.sin(t) - 0.35,
                0.95 * reach * np.sin(np.pi / petals) + 0.08,
            )
        )
    pen.disc(0, -0.35, pen.vary(0.16, 0.26), "second")


def tree(pen: Pen) -> None:
    """Draw a broad tree: a trunk and a crown of round clumps."""
    w = pen.vary(0.08, 0.15)
    pen.fill([(-w, 0.1), (w, 0.1), (w * 1.5, 0.95), (-w * 1.5, 0.95)], "second")
    pen.line([(0, 0.25), (pen.vary(0.2, 0.4), -0.1)], "second", 0.1)
    clumps = [
        (oval(0.46 * np.cos(t), 0.34 * np.sin(t) - 0.38, pen.vary(0.28, 0.36)))
        for t in np.arange(7) * 0.9
    ]
    for clump in clumps:
        pen.fill(clump)
    pen.fill(oval(0, -0.38, 0.48, 0.4), "main", edge=False)
    if pen.maybe(0.4):
        for x, y in pen.rng.uniform((-0.5, -0.7), (0.5, 0), (6, 2)):
            pen.disc(x, y, 0.07, "third")


def pine(pen: Pen) -> None:
    """Draw a fir: tiers of triangles on a trunk."""
    tiers, w = pen.count(3, 4), pen.vary(0.5, 0.72)
    pen.fill(box(-0.1, 0.6, 0.1, 0.97), "second")
    for k in reversed(range(tiers)):
        top, base = -0.95 + 1.2 * k / tiers, -0.35 + 1.15 * (k + 0.3) / tiers
        half = w * (0.5 + 0.5 * (k + 1) / tiers)
        pen.fill([(0, top), (half, base), (-half, base)], "main")
        pen.line([(-half * 0.8, base), (half * 0.8, base)], "dark", 0.03)


def apple(pen: Pen) -> None:
    """Draw an apple with a stalk and a leaf."""
    w = pen.vary(0.66, 0.8)
    pen.fill(
        smooth(
            mirror(
                [
                    (0.04, -0.42),
                    (w * 0.6, -0.58),
                    (w, -0.1),
                    (w * 0.75, 0.6),
                    (w * 0.3, 0.82),
                    (0.04, 0.72),
                ]
            )
        )
    )
    pen.line(curve([(0, -0.38), (0.02, -0.65), (0.12, -0.9)]), "dark", 0.08)
    if pen.maybe(0.8):
        pen.fill(smooth([(0.05, -0.62), (0.3, -0.9), (0.6, -0.85), (0.35, -0.6)]), "second")
    if pen.maybe():
        pen.fill(oval(-w * 0.5, -0.2, 0.1, 0.2), "light", edge=False)


def pear(pen: Pen) -> None:
    """Draw a pear: narrow above, wide below."""
    w = pen.vary(0.5, 0.64)
    pen.fill(
        smooth(
            mirror(
                [(0.04, -0.68), (0.22, -0.6), (0.28, -0.2), (w, 0.3), (w * 0.75, 0.8), (0.05, 0.92)]
            )
        )
    )
    pen.line(curve([(0, -0.65), (0.0, -0.8), (0.1, -0.97)]), "dark", 0.07)
    if pen.maybe(0.6):
        pen.fill(smooth([(0.05, -0.75), (0.3, -0.95), (0.5, -0.85), (0.3, -0.68)]), "second")
    if pen.maybe():
        for x, y in pen.rng.uniform((-0.3, 0.1), (0.3, 0.7), (7, 2)):
            pen.disc(x, y, 0.025, "dark")


def cherry(pen: Pen) -> None:
    """Draw two cherries on their stalks."""
    r, gap = pen.vary(0.3, 0.38), pen.vary(0.4, 0.5)
    for side in (-1, 1):
        y = 0.5 + side * pen.vary(0, 0.12)
        pen.line(curve([(side * gap, y - r), (side * 0.25, -0.3), (0.1, -0.85)]), "second", 0.06)
        pen.fill(oval(side * gap, y, r))
        pen.fill(oval(side * gap - r * 0.35, y - r * 0.35, r * 0.2), "light", edge=False)
    if pen.maybe(0.7):
        pen.fill(smooth([(0.1, -0.85), (0.4, -0.98), (0.75, -0.75), (0.4, -0.68)]), "second")


def banana(pen: Pen) -> None:
    """Draw a banana, or a hand of two or three."""
    for k in reversed(range(pen.count(1, 3))):
        d, bend = 0.16 * k, pen.vary(0.5, 0.62)
        outer = curve(
            [
                (-0.9 + d, -0.35 + d),
                (-0.6, bend * 0.7 - d),
                (0.1, bend + 0.1 - d),
                (0.75, 0.1 - d),
                (0.85, -0.35),
            ]
        )
        inner = curve(
            [
                (0.72, -0.35),
                (0.5, -0.02 - d),
                (0.1, bend * 0.4 - d),
                (-0.45, 0.12 - d),
                (-0.8 + d, -0.42 + d),
            ]
        )
        pen.fill(np.concatenate([outer, inner]))
        pen.line(
            curve([(-0.7, 0.05 + d), (-0.2, bend * 0.75 - d), (0.4, bend * 0.65 - d)]),
            "second",
            0.04,
        )
    pen.fill(box(0.7, -0.6, 0.87, -0.3), "dark")


def strawberry(pen: Pen) -> None:
    """Draw a strawberry: a seeded heart with a leafy cap."""
    w = pen.vary(0.55, 0.7)
    pen.fill(
        smooth(mirror([(0.05, -0.5), (w * 0.7, -0.55), (w, -0.15), (w * 0.55, 0.5), (0.04, 0.92)]))
    )
    for y, xs in (
        (-0.2, (-0.55, 0, 0.55)),
        (0.1, (-0.35, 0.35)),
        (0.35, (-0.25, 0.2)),
        (0.6, (0,)),
    ):
        for x in xs:
            pen.fill(oval(x * w, y, 0.035, 0.06), "light", edge=False)
    pen.fill(moved(ring(pen.count(5, 7), 0.42, 0.15) * [1, 0.6], 0, -0.52), "second")
    pen.line([(0, -0.55), (0.05, -0.92)], "second", 0.08)


def grapes(pen: Pen) -> None:
    """Draw a bunch of grapes."""
    r = pen.vary(0.17, 0.2)
    pen.line(curve([(0, -0.5), (0.02, -0.75), (0.15, -0.97)]), "dark", 0.08)
    for row, count in enumerate((4, 3, 4, 3, 2, 1)):
        for x in (np.arange(count) - (count - 1) / 2) * 1.75 * r:
            pen.fill(oval(x, -0.4 + row * 0.245, r))
            pen.disc(x - r * 0.3, -0.4 + row * 0.245 - r * 0.3, r * 0.2, "light")
    pen.fill(moved(ring(5, 0.36, 0.2) * [1, 0.7], -0.28, -0.68), "second")
