"""The exercises of lesson 7 on what is done to a picture before a network sees it."""

from __future__ import annotations

import torch
from torch import Tensor

from coursekit import figures
from coursekit.exercises.model import (
    ChoiceExercise,
    Explanation,
    FunctionExercise,
    Misconception,
)
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import number
from coursekit.figures import LessonFigure


def normalise(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """Return the images as a pretrained network expects them.

    images: (N, 3, H, W) uint8, 0 to 255. mean, std: (3,), one for each channel, in units where
    white is 1. Returns (N, 3, H, W) float.

    >>> red = torch.tensor([255, 0, 0], dtype=torch.uint8).reshape(1, 3, 1, 1)
    >>> normalise(red, torch.tensor([0.5, 0.5, 0.0]), torch.tensor([0.5, 0.25, 1.0])).flatten()
    tensor([ 1., -2.,  0.])
    """
    scaled = images.float() / 255
    return (scaled - mean.view(3, 1, 1)) / std.view(3, 1, 1)


def _with_numpy(images: Tensor, mean: Tensor, std: Tensor) -> object:
    x = images.permute(0, 2, 3, 1).numpy() / 255.0
    return ((x - mean.numpy()) / std.numpy()).transpose(0, 3, 1, 2)


def _with_loops(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    out = torch.empty(images.shape)
    for channel in range(3):
        out[:, channel] = (images[:, channel] / 255 - mean[channel]) / std[channel]
    return out


def _images(pick: Pick) -> tuple[Tensor, Tensor, Tensor]:
    """Draw pixels that are fifths of white, and three different means and deviations."""
    N, H, W = pick.integer(1, 2), pick.integer(1, 2), pick.integer(1, 3)
    images = (51 * pick.tensor(N, 3, H, W, low=0, high=5, whole=True)).to(torch.uint8)
    means = torch.tensor([0.4, 0.5, 0.6, 0.2, 0.0]).roll(pick.integer(0, 4))[:3]
    stds = torch.tensor([0.5, 0.25, 0.2, 1.0]).roll(pick.integer(0, 3))[:3]
    return images, means.clone(), stds.clone()


def _explain(index: tuple[int, ...], images: Tensor, mean: Tensor, std: Tensor) -> Explanation:
    c = index[1]
    value = normalise(images, mean, std)[index]
    return Explanation(
        f"(pixel / 255 − mean) / std of channel {c} = ({int(images[index])} / 255 − "
        f"{number(mean[c])}) / {number(std[c])} = {number(value)}",
        {"images": frozenset([index]), "mean": frozenset([(c,)]), "std": frozenset([(c,)])},
    )


def _own(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    x = images.float() / 255
    centred = x - x.mean(dim=(0, 2, 3), keepdim=True)
    return centred / x.std(dim=(0, 2, 3), keepdim=True, correction=0).clamp(min=1e-6)


def _by(images: Tensor, mean: Tensor, std: Tensor, scale: float = 255) -> Tensor:
    return (images.float() / scale - mean.view(3, 1, 1)) / std.view(3, 1, 1)


NORMALISE = FunctionExercise(
    id="7.1",
    title="What the network expects",
    minutes=6,
    reference=normalise,
    examples=(
        (
            torch.tensor([255, 0, 0], dtype=torch.uint8).reshape(1, 3, 1, 1),
            torch.tensor([0.5, 0.5, 0.0]),
            torch.tensor([0.5, 0.25, 1.0]),
        ),
        (
            torch.full((1, 3, 2, 3), 51, dtype=torch.uint8),
            torch.tensor([0.4, 0.6, 0.2]),
            torch.tensor([0.2, 0.5, 0.25]),
        ),
    ),
    inputs=_images,
    any_numbers=False,
    alternatives=(_with_numpy, _with_loops),
    explain=_explain,
    explain_shape=lambda images, mean, std: "Each pixel of each channel keeps its place.",
    signed=(),
    hints=(
        "In which units is a mean such as 0.485: where white is 255, or where white is 1?",
        "Divide by 255 first. Then subtract each channel's own mean, and divide by its own std.",
        "mean has the shape (3,), and the channels lie on axis 1: mean.view(3, 1, 1) lines up.",
    ),
    reasons=(
        "The means and deviations were measured on pixels between 0 and 1, so the scale comes "
        "first. Reshaped to (3, 1, 1), each number meets the channel that it belongs to, whatever "
        "the height, the width and the number of images."
    ),
    misconceptions={
        "pixels from 0 to 255": Misconception(
            lambda images, mean, std: _by(images, mean, std, 1),
            "The mean and the deviation were measured where white is 1: divide by 255 first.",
        ),
        "mean and std swapped": Misconception(
            lambda images, mean, std: _by(images, std, mean.where(mean != 0, 1e-3)),
            "First the mean goes, which centres the channel; then the deviation divides.",
        ),
        "subtracting after the division": Misconception(
            lambda images, mean, std: _by(images, 0 * mean, std) - mean.view(3, 1, 1),
            "The mean is subtracted first, and what is left is divided by the deviation.",
        ),
        "a mean that is divided and a pixel that is not": Misconception(
            lambda images, mean, std: images / 255 - (mean / std).view(3, 1, 1),
            "Division binds more tightly than subtraction: the difference needs its brackets.",
        ),
        "multiplying with the deviation": Misconception(
            lambda images, mean, std: _by(images, mean, 1 / std),
            "Dividing by the deviation makes it 1; multiplying makes a small one smaller.",
        ),
        "dividing by the variance": Misconception(
            lambda images, mean, std: _by(images, mean, std**2),
            "std is the deviation already; squared, it would be the variance.",
        ),
        "the mean alone": Misconception(
            lambda images, mean, std: _by(images, mean, torch.ones(3)),
            "Centred is half of it: each channel is also divided by its deviation.",
        ),
        "one mean for all channels": Misconception(
            lambda images, mean, std: _by(images, mean.mean().expand(3), std.mean().expand(3)),
            "Red, green and blue have a mean and a deviation each.",
        ),
        "the batch's own mean and deviation": Misconception(
            _own,
            "The numbers belong to the data that the network learned from. With the batch's own, "
            "one image would change with its neighbours.",
        ),
        "blue, green, red": Misconception(
            lambda images, mean, std: _by(images.flip(1), mean, std),
            "OpenCV reads blue first; the network learned with red first, as Pillow reads it.",
        ),
        "the usual 0.5 for both": Misconception(
            lambda images, mean, std: _by(images, torch.full((3,), 0.5), torch.full((3,), 0.5)),
            "(0.5, 0.5) brings pixels to −1..1, and suits a network that learned so; this one "
            "comes with its own numbers.",
        ),
        "the scale alone": Misconception(
            lambda images, mean, std: images / 255,
            "0 to 1 is the first step; the channel's mean and deviation are still in it.",
        ),
        "the columns for the channels": Misconception(
            lambda images, mean, std: (images / 255 - mean) / std,
            "(3,) lines up with the last axis, the columns; .view(3, 1, 1) lines up with channels.",
        ),
    },
)


def _picture(exercise: ChoiceExercise) -> LessonFigure:
    return figures.turned_digits(tuple(exercise.options))


AUGMENT = ChoiceExercise(
    id="7.2",
    title="Which augmentation keeps the label?",
    minutes=3,
    question=(
        "You sort photographs of handwritten digits, 0 to 9. Which of these may be applied to the "
        "training pictures, each under its old label?"
    ),
    options={
        "A": "mirrored, left to right",
        "B": "half a turn",
        "C": "a turn by at most 15 degrees",
        "D": "a quarter turn",
        "E": "mirrored, top to bottom",
    },
    answer="C",
    picture=_picture,
    hints=(
        "Look at the 2, the 6 and the 9 in each picture. Would you still read them?",
        "Where a 6 has become a 9, its old label is wrong.",
        "Which of them could have come from the hand of another writer?",
    ),
    reasons=(
        "People write at a slant, so a small turn gives digits that exist, under their own label. "
        "The others give a 9 labelled 6, or signs that nobody writes. A cat may be mirrored, and "
        "a digit may not: what is allowed depends on the task."
    ),
    misconceptions={
        "mirrors are always allowed": Misconception(
            "A", "Mirrored, a 2 is no digit, and a 3 is a capital epsilon: nobody writes them so."
        ),
        "a turn never matters": Misconception(
            "B", "Half a turn makes a 9 of each 6, which keeps the label 6: that teaches a mistake."
        ),
        "ninety degrees are harmless": Misconception(
            "D", "No writer lays a digit on its side, and a 9 that lies could as well be a 6."
        ),
        "upside down is like mirrored": Misconception(
            "E", "Top to bottom, a 6 becomes a mirrored 9, and a 2 nearly a 5."
        ),
    },
)

EXERCISES = (NORMALISE, AUGMENT)
