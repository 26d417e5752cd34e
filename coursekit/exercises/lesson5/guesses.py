"""What a learner guesses in lesson 5, and what later lessons ask about it."""

from random import Random

from coursekit.exercises.model import Guess, Recall

GUESSES = (
    Guess(
        id="5.two-channels",
        answer=56,
        because="Channel 0 gives 19 and channel 1 gives 37; the filter adds them up.",
        slips={
            37: "That is channel 1 alone; the filter adds what it finds in both.",
            28: "That is the mean of the two; a filter adds, and divides by nothing.",
            703: "What the channels give is added, not multiplied.",
        },
    ),
    Guess(
        id="5.corner",
        answer=2,
        because="The three channels give −1, 1 and 1, and the bias adds 1.",
        slips={1: "The bias of 1 is missing.", -1: "That is channel 0 alone."},
    ),
    Guess(
        id="5.changes",
        answer=9,
        because="Filter 0 makes nine of the outputs; filter 1 has kernels of its own.",
        slips={
            18: "Filter 1 does not know the kernels of filter 0.",
            3: "A row of the kernel meets every row of windows, so all nine can change.",
        },
    ),
    Guess(
        id="5.weight",
        answer=(28, 3, 3, 3),
        because="There are 28 filters, each with a kernel of 3×3 for each of the three channels.",
        slips={
            (3, 28, 3, 3): "The filters come first: C_out, then C_in.",
            (28, 3, 256, 256): "The weight does not depend on the size of the picture.",
            (20, 3, 3, 3): "The twenty pictures share the weight; the filters come first.",
        },
    ),
    Guess(
        id="5.twice",
        answer=3,
        because="The kernel is 1, −2, 1: the two steps together see three neighbours.",
        slips={
            2: "Two weights see two neighbours; one step after the other reaches three.",
            4: "Two windows of two overlap in one pixel, so together they see three.",
            0: "There is one: each step is a weighted sum, and a sum of sums is a sum.",
        },
    ),
    Guess(
        id="5.block-shape",
        answer=(8, 80, 80),
        because="Eight filters make eight maps, the padding keeps 160, and the pool halves it.",
        slips={
            (3, 80, 80): "The channels are summed away; each of the eight filters makes a map.",
            (1, 8, 80, 80): "So it is with the number of images in front; one image was asked for.",
            (8, 79, 79): "The padding of 1 keeps 160×160 before the pool halves it.",
            (8, 160, 160): "The pool halves both sides.",
        },
    ),
    Guess(
        id="5.stack",
        answer=(20, 5, 5),
        because="The sides are 28, 26, half of it 13, 11, and half of that without the rest: 5.",
        slips={
            (20, 6, 6): "The pool drops the row and the column that are left over.",
            (1, 20, 5, 5): "So it is with the number of images in front; one image was asked for.",
            (10, 5, 5): "The last convolution has 20 filters, so 20 maps come out.",
        },
    ),
    Guess(
        id="5.dense",
        answer="C",
        because="Every output has a weight of its own for each of 3072 inputs.",
        options={"A": "about 30", "B": "about 900", "C": "about 30,000"},
        slips={
            "A": "That is near the ratio of the work, not of the weights.",
            "B": "That is near the 784 positions; each output also sees all 3072 inputs.",
        },
    ),
    Guess(
        id="5.copies",
        answer=4,
        because="It lies in four windows, and each writes it into its own column.",
        slips={
            1: "Each window writes all of its pixels, and the windows overlap.",
            9: "That is the number that stands there; the question is how often it is copied.",
            6: "There are six windows, and two of them do not reach it.",
            2: "Two windows side by side reach it, and so do the two below.",
        },
    ),
    Guess(
        id="5.skip",
        answer=3,
        because="The layer adds nothing, and the way around brings the 3.",
        slips={0: "That is what comes out without the way around."},
    ),
)


def _weight(random: Random) -> Guess:
    C_in, C_out = random.sample((3, 6, 8, 16, 20, 32), 2)
    k = random.choice((3, 5))
    return Guess(
        id="5.weight-shape",
        asks=f"A layer takes {C_in} channels and makes {C_out} maps with kernels of {k}×{k}. What "
        "shape has its weight?",
        answer=(C_out, C_in, k, k),
        because=f"{C_out} filters, each with a kernel for every one of {C_in} channels.",
        slips={(C_in, C_out, k, k): "The filters come first: C_out, then C_in."},
    )


def _pixel(random: Random) -> Guess:
    red, green, bias = random.sample(range(2, 9), 3)
    return Guess(
        id="5.one-pixel",
        asks=f"At one place the kernels of a filter find {red} in channel 0 and {green} in channel "
        f"1; its bias is {bias}. What does the filter write there?",
        answer=red + green + bias,
        because="What the channels give is added up, and the bias once more.",
        slips={
            red + green: "The bias is missing.",
            red + green + 2 * bias: "The bias is added once, not for each channel.",
        },
    )


def _parameters(random: Random) -> Guess:
    C_in, C_out = random.sample(range(2, 7), 2)
    weights = 9 * C_in * C_out
    return Guess(
        id="5.parameters",
        asks=f"How many numbers does a layer with kernels of 3×3 learn, from {C_in} channels to "
        f"{C_out}, its biases included?",
        answer=weights + C_out,
        because=f"{C_out} filters of {C_in}·9 weights, and a bias for each.",
        slips={
            weights: "Each filter learns a bias besides.",
            weights + 1: "There is a bias for each filter, not one for the layer.",
            10 * C_out: "A filter has a kernel for each channel, not one for all.",
        },
    )


def _composed(random: Random) -> Guess:
    first, second = random.sample((2, 3, 4, 5, 7), 2)
    return Guess(
        id="5.composed",
        asks=f"A kernel of {first}×{first} is followed by one of {second}×{second}, with nothing "
        "between. How wide is the one kernel that does the same?",
        answer=first + second - 1,
        because=f"{first} + {second} − 1: the two windows overlap in one pixel.",
        slips={first + second: "The two windows overlap in one pixel."},
    )


RECALLS = (
    Recall(id="5.weight-shape", ask=_weight, about=("5.2",)),
    Recall(id="5.one-pixel", ask=_pixel, about=("5.1", "5.2")),
    Recall(id="5.parameters", ask=_parameters, about=("5.5",)),
    Recall(id="5.composed", ask=_composed, about=("5.4",)),
)
