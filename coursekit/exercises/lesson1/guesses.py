"""What a learner guesses in lesson 1, and what later lessons ask about it."""

from random import Random

from coursekit.exercises.model import Guess, Recall

GUESSES = (
    Guess(
        id="1.bias",
        answer=0,
        because="3 − 1 − 1 − 1 = 0, and 0 is not above 0.",
        slips={1: "It says 1 only above 0; exactly 0 is not enough."},
    ),
    Guess(
        id="1.origin",
        answer="A",
        because="Shifted, they lie one behind the other, seen from there.",
        options={
            "A": "only the clouds around the origin",
            "B": "both pairs",
            "C": "only the shifted pair",
        },
        slips={"B": "Only lines through the cross count here; any other line needs a bias."},
    ),
    Guess(
        id="1.corrections",
        answer=16,
        because="The fourth leaves one point wrong, the eighth thirty, the sixteenth none.",
        near=3,
        slips={
            5: "The fifth sets that one point right, and twenty others wrong.",
            4: "After four of them one point is still wrong.",
        },
    ),
    Guess(
        id="1.second",
        answer=1.35,
        because="At 16.5 the slope is 27, and 0.05 · 27 = 1.35: the flatter, the shorter.",
        near=0.1,
        slips={
            1.5: "The rate stays, but the slope at 16.5 is less than at 18.",
            3: "That is the way of two steps as long as the first.",
        },
    ),
    Guess(
        id="1.quickest",
        answer="B",
        because="It keeps two fifths of the distance at each step; 0.05 keeps nine tenths.",
        options={"A": "0.05", "B": "0.3", "C": "1.0", "D": "1.1"},
        slips={
            "C": "It jumps across the valley, and lands as far away on the other side.",
            "D": "Its steps are the longest, but each lands further away than the one before.",
        },
    ),
    Guess(
        id="1.four",
        answer=1,
        because="Only from −0.5 at rate 0.1 does a run settle there.",
        slips={
            2: "From −2 the first step at rate 0.1 is 2.4 long: it flies over the deep valley.",
            3: "At rate 0.3 no run settles: there the steps are too long.",
            4: "At rate 0.3 no run settles, and from −2 the first step flies over it.",
        },
    ),
    Guess(
        id="1.largest",
        answer=0.23,
        because="2 / 8.6 is 0.233: from −0.5 a rate of 0.23 settles and 0.24 does not.",
        near=0.01,
        slips={
            1: "That is the limit of the first parabola, where the curvature is 2.",
            0.12: "1 / 8.6 is the rate that is quickest near the bottom; the limit is twice that.",
        },
    ),
    Guess(
        id="1.steep",
        answer="B",
        because="Its direction is ten times as curved, so its limit is 2 / 10 and not 2.",
        options={"A": "the first weight", "B": "the second weight", "C": "both at the same rate"},
        slips={"A": "It has the flatter direction, and room for steps up to a rate of 2."},
    ),
    Guess(
        id="1.back",
        answer=4,
        because="The error 1, times the weight 2 on the way back, times the input 2.",
        slips={
            2: "That much arrives at the hidden sum; the weight's own input, 2, is a factor too.",
            1: "That is the error at the output, before it goes back through any weight.",
            3: "That is for the weight behind the hidden neuron: the error times its input, 3.",
        },
    ),
    Guess(
        id="1.board",
        answer="B",
        because="Each weight sits at a pixel of its own, and a shift moves the ink to others.",
        options={"A": "the noisy X", "B": "the shifted X", "C": "the thick X"},
        slips={
            "A": "It has learned from noisy copies, and a few turned pixels hardly move its sum.",
            "C": "All the pixels of the X are inked there too, so its sum stays high.",
        },
    ),
)


def _sum(random: Random) -> Guess:
    x, y = random.sample(range(1, 6), 2)
    v, w = random.randint(2, 4), -random.randint(1, 3)
    bias = random.choice((2, 3, 4))
    total = x * v + y * w + bias
    return Guess(
        id="1.sum",
        asks=f"The inputs are {x} and {y}, the weights {v} and −{-w}, the bias is {bias}. "
        "What is the weighted sum?",
        answer=total,
        because=f"{x}·{v} − {y}·{-w} + {bias} = {total}.",
        slips={
            total - bias: "That leaves out the bias, which is added once.",
            total + bias: "The bias is added once, not once for each input.",
        },
    )


def _missed(random: Random) -> Guess:
    first, second = -random.randint(2, 4), 1
    x, y = random.randint(2, 5), random.randint(1, 4)
    return Guess(
        id="1.missed",
        asks=f"A perceptron has the weights (−{-first}, {second}). It says 0 for the point "
        f"({x}, {y}), whose label is 1. What are its weights after a step at rate 1?",
        answer=(first + x, second + y),
        because="A point that was missed is added to the weights.",
        slips={
            (first - x, second - y): "Taken away is a point that was called 1 by mistake.",
            (first, second): "The output was wrong, so the weights move.",
            (x, y): "That is how far they move; the old weights stay in the sum.",
        },
    )


def _step(random: Random) -> Guess:
    centre, away = random.randint(1, 5), random.choice((4, 6, 8, 10))
    start = centre + away
    return Guess(
        id="1.step",
        asks=f"At x = {start} a function has the slope {2 * away}. Where does a step of gradient "
        "descent lead from there, at rate 0.25?",
        answer=start - away / 2,
        because=f"{start} − 0.25 · {2 * away}: against the slope, by the rate times the slope.",
        slips={
            start + away / 2: "That goes uphill: a positive slope rises to the right.",
            start - 2 * away: "That forgets the rate.",
            away / 2: "That is the length of the step, not the place where it ends.",
        },
    )


def _limit(random: Random) -> Guess:
    curvature = random.choice((4, 5, 8, 10, 20, 25, 40))
    return Guess(
        id="1.limit",
        asks=f"A parabola has the curvature {curvature}. Below which learning rate does gradient "
        "descent converge on it?",
        answer=2 / curvature,
        because=f"A step multiplies the error by 1 − {curvature}·rate; the limit is 2 / "
        f"{curvature}.",
        slips={
            1 / curvature: "At that rate one step arrives; up to twice that it converges.",
            1: "That was the limit for the curvature 2.",
        },
    )


def _share(random: Random) -> Guess:
    label = random.choice((0, 1))
    said, x = random.choice((0.25, 0.5, 0.75)), random.choice((2, 4, 8))
    slope = (said - label) * x
    return Guess(
        id="1.share",
        asks=f"A neuron with a sigmoid says {said} where the label is {label}. One of its inputs "
        f"is {x}. What is the derivative of the logistic loss by that input's weight?",
        answer=slope,
        because=f"({said} − {label}) · {x}: the error times the input.",
        slips={
            -slope: "That is the way of the step; the derivative points uphill.",
            said - label: "That is the error; the weight's share is the error times its input.",
        },
    )


RECALLS = (
    Recall(id="1.sum", ask=_sum, about=("1.1",)),
    Recall(id="1.missed", ask=_missed, about=("1.2",)),
    Recall(id="1.step", ask=_step, about=("1.3", "1.4")),
    Recall(id="1.limit", ask=_limit, about=("1.5", "1.6")),
    Recall(id="1.share", ask=_share, about=("1.8",)),
)
