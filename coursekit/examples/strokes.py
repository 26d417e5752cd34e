"""Drawings of an X, and of what is none, drawn at random: what a network learns an X from.

Each is made of strokes: curves of ink with a beginning, an end and a bend. An X may stand anywhere,
be small or large, turned by up to twenty degrees, bent, thick, and stained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor, nn

from coursekit.contracts import AtLeastOne, Seed, checks_arguments
from coursekit.examples.board import PAPER, SIZE

__all__ = ["drawings", "network"]

POINTS = 40  # along a stroke: more than pixels, so that it has no gaps
TURN, SLIP = 20, 6  # degrees by which a figure turns, and each stroke of it besides
THICK, STAINED = 0.35, 0.6  # shares of the drawings
STAINS = 9  # pixels that turn over, at most

Random = np.random.Generator
Stroke = np.ndarray  # (POINTS, 2): row and column, from the middle of the figure


@checks_arguments
def drawings(count: AtLeastOne, *, seed: Seed = 0) -> tuple[Tensor, Tensor]:
    """Return drawings (N, 1, 13, 13) float32 of ±1 and labels (N,) int64: 1 for an X, else 0.

    Every second one shows an X; the others are pluses, rings, triangles, and strokes that do not
    cross or cross once too often.
    """
    random = np.random.default_rng(seed)
    labels = torch.arange(count) % 2
    kinds = list(OTHERS.values())
    pictures = [
        _drawn(_x(random) if label else kinds[random.integers(len(kinds))](random), random)
        for label in labels.tolist()
    ]
    return torch.from_numpy(np.stack(pictures))[:, None], labels


def network() -> nn.Sequential:
    """Return the network that learns them: (N, 1, 13, 13) -> logits (N, 2), no X and X.

    Two blocks of convolution, ReLU and max pooling, as lesson 5 builds them, and a linear layer.
    """
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),  # (N, 16, 6, 6)
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),  # (N, 32, 3, 3)
        nn.Flatten(), nn.Linear(32 * 3 * 3, 2),
    )  # fmt: skip


def _stroke(start: tuple[float, float], end: tuple[float, float], bend: float = 0.0) -> Stroke:
    """Return a stroke from start to end, whose middle is `bend` of its length off the line."""
    first, last = np.array(start, float), np.array(end, float)
    along = np.linspace(0, 1, POINTS)[:, None]
    across = (last - first)[::-1] * (1, -1)  # at a right angle
    return first + along * (last - first) + 4 * along * (1 - along) * bend * across


def _at(angle: float, length: float) -> tuple[float, float]:
    """Return the point at this angle in degrees and distance from the middle."""
    return -length * np.sin(np.radians(angle)), length * np.cos(np.radians(angle))


def _line(random: Random, angle: float, half: float) -> Stroke:
    """Return a nearly straight stroke through the middle."""
    a, b = half * random.uniform(0.85, 1.15, 2)
    return _stroke(_at(angle + 180, a), _at(angle, b), random.uniform(-0.1, 0.1))


def _size(random: Random) -> float:
    return random.uniform(2.4, 6.2)


def _x(random: Random) -> list[Stroke]:
    half, turn = _size(random), random.uniform(-TURN, TURN)
    angles = np.array([45, 135]) + turn + random.uniform(-SLIP, SLIP, 2)
    return [_line(random, angle, half) for angle in angles]


def _plus(random: Random) -> list[Stroke]:
    half, turn = 0.8 * _size(random), random.uniform(-SLIP, SLIP)
    return [_line(random, angle + turn, half) for angle in (0, 90)]


def _ring(random: Random) -> list[Stroke]:
    around = np.linspace(0, 2 * np.pi, 3 * POINTS)
    power = random.uniform(0.4, 1)  # from nearly square to round
    circle = np.stack([np.sin(around), np.cos(around)], axis=1)
    return [np.sign(circle) * np.abs(circle) ** power * 0.8 * _size(random)]


def _polygon(random: Random, corners: int, closed: bool) -> list[Stroke]:
    half, turn = _size(random), random.uniform(0, 360)
    steps = np.arange(corners) * 360 / corners + turn + random.uniform(-15, 15, corners)
    points = [_at(angle, half) for angle in steps]
    pairs = zip(points, points[1:] + points[: 1 if closed else 0], strict=False)
    return [_stroke(a, b, random.uniform(-0.1, 0.1)) for a, b in pairs]


def _single(random: Random) -> list[Stroke]:
    return [_line(random, random.uniform(0, 180), _size(random))]


def _apart(random: Random) -> list[Stroke]:
    """Return two or three short strokes, and a small crossing, none of which meet."""
    corners = random.permutation([(-4, -4), (-4, 4), (4, -4), (4, 4)])[: random.integers(2, 5)]
    strokes = []
    for corner in corners:
        half, angle = random.uniform(1, 1.8), random.choice([45, 135])
        strokes.append(_line(random, angle, half) + corner)
        if random.random() < 0.3:
            strokes.append(_line(random, 180 - angle, min(half, 1.2)) + corner)
    return strokes


def _beside(random: Random) -> list[Stroke]:
    """Return two strokes that stand side by side, or meet at their ends."""
    half, gap, angle = _size(random), random.uniform(2, 5), random.uniform(0, 180)
    shift = np.array(_at(angle + 90, gap / 2))
    lean = random.uniform(-25, 25)
    return [
        _line(random, angle + lean / 2, half) + shift,
        _line(random, angle - lean / 2, half) - shift,
    ]


def _tee(random: Random) -> list[Stroke]:
    half, turn = _size(random), random.choice([0, 45, 90, 135, 180, 225, 270, 315])
    turn += random.uniform(-12, 12)
    return [_line(random, turn, half), _stroke((0, 0), _at(turn + 90, 1.6 * half))]


def _nothing(random: Random) -> list[Stroke]:
    return []


OTHERS: dict[str, Callable[[Random], list[Stroke]]] = {
    "plus": _plus,
    "ring": _ring,
    "triangle": lambda random: _polygon(random, 3, closed=True),
    "corner": lambda random: _polygon(random, 3, closed=False),
    "square": lambda random: _polygon(random, 4, closed=True),
    "single": _single,
    "apart": _apart,
    "beside": _beside,
    "tee": _tee,
    "nothing": _nothing,
}


def _drawn(strokes: list[Stroke], random: Random) -> np.ndarray:
    """Return the strokes as pixels, (13, 13) float32 of ±1, somewhere on the paper."""
    paper = np.full((SIZE, SIZE), PAPER, dtype=np.float32)
    pen = [(0, 0), *([(0, 1)] if random.random() < THICK else [])]
    pen += [(1, 0)] if len(pen) > 1 and random.random() < 0.5 else []
    for row, column in _pixels(strokes, random):
        for down, right in pen:
            if 0 <= row + down < SIZE and 0 <= column + right < SIZE:
                paper[row + down, column + right] = 1
    if random.random() < STAINED:
        stains = random.permutation(SIZE * SIZE)[: random.integers(1, STAINS + 1)]
        paper.reshape(-1)[stains] *= -1
    return paper


def _pixels(strokes: list[Stroke], random: Random) -> Iterator[tuple[int, int]]:
    """Yield the pixels under the strokes, moved so far that the figure stays on the paper."""
    if not strokes:
        return
    points = np.concatenate(strokes)
    ends = np.stack([-points.min(axis=0), SIZE - 1 - points.max(axis=0)])  # how far it may move
    move = random.uniform(ends.min(axis=0), ends.max(axis=0))
    fits = ends[0] < ends[1]  # a figure larger than the paper is put into its middle
    move = np.where(fits, move, ends.mean(axis=0))
    yield from map(tuple, np.rint(points + move).astype(int).tolist())
