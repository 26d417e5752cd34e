"""What a learner guesses in lesson 7, and what may be asked about it afterwards."""

from random import Random

from coursekit.exercises.model import Guess, Recall

GUESSES = (
    Guess(
        id="7.cat",
        answer=4,
        because="Three kinds of house cat and the lynx; the fifth is a feather boa.",
        near=1,
        slips={5: "What the boa shares with a cat is the fur."},
    ),
    Guess(
        id="7.bytes",
        answer="C",
        because="It has never met pixels a hundred times as large, and calls them a pillow.",
        options={"A": "still a kind of cat", "B": "another animal", "C": "a thing"},
        slips={
            "A": "The first layer gives maps a hundred times too large, and no later one can tell.",
        },
    ),
    Guess(
        id="7.scratch",
        answer=0.1,
        because="That is guessing: it learned the fifty pictures, with their grounds and colours.",
        share=True,
        near=0.1,
        slips={1.0: "That is its score on the fifty that it learned."},
    ),
    Guess(
        id="7.learns",
        answer=12810,
        because="Each of the ten kinds has 1,280 weights and a bias.",
        slips={
            12800: "Each kind has a bias, too.",
            1280: "Those are the features; each kind has a weight for each.",
            10: "Those are the biases alone.",
        },
    ),
    Guess(
        id="7.probe",
        answer=0.8,
        because="The features put things of one form close together.",
        share=True,
        near=0.1,
        slips={0.1: "That is chance: the features would know nothing about the ten kinds."},
    ),
    Guess(
        id="7.memorise",
        answer=1.0,
        because="A plane in 256 dimensions can tell fifty pictures apart in any way.",
        share=True,
        near=0.1,
        slips={0.1: "That is chance, and what it gets on new ones; the fifty it learns by heart."},
    ),
    Guess(
        id="7.worlds",
        answer=0.61,
        because="They carry something, and less than features that learned drawings.",
        share=True,
        near=0.1,
        slips={
            0.1: "Its names were useless; its features are not quite.",
            0.9: "So much they reach on photographs.",
        },
    ),
    Guess(
        id="7.ants",
        answer=0.54,
        because="Features of drawings tell photographs apart no better than no look at all.",
        share=True,
        near=0.05,
        slips={0.8: "So much they reach on drawings."},
    ),
    Guess(
        id="7.curve",
        answer="D",
        because="With fifty from scratch reaches 49 %, the probe with one 57 %.",
        options={"A": "5", "B": "20", "C": "50", "D": "more than 50"},
        slips={"C": "At 50 it is close, and still eight points below."},
    ),
    Guess(
        id="7.fine",
        answer="B",
        because="The features fit these drawings already, so there is little to mend.",
        options={
            "A": "ten points up or more",
            "B": "less than five points, up or down",
            "C": "ten points down or more",
        },
        slips={"A": "That happens where the features fit badly and there are many pictures."},
    ),
    Guess(
        id="7.window",
        answer=22,
        because="Any piece with stripes is enough; the bridge of the nose is not.",
        near=2,
        slips={
            1: "That would be a network that looks for a whole face.",
            25: "At three places it sees something else, a kit fox among them.",
        },
    ),
    Guess(
        id="7.file",
        answer=0,
        because="One reader makes the picture for the data set and for the question.",
        slips={40: "That would be a model that lost its classes."},
    ),
)


def _head(random: Random) -> Guess:
    features, classes = random.choice((256, 512, 1280)), random.choice((2, 3, 5, 8))
    return Guess(
        id="7.head",
        asks=f"A frozen body gives {features} features, and a new head tells {classes} classes "
        "apart. How many numbers learn?",
        answer=(features + 1) * classes,
        because="A weight for each feature and a bias, for each class.",
        slips={features * classes: "Each class has a bias, too."},
    )


def _pixel(random: Random) -> Guess:
    byte, mean, std = random.choice((51, 102, 204, 255)), 0.5, random.choice((0.25, 0.5))
    return Guess(
        id="7.pixel",
        asks=f"A pixel is {byte} of 255. The network expects mean {mean} and deviation {std}, in "
        "units where white is 1. What goes in?",
        answer=round((byte / 255 - mean) / std, 4),
        because=f"Scaled it is {byte / 255:g}; less {mean}, divided by {std}.",
        near=0.05,
        slips={
            round((byte - mean) / std, 4): "First the byte is divided by 255.",
            round((byte / 255 - mean) * std, 4): "The deviation divides.",
        },
    )


def _majority(random: Random) -> Guess:
    small, large = random.sample((20, 30, 40, 60, 70, 80), 2)
    small, large = sorted((small, large))
    return Guess(
        id="7.majority",
        asks=f"Held out are {large} bees and {small} ants. What accuracy does a model reach that "
        "looks at nothing and always says the same?",
        answer=round(large / (small + large), 4),
        because=f"Always bees is right for {large} of {small + large}.",
        share=True,
        near=0.01,
        slips={0.5: "That holds for classes of one size.",
               round(small / (small + large), 4): "It would say the more frequent one."},
    )  # fmt: skip


def _cells(random: Random) -> Guess:
    size, maps = random.choice(((224, 7), (64, 4), (64, 8), (256, 8)))
    return Guess(
        id="7.cells",
        asks=f"The last maps of a network have {maps}×{maps} cells, for a picture of {size}×{size} "
        "pixels. How many pixels apart are two neighbouring cells of its Grad-CAM?",
        answer=size // maps,
        because=f"{size} pixels are shared among {maps} cells.",
        slips={maps: "So many cells there are."} if maps != size // maps else {},
    )


RECALLS = (
    Recall(id="7.head", ask=_head, about=("7.4", "7.5")),
    Recall(id="7.pixel", ask=_pixel, about=("7.1",)),
    Recall(id="7.majority", ask=_majority, about=("7.7",)),
    Recall(id="7.cells", ask=_cells, about=("7.6",)),
)
