"""What a learner guesses in lesson 2, and what later lessons ask about it."""

from random import Random

from coursekit.exercises.model import Guess, Recall

GUESSES = (
    Guess(
        id="2.crossing",
        answer="A",
        because="Only there do all nine pixels agree; in the deformed X one of them differs.",
        options={"A": "the X", "B": "the deformed X", "C": "the plus"},
        slips={"C": "A plus crosses too, but straight: its strokes lie between those of an X."},
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
        "correlation gives " + str(a) + "?",
        answer=b,
        because="Convolution turns the kernel by half a turn before it multiplies.",
        slips={a: "That is the correlation once more."},
    )


RECALLS = (
    Recall(id="2.size", ask=_size, about=("2.1",)),
    Recall(id="2.turned", ask=_turned, about=("2.5",)),
)
