"""The exercises of lesson 2 on sliding a window over an image."""

from __future__ import annotations

from random import Random

import torch
from torch import Tensor
from torch.nn import functional as F

from coursekit import data, figures, kernels, ops
from coursekit.exercises.model import (
    ChoiceExercise,
    FunctionExercise,
    Misconception,
    ValueExercise,
)
from coursekit.exercises.telling.numbers import in_words, listed
from coursekit.exercises.windows import (
    KERNEL_FACTS,
    explain_positions,
    explain_window,
    image_and_kernel,
)
from coursekit.figures import LessonFigure


def _size(rows: int, columns: int, kH: int, kW: int) -> ValueExercise:
    """Return the question for the shape that a kernel makes of an image."""
    H, W = rows - kH + 1, columns - kW + 1
    tops = listed(range(H)) if H < 6 else f"0 to {H - 1}"
    return ValueExercise(
        id="2.1",
        title="How big is the feature map?",
        minutes=3,
        question=(
            f"An image of {rows}×{columns} ({rows} rows, {columns} columns) meets a kernel of "
            f"{kH}×{kW}, which stays inside it and moves one pixel at a time. What is the shape "
            "of the feature map?"
        ),
        answer=(H, W),
        vary=_other_size,
        hints=(
            f"Look at the rows alone: in which rows can the top of a window of {kH} rows be?",
            f"It can start in rows {tops}. How many is that, seen from {rows} and {kH}?",
            f"n − k + 1 for the rows (n = {rows}, k = {kH}), then the same for the columns "
            f"(n = {columns}, k = {kW}).",
        ),
        reasons=(
            f"The window's top left corner can be in rows 0 to {rows} − {kH} and in columns 0 to "
            f"{columns} − {kW}: that is {rows} − {kH} + 1 = {H} rows and {columns} − {kW} + 1 = "
            f"{W} columns of positions, one number each."
        ),
        misconceptions={
            "n − k without the + 1": Misconception(
                (H - 1, W - 1),
                f"Rows 0 to {rows} − {kH} are {in_words(H)} rows: the first position counts too.",
            ),
            "n − k − 1": Misconception(
                (H - 2, W - 2), "The 1 is added, for the first position, and not taken away."
            ),
            "the + 1 for the rows alone": Misconception(
                (H, W - 1), "Columns start at 0 as rows do, so they need the + 1 as well."
            ),
            "the + 1 for the columns alone": Misconception(
                (H - 1, W), "Rows start at 0 as columns do, so they need the + 1 as well."
            ),
            "the size of the image": Misconception(
                (rows, columns),
                "To keep the size, a border has to be added; here the window stays inside.",
            ),
            "columns before rows": Misconception(
                (W, H), "A shape is (height, width), so the count of rows comes first."
            ),
            "the kernel's sides swapped": Misconception(
                (rows - kW + 1, columns - kH + 1),
                f"A kernel of {kH}×{kW} has {kH} rows and {kW} columns: {kH} goes with the {rows}, "
                f"and {kW} with the {columns}.",
            ),
            "n + k − 1": Misconception(
                (rows + kH - 1, columns + kW - 1),
                "That counts windows which hang over the edge too; here each has to fit inside.",
            ),
            "n + k": Misconception(
                (rows + kH, columns + kW),
                "A window inside the image takes positions away; it cannot add any.",
            ),
            "windows side by side, n ÷ k": Misconception(
                (rows // kH, columns // kW),
                "The window moves by one pixel, not by its own size, so windows overlap.",
            ),
            "the size of the kernel": Misconception(
                (kH, kW),
                "The kernel's size is how much each number sees, not how many numbers there are.",
            ),
            "the number of positions": Misconception(
                H * W,
                f"There are {H * W} positions indeed; the shape says how many down and how many "
                "across.",
            ),
        },
    )


def _other_size(random: Random) -> ValueExercise:
    kH, kW = random.sample(range(2, 6), 2)
    H, W = random.sample(range(3, 15), 2)
    return _size(H + kH - 1, W + kW - 1, kH, kW)


SIZE = _size(6, 8, 3, 2)


def corr2d(x: Tensor, kernel: Tensor) -> Tensor:
    """Return the feature map: at each position, the sum of window × kernel.

    x: (H, W). kernel: (kH, kW). Returns (H - kH + 1, W - kW + 1).

    >>> corr2d(torch.arange(9.0).reshape(3, 3), torch.arange(4.0).reshape(2, 2))
    tensor([[19., 25.],
            [37., 43.]])
    """
    kH, kW = kernel.shape
    rows, columns = x.shape[0] - kH + 1, x.shape[1] - kW + 1
    result = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            window = x[i : i + kH, j : j + kW]
            result[i, j] = (window * kernel).sum()
    return result


def _with_four_loops(x: Tensor, kernel: Tensor) -> list[list[float]]:
    (H, W), (kH, kW) = x.shape, kernel.shape
    return [
        [
            sum(float(x[i + a, j + b] * kernel[a, b]) for a in range(kH) for b in range(kW))
            for j in range(W - kW + 1)
        ]
        for i in range(H - kH + 1)
    ]


def _with_torch(x: Tensor, kernel: Tensor) -> Tensor:
    return F.conv2d(x[None, None].double(), kernel[None, None].double())[0, 0]


def their_corr2d(x: Tensor, kernel: Tensor) -> Tensor:
    """Return what comes out where the kernel is read backwards."""
    (H, W), (kH, kW) = x.shape, kernel.shape
    result = torch.zeros(H - kH + 1, W - kW + 1)
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for a in range(kH):
                for b in range(kW):
                    result[i, j] += x[i + a, j + b] * kernel[kH - 1 - a, kW - 1 - b]
    return result


def _swapped_unpacking(x: Tensor, kernel: Tensor) -> Tensor:
    (W, H), (kW, kH) = x.shape, kernel.shape
    result = torch.zeros(H - kH + 1, W - kW + 1)
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            result[i, j] = (x[i : i + kH, j : j + kW] * kernel).sum()
    return result


def _swapped_kernel_index(x: Tensor, kernel: Tensor) -> Tensor:
    (H, W), (kH, kW) = x.shape, kernel.shape
    result = torch.zeros(H - kH + 1, W - kW + 1)
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for a in range(kH):
                for b in range(kW):
                    result[i, j] += x[i + a, j + b] * kernel[b, a]
    return result


def _square_only(x: Tensor, kernel: Tensor) -> Tensor:
    k = kernel.shape[0]
    rows, columns = x.shape[0] - k + 1, x.shape[1] - k + 1
    result = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            result[i, j] = (x[i : i + k, j : j + k] * kernel).sum()
    return result


def _border_never_written(x: Tensor, kernel: Tensor) -> Tensor:
    result = ops.corr2d(x, kernel)
    result[-1], result[:, -1] = 0, 0
    return result


def _every_pixel(x: Tensor, kernel: Tensor) -> Tensor:
    kH, kW = kernel.shape
    result = torch.zeros(x.shape[0] - kH + 1, x.shape[1] - kW + 1)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            result[i, j] = (x[i : i + kH, j : j + kW] * kernel).sum()
    return result


def _matrix_product(x: Tensor, kernel: Tensor) -> Tensor:
    kH, kW = kernel.shape
    rows, columns = x.shape[0] - kH + 1, x.shape[1] - kW + 1
    result = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            result[i, j] = (x[i : i + kH, j : j + kW] @ kernel).sum()
    return result


def _last_product(x: Tensor, kernel: Tensor) -> Tensor:
    kH, kW = kernel.shape
    return x[kH - 1 :, kW - 1 :] * kernel[-1, -1]


def _first_product(x: Tensor, kernel: Tensor) -> Tensor:
    rows, columns = x.shape[0] - kernel.shape[0] + 1, x.shape[1] - kernel.shape[1] + 1
    return x[:rows, :columns] * kernel[0, 0]


SLIDE = FunctionExercise(
    id="2.2",
    title="Slide the window",
    minutes=10,
    reference=corr2d,
    course=ops.corr2d,
    examples=(
        (torch.tensor([[0.0, 1.0]]), torch.tensor([[0.0, 1.0]])),
        (torch.arange(9.0).reshape(3, 3), torch.arange(4.0).reshape(2, 2)),
    ),
    inputs=image_and_kernel,
    alternatives=(_with_four_loops, _with_torch, ops.corr2d),
    explain=explain_window,
    explain_shape=explain_positions,
    facts=KERNEL_FACTS,
    hints=(
        "Put your finger on the window's top left corner. In which rows and columns can it be, so "
        "that the whole window lies on the image?",
        "That gives the shape of the result, and two loops: over the rows i and the "
        "columns j where the corner can be.",
        "Inside the loops, the window is x[i : i + kH, j : j + kW]: multiply it by the kernel, "
        "number by number, and add everything up.",
    ),
    reasons=(
        "Each position of the window gives one number, so the loops run over positions, and the "
        "result has n − k + 1 of them along each axis. A slice takes out the window, and nothing "
        "in the code asks for a square image or a square kernel."
    ),
    misconceptions={
        "a flipped kernel": Misconception(
            their_corr2d,
            "Here the kernel is laid on the window as it is, top left on top left; only the "
            "convolution of mathematics turns it by half a turn first.",
        ),
        "a transposed kernel": Misconception(
            lambda x, kernel: ops.corr2d(x, kernel.T),
            "Rows of the kernel go with rows of the window: no axis changes places.",
        ),
        "kernel[column, row] in place of kernel[row, column]": Misconception(
            _swapped_kernel_index,
            "The first index of a matrix is the row; on a square kernel the mistake gives numbers, "
            "on any other an error.",
        ),
        "width and height unpacked in the wrong order": Misconception(
            _swapped_unpacking,
            "A shape is (height, width): rows first. Square inputs cannot tell the difference.",
        ),
        "a kernel taken to be square": Misconception(
            _square_only,
            "kernel.shape[0] is its height alone; its width is kernel.shape[1].",
        ),
        "one row and one column too few": Misconception(
            lambda x, kernel: ops.corr2d(x, kernel)[:-1, :-1],
            "The window fits n − k + 1 times, because position 0 counts too.",
        ),
        "a last row and column that are never computed": Misconception(
            _border_never_written,
            "range(n - k) stops before n − k, and the window still fits there: range(n - k + 1).",
        ),
        "loops over every pixel": Misconception(
            _every_pixel,
            "Loop over the positions where the window fits, not over all pixels: near the edge the "
            "window would hang over.",
        ),
        "a mean over the window": Misconception(
            lambda x, kernel: ops.corr2d(x, kernel) / kernel.numel(),
            "The products are added up; dividing by their number is what one special kernel, the "
            "box blur, has built in.",
        ),
        "zeros added around the image": Misconception(
            lambda x, kernel: F.conv2d(x[None, None], kernel[None, None], padding="same")[0, 0],
            "The window stays inside the image here, so the result is smaller than the image; "
            "padding is the subject of lesson 3.",
        ),
        "only the window's first product": Misconception(
            _first_product,
            "Every cell of the window meets its cell of the kernel, and all products are added.",
        ),
        "only the window's last product": Misconception(
            _last_product,
            "With = each product replaces the one before; += adds it to them.",
        ),
        "windows side by side": Misconception(
            lambda x, kernel: ops.corr2d(x, kernel)[:: kernel.shape[0], :: kernel.shape[1]],
            "The window moves on by one pixel, so neighbouring windows overlap.",
        ),
        "a matrix product": Misconception(
            _matrix_product,
            "@ multiplies rows by columns; here each number meets the one lying on it, which is *.",
        ),
    },
)


def _picture(exercise: ChoiceExercise) -> LessonFigure:
    options = {letter: kernels.kernel(name) for letter, name in exercise.options.items()}
    return figures.which_filter(data.photograph(), options, made_with=exercise.answer)


PICTURE = ChoiceExercise(
    id="2.3",
    title="Which filter made this picture?",
    minutes=3,
    question="Which of the five kernels turned the photograph into this picture?",
    options={
        "A": "identity",
        "B": "sobel y",
        "C": "sharpen",
        "D": "sobel x",
        "E": "box blur",
    },
    answer="D",
    picture=_picture,
    hints=(
        "Where is the picture white, that is, near zero? What is the photograph like there?",
        "Flat areas give zero, so the kernel's numbers add up to zero. Two of the five do.",
        "Look at an upright line in the photograph, then at a level one: which of the two is left?",
    ),
    reasons=(
        "Sobel x has −1, −2, −1 on its left and 1, 2, 1 on its right: it subtracts what "
        "is left from what is right. Where brightness changes from left to right, at "
        "upright edges, the difference is large; along a level edge left and right "
        "agree, and the result is zero."
    ),
    misconceptions={
        "the identity": Misconception(
            "A", "The identity copies each pixel, so the picture would be the photograph itself."
        ),
        "the direction of the edge for the direction of the change": Misconception(
            "B",
            "Sobel y subtracts above from below, so it answers to level edges; the edges that are "
            "left here stand upright, where brightness changes from left to right.",
        ),
        "sharpening": Misconception(
            "C",
            "The numbers of the sharpening kernel add up to 1, so flat areas would keep their "
            "brightness; here they have become zero.",
        ),
        "blurring": Misconception(
            "E",
            "The box blur averages neighbours, so flat areas would stay and edges would go; here "
            "edges are all that is left.",
        ),
    },
)

EXERCISES = (SIZE, SLIDE, PICTURE)
