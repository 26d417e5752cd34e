"""What a learner guesses in lesson 2, and what later lessons ask about it."""

from random import Random

from coursekit.exercises.model import Guess, Recall

GUESSES = (
    Guess(
        id="2.shifted",
        answer=0,
        because="Its strokes are slanted and one pixel wide: a step to the side misses them all.",
        near=2,
        slips={13: "The letter is the same, but a program that compares places sees none of it."},
    ),
    Guess(
        id="2.crossing",
        answer="B",
        because="The deformed X is bent in its arms, and its crossing is whole.",
        options={"A": "the X alone", "B": "both letters", "C": "both letters and the plus"},
        slips={"C": "A plus crosses too, but straight: its strokes lie between those of an X."},
    ),
    Guess(
        id="2.first-sum",
        answer=2,
        because="The five ones of the kernel lie on 0, 1, 0, 0 and 1, row by row.",
        slips={
            4: "That adds every pixel of the window; where the kernel is 0, a pixel is left out.",
            3: "That is the window one step to the right.",
        },
    ),
    Guess(
        id="2.middle",
        answer="B",
        because="With 4 in the middle the weights sum to zero, so even areas answer nothing.",
        options={"A": "the whole cat, darker", "B": "its edges alone", "C": "a blurred cat"},
        slips={
            "A": "That is what a smaller weight does to the identity; here four neighbours are "
            "subtracted as well.",
            "C": "A blur adds the neighbours; this kernel subtracts them.",
        },
    ),
    Guess(
        id="2.step",
        answer=(0, 2, 4, 2, 0),
        because="Each number is right neighbour − left neighbour, two pixels apart.",
        slips={
            (0, 0, 2, 2, 0): "Those are changes from one pixel to the next; the kernel compares "
            "pixels two apart.",
            (0, -2, -4, -2, 0): "The −1 lies on the left: right − left is positive where the row "
            "rises.",
        },
    ),
    Guess(
        id="2.sobel-step",
        answer=400,
        because="−100 − 200 − 100 + 200 + 400 + 200 = 400.",
        slips={
            100: "That is the step itself; on each side of it the weights sum to 4.",
            300: "That leaves out that the row in the middle counts twice.",
            -400: "The right is brighter, and the weights on the right are positive.",
        },
    ),
    Guess(
        id="2.level",
        answer="A",
        because="Along a level line nothing changes from left to right, except at its two ends.",
        options={"A": "the level line", "B": "the upright line"},
        slips={"B": "Across an upright line brightness changes twice from left to right."},
    ),
    Guess(
        id="2.diagonal",
        answer="C",
        because="Where both changes are 1, the sum is 2 and the length √2, which is 1.41.",
        options={"A": "fainter", "B": "the same", "C": "brighter"},
        slips={"B": "So it is on upright and on level edges, where one of the changes is 0."},
    ),
    Guess(
        id="2.impulse",
        answer=9,
        because="The first window has the 1 in its last corner, and the last weight is 9.",
        slips={
            1: "For that, the 1 would have to lie in the first corner of the first window.",
            5: "The middle weight meets the 1 when the window is centred on it.",
        },
    ),
    Guess(
        id="2.flipped",
        answer="B",
        because="Training finds the weights that fit, in whatever order they are slid.",
        options={"A": "(1, −1) again", "B": "(−1, 1)", "C": "none: the loss stays large"},
        slips={
            "A": "Turned before it slides, (1, −1) would draw the edges with the wrong signs.",
            "C": "Some kernel makes the wanted map: the old one, turned.",
        },
    ),
)


def _size(random: Random) -> Guess:
    H, W = random.sample(range(6, 12), 2)
    kH, kW = random.sample(range(2, 5), 2)
    return Guess(
        id="2.size",
        asks=f"An image of {H}×{W} pixels meets a kernel of {kH}×{kW}. How big is the map?",
        answer=(H - kH + 1, W - kW + 1),
        because=f"{H} − {kH} + 1 rows, {W} − {kW} + 1 columns.",
        slips={
            (H - kH, W - kW): "That leaves out the first position of the window.",
            (H, W): "That would need padding.",
        },
    )


def _turned(random: Random) -> Guess:
    a, b = random.sample(range(1, 6), 2)
    return Guess(
        id="2.turned",
        asks=f"The kernel is [{a}, {b}], the input [1, 0]. What does convolution give, where "
        f"correlation gives {a}?",
        answer=b,
        because="Convolution turns the kernel by half a turn before it multiplies.",
        slips={a: "That is the correlation once more."},
    )


def _step(random: Random) -> Guess:
    low, high = random.sample(range(1, 10), 2)
    change = high - low
    return Guess(
        id="2.edge",
        asks=f"Left of an edge all pixels are {low}, right of it {high}. What does Sobel x, with "
        "the rows [−1, 0, 1], [−2, 0, 2], [−1, 0, 1], answer on the edge?",
        answer=4 * change,
        because=f"Right less left is {change}, and the rows count it 1 + 2 + 1 times.",
        slips={
            change: "That is one row of the kernel at most: all three add up.",
            3 * change: "The row in the middle counts twice.",
            -4 * change: "The positive weights lie on the right.",
        },
    )


def _even(random: Random) -> Guess:
    gray, total = random.randint(2, 9), random.choice((0, 1, 2))
    return Guess(
        id="2.even",
        asks=f"Every pixel of a picture is {gray}, and the weights of a kernel sum to {total}. "
        "What number fills the map?",
        answer=gray * total,
        because=f"Each sum is {gray} times the sum of the weights, {gray}·{total}.",
        slips={9 * gray: "That is the sum under a kernel of nine ones."},
    )


def _gradient(random: Random) -> Guess:
    H, W = random.sample(range(6, 12), 2)
    rows, columns = random.sample(range(3, 6), 2)
    return Guess(
        id="2.gradient",
        asks=f"An image of {H}×{W} made a map of {rows}×{columns}. How big is the gradient for "
        "the kernel?",
        answer=(H - rows + 1, W - columns + 1),
        because="It is as large as the kernel: the correlation of the image with the gradient "
        "from above.",
        slips={(H, W): "That is the gradient for the image."},
    )


RECALLS = (
    Recall(id="2.size", ask=_size, about=("2.1", "2.2")),
    Recall(id="2.turned", ask=_turned, about=("2.5", "2.9")),
    Recall(id="2.edge", ask=_step, about=("2.3", "2.4")),
    Recall(id="2.even", ask=_even, about=("2.3",)),
    Recall(id="2.gradient", ask=_gradient, about=("2.6", "2.7", "2.8")),
)
