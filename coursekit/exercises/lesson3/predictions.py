"""The exercises of lesson 3 that ask for a shape before it is computed."""

from __future__ import annotations

from collections.abc import Mapping

from coursekit.exercises.model import Misconception, ValueExercise

Shape = tuple[int | float, ...]

KEPT = "Without padding the window stays inside, and a kernel of 3 takes 2 rows and 2 columns."
PLUS_ONE = "The first position counts too: a + 1 comes after the division."
OUT_CHANNELS = "The number of filters, out_channels, replaces the channels of the input."


def _prediction(
    id: str,
    title: str,
    layer: str,
    x: Shape,
    answer: Shape,
    *,
    minutes: int = 2,
    hints: tuple[str, ...],
    reasons: str,
    wrong: Mapping[str, tuple[Shape, str]],
) -> ValueExercise:
    """Return the question for the shape that `layer` makes of an input of shape `x`."""
    return ValueExercise(
        id=id,
        title=title,
        minutes=minutes,
        question=f"What is the shape of {layer} applied to an input of shape {x}?",
        answer=answer,
        hints=hints,
        reasons=reasons,
        misconceptions={
            f"the shape with {name}": Misconception(*known) for name, known in wrong.items()
        },
    )


PLAIN = _prediction(
    "3.8",
    "Three colours",
    "Conv2d(3, 28, 3)",
    (20, 3, 256, 256),
    (20, 28, 254, 254),
    minutes=1,
    hints=(
        "Four numbers: which of them can a convolution change, and which not?",
        "20 images stay 20 images; 28 filters make 28 feature maps.",
        "Height and width: 256 − 3 + 1.",
    ),
    reasons=(
        "20 images stay 20. There are as many feature maps as filters, 28. Each side is "
        "256 − 3 + 1 = 254."
    ),
    wrong={
        "the size kept": ((20, 28, 256, 256), KEPT),
        "n − k in place of n − k + 1": ((20, 28, 253, 253), PLUS_ONE),
        "the channels kept": ((20, 3, 254, 254), OUT_CHANNELS),
        "28 maps for each colour": (
            (20, 84, 254, 254),
            "A filter looks at all three colours and adds up, so each filter makes one map.",
        ),
        "channels last": (
            (20, 254, 254, 28),
            "PyTorch keeps channels before height and width: (N, C, H, W).",
        ),
        "one pixel lost": (
            (20, 28, 255, 255),
            "A window of 3 cannot be centred on the first nor on the last pixel: two are lost.",
        ),
        "the sizes of the weights": (
            (28, 3, 3, 3),
            "That is the shape of layer.weight; the output has one map for each image and filter.",
        ),
    },
)

TWO_CHANNELS = _prediction(
    "3.9",
    "Two channels",
    "Conv2d(2, 28, 3, stride=1)",
    (20, 2, 50, 50),
    (20, 28, 48, 48),
    minutes=1,
    hints=(
        "Which argument is the number of channels that come in, and which the number that go out?",
        "Conv2d(in_channels, out_channels, kernel_size): 2 in, 28 out, 3×3.",
        "A stride of 1 is the default, so each side is 50 − 3 + 1.",
    ),
    reasons="20 images, 28 filters, and 50 − 3 + 1 = 48 positions down and across.",
    wrong={
        "the size kept": ((20, 28, 50, 50), KEPT),
        "n − k in place of n − k + 1": ((20, 28, 47, 47), PLUS_ONE),
        "the channels kept": ((20, 2, 48, 48), OUT_CHANNELS),
        "28 maps for each channel": (
            (20, 56, 48, 48),
            "A filter adds up over both input channels, so each filter makes one map.",
        ),
        "a stride of 1 taken to skip one pixel": (
            (20, 28, 24, 24),
            "A stride of 1 moves to the next pixel and skips none.",
        ),
    },
)

STRIDE = _prediction(
    "3.10",
    "A stride of 2",
    "Conv2d(3, 33, 3, stride=2)",
    (20, 3, 50, 100),
    (20, 33, 24, 49),
    hints=(
        "How much room has a window of 3 in 50 rows, and how many steps of 2 fit into it?",
        "50 − 3 = 47, and 47 // 2 = 23 steps. How many positions are that?",
        "One more than steps: 47 // 2 + 1 down, 97 // 2 + 1 across.",
    ),
    reasons="⌊(50 − 3)/2⌋ + 1 = 23 + 1 = 24 rows, ⌊(100 − 3)/2⌋ + 1 = 48 + 1 = 49 columns.",
    wrong={
        "everything halved": (
            (20, 33, 25, 50),
            "n/s needs padding; without it the window loses one position at the end here.",
        ),
        "no + 1": ((20, 33, 23, 48), PLUS_ONE),
        "the stride ignored": (
            (20, 33, 48, 98),
            "The window moves by two pixels, so about every second position is left.",
        ),
        "no rounding": (
            (20, 33, 24.5, 49.5),
            "The half step at the end is not taken: the floor rounds down.",
        ),
        "width before height": (
            (20, 33, 49, 24),
            "A shape is (N, C, H, W): the 50 rows come before the 100 columns.",
        ),
        "the channels kept": ((20, 3, 24, 49), OUT_CHANNELS),
        "the stride applied to the channels": (
            (20, 16, 24, 49),
            "The window moves over rows and columns; channels are not walked over.",
        ),
    },
)

