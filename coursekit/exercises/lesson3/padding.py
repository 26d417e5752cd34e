"""The exercises of lesson 3 on borders and padding."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit import ops, shapes
from coursekit.exercises.model import (
    Explanation,
    FunctionExercise,
    Misconception,
    ValueExercise,
)
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import count, number
from coursekit.exercises.windows import not_square


def _vanish(height: int, width: int) -> ValueExercise:
    """Return the question for what seven layers with kernels of 5×5 leave of an image."""

    def left(taken: int) -> tuple[int, int]:
        return height - taken, width - taken

    def shown(size: tuple[int, int]) -> str:
        return f"{size[0]}" if height == width else f"{size[0]}×{size[1]}"

    walk = ", ".join(shown(left(4 * layer)) for layer in range(8))
    return ValueExercise(
        id="3.1",
        title="What seven layers leave",
        minutes=2,
        question=(
            f"An image of {height}×{width} goes through seven layers, each with a kernel of 5×5 "
            "and no padding. What is the shape (height, width) of the last feature map?"
        ),
        answer=left(28),
        vary=_other_vanish,
        hints=(
            "How large is the map after the first layer alone?",
            "n − k + 1 with k = 5: each layer takes 4 rows and 4 columns away.",
            f"{shown((height, width))} − 7 · 4."
            if height == width
            else f"{height} − 7 · 4 rows, {width} − 7 · 4 columns.",
        ),
        reasons=(
            f"Each layer keeps n − 5 + 1 = n − 4 rows and columns: {walk}."
            + (" An eighth layer would not fit at all." if min(left(28)) < 5 else "")
        ),
        misconceptions={
            "the size after one layer": Misconception(
                left(4),
                f"The next layer starts from {shown(left(4))} and takes away 4 again, and so on.",
            ),
            "the size after six layers": Misconception(
                left(24),
                f"{shown((height, width))} is the input, not the first map: seven layers take away "
                "4 seven times.",
            ),
            "the size with two pixels lost in each layer": Misconception(
                left(14), "A kernel of 5 loses 2 pixels at each end, which makes 4 along an axis."
            ),
            "the size with one pixel lost in each layer": Misconception(
                left(7), "n − k + 1 with k = 5 is n − 4."
            ),
            "the size with n − k in each layer": Misconception(
                left(35),
                "The first position counts too: n − k + 1"
                + (", and a size is never negative." if min(left(35)) < 0 else "."),
            ),
            "the size of the image": Misconception(
                (height, width),
                "Without padding the window cannot be centred on the border, and the map shrinks.",
            ),
        },
    )


def _other_vanish(random: Random) -> ValueExercise:
    return _vanish(*(28 + left for left in random.sample(range(1, 15), 2)))


VANISH = _vanish(32, 32)


def zero_pad(x: Tensor, rows: int, columns: int) -> Tensor:
    """Return x with zeros around it: `rows` above and below, `columns` left and right.

    x: (H, W). Returns (H + 2·rows, W + 2·columns).

    >>> zero_pad(torch.tensor([[7.0]]), rows=0, columns=1)
    tensor([[0., 7., 0.]])
    """
    H, W = x.shape
    padded = torch.zeros(H + 2 * rows, W + 2 * columns)
    padded[rows : rows + H, columns : columns + W] = x
    return padded


def _image_and_margins(pick: Pick) -> tuple[Tensor, int, int]:
    x = pick.tensor(pick.integer(1, 3), pick.integer(1, 3), low=1, high=9)
    return x, pick.integer(0, 2), pick.integer(0, 2)


def _explain_pad(index: tuple[int, int], x: Tensor, rows: int, columns: int) -> Explanation:
    (i, j), (H, W) = index, x.shape
    row, column = i - rows, j - columns
    if 0 <= row < H and 0 <= column < W:
        said = f"x[{i} − {rows}, {j} − {columns}] = x[{row}, {column}] = {number(x[row, column])}"
        return Explanation(said, {"x": frozenset([(row, column)])})
    return Explanation(
        f"x fills {_from_to('row', rows, H)} and {_from_to('column', columns, W)}; around it "
        "everything is 0"
    )


def _from_to(name: str, first: int, many: int) -> str:
    return f"{name} {first}" if many == 1 else f"{name}s {first} to {first + many - 1}"


def _with_numpy(x: Tensor, rows: int, columns: int) -> np.ndarray:
    return np.pad(x.numpy(), ((rows, rows), (columns, columns)))


def _with_cat(x: Tensor, rows: int, columns: int) -> Tensor:
    sides = torch.zeros(x.shape[0], columns)
    wide = torch.cat([sides, x, sides], dim=1)
    lid = torch.zeros(rows, wide.shape[1])
    return torch.cat([lid, wide, lid])


def _negative_slice(x: Tensor, rows: int, columns: int) -> Tensor:
    padded = torch.zeros(x.shape[0] + 2 * rows, x.shape[1] + 2 * columns)
    padded[rows:-rows, columns:-columns] = x
    return padded


def _border_erased(x: Tensor, rows: int, columns: int) -> Tensor:
    H, W = x.shape
    kept = torch.zeros(H, W)
    kept[rows : H - rows, columns : W - columns] = x[rows : H - rows, columns : W - columns]
    return kept


PAD = FunctionExercise(
    id="3.2",
    title="Zeros around an image",
    minutes=4,
    reference=zero_pad,
    examples=(
        (torch.tensor([[1.0]]), 1, 0),
        (torch.tensor([[1.0, 2.0], [3.0, 4.0]]), 1, 2),
    ),
    inputs=_image_and_margins,
    alternatives=(_with_numpy, _with_cat, lambda x, rows, columns: ops.pad2d(x, (rows, columns))),
    explain=_explain_pad,
    explain_shape=lambda x, rows, columns: (
        f"{x.shape[0]} + 2·{rows} makes {count(x.shape[0] + 2 * rows, 'row')}, and "
        f"{x.shape[1]} + 2·{columns} makes {count(x.shape[1] + 2 * columns, 'column')}."
    ),
    signed=(),
    facts={
        "rows is 0": lambda x, rows, columns: rows == 0,
        "columns is 0": lambda x, rows, columns: columns == 0,
        "rows and columns differ": lambda x, rows, columns: rows != columns,
        "the image is not square": lambda x, rows, columns: not_square(x),
        "there is padding": lambda x, rows, columns: rows + columns > 0,
    },
    hints=(
        "How tall is the result, if one row of zeros lies above the image and one below?",
        "Start from torch.zeros of the full size; then write x into the middle of it.",
        "The image begins in row `rows` and ends before row `rows + H`; columns alike.",
    ),
    reasons=(
        "Padding is added on both sides, so each axis grows by twice its amount. The slice says "
        "where the image lies. Its end is written as start + length, because a slice such as "
        "rows:-rows is empty when there is no padding."
    ),
    misconceptions={
        "rows and columns swapped": Misconception(
            lambda x, rows, columns: F.pad(x, (rows, rows, columns, columns)),
            "Rows are added above and below, columns left and right; F.pad is a trap here, as it "
            "wants the last axis first: left, right, above, below.",
        ),
        "zeros above and left only": Misconception(
            lambda x, rows, columns: F.pad(x, (columns, 0, rows, 0)),
            "Both sides get the same: `rows` above and as many below.",
        ),
        "zeros below and right only": Misconception(
            lambda x, rows, columns: F.pad(x, (0, columns, 0, rows)),
            "That moves nothing away from the top left border; zeros belong on all four sides.",
        ),
        "the amount taken as a total for both sides": Misconception(
            lambda x, rows, columns: F.pad(
                x, (columns - columns // 2, columns // 2, rows - rows // 2, rows // 2)
            ),
            "Here, as in nn.Conv2d, the amount is added on each side and the total is twice that.",
        ),
        "a slice that ends at -rows": Misconception(
            _negative_slice,
            "With rows = 0 the slice 0:-0 is empty; write its end as rows + H.",
        ),
        "the same padding for both axes": Misconception(
            lambda x, rows, columns: F.pad(x, (rows,) * 4),
            "Height and width have an amount each; `columns` has to be used too.",
        ),
        "the border repeated": Misconception(
            lambda x, rows, columns: F.pad(
                x[None], (columns, columns, rows, rows), mode="replicate"
            )[0],
            "Repeating the border pixels is the mode called replicate; here it is zeros.",
        ),
        "the image's own border set to zero": Misconception(
            _border_erased,
            "Padding lies outside of the image, so the result is larger and no pixel is lost.",
        ),
    },
)


def same_padding(k: int) -> tuple[int, int]:
    """Return (above, below): the rows of padding that keep the height under a kernel of k rows.

    Where the two cannot be equal, the larger one is above.

    >>> same_padding(3)
    (1, 1)
    """
    total = k - 1
    return total - total // 2, total // 2


SAME = FunctionExercise(
    id="3.3",
    title="Keep the size, for any kernel",
    minutes=4,
    reference=same_padding,
    examples=((1,), (3,), (2,), (5,), (4,)),
    inputs=lambda pick: (pick.integer(1, 9),),
    alternatives=(
        lambda k: [k // 2, (k - 1) // 2],
        lambda k: (math.ceil((k - 1) / 2), math.floor((k - 1) / 2)),
        shapes.same_padding,
    ),
    explain=lambda index, k: Explanation(
        f"{k} − 1 makes {count(k - 1, 'row')} in total, {'below' if index[0] else 'above'} the "
        f"{'smaller' if index[0] else 'larger'} half: {same_padding(k)[index[0]]}"
    ),
    explain_shape=lambda k: "Two numbers are wanted: rows above and rows below.",
    signed=(),
    facts={
        "k is even": lambda k: k % 2 == 0,
        "k is odd": lambda k: k % 2 == 1,
        "k is more than 1": lambda k: k > 1,
    },
    hints=(
        "How many rows does a kernel of k rows take away, and so how many have to be added?",
        "k − 1 in total. Split it in two: for k = 4 the total is 3, which is 2 above and 1 below.",
        "total // 2 is the smaller half, total − total // 2 the larger one.",
    ),
    reasons=(
        "n + total − k + 1 = n needs a total of k − 1. An odd k makes it even, and it splits "
        "evenly. An even k leaves one row over, which the rule puts above: the ceiling of half the "
        "total above, the floor below. PyTorch's padding='same' puts it below; both keep the size."
    ),
    misconceptions={
        "k // 2 on both sides": Misconception(
            lambda k: (k // 2, k // 2),
            "Right for odd k; for k = 4 it adds 4 rows where 3 are lost, and the map grows by one.",
        ),
        "(k − 1) // 2 on both sides": Misconception(
            lambda k: ((k - 1) // 2, (k - 1) // 2),
            "Right for odd k; for k = 4 it adds 2 rows where 3 are lost, and the map shrinks by "
            "one.",
        ),
        "the larger half below": Misconception(
            lambda k: ((k - 1) // 2, k // 2),
            "That keeps the size too, and is what PyTorch's padding='same' does; the rule wanted "
            "here puts the larger half above.",
        ),
        "the whole amount on each side": Misconception(
            lambda k: (k - 1, k - 1),
            "k − 1 is the total for both sides; on each side it gives the larger map called full.",
        ),
        "half a row": Misconception(
            lambda k: ((k - 1) / 2, (k - 1) / 2),
            "A row cannot be halved: // rounds down, and the other side gets the rest.",
        ),
        "the whole amount above and none below": Misconception(
            lambda k: (k - 1, 0),
            "The size is right, but the map moves against the image; split the amount.",
        ),
        "one row on each side, whatever k": Misconception(
            lambda k: (1, 1), "One row on each side suits k = 3; a larger kernel loses more."
        ),
        "a total of k": Misconception(
            lambda k: (k - k // 2, k // 2),
            "A kernel of one row loses nothing, and one of k rows loses k − 1.",
        ),
    },
)

EXERCISES = (VANISH, PAD, SAME)
