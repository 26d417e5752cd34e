"""What cloth looks like: brightness, folds, grain and prints, as fields of the drawing's size."""

import numpy as np
from PIL import Image

from .sketch import SIDE, Rng, between, chance, pick


def tone(rng: Rng, dark: float = 0.2, bright: float = 0.4) -> float:
    """Return the brightness of a cloth, 0 to 255: dark, bright or between.

    dark and bright: their probabilities.
    """
    kind = rng.random()
    if kind < dark:
        return between(rng, 30, 100)
    if kind > 1 - bright:
        return between(rng, 195, 234)
    return between(rng, 105, 212)


def noise(rng: Rng, rows: int, columns: int) -> np.ndarray:
    """Return smooth noise, (SIDE, SIDE), of unit variance at its `rows` x `columns` knots."""
    knots = Image.fromarray(rng.standard_normal((rows, columns)).astype(np.float32))
    return np.asarray(knots.resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def folds(rng: Rng, strength: float, hanging: bool) -> np.ndarray:
    """Return factors around one, (SIDE, SIDE): folds or gloss, soft light, grain of the weave.

    hanging: whether it folds from top to bottom, or shines across. strength: of folds or gloss.
    """
    if hanging:
        drape = noise(rng, int(rng.integers(2, 5)), int(rng.integers(12, 30)))
    else:
        drape = noise(rng, int(rng.integers(14, 30)), int(rng.integers(6, 18)))
    light = noise(rng, 4, 4)
    grain = noise(rng, 40, 40)
    side = np.linspace(-1, 1, SIDE, dtype=np.float32) * rng.normal(0, 0.05)
    grainy = between(rng, 0.002, 0.025) if chance(rng, 0.75) else between(rng, 0.03, 0.14)
    return 1 + strength * drape + 0.04 * light + grainy * grain + side


def _stripes(rng: Rng) -> np.ndarray:
    period = between(rng, 0.07, 0.22)
    y = np.linspace(0, 1, SIDE)[:, None] / period + rng.random()
    lines = (y % 1 < between(rng, 0.25, 0.6)).astype(np.float32)
    if chance(rng, 0.3):  # stripes on a part of the cloth only
        lines *= np.abs(np.linspace(0, 1, SIDE)[:, None] - between(rng, 0.3, 0.5)) < 0.15
    return np.broadcast_to(lines, (SIDE, SIDE))


def _quilt(rng: Rng) -> np.ndarray:
    y = np.linspace(0, 1, SIDE)[:, None] / between(rng, 0.055, 0.11) + rng.random()
    return np.broadcast_to(np.cos(2 * np.pi * y).astype(np.float32) / 2, (SIDE, SIDE))


def _pinstripes(rng: Rng) -> np.ndarray:
    x = np.linspace(0, 1, SIDE)[None] / between(rng, 0.05, 0.12) + rng.random()
    return np.broadcast_to((x % 1 < 0.4).astype(np.float32), (SIDE, SIDE))


def _checks(rng: Rng) -> np.ndarray:
    period, width = between(rng, 0.06, 0.16), between(rng, 0.3, 0.5)
    t = (np.linspace(0, 1, SIDE) / period % 1 < width).astype(np.float32)
    return (t[:, None] + t[None]) / 2


def _blobs(rng: Rng) -> np.ndarray:
    knots = int(rng.integers(16, 40))
    field = noise(rng, knots, knots)
    return np.clip(field * between(rng, 0.6, 2.0) + between(rng, -0.4, 0.6), -1, 1)


def _dots(rng: Rng) -> np.ndarray:
    period = between(rng, 0.07, 0.13)
    t = np.linspace(0, 1, SIDE) / period
    rows = t[:, None]
    columns = t[None] + 0.5 * (np.floor(rows) % 2)
    distance = (rows % 1 - 0.5) ** 2 + (columns % 1 - 0.5) ** 2
    return (distance < between(rng, 0.05, 0.12)).astype(np.float32)


def _logo(rng: Rng) -> np.ndarray:
    height, width = int(rng.integers(1, 6)), int(rng.integers(3, 8))
    letters = rng.random((height * 2, width * 2)) < between(rng, 0.4, 0.85)
    size = (int(between(rng, 0.12, 0.3) * SIDE), int(between(rng, 0.04, 0.24) * SIDE))
    image = Image.fromarray(letters.astype(np.float32)).resize(size, Image.Resampling.NEAREST)
    field = np.zeros((SIDE, SIDE), np.float32)
    x = (SIDE - size[0]) // 2 + int(rng.normal(0, 0.02) * SIDE)
    y = int(between(rng, 0.3, 0.46) * SIDE)
    field[y : y + size[1], x : x + size[0]] = np.asarray(image)
    return field


def _blocks(rng: Rng) -> np.ndarray:
    y = np.linspace(0, 1, SIDE)[:, None]
    top = between(rng, 0.2, 0.6)
    bottom = top + between(rng, 0.08, 0.5)
    return np.broadcast_to(((y > top) & (y < bottom)).astype(np.float32), (SIDE, SIDE))


_DRAW = {
    "stripes": _stripes,
    "quilt": _quilt,
    "pinstripes": _pinstripes,
    "checks": _checks,
    "blobs": _blobs,
    "dots": _dots,
    "logo": _logo,
    "blocks": _blocks,
}


def prints(rng: Rng, weights: dict[str, float], base: float) -> np.ndarray:
    """Return changes in gray levels, (SIDE, SIDE): one print, visible on cloth of tone `base`.

    weights: print -> how often. Dark cloth is printed bright, and bright cloth dark.
    """
    kind = pick(rng, weights)
    if kind == "plain":
        return np.zeros((SIDE, SIDE), np.float32)
    sign = -1 if base > between(rng, 90, 190) else 1
    return _DRAW[kind](rng) * (sign * between(rng, 25, 140))