RECTANGLE = _prediction(
    "3.11",
    "A rectangular kernel",
    "Conv2d(3, 33, (3, 4), stride=(3, 1), padding=(4, 2))",
    (20, 3, 50, 100),
    (20, 33, 19, 101),
    minutes=3,
    hints=(
        "Which number of each pair belongs to the rows?",
        "Pairs are (height, width). Rows: n = 50, k = 3, s = 3, p = 4. Columns: 100, 4, 1, 2.",
        "Rows: (50 + 8 − 3) // 3 + 1. Columns: 100 + 4 − 4 + 1.",
    ),
    reasons=(
        "Rows: ⌊(50 + 2·4 − 3)/3⌋ + 1 = ⌊55/3⌋ + 1 = 19. Columns: 100 + 2·2 − 4 + 1 = 101: with an "
        "even kernel and the same padding on both sides, the map grows by one."
    ),
    wrong={
        "padding on one side": (
            (20, 33, 18, 99),
            "padding=(4, 2) adds 4 rows above and 4 below, 2 columns left and 2 right.",
        ),
        "the padding ignored": (
            (20, 33, 16, 97),
            "The padded input has 50 + 8 rows and 100 + 4 columns.",
        ),
        "the padding's two numbers swapped": (
            (20, 33, 18, 105),
            "Pairs are (height, width): 4 goes with the rows.",
        ),
        "the strides swapped": ((20, 33, 56, 34), "Pairs are (height, width): 3 is the step down."),
        "the kernel's sides swapped": (
            (20, 33, 19, 102),
            "A kernel of (3, 4) has 3 rows and 4 columns; 54/3 happens to give the same rows.",
        ),
        "the rows rounded up": (
            (20, 33, 20, 101),
            "55/3 = 18.3 steps: the third of a step at the end is not taken.",
        ),
        "no + 1": ((20, 33, 18, 100), PLUS_ONE),
        "the stride ignored": ((20, 33, 56, 101), "stride=(3, 1) moves three rows at a time."),
    },
)

DILATION = _prediction(
    "3.12",
    "A dilated kernel",
    "Conv2d(3, 33, (3, 5), stride=(3, 1), padding=(4, 2), dilation=(3, 1))",
    (20, 3, 50, 100),
    (20, 33, 18, 100),
    minutes=3,
    hints=(
        "How many rows does a window of 3 taps cover when they lie 3 apart?",
        "3·(3 − 1) + 1 = 7 rows. The columns have dilation 1: 5 taps cover 5.",
        "Rows: (50 + 8 − 7) // 3 + 1. Columns: 100 + 4 − 5 + 1.",
    ),
    reasons=(
        "Rows: 3 taps 3 apart cover 7, so ⌊(58 − 7)/3⌋ + 1 = 17 + 1 = 18. Columns: "
        "104 − 5 + 1 = 100: 5 taps and a padding of 2 keep the width."
    ),
    wrong={
        "the dilation ignored": (
            (20, 33, 19, 100),
            "3 taps with dilation 3 cover 7 rows, so the window has less room.",
        ),
        "a window that covers dilation × kernel": (
            (20, 33, 17, 100),
            "3 taps have 2 gaps of 3: they cover 7 rows, not 9.",
        ),
        "the dilation for both axes": (
            (20, 33, 18, 92),
            "dilation=(3, 1): the columns' taps are neighbours.",
        ),
        "the dilation's two numbers swapped": (
            (20, 33, 19, 92),
            "Pairs are (height, width): 3 goes with the rows.",
        ),
        "no + 1": ((20, 33, 17, 99), PLUS_ONE),
        "padding on one side": (
            (20, 33, 16, 98),
            "padding=(4, 2) adds 4 rows above and 4 below, 2 columns left and 2 right.",
        ),
        "the stride ignored": ((20, 33, 52, 100), "stride=(3, 1) moves three rows at a time."),
    },
)

STACK = _prediction(
    "3.13",
    "Two layers",
    "Conv2d(3, 6, 5) and then Conv2d(6, 10, 3)",
    (4, 3, 32, 32),
    (4, 10, 26, 26),
    hints=(
        "What is the shape between the two layers?",
        "(4, 6, 28, 28): the 5×5 kernel takes 4, and there are 6 filters.",
        "The second layer takes 2 more, and has 10 filters.",
    ),
    reasons=(
        "32 − 5 + 1 = 28 with 6 maps, then 28 − 3 + 1 = 26 with 10. The second layer's filters "
        "look at all 6 maps, and the first layer's channels are gone."
    ),
    wrong={
        "the first layer alone": (
            (4, 6, 28, 28),
            "That is what the second layer gets; it makes 10 maps of 26×26 from it.",
        ),
        "channels multiplied": (
            (4, 60, 26, 26),
            "Each of the 10 filters adds up over all 6 maps and makes one.",
        ),
        "channels added": (
            (4, 16, 26, 26),
            "The 6 maps are used up by the second layer; only its own 10 come out.",
        ),
        "the size kept": (
            (4, 10, 32, 32),
            "Neither layer has padding: the first takes 4 rows and columns, the second 2.",
        ),
        "n − k twice": ((4, 10, 24, 24), "n − k + 1, in each layer: 28, then 26."),
        "the second layer's maps at the first one's size": (
            (4, 10, 28, 28),
            "28×28 is what the first layer leaves; the second has a kernel too, and takes 2 more.",
        ),
        "the second layer on the image": (
            (4, 10, 30, 30),
            "The second layer gets the 28×28 maps of the first, not the image.",
        ),
    },
)

EXERCISES = (PLAIN, TWO_CHANNELS, STRIDE, RECTANGLE, DILATION, STACK)
