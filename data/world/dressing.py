"""What people wear and play with."""

import numpy as np

from .pen import Pen, box, curve, mirror, oval


def crown(pen: Pen) -> None:
    """Draw a crown with three or five points and jewels."""
    points = 5 if pen.maybe() else 3
    xs = np.linspace(-0.85, 0.85, 2 * points - 1)
    ys = np.where(np.arange(2 * points - 1) % 2, 0.05, -0.6)
    ys[points - 1] = -0.75 if (points - 1) % 2 == 0 else ys[points - 1]
    pen.fill(np.concatenate([np.stack([xs, ys], axis=1), [(0.7, 0.7), (-0.7, 0.7)]]))
    for x, y in zip(xs[::2], ys[::2], strict=True):
        pen.disc(x, y, 0.09, "third")
    pen.fill(box(-0.72, 0.42, 0.72, 0.7), "second")
    for x in (-0.4, 0, 0.4):
        pen.disc(x, 0.56, 0.08, "third")


def hat(pen: Pen) -> None:
    """Draw a hat with a crown, a band and a brim."""
    w, top = pen.vary(0.38, 0.5), pen.vary(-0.75, -0.45)
    pen.fill(oval(0, 0.45, 0.95, pen.vary(0.14, 0.24)))
    pen.fill(
        curve(
            mirror(
                [
                    (0, top + 0.06),
                    (w * 0.7, top),
                    (w * 0.95, top + 0.25),
                    (w * 1.1, 0.42),
                    (0, 0.55),
                ]
            )
        )
    )
    pen.fill(curve(mirror([(0, 0.25), (w * 1.02, 0.15), (w * 1.1, 0.4), (0, 0.52)])), "second")


def boot(pen: Pen) -> None:
    """Draw a boot from the side."""
    top, toe = pen.vary(-0.9, -0.6), pen.vary(0.75, 0.92)
    pen.fill(
        curve(
            [
                (-0.5, top),
                (0.1, top),
                (0.08, 0.05),
                (0.5, 0.25),
                (toe, 0.5),
                (toe, 0.72),
                (-0.5, 0.72),
                (-0.45, 0.0),
                (-0.5, top),
            ]
        )
    )
    pen.fill(box(-0.56, 0.7, toe + 0.05, 0.86, 0.05), "second")
    pen.fill(box(-0.58, top - 0.06, 0.16, top + 0.16, 0.06), "third")
    if pen.maybe():
        pen.stripes([[(-0.02, y), (0.14, y - 0.04)] for y in (-0.3, -0.15, 0.0)], "light", 0.05)


def dress(pen: Pen) -> None:
    """Draw a dress with a waist and a wide skirt."""
    waist, hem, low = pen.vary(0.18, 0.26), pen.vary(0.55, 0.75), pen.vary(0.7, 0.92)
    pen.fill(
        curve(
            mirror(
                [
                    (0, -0.7),
                    (0.18, -0.9),
                    (0.34, -0.85),
                    (0.32, -0.5),
                    (waist, -0.15),
                    (hem * 0.7, 0.4),
                    (hem, low),
                    (0, low + 0.05),
                ]
            )
        )
    )
    pen.fill(box(-waist - 0.02, -0.2, waist + 0.02, -0.06), "second")
    for x in (-0.5, 0, 0.5)[: pen.count(0, 3)]:
        pen.line([(x * 0.3, 0.0), (x, low - 0.05)], "dark", 0.03)


def drum(pen: Pen) -> None:
    """Draw a drum with ropes in zigzag and two sticks."""
    w, h = pen.vary(0.6, 0.75), pen.vary(0.45, 0.6)
    pen.fill(np.concatenate([oval(0, h, w, 0.18, turn=0, arc=180), [(-w, -0.25), (w, -0.25)]]))
    xs = np.linspace(-w, w, 9)
    pen.line([(x, -0.12 if k % 2 else h + 0.05) for k, x in enumerate(xs)], "light", 0.05)
    pen.fill(oval(0, -0.25, w, 0.18), "light")
    pen.line(oval(0, -0.25, w, 0.18), "second", 0.07)
    pen.line(oval(0, h, w, 0.18, turn=0, arc=180), "second", 0.07)
    for side in (-1, 1):
        pen.line([(side * 0.1, -0.3), (side * pen.vary(0.6, 0.9), -0.85)], "third", 0.07)
        pen.disc(side * 0.1, -0.3, 0.08, "third")


def ball(pen: Pen) -> None:
    """Draw a beach ball in segments."""
    pen.fill(oval(0, 0, 0.88), "light")
    turn = pen.vary(0, 360)
    centre = np.array([pen.vary(-0.3, 0.3), pen.vary(-0.3, 0.3)])
    for k in range(3):
        edge = oval(0, 0, 0.88, turn=turn + 120 * k, arc=60)
        pen.fill(np.concatenate([[centre], edge]), ("main", "second", "third")[k])
    pen.disc(*centre, 0.13, "light")
