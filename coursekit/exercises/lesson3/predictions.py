"""The exercises of lesson 3 that ask for a shape before it is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from coursekit.exercises.model import Misconception, ValueExercise

Shape = tuple[int | float, ...]

KEPT = "Without padding the window stays inside, and a kernel of 3 takes 2 rows and 2 columns."
PLUS_ONE = "The first position counts too: a + 1 comes after the division."
OUT_CHANNELS = "The number of filters, out_channels, replaces the channels of the input."
IMAGES = (4, 5, 8, 10, 16, 20, 32, 64)
FILTERS = (16, 20, 24, 28, 32, 33, 40, 48)


def _prediction(
    id: str,
    title: str,
    layer: str,
    x: Shape,
    answer: Shape,
    *,
    vary: Callable[[Random], ValueExercise],
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
        vary=vary,
        hints=hints,
        reasons=reasons,
        misconceptions={
            f"the shape with {name}": Misconception(*known) for name, known in wrong.items()
        },
    )


def _batch(random: Random) -> tuple[int, int]:
    """Return how many images, and how many filters."""
    return random.choice(IMAGES), random.choice(FILTERS)


def _sides(random: Random) -> tuple[int, int]:
    """Return a height at which three rows a step leave over what the questions say, and a width."""
    return random.choice([20, 32, 50, 62, 80, 92, 110]), random.randrange(40, 130, 10)


def _plain(N: int, F: int, n: int) -> ValueExercise:
    """Return the question for F filters of 3×3 on N colour images of n×n."""
    out = n - 2
    return _prediction(
        "3.8",
        "Three colours",
        f"Conv2d(3, {F}, 3)",
        (N, 3, n, n),
        (N, F, out, out),
        vary=_other_plain,
        minutes=1,
        hints=(
            "Four numbers: which of them can a convolution change, and which not?",
            f"{N} images stay {N} images; {F} filters make {F} feature maps.",
            f"Height and width: {n} − 3 + 1.",
        ),
        reasons=(
            f"{N} images stay {N}. There are as many feature maps as filters, {F}. Each side is "
            f"{n} − 3 + 1 = {out}."
        ),
        wrong={
            "the size kept": ((N, F, n, n), KEPT),
            "n − k in place of n − k + 1": ((N, F, n - 3, n - 3), PLUS_ONE),
            "the channels kept": ((N, 3, out, out), OUT_CHANNELS),
            f"{F} maps for each colour": (
                (N, 3 * F, out, out),
                "A filter looks at all three colours and adds up, so each filter makes one map.",
            ),
            "channels last": (
                (N, out, out, F),
                "PyTorch keeps channels before height and width: (N, C, H, W).",
            ),
            "one pixel lost": (
                (N, F, n - 1, n - 1),
                "A window of 3 cannot be centred on the first nor on the last pixel: two are lost.",
            ),
            "the sizes of the weights": (
                (F, 3, 3, 3),
                "That is the shape of layer.weight; the output has one map for each image and "
                "filter.",
            ),
        },
    )


def _other_plain(random: Random) -> ValueExercise:
    sides = (50, 64, 96, 100, 120, 128, 200, 224, 256)
    return _plain(*_batch(random), random.choice(sides))


def _two_channels(N: int, F: int, n: int) -> ValueExercise:
    """Return the question for F filters of 3×3 on N images of n×n in two channels."""
    out = n - 2
    return _prediction(
        "3.9",
        "Two channels",
        f"Conv2d(2, {F}, 3, stride=1)",
        (N, 2, n, n),
        (N, F, out, out),
        vary=_other_two_channels,
        minutes=1,
        hints=(
            "Which argument is the number of channels that come in, and which the number that go "
            "out?",
            f"Conv2d(in_channels, out_channels, kernel_size): 2 in, {F} out, 3×3.",
            f"A stride of 1 is the default, so each side is {n} − 3 + 1.",
        ),
        reasons=(f"{N} images, {F} filters, and {n} − 3 + 1 = {out} positions down and across."),
        wrong={
            "the size kept": ((N, F, n, n), KEPT),
            "n − k in place of n − k + 1": ((N, F, n - 3, n - 3), PLUS_ONE),
            "the channels kept": ((N, 2, out, out), OUT_CHANNELS),
            f"{F} maps for each channel": (
                (N, 2 * F, out, out),
                "A filter adds up over both input channels, so each filter makes one map.",
            ),
            "a stride of 1 taken to skip one pixel": (
                (N, F, (n - 3) // 2 + 1, (n - 3) // 2 + 1),
                "A stride of 1 moves to the next pixel and skips none.",
            ),
        },
    )


def _other_two_channels(random: Random) -> ValueExercise:
    return _two_channels(*_batch(random), random.randrange(30, 130, 10))


def _stride(N: int, F: int, H: int, W: int) -> ValueExercise:
    """Return the question for a stride of 2 on images with even sides."""
    down, across = (H - 3) // 2 + 1, (W - 3) // 2 + 1
    return _prediction(
        "3.10",
        "A stride of 2",
        f"Conv2d(3, {F}, 3, stride=2)",
        (N, 3, H, W),
        (N, F, down, across),
        vary=_other_stride,
        hints=(
            f"How much room has a window of 3 in {H} rows, and how many steps of 2 fit into it?",
            f"{H} − 3 = {H - 3}, and {H - 3} // 2 = {down - 1} steps. How many positions are that?",
            f"One more than steps: {H - 3} // 2 + 1 down, {W - 3} // 2 + 1 across.",
        ),
        reasons=(
            f"⌊({H} − 3)/2⌋ + 1 = {down - 1} + 1 = {down} rows, "
            f"⌊({W} − 3)/2⌋ + 1 = {across - 1} + 1 = {across} columns."
        ),
        wrong={
            "everything halved": (
                (N, F, H // 2, W // 2),
                "n/s needs padding; without it the window loses one position at the end here.",
            ),
            "no + 1": ((N, F, down - 1, across - 1), PLUS_ONE),
            "the stride ignored": (
                (N, F, H - 2, W - 2),
                "The window moves by two pixels, so about every second position is left.",
            ),
            "no rounding": (
                (N, F, (H - 3) / 2 + 1, (W - 3) / 2 + 1),
                "The half step at the end is not taken: the floor rounds down.",
            ),
            "width before height": (
                (N, F, across, down),
                f"A shape is (N, C, H, W): the {H} rows come before the {W} columns.",
            ),
            "the channels kept": ((N, 3, down, across), OUT_CHANNELS),
            "the stride applied to the channels": (
                (N, F // 2, down, across),
                "The window moves over rows and columns; channels are not walked over.",
            ),
        },
    )


def _other_stride(random: Random) -> ValueExercise:
    H, W = random.sample(range(20, 130, 10), 2)
    return _stride(*_batch(random), H, W)


def _rectangle(N: int, F: int, H: int, W: int) -> ValueExercise:
    """Return the question for pairs; of the steps down a third is left over."""
    room = H + 8 - 3
    down, across = room // 3 + 1, W + 4 - 4 + 1
    return _prediction(
        "3.11",
        "A rectangular kernel",
        f"Conv2d(3, {F}, (3, 4), stride=(3, 1), padding=(4, 2))",
        (N, 3, H, W),
        (N, F, down, across),
        vary=_other_rectangle,
        minutes=3,
        hints=(
            "Which number of each pair belongs to the rows?",
            f"Pairs are (height, width). Rows: n = {H}, k = 3, s = 3, p = 4. Columns: {W}, 4, 1, "
            "2.",
            f"Rows: ({H} + 8 − 3) // 3 + 1. Columns: {W} + 4 − 4 + 1.",
        ),
        reasons=(
            f"Rows: ⌊({H} + 2·4 − 3)/3⌋ + 1 = ⌊{room}/3⌋ + 1 = {down}. Columns: {W} + 2·2 − 4 + 1 "
            f"= {across}: with an even kernel and the same padding on both sides, the map grows by "
            "one."
        ),
        wrong={
            "padding on one side": (
                (N, F, (H + 4 - 3) // 3 + 1, W + 2 - 4 + 1),
                "padding=(4, 2) adds 4 rows above and 4 below, 2 columns left and 2 right.",
            ),
            "the padding ignored": (
                (N, F, (H - 3) // 3 + 1, W - 4 + 1),
                f"The padded input has {H} + 8 rows and {W} + 4 columns.",
            ),
            "the padding's two numbers swapped": (
                (N, F, (H + 4 - 3) // 3 + 1, W + 8 - 4 + 1),
                "Pairs are (height, width): 4 goes with the rows.",
            ),
            "the strides swapped": (
                (N, F, room + 1, W // 3 + 1),
                "Pairs are (height, width): 3 is the step down.",
            ),
            "the kernel's sides swapped": (
                (N, F, down, across + 1),
                f"A kernel of (3, 4) has 3 rows and 4 columns; {room - 1}/3 happens to give the "
                "same rows.",
            ),
            "the rows rounded up": (
                (N, F, down + 1, across),
                f"{room}/3 = {room / 3:.1f} steps: the third of a step at the end is not taken.",
            ),
            "no + 1": ((N, F, down - 1, across - 1), PLUS_ONE),
            "the stride ignored": (
                (N, F, room + 1, across),
                "stride=(3, 1) moves three rows at a time.",
            ),
        },
    )


def _other_rectangle(random: Random) -> ValueExercise:
    H, W = _sides(random)
    return _rectangle(*_batch(random), H, W)


def _dilation(N: int, F: int, H: int, W: int) -> ValueExercise:
    """Return the question for a dilated kernel; the steps down come out even."""
    steps = (H + 8 - 7) // 3
    rows = steps + 1
    return _prediction(
        "3.12",
        "A dilated kernel",
        f"Conv2d(3, {F}, (3, 5), stride=(3, 1), padding=(4, 2), dilation=(3, 1))",
        (N, 3, H, W),
        (N, F, rows, W),
        vary=_other_dilation,
        minutes=3,
        hints=(
            "How many rows does a window of 3 taps cover when they lie 3 apart?",
            "3·(3 − 1) + 1 = 7 rows. The columns have dilation 1: 5 taps cover 5.",
            f"Rows: ({H} + 8 − 7) // 3 + 1. Columns: {W} + 4 − 5 + 1.",
        ),
        reasons=(
            f"Rows: 3 taps 3 apart cover 7, so ⌊({H + 8} − 7)/3⌋ + 1 = {steps} + 1 = {rows}. "
            f"Columns: {W + 4} − 5 + 1 = {W}: 5 taps and a padding of 2 keep the width."
        ),
        wrong={
            "the dilation ignored": (
                (N, F, (H + 8 - 3) // 3 + 1, W),
                "3 taps with dilation 3 cover 7 rows, so the window has less room.",
            ),
            "a window that covers dilation × kernel": (
                (N, F, (H + 8 - 9) // 3 + 1, W),
                "3 taps have 2 gaps of 3: they cover 7 rows, not 9.",
            ),
            "the dilation for both axes": (
                (N, F, rows, W - 8),
                "dilation=(3, 1): the columns' taps are neighbours.",
            ),
            "the dilation's two numbers swapped": (
                (N, F, (H + 8 - 3) // 3 + 1, W - 8),
                "Pairs are (height, width): 3 goes with the rows.",
            ),
            "no + 1": ((N, F, steps, W - 1), PLUS_ONE),
            "padding on one side": (
                (N, F, (H + 4 - 7) // 3 + 1, W - 2),
                "padding=(4, 2) adds 4 rows above and 4 below, 2 columns left and 2 right.",
            ),
            "the stride ignored": (
                (N, F, H + 8 - 7 + 1, W),
                "stride=(3, 1) moves three rows at a time.",
            ),
        },
    )


def _other_dilation(random: Random) -> ValueExercise:
    H, W = _sides(random)
    return _dilation(*_batch(random), H, W)


def _stack(N: int, first: int, second: int, n: int) -> ValueExercise:
    """Return the question for two layers on N colour images of n×n."""
    between, out = n - 4, n - 6
    return _prediction(
        "3.13",
        "Two layers",
        f"Conv2d(3, {first}, 5) and then Conv2d({first}, {second}, 3)",
        (N, 3, n, n),
        (N, second, out, out),
        vary=_other_stack,
        hints=(
            "What is the shape between the two layers?",
            f"({N}, {first}, {between}, {between}): the 5×5 kernel takes 4, and there are {first} "
            "filters.",
            f"The second layer takes 2 more, and has {second} filters.",
        ),
        reasons=(
            f"{n} − 5 + 1 = {between} with {first} maps, then {between} − 3 + 1 = {out} with "
            f"{second}. The second layer's filters look at all {first} maps, and the first layer's "
            "channels are gone."
        ),
        wrong={
            "the first layer alone": (
                (N, first, between, between),
                f"That is what the second layer gets; it makes {second} maps of {out}×{out} from "
                "it.",
            ),
            "channels multiplied": (
                (N, first * second, out, out),
                f"Each of the {second} filters adds up over all {first} maps and makes one.",
            ),
            "channels added": (
                (N, first + second, out, out),
                f"The {first} maps are used up by the second layer; only its own {second} come "
                "out.",
            ),
            "the size kept": (
                (N, second, n, n),
                "Neither layer has padding: the first takes 4 rows and columns, the second 2.",
            ),
            "n − k twice": (
                (N, second, n - 8, n - 8),
                f"n − k + 1, in each layer: {between}, then {out}.",
            ),
            "the second layer's maps at the first one's size": (
                (N, second, between, between),
                f"{between}×{between} is what the first layer leaves; the second has a kernel too, "
                "and takes 2 more.",
            ),
            "the second layer on the image": (
                (N, second, n - 2, n - 2),
                f"The second layer gets the {between}×{between} maps of the first, not the image.",
            ),
        },
    )


def _other_stack(random: Random) -> ValueExercise:
    first, second = random.sample([4, 5, 6, 8, 10, 12, 16, 20], 2)
    return _stack(random.choice(IMAGES), first, second, random.choice([28, 32, 40, 48, 50, 64]))


PLAIN = _plain(20, 28, 256)
TWO_CHANNELS = _two_channels(20, 28, 50)
STRIDE = _stride(20, 33, 50, 100)
RECTANGLE = _rectangle(20, 33, 50, 100)
DILATION = _dilation(20, 33, 50, 100)
STACK = _stack(4, 6, 10, 32)

EXERCISES = (PLAIN, TWO_CHANNELS, STRIDE, RECTANGLE, DILATION, STACK)
