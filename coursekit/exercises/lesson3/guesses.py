"""What a learner guesses in lesson 3, and what later lessons ask about it."""

from random import Random

from coursekit.exercises.model import Guess, Recall

GUESSES = (
    Guess(
        id="3.reads",
        answer=(1, 9),
        because="One window has the corner in it; around a pixel in the middle all nine places of "
        "the window fit.",
        slips={
            (4, 9): "The window must lie on the image, and only one such window holds the corner.",
            (1, 16): "There are 16 windows in all; nine of them hold a pixel in the middle.",
            (9, 9): "That would need room around the image.",
        },
    ),
    Guess(
        id="3.named",
        answer=(6, 8, 10),
        because="8 + 0 − 2, 8 + 2 − 2 and 8 + 4 − 2: what is added, less k − 1 = 2.",
        slips={
            (6, 8, 9): "Full adds k − 1 = 2 on each side, which makes 4.",
            (5, 8, 11): "The first position counts too: n − k + 1.",
            (8, 8, 8): "Only same keeps the size.",
        },
    ),
    Guess(
        id="3.even",
        answer="C",
        because="Three rows are lost: one on each side makes up for two, two for four.",
        options={"A": "p = 1", "B": "p = 2", "C": "neither"},
        slips={
            "A": "10 + 2 − 3 = 9: one row is missing.",
            "B": "10 + 4 − 3 = 11: one row too many.",
        },
    ),
    Guess(
        id="3.modes",
        answer="A",
        because="Black zeros beside gray pixels are a step all the way round.",
        options={"A": "zeros", "B": "reflect", "C": "replicate", "D": "circular"},
        slips={
            "B": "A mirror image goes on with the same gray value at the border.",
            "C": "The repeated pixel has the gray value of the border.",
            "D": "It does join sides that differ, but gray beside gray is a small step.",
        },
    ),
    Guess(
        id="3.unread",
        answer=15,
        near=2,
        because="The last row and the last column have 8 each, and share the corner.",
        slips={
            0: "The last step would leave the image, so the window never comes to the last column.",
            8: "The last column is missed as well as the last row.",
            16: "The corner lies in the row and in the column: count it once.",
        },
    ),
    Guess(
        id="3.pair",
        answer=(0, 8, 6, 8),
        because="The window starts in rows 0 and 3 and in columns 0 and 2 of the padded image.",
        slips={
            (19, 25, 37, 43): "Those are the sums without padding, with steps of 1.",
            (0, 6, 8, 8): "Row by row: the step across comes first.",
        },
    ),
    Guess(
        id="3.covers",
        answer=9,
        because="Three weights have two gaps between them, each 4 long, and 2 · 4 + 1 = 9.",
        slips={
            12: "3 · 4 counts a gap behind the last weight, too.",
            8: "The last weight covers a pixel too.",
            11: "From weight to weight is 4, so three pixels lie between, not four.",
            3: "It reads 3 pixels, and covers those between them as well.",
        },
    ),
    Guess(
        id="3.halve",
        answer=17,
        because="The room is 33 + 2 − 3 = 32, and the window stands once more than it steps.",
        slips={
            16: "It steps 16 times, and also stands where it started.",
            16.5: "A window takes whole steps; 33 is odd, and here the odd one is rounded up.",
            33: "A stride of 2 leaves out every second position.",
        },
    ),
    Guess(
        id="3.sees",
        answer=15,
        near=2,
        because="The layers add 2 · 1, 2 · 2 and 2 · 4 pixels to the first one.",
        slips={
            7: "That is so without strides.",
            9: "The second stride doubles once more the steps of the layer above it.",
            11: "The third layer steps over 2 · 2 = 4 pixels.",
            13: "Strides multiply: behind two of them a step is 2 · 2 = 4 long.",
        },
    ),
    Guess(
        id="3.places",
        answer=9,
        near=4,
        because="A step of 2 must come out right down and across: 3 of 7 places each way.",
        slips={
            49: "That is the detector that looks everywhere.",
            25: "Half of the places down, and of these half across: a quarter is left.",
            24: "Half of the places down, and of these half across: a quarter is left.",
        },
    ),
)


def _left(random: Random) -> Guess:
    layers, k = random.randint(2, 5), random.choice([3, 5])
    n = layers * (k - 1) + random.randint(4, 12)
    return Guess(
        id="3.left",
        asks=f"{n} rows go through {layers} layers with kernels of {k}×{k} and without padding. "
        "How many rows are left?",
        answer=n - layers * (k - 1),
        because=f"Each layer takes {k} − 1 = {k - 1} of them.",
        slips={
            n - k + 1: "That is so after the first layer.",
            n - layers * k: f"A kernel of {k} takes {k - 1} rows, as its first position counts.",
        },
    )


def _positions(random: Random) -> Guess:
    n, k, s, p = random.randint(10, 40), random.choice([3, 5]), random.choice([2, 3]), 1
    steps = (n + 2 * p - k) // s
    return Guess(
        id="3.positions",
        asks=f"{n} pixels, a kernel of {k}, a stride of {s} and padding {p} on each side: how many "
        "positions does the window take?",
        answer=steps + 1,
        because=f"The room is {n} + 2 − {k} = {n + 2 - k}; {steps} whole steps of {s} fit into it, "
        "and the window also stands where it starts.",
        slips={steps: "Those are the steps; the window also stands where it starts."},
    )


def _covered(random: Random) -> Guess:
    k, d = random.choice([3, 5, 7]), random.randint(2, 5)
    return Guess(
        id="3.covered",
        asks=f"How many pixels does a kernel of {k} cover, in a row, with a dilation of {d}?",
        answer=d * (k - 1) + 1,
        because=f"{k} weights have {k - 1} gaps, each {d} long: {d} · {k - 1} + 1.",
        slips={d * k: f"{k} weights have {k - 1} gaps.", k: "So many it reads, and covers more."},
    )


def _split(random: Random) -> Guess:
    k = random.choice([4, 6, 8, 10, 12])
    return Guess(
        id="3.split",
        asks=f"How many rows of padding above, and how many below, keep the size under {k} rows of "
        "kernel, by the book's rule?",
        answer=(k // 2, k // 2 - 1),
        because=f"{k} − 1 = {k - 1} in all, and the larger share above.",
        slips={
            (k // 2 - 1, k // 2): "That is PyTorch's padding='same'.",
            (k // 2, k // 2): f"That adds {k} rows where {k - 1} are lost.",
        },
    )


def _seen(random: Random) -> Guess:
    first, second, s = random.choice([3, 5]), random.choice([3, 5]), random.choice([2, 3, 4])
    return Guess(
        id="3.seen",
        asks=f"A layer with a kernel of {first} and a stride of {s}, then one with a kernel of "
        f"{second}: how many pixels in a row does one output see?",
        answer=first + (second - 1) * s,
        because=f"{first} from the first layer, and {second - 1} steps of {s} from the second.",
        slips={first + second - 1: f"The second layer's steps are {s} pixels long."},
    )


RECALLS = (
    Recall(id="3.positions", ask=_positions, about=("3.7", "3.10")),
    Recall(id="3.seen", ask=_seen, about=("3.14",)),
    Recall(id="3.covered", ask=_covered, about=("3.6",)),
    Recall(id="3.left", ask=_left, about=("3.1",)),
    Recall(id="3.split", ask=_split, about=("3.3",)),
)
