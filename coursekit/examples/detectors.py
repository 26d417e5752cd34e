"""The detectors of an X that the lessons build, one after another, from a learner's functions.

Each is made of the functions that its lesson asks for, and returns, for a picture (13, 13) of ±1,
whether it takes it for an X.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit import kernels
from coursekit.examples.board import board, copies
from coursekit.examples.strokes import drawings, network
from coursekit.machine.paths import course_folder

__all__ = [
    "PARTS",
    "finished",
    "learned",
    "padded_and_strided",
    "perceptron",
    "pooled",
    "pretrained",
    "three_filters",
    "two_layers",
]

Detector = Callable[[Tensor], bool]

PARTS = ("diagonal down", "diagonal up", "crossing")
ALMOST = 7  # the score where eight of nine pixels agree
FEW = 20  # drawings of each kind that a probe learns from
PAPER_PIXELS = 16  # of a pixel of the board, height and width, when it becomes a picture
EACH, NOISE, ROUNDS = 20, 6, 20  # copies of a picture, pixels that turn in each, times through all


def perceptron(perceptron_update: Callable[..., Tensor]) -> Detector:
    """Return lesson 1's: one weight for each pixel, learned from noisy copies by Rosenblatt's rule.

    perceptron_update: (weight, x, label, rate) -> weight, both (D,); x ends in the bias's 1.
    It learns from as many copies of the X as of the plus, O, triangle and diagonal together.
    """
    others = ("plus", "O", "triangle", "diagonal")
    xs = copies(board()["X"], EACH * len(others), noise=NOISE, seed=0)
    rest = [copies(board()[name], EACH, noise=NOISE, seed=n) for n, name in enumerate(others, 1)]
    pictures = torch.cat([xs, *rest]).flatten(1)  # (N, 169)
    labels = torch.tensor([1] * len(xs) + [0] * (len(pictures) - len(xs)))
    order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(0))
    rows = F.pad(pictures, (0, 1), value=1.0)[order]  # (N, 170), the bias's 1 at the end
    weight = torch.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        before = weight
        for x, label in zip(rows, labels[order].tolist(), strict=True):
            weight = perceptron_update(weight, x, label, 1.0)
        if torch.equal(weight, before):
            break
    return lambda picture: bool(F.pad(picture.flatten(), (0, 1), value=1.0) @ weight > 0)


def three_filters(corr2d: Callable[..., Tensor]) -> Detector:
    """Return lesson 2's: each of the three parts of an X matches somewhere, all but one pixel.

    corr2d: (x, kernel) -> (H - kH + 1, W - kW + 1).
    """
    return lambda picture: all(corr2d(picture, part).max() >= ALMOST for part in _parts())


def padded_and_strided(
    zero_pad: Callable[..., Tensor], strided_corr2d: Callable[..., Tensor]
) -> Detector:
    """Return lesson 3's: the same on a padded picture, at every second position only.

    zero_pad: (x, rows, columns) -> the padded x. strided_corr2d: (x, kernel, (sH, sW)) -> a map.
    """

    def sees(picture: Tensor) -> bool:
        padded = zero_pad(picture, 1, 1)  # (15, 15)
        maps = [strided_corr2d(padded, part, (2, 2)) for part in _parts()]  # three of (7, 7)
        return all(scores.max() >= ALMOST for scores in maps)

    return sees


def pooled(corr2d: Callable[..., Tensor], max_pool2d: Callable[..., Tensor]) -> Detector:
    """Return lesson 4's: a map at every position, of which each 2×2 window keeps its largest score.

    max_pool2d: (x, window, stride) -> the pooled x.
    """
    return lambda picture: all(
        scores.max() >= ALMOST for scores in _pooled(picture, corr2d, max_pool2d)
    )


def two_layers(
    corr2d: Callable[..., Tensor],
    max_pool2d: Callable[..., Tensor],
    corr2d_multi_in_out: Callable[..., Tensor],
) -> Detector:
    """Return lesson 5's: over the pooled maps of the parts a second layer looks for their places.

    corr2d_multi_in_out: (x, weight, bias) -> maps, of several channels.
    """
    places = torch.zeros(1, 3, 3, 3)  # one filter over three maps: where each part of an X lies
    places[0, 0, 0, 0] = places[0, 0, 2, 2] = 1  # falling strokes: upper left, lower right
    places[0, 1, 0, 2] = places[0, 1, 2, 0] = 1  # rising strokes: upper right, lower left
    places[0, 2, 1, 1] = 1  # the crossing: in the middle

    def sees(picture: Tensor) -> bool:
        maps = torch.stack(_pooled(picture, corr2d, max_pool2d))  # (3, 6, 6)
        found = F.pad((maps >= ALMOST).float(), (1, 1, 1, 1))  # (3, 8, 8)
        return bool(corr2d_multi_in_out(found, places, torch.zeros(1)).max() >= 3)

    return sees


def learned(model: nn.Module) -> Detector:
    """Return the one that a network makes: what it has learned from drawings decides.

    model: (N, 1, 13, 13) -> logits (N, 2), no X and X. It is asked in the mode of evaluation.
    """

    def sees(picture: Tensor) -> bool:
        was_training = model.training
        with torch.no_grad():
            logits = model.eval()(picture[None, None])  # (1, 2)
        model.train(was_training)
        return bool(logits.argmax() == 1)

    return sees


def pretrained(
    features: Callable[[Tensor], Tensor],
    linear_probe: Callable[[Tensor, Tensor], nn.Module],
    *,
    seed: int = 0,
) -> Detector:
    """Return lesson 7's: a linear probe on borrowed features of forty drawings, half of them an X.

    features: pictures (N, 3, H, W) uint8 -> (N, F), of a backbone that learned other pictures.
    linear_probe: (features, labels) -> the head, (N, F) -> logits (N, 2). seed: of the drawings.
    """
    pictures, labels = drawings(2 * FEW, seed=seed)
    head = linear_probe(features(_in_colour(pictures)), labels)
    return lambda picture: bool(head(features(_in_colour(picture[None, None]))).argmax() == 1)


def finished() -> Detector:
    """Return the one with which the course begins: a small network, trained beforehand.

    `data/train_board.py` trained it on drawings, none of which is on the board.
    """
    model = network()
    weights = course_folder("data") / "board" / "weights.pt"
    model.load_state_dict(torch.load(weights, weights_only=True))
    return learned(model)


def _in_colour(drawn: Tensor) -> Tensor:
    """Return drawings (N, 1, H, W) of ±1 as black ink on white paper, (N, 3, 16·H, 16·W) uint8."""
    paper = ((1 - drawn) / 2 * 255).to(torch.uint8).expand(-1, 3, -1, -1)
    return paper.repeat_interleave(PAPER_PIXELS, dim=2).repeat_interleave(PAPER_PIXELS, dim=3)


def _parts() -> list[Tensor]:
    return [kernels.kernel(name) for name in PARTS]


def _pooled(
    picture: Tensor, corr2d: Callable[..., Tensor], max_pool2d: Callable[..., Tensor]
) -> list[Tensor]:
    padded = F.pad(picture, (1, 1, 1, 1))  # (15, 15): lesson 3's zeros
    return [max_pool2d(corr2d(padded, part), 2, 2) for part in _parts()]  # three of (6, 6)
