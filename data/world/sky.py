"""Sky and signs."""

import numpy as np

from .pen import Pen, box, curve, moved, oval, ring


def star(pen: Pen) -> None:
    """Draw a star with five or six tips, plain or with another one inside."""
    inner = pen.vary(0.36, 0.5)
    tips = ring(5 if pen.maybe(0.8) else 6, 0.95, inner)
    pen.fill(tips)
    if pen.maybe(0.6):
        pen.fill(tips * pen.vary(0.45, 0.75), "second", edge=False)


def heart(pen: Pen) -> None:
    """Draw a heart, plain or with a smaller one, or pierced by an arrow."""
    w = pen.vary(0.75, 0.9)
    right = [(0, -0.35), (w * 0.25, -0.72), (w * 0.7, -0.72), (w, -0.3), (w * 0.7, 0.25), (0, 0.88)]
    outline = np.concatenate([curve(right), curve(right)[::-1] * [-1, 1]])
    pen.fill(outline)
    if pen.maybe(0.4):
        pen.fill(outline * 0.55, "second", edge=False)
    elif pen.maybe(0.4):
        pen.line([(-0.95, 0.5), (0.95, -0.5)], "dark", 0.06)
        pen.fill([(0.97, -0.52), (0.68, -0.55), (0.8, -0.28)], "dark")


def moon(pen: Pen) -> None:
    """Draw a crescent, with a face or a star."""
    outer = oval(0, 0, 0.9, turn=50, arc=260)
    a, b = outer[0]
    hollow = oval(a + 0.05, 0, a + pen.vary(0.2, 0.55), b, turn=-90, arc=-180)
    pen.fill(np.concatenate([outer, hollow]))
    if pen.maybe(0.6):
        pen.fill(moved(ring(5, 0.24, 0.1), 0.5, pen.vary(-0.2, 0.2)), "second")
    if pen.maybe(0.4):
        pen.eye(-0.58, -0.15, 0.06)


def sun(pen: Pen) -> None:
    """Draw a sun with rays."""
    count, r = pen.count(8, 14), pen.vary(0.42, 0.55)
    for t in np.arange(count) * 2 * np.pi / count:
        if pen.outline > 0.035:
            pen.line(
                [
                    ((r + 0.1) * np.cos(t), (r + 0.1) * np.sin(t)),
                    (0.95 * np.cos(t), 0.95 * np.sin(t)),
                ],
                "second",
                0.09,
            )
        else:
            a, b = t - 0.2, t + 0.2
            pen.fill(
                [
                    (r * np.cos(a), r * np.sin(a)),
                    (0.95 * np.cos(t), 0.95 * np.sin(t)),
                    (r * np.cos(b), r * np.sin(b)),
                ],
                "second",
            )
    pen.fill(oval(0, 0, r))
    if pen.maybe(0.6):
        for side in (-1, 1):
            pen.eye(side * r * 0.35, -0.1, 0.06)
        pen.line(curve([(-r * 0.4, 0.12), (0, 0.24), (r * 0.4, 0.12)]), "dark", 0.05)


def cloud(pen: Pen) -> None:
    """Draw a cloud, sometimes with rain."""
    if pen.maybe(0.6):
        for x in np.linspace(-0.5, 0.5, pen.count(3, 5)):
            pen.line([(x, 0.4), (x - 0.12, pen.vary(0.7, 0.9))], "second", 0.07)
    lumps = [
        (-0.5, 0.05, 0.36),
        (-0.1, -0.25, pen.vary(0.4, 0.5)),
        (0.35, -0.08, 0.4),
        (0.62, 0.12, 0.3),
    ]
    for x, y, r in lumps:
        pen.fill(oval(x, y, r))
    pen.fill(box(-0.6, 0.0, 0.7, 0.4, 0.15), edge=False)
    for x, y, r in lumps:
        pen.fill(oval(x, y, r * 0.9), edge=False)


def kite(pen: Pen) -> None:
    """Draw a kite: a diamond in two colours, a tail with bows."""
    w, mid = pen.vary(0.45, 0.6), pen.vary(-0.5, -0.3)
    tail = curve([(0, 0.3), (0.2, 0.5), (-0.1, 0.7), (0.25, 0.97)])
    pen.line(tail, "dark", 0.04)
    for k in (6, 11, 16):
        x, y = tail[min(k, len(tail) - 1)]
        pen.fill(
            [
                (x - 0.14, y - 0.08),
                (x + 0.14, y + 0.08),
                (x + 0.14, y - 0.08),
                (x - 0.14, y + 0.08),
            ],
            "third",
            edge=False,
        )
    pen.fill([(0, -0.95), (w, mid), (0, 0.35), (-w, mid)])
    pen.fill([(0, -0.95), (w, mid), (0, mid)], "second")
    pen.fill([(0, 0.35), (-w, mid), (0, mid)], "second")
    pen.stripes([[(0, -0.95), (0, 0.35)], [(-w, mid), (w, mid)]], "dark", 0.035)


def flag(pen: Pen) -> None:
    """Draw a flag waving from a pole."""
    drop, h = pen.vary(-0.1, 0.15), pen.vary(0.7, 0.9)
    pen.line([(-0.75, -0.9), (-0.75, 0.97)], "dark", 0.09)
    top = curve([(-0.72, -0.85), (-0.2, -0.98), (0.3, -0.75), (0.9, -0.9 + drop)])
    low = moved(top[::-1], 0, h)
    pen.fill(np.concatenate([top, low]))
    if pen.maybe():
        pen.fill(
            np.concatenate([moved(top, 0, h / 3), moved(top, 0, 2 * h / 3)[::-1]]),
            "second",
            edge=False,
        )
    else:
        pen.disc(0.1, -0.85 + h / 2, 0.22, "second")
