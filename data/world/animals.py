"""Animals on land."""

import numpy as np

from .pen import Pen, box, curve, mirror, oval, smooth


def owl(pen: Pen) -> None:
    """Draw an owl: ear tufts, two big eyes, a beak, wings at its sides."""
    w = pen.vary(0.5, 0.66)
    pen.fill(
        mirror([(0, -0.6), (w * 0.85, -0.95), (w, -0.4), (w + 0.05, 0.3), (w * 0.7, 0.8), (0, 0.9)])
    )
    pen.fill(oval(0, 0.35, w * 0.62, 0.48), "second", edge=False)
    for side in (-1, 1):
        pen.fill(
            smooth(
                [
                    (side * w, -0.15),
                    (side * (w + 0.12), 0.3),
                    (side * w * 0.75, 0.7),
                    (side * w * 0.7, 0.1),
                ]
            ),
            "third",
        )
        pen.disc(side * w * 0.46, -0.38, w * 0.42, "light")
        pen.disc(side * w * 0.46, -0.38, w * 0.19, "dark")
        pen.line([(side * 0.2, 0.88), (side * 0.2, 0.97)], "third", 0.09)
    pen.fill([(-0.09, -0.25), (0.09, -0.25), (0, -0.03)], "third")


def cat(pen: Pen) -> None:
    """Draw a cat's head: pointed ears, whiskers."""
    w, ear = pen.vary(0.68, 0.82), pen.vary(0.75, 0.98)
    pen.fill(
        mirror(
            [
                (0, -0.45),
                (w * 0.42, -0.48),
                (w * 0.85, -ear),
                (w, -0.1),
                (w * 0.95, 0.3),
                (w * 0.5, 0.7),
                (0, 0.78),
            ]
        )
    )
    for side in (-1, 1):
        pen.fill(
            [(side * w * 0.58, -0.45), (side * w * 0.8, -ear * 0.78), (side * w * 0.86, -0.3)],
            "second",
            edge=False,
        )
        pen.fill(oval(side * 0.3, 0, 0.15, 0.17), "light")
        pen.fill(oval(side * 0.3, 0, 0.05, 0.13), "dark", edge=False)
        for y in (0.22, 0.36):
            pen.line([(side * 0.3, 0.3), (side * 0.95, y + 0.05)], "dark", 0.03)
        pen.line(curve([(0, 0.3), (side * 0.1, 0.45), (side * 0.22, 0.4)]), "dark", 0.04)
    pen.fill([(-0.1, 0.2), (0.1, 0.2), (0, 0.32)], "third")
    if pen.maybe():
        pen.stripes([[(x, -0.45), (x * 0.8, -0.22)] for x in (-0.15, 0, 0.15)], "second", 0.06)


def rabbit(pen: Pen) -> None:
    """Draw a rabbit's head: long ears, teeth."""
    lean, length = pen.vary(0.05, 0.3), pen.vary(0.75, 0.95)
    for side in (-1, 1):
        tip = side * (0.25 + lean)
        pen.fill(
            smooth(
                [
                    (side * 0.08, -0.1),
                    (tip - side * 0.18, -length),
                    (tip + side * 0.12, -length),
                    (side * 0.42, -0.05),
                ]
            )
        )
        pen.line([(side * 0.25, -0.2), (tip, -length + 0.15)], "second", 0.1)
    pen.fill(oval(0, 0.35, 0.55, pen.vary(0.48, 0.58)))
    pen.fill(box(-0.1, 0.6, 0.1, 0.82), "light")
    for side in (-1, 1):
        pen.eye(side * 0.22, 0.22, 0.1)
        pen.disc(side * 0.12, 0.55, 0.13, "light")
    pen.fill([(-0.08, 0.4), (0.08, 0.4), (0, 0.5)], "third")


def spider(pen: Pen) -> None:
    """Draw a spider from above: eight bent legs, two parts of the body."""
    for side in (-1, 1):
        for angle in np.radians(pen.rng.normal((-60, -20, 20, 60), 5)):
            x, y = side * np.cos(angle), np.sin(angle)
            pen.line(
                [(0, 0), (x * 0.55, y * 0.55 - 0.18), (x * 0.95, y * 0.95 + 0.05)], "dark", 0.06
            )
    pen.fill(oval(0, 0.3, pen.vary(0.3, 0.42), pen.vary(0.36, 0.46)))
    pen.fill(oval(0, -0.18, 0.22, 0.2), pen.ink("main", "second"))
    if pen.maybe():
        pen.fill([(-0.12, 0.15), (0.12, 0.15), (-0.12, 0.45), (0.12, 0.45)], "third", edge=False)
    for side in (-1, 1):
        pen.eye(side * 0.08, -0.25, 0.06)


def snake(pen: Pen) -> None:
    """Draw a snake in bends, with bands and a tongue."""
    bends = pen.count(2, 3)
    x = np.linspace(0.9, -0.6, 40)
    y = 0.45 * np.sin((0.9 - x) / 1.5 * bends * 2 * np.pi) * np.linspace(0.6, 1, 40)
    path = np.stack([x, y], axis=1)
    pen.line(path, "main", 0.26)
    for k in range(4, 36, pen.count(4, 7)):
        pen.line(path[k : k + 2], "second", 0.24)
    hx, hy = path[-1]
    pen.line([(hx - 0.2, hy), (hx - 0.42, hy + 0.05)], "third", 0.04)
    pen.fill(oval(hx - 0.08, hy, 0.24, 0.19))
    pen.eye(hx - 0.1, hy - 0.06, 0.07)


def ladybird(pen: Pen) -> None:
    """Draw a ladybird from above: dotted wing cases, a dark head."""
    for side in (-1, 1):
        pen.stripes(
            [[(0, y), (side * 0.85, y + d)] for y, d in ((-0.2, -0.2), (0.15, 0), (0.5, 0.2))],
            "dark",
            0.06,
        )
        pen.line(
            curve([(side * 0.1, -0.6), (side * 0.2, -0.85), (side * 0.35, -0.92)]), "dark", 0.05
        )
    pen.fill(oval(0, -0.5, 0.34, 0.26), "dark")
    pen.fill(oval(0, 0.15, pen.vary(0.58, 0.7), 0.68))
    pen.line([(0, -0.5), (0, 0.83)], "dark", 0.05)
    size = pen.vary(0.09, 0.15)
    for x, y in ((0.28, -0.15), (0.4, 0.25), (0.18, 0.52), (0.15, 0.15))[: pen.count(3, 4)]:
        for side in (-1, 1):
            pen.disc(side * x, y, size, "dark")
