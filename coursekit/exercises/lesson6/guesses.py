"""What a learner guesses in lesson 6, and what later lessons ask about it."""

from random import Random

from coursekit.exercises.model import Guess, Recall

GUESSES = (
    Guess(
        id="6.shifted",
        answer="C",
        because="The power of 1000 is too large for a float32, and infinity over infinity is no "
        "number.",
        options={"A": "the same as for the first", "B": "zeros", "C": "nan"},
        slips={
            "A": "On paper, yes: the common factor cancels. The computer takes the powers first.",
            "B": "That would be a small number over an infinite one; here both are infinite.",
        },
    ),
    Guess(
        id="6.perfect",
        answer="B",
        because="As logits 1 and 0 are close together: softmax gives the 1 only 0.23.",
        options={"A": "0", "B": "about 1.5", "C": "2.3, as for a network that knows nothing"},
        slips={"A": "Perfect probabilities have no surprise; as logits they are hardly sure."},
    ),
    Guess(
        id="6.added",
        answer=9,
        because="Three calls add 3 each.",
        slips={
            3: "That is the derivative; each call adds it to what is there.",
            27: "What the calls find is added, not multiplied.",
        },
    ),
    Guess(
        id="6.steps",
        answer=32,
        because="The 31 full batches take 1,984 images, and the last 16 are a batch too.",
        near=1,
        slips={
            31: "The 16 images that are left over make a smaller batch.",
            31.25: "A quarter of a batch is a step as well.",
            64: "That is how many images stand in a batch.",
        },
    ),
    Guess(
        id="6.flat",
        answer=400,
        because="Sixteen maps of 5×5: 28 is halved to 14, loses 4, and is halved to 5.",
        near=20,
        slips={
            784: "So many go in; two poolings have quartered the maps since.",
            25: "That is one map; there are sixteen.",
            576: "The second convolution has no padding: 14 becomes 10, and the pool leaves 5.",
        },
    ),
    Guess(
        id="6.slowest",
        answer="A",
        because="It has one rate for all layers, and remembers no earlier step.",
        options={"A": "SGD", "B": "SGD with momentum", "C": "RMSProp", "D": "Adam"},
        slips={"D": "Adam costs a little more a step, and needs far fewer steps here."},
    ),
    Guess(
        id="6.nothing",
        answer="A",
        because="A pool changes no slope and no rate, and those are what is too small.",
        options={"A": "max pooling", "B": "Adam", "C": "ReLU"},
        slips={"B": "Adam takes steps of a similar size, however small the gradient."},
    ),
    Guess(
        id="6.batch",
        answer="A",
        because="In one epoch it makes 125 steps, and a batch of all 1,000 makes one.",
        options={"A": "8", "B": "128", "C": "1,000"},
        slips={"C": "Its gradient is the most exact, and it is used once."},
    ),
    Guess(
        id="6.moved",
        answer="A",
        because="Each of its weights belongs to one pixel; a kernel slides along.",
        options={"A": "the MLP", "B": "LeNet", "C": "both as much"},
        slips={
            "B": "Its kernels find the parts wherever they are.",
            "C": "LeNet's kernels and pools forgive a part of it.",
        },
    ),
    Guess(
        id="6.remedies",
        answer=2,
        because="Four times the images, and dropout; for the others chance may have decided.",
        near=1,
        slips={
            0: "More images help with every seed.",
            12: "Each helps somewhere; here most gains are below their spread, or are losses.",
        },
    ),
    Guess(
        id="6.halves",
        answer="B",
        because="A batch's loss is a mean; so is its gradient.",
        options={"A": "add them", "B": "take their mean", "C": "keep the larger"},
        slips={"A": "The sum is twice the gradient of the whole batch, as at twice the rate."},
    ),
)


def _steps(random: Random) -> Guess:
    size, full, left = (
        random.choice((32, 50, 64, 100)),
        random.randrange(5, 30),
        random.randint(2, 9),
    )
    return Guess(
        id="6.steps-an-epoch",
        asks=f"A DataLoader hands out {size * full + left:,} images in batches of {size}. How many "
        "steps has an epoch?",
        answer=full + 1,
        because=f"{full} full batches, and one of {left}.",
        slips={full: f"The {left} images that are left over are a batch too."},
    )


def _added(random: Random) -> Guess:
    slope, calls = random.sample(range(3, 9), 2)
    return Guess(
        id="6.backward",
        asks=f"The derivative of a loss is {slope}. backward is called {calls} times, with no "
        "zero_grad between. What stands in .grad?",
        answer=slope * calls,
        because=f"backward adds: {calls} times {slope}.",
        slips={slope: "backward adds to what is there.", 0: "Only zero_grad forgets."},
    )


def _flat(random: Random) -> Guess:
    side, k, C = random.choice((20, 24, 32, 36)), random.choice((3, 5)), random.choice((8, 12, 16))
    left = (side - k + 1) // 2
    return Guess(
        id="6.flattened",
        asks=f"An image of {side}×{side} goes through {C} kernels of {k}×{k} without padding, a "
        "pooling of 2×2, and is flattened. How many numbers reach the dense layer?",
        answer=C * left * left,
        because=f"{side} − {k} + 1 is {side - k + 1}, the pool leaves {left}: {C}·{left}·{left}.",
        slips={
            left * left: f"That is one map; there are {C}.",
            C * (side // 2) ** 2: "Without padding the kernel takes off a border.",
        },
    )


def _recall(random: Random) -> Guess:
    found, missed, wrong = random.sample((10, 20, 30, 40, 60, 80), 3)
    share = found / (found + missed)
    precision = found / (found + wrong)
    return Guess(
        id="6.recall",
        asks=f"Of {found + missed} coats a network calls {found} coat, and {wrong} other pieces "
        "besides. What is the recall of coat, from 0 to 1?",
        answer=round(share, 4),
        because=f"It found {found} of {found + missed} coats.",
        share=True,
        near=0.01,
        slips={round(precision, 4): "That is the precision: of what was called so, how much is."},
    )


def _halves(random: Random) -> Guess:
    first, second = random.sample(range(2, 20, 2), 2)
    return Guess(
        id="6.half-batches",
        asks=f"Two machines have half a batch each, and find the gradients {first} and {second} of "
        "their mean losses. What is the gradient of the whole batch?",
        answer=(first + second) / 2,
        because="The loss of a batch is a mean, and so is its gradient.",
        slips={first + second: "That is twice as much: a mean is wanted, not a sum."},
    )


RECALLS = (
    Recall(id="6.steps-an-epoch", ask=_steps, about=("6.3",)),
    Recall(id="6.backward", ask=_added, about=("6.3",)),
    Recall(id="6.flattened", ask=_flat, about=("6.5",)),
    Recall(id="6.recall", ask=_recall, about=("6.7", "6.8")),
    Recall(id="6.half-batches", ask=_halves, about=("6.3",)),
)
