"""What a learner guesses in lesson 4, and what later lessons ask about it."""

from random import Random

from coursekit.exercises.model import Guess, Recall

GUESSES = (
    Guess(
        id="4.differ",
        answer=2,
        because="The peak left one pixel and came to another.",
        near=1,
        slips={
            1: "The place that the peak left has changed too.",
            0: "That would be invariance; the peak is elsewhere now.",
            96: "Nearly all pixels are 0 in both.",
        },
    ),
    Guess(
        id="4.eights",
        answer=4,
        because="The 8 lies in four windows of 2×2, and is the largest number of each.",
        near=1,
        slips={1: "Side by side only one window holds the 8; one pixel apart there are more."},
    ),
    Guess(
        id="4.lost",
        answer=9,
        because="The last row has five pixels and the last column five; they share the corner.",
        near=1,
        slips={
            10: "The corner lies in both, and is lost once.",
            5: "The last column is lost as well as the last row.",
            1: "A whole row and a whole column of the map lie behind the last windows.",
        },
    ),
    Guess(
        id="4.corner",
        answer=0.25,
        because="A corner window holds one pixel of 1 and three zeros of the padding.",
        near=0.1,
        slips={
            1: "That is the mean of the pixels alone; the three zeros count as well.",
            0.5: "Along the edges two of the four are zeros; in the corners three are.",
            0: "One pixel of the picture lies in the window.",
        },
    ),
    Guess(
        id="4.line",
        answer="C",
        because="Twelve of the sixteen pixels are 1, and 1 is the largest.",
        options={"A": "the dark line", "B": "a gray", "C": "nothing"},
        slips={
            "A": "0 is the smallest number of the window.",
            "B": "A gray comes from the mean.",
        },
    ),
    Guess(
        id="4.route",
        answer=(2, 0),
        because="There stands the 7, the largest of its window.",
        slips={
            (1, 0): "That is the place of the −3 in Y; the 7 stands further down in X.",
            (0, 2): "Rows come first.",
            (3, 1): "There stands the 6, which lost.",
        },
    ),
    Guess(
        id="4.tie",
        answer="C",
        because="PyTorch keeps the first of the largest as the winner.",
        options={
            "A": "each a quarter",
            "B": "each the whole",
            "C": "the first alone",
            "D": "the last alone",
        },
        slips={
            "A": "It would be fair, but the pool keeps one winner a window.",
            "B": "Then a tie would make the gradient four times as large.",
        },
    ),
    Guess(
        id="4.shift",
        answer=4,
        because="After three steps the peak stands in the last column of its window.",
        near=1,
        slips={1: "The response changes at once; its window's largest number does not."},
    ),
    Guess(
        id="4.odd",
        answer="C",
        because="It would have to move by half a pixel, and windows now hold other pixels.",
        options={"A": "the same", "B": "a copy, one pixel on", "C": "neither"},
        slips={"B": "One pixel of the pooled map is two pixels of the input."},
    ),
    Guess(
        id="4.peak",
        answer=0,
        because="It reads rows 0, 2, 4, ... only, and the peak stands in row 3.",
        slips={29: "That is what the 2×2 max leaves; the single pixel steps over row 3."},
    ),
)


def _size(random: Random) -> Guess:
    window = random.choice((2, 3))
    H, W = random.sample(range(8, 17), 2)
    return Guess(
        id="4.size",
        asks=f"A map of {H}×{W} goes through nn.MaxPool2d({window}). How big is what comes out?",
        answer=(H // window, W // window),
        because="A pool's stride is its window unless told otherwise, and what is left over is "
        "dropped.",
        slips={(H - window + 1, W - window + 1): "That is a stride of 1, as a convolution has."},
    )


def _share(random: Random) -> Guess:
    largest, other, gradient = random.sample(range(2, 10), 3)
    smaller = min(largest, other) - 1
    window = [max(largest, other), smaller, min(largest, other), smaller]
    asked, gets = random.choice(((window[0], gradient), (window[2], 0)))
    return Guess(
        id="4.share",
        asks=f"A 2×2 window holds {', '.join(map(str, window))}, and the gradient {gradient} comes "
        f"back to its maximum. How much of it does the {asked} get?",
        answer=gets,
        because=f"All of it goes to the largest number, {window[0]}, and nothing to the others.",
        slips={
            gradient / 4: "A quarter each is what average pooling gives.",
            gradient - gets: "The largest number gets all, the others nothing.",
        },
    )


def _crossing(random: Random) -> Guess:
    window, column = random.choice((3, 4, 5)), random.randrange(12)
    steps = window - column % window
    return Guess(
        id="4.crossing",
        asks=f"Windows {window} wide lie side by side, from column 0. A peak stands in column "
        f"{column}. After how many steps to the right does it enter the next window?",
        answer=steps,
        because=f"The next window begins at column {column + steps}.",
        slips={
            steps - 1: "Then it stands in the last column of its window.",
            **({window: "That holds for the first column of a window."} if steps < window else {}),
        },
    )


def _numbers(random: Random) -> Guess:
    C, side = random.choice((8, 16, 32, 64)), random.choice((5, 6, 7, 9))
    return Guess(
        id="4.numbers",
        asks=f"{C} maps of {side}×{side} go through global average pooling. How many numbers are "
        "left?",
        answer=C,
        because="One for each map, whatever its size.",
        slips={
            C * side * side: "That is flattening, which keeps every pixel.",
            1: "Maps do not mix in a pool: each keeps its own number.",
        },
    )


def _unread(random: Random) -> Guess:
    stride, side = random.choice((2, 3)), random.choice((6, 12, 18))
    read = (side // stride) ** 2
    return Guess(
        id="4.unread",
        asks=f"A 1×1 kernel goes over {side}×{side} pixels with stride {stride}. How many pixels "
        "does it never read?",
        answer=side * side - read,
        because=f"It reads one pixel in {stride * stride}, {read} in all.",
        slips={read: "So many it reads.", 0: "That would need a window as large as the stride."},
    )


RECALLS = (
    Recall(id="4.size", ask=_size, about=("4.1", "4.2")),
    Recall(id="4.share", ask=_share, about=("4.6",)),
    Recall(id="4.crossing", ask=_crossing, about=("4.7",)),
    Recall(id="4.numbers", ask=_numbers, about=("4.5",)),
    Recall(id="4.unread", ask=_unread, about=("4.8",)),
)
