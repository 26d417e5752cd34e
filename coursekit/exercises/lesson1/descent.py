"""The exercises of lesson 1 on going downhill."""

from __future__ import annotations

import math
from random import Random

import torch
from torch import Tensor

from coursekit import figures
from coursekit.descent import two_valleys
from coursekit.exercises.model import (
    ChoiceExercise,
    Explanation,
    FunctionExercise,
    Misconception,
    ValueExercise,
)
from coursekit.exercises.pick import Pick
from coursekit.exercises.telling.numbers import factor, number
from coursekit.figures import LessonFigure


def derivative(x: float) -> float:
    """Return the slope of x² - 6x + 1 at x, a number.

    >>> derivative(18), derivative(3)
    (30, 0)
    """
    return 2 * x - 6


def _value(x: float) -> float:
    return x**2 - 6 * x + 1


def _by_autograd(x: float) -> Tensor:
    at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    _value(at).backward()
    return at.grad


def _explain_slope(index: tuple[()], x: float) -> Explanation:
    return Explanation(f"at x = {number(x)} the slope is 2·{factor(x)} − 6 = {number(2 * x - 6)}")


SLOPE = FunctionExercise(
    id="1.3",
    title="The slope of a parabola",
    minutes=4,
    reference=derivative,
    examples=((0.0,), (1.0,), (3.0,), (18.0,)),
    inputs=lambda pick: (pick.number(-5, 9),),
    alternatives=(_by_autograd, lambda x: (_value(x + 0.5) - _value(x - 0.5)) / 1.0),
    explain=_explain_slope,
    facts={
        "x is negative": lambda x: x < 0,
        "x is not 0": lambda x: x != 0,
    },
    hints=(
        "What is the slope of x², of −6x and of 1, each on its own?",
        "The slope of x² at x is 2x; a straight line such as −6x has the same slope everywhere.",
        "The constant 1 lifts the curve and tilts nothing, so its slope is 0. Add the three.",
    ),
    reasons=(
        "x² has the slope 2x, −6x has the slope −6, and the constant 1 has none: 2x − 6. "
        "It is 0 at x = 3, where the parabola turns."
    ),
    misconceptions={
        "the function itself": Misconception(
            _value, "That is how high the curve is at x; its slope is how steep it is there."
        ),
        "2x": Misconception(
            lambda x: 2 * x, "The term −6x has a slope too: −6, the same at every x."
        ),
        "2x − 6x": Misconception(
            lambda x: 2 * x - 6 * x, "The slope of −6x is −6, a number without an x."
        ),
        "2x − 6 + 1": Misconception(
            lambda x: 2 * x - 6 + 1, "A constant does not change with x, so its slope is 0."
        ),
        "2x + 6": Misconception(
            lambda x: 2 * x + 6, "The minus sign stays: the slope of −6x is −6."
        ),
        "x − 6": Misconception(
            lambda x: x - 6, "The exponent comes down as a factor: x² has the slope 2x, not x."
        ),
        "2x² − 6": Misconception(
            lambda x: 2 * x**2 - 6, "As the exponent comes down as a factor, it falls by one: 2x."
        ),
        "the slope of a chord": Misconception(
            lambda x: (_value(x + 0.001) - _value(x)) / 0.001,
            "A chord from x to x + 0.001 is a little too steep here; the derivative is the limit "
            "for ever shorter chords.",
        ),
        "the integral": Misconception(
            lambda x: x**3 / 3 - 3 * x**2 + x,
            "The exponent went up: that is the area under the curve, the opposite of the slope.",
        ),
    },
)


def descent_step(x: float, rate: float) -> float:
    """Return where one step of gradient descent on x² - 6x + 1 leads from x.

    >>> descent_step(18, 0.5)
    3.0
    """
    slope = 2 * x - 6
    return x - rate * slope


def _place_and_rate(pick: Pick) -> tuple[float, float]:
    return pick.number(-5, 9), pick.choice((0.5, 0.25, 1.0, 0.125))


def _explain_step(index: tuple[()], x: float, rate: float) -> Explanation:
    slope = 2 * x - 6
    return Explanation(
        f"the slope at {number(x)} is {number(slope)}; "
        f"{number(x)} − {number(rate)}·{factor(slope)} = {number(x - rate * slope)}"
    )


STEP = FunctionExercise(
    id="1.4",
    title="One step downhill",
    minutes=5,
    reference=descent_step,
    examples=((4.0, 0.25), (18.0, 0.125), (0.0, 0.5)),
    inputs=_place_and_rate,
    alternatives=(
        lambda x, rate: 3 + (1 - 2 * rate) * (x - 3),
        lambda x, rate: torch.tensor(x) - rate * _by_autograd(x),
    ),
    explain=_explain_step,
    facts={
        "x is left of the minimum, where the slope is negative": lambda x, rate: x < 3,
        "x is right of the minimum": lambda x, rate: x > 3,
        "the rate is not 1": lambda x, rate: rate != 1,
    },
    hints=(
        "On a rising slope, which way is downhill: to larger x, or to smaller?",
        "The step is the rate times the slope, 2x − 6 here, and it goes against the slope.",
        "New place = old place − rate · slope.",
    ),
    reasons=(
        "The slope says how fast the function grows to the right, so downhill is against it. The "
        "rate says how far to go. As the slope fades near the minimum, so do the steps."
    ),
    misconceptions={
        "a step uphill": Misconception(
            lambda x, rate: x + rate * (2 * x - 6),
            "Where the slope is positive, larger x means higher: subtract the step.",
        ),
        "a forgotten rate": Misconception(
            lambda x, rate: x - (2 * x - 6),
            "The slope says which way and how steep; the rate says how much of it to go.",
        ),
        "the move alone": Misconception(
            lambda x, rate: rate * (2 * x - 6),
            "That is how far to move; the new place is the old one minus it.",
        ),
        "the slope alone": Misconception(
            lambda x, rate: 2 * x - 6,
            "That is the slope where you stand; take rate times it away from x.",
        ),
        "the height in place of the slope": Misconception(
            lambda x, rate: x - rate * _value(x),
            "How high the curve is does not say which way it falls: use its derivative.",
        ),
        "only the direction of the slope": Misconception(
            lambda x, rate: x - rate * math.copysign(1.0, 2 * x - 6) * (x != 3),
            "The step is rate times the slope itself: long where it is steep, short near the end.",
        ),
        "the size of the slope without its sign": Misconception(
            lambda x, rate: x - rate * abs(2 * x - 6),
            "Left of the minimum the slope is negative, and its sign turns the step to the right.",
        ),
        "forgotten parentheses": Misconception(
            lambda x, rate: x - rate * 2 * x - 6,
            "The rate multiplies the whole slope: write rate * (2 * x - 6).",
        ),
        "dividing by the rate": Misconception(
            lambda x, rate: x - (2 * x - 6) / rate,
            "A smaller rate means smaller steps, so it is a factor.",
        ),
        "the place in place of the slope": Misconception(
            lambda x, rate: x - rate * x,
            "The step is rate times the slope at x, and not rate times x itself.",
        ),
        "a step as long as the rate": Misconception(
            lambda x, rate: x - rate,
            "The rate is multiplied by the slope, so that steep places make long steps.",
        ),
        "a rate on x as well": Misconception(
            lambda x, rate: rate * (x - (2 * x - 6)),
            "The rate scales the step alone; the place from which it starts is kept whole.",
        ),
        "a step to where the slope was 2x": Misconception(
            lambda x, rate: x - rate * 2 * x,
            "The slope of x² − 6x + 1 is 2x − 6, and that makes the steps end at 3 and not at 0.",
        ),
    },
)


def _bounce(minimum: int, start: int) -> ValueExercise:
    """Return the question for a descent that jumps to and fro across a minimum."""
    error = start - minimum
    across, slope = number(minimum - error), 2 * error
    back = f"{across} + {slope}"
    return ValueExercise(
        id="1.5",
        title="A thousand steps at rate 1",
        minutes=4,
        question=(
            f"Descent on x² − {2 * minimum}x + 1 starts at {start}, with rate 1.0. Where is it "
            "after 1000 steps? Work out the first three by hand."
        ),
        answer=start,
        vary=_other_bounce,
        hints=(
            f"The slope at {start} is {slope}. Where does a step of 1.0 · {slope} lead, and how "
            "steep is it there?",
            f"From {across}, where the slope is −{slope}, the next step goes back. What follows "
            "from that?",
            f"The error x − {minimum} is multiplied by 1 − 2·1 = −1 at each step: {error}, "
            f"−{error}, {error}, and so on.",
        ),
        reasons=(
            f"{start} − {slope} = {across}, and {back} = {start}: each step turns the error "
            f"x − {minimum} around and leaves its size at {error}. After an even number of steps "
            f"it is back at {start}, for ever."
        ),
        misconceptions={
            "the minimum": Misconception(
                minimum,
                f"More steps do not help here: the error keeps its size, {error}, and only turns "
                "around.",
            ),
            "the other side": Misconception(
                minimum - error,
                "There it is after an odd number of steps; a thousand is even.",
            ),
            "the minimum of x²": Misconception(
                0, f"The parabola turns at {minimum}, and the steps only jump across it."
            ),
            f"a thousand steps of {slope} to the left": Misconception(
                start - 1000 * slope,
                f"The slope changes at each place: left of {minimum} it is negative and pulls "
                "back.",
            ),
            "the error alone": Misconception(
                error,
                f"{error} is the distance from {minimum}; the place is {minimum} + {error}.",
            ),
            "the error after an odd number of steps": Misconception(
                -error,
                f"The error x − {minimum} turns from {error} to −{error} and back; the place is "
                f"{minimum} + {error} in the end.",
            ),
            "the slope": Misconception(
                slope, f"{slope} is the slope at {start}, and the length of each jump."
            ),
        },
    )


def _other_bounce(random: Random) -> ValueExercise:
    minimum = random.randint(2, 9)
    return _bounce(minimum, minimum + random.randint(4, 30))


BOUNCE = _bounce(3, 18)


def _largest_rate(a: int, minimum: int, constant: int) -> ValueExercise:
    """Return the question for the largest rate at which descent on a parabola converges."""
    b, curvature = 2 * a * minimum, 2 * a
    rate, fastest = number(1 / a), number(1 / curvature)
    return ValueExercise(
        id="1.6",
        title="The largest rate that still converges",
        minutes=6,
        question=(
            f"f(x) = {a}x² − {b}x + {constant}. Below which rate does gradient descent converge, "
            "from any start?"
        ),
        answer=1 / a,
        vary=_other_largest_rate,
        hints=(
            "What is the derivative, and where is it 0?",
            f"f′(x) = {curvature}x − {b} = {curvature}·(x − {minimum}). What does one step do to "
            f"the error x − {minimum}?",
            f"The error is multiplied by 1 − {curvature}·rate. It shrinks while that lies between "
            "−1 and 1.",
        ),
        reasons=(
            f"f′(x) = {curvature}(x − {minimum}), so a step multiplies the error by "
            f"1 − {curvature}·rate. That must stay above −1: rate < 2/{curvature} = {rate}. In "
            "general the bound is 2 divided by the curvature, the second derivative: the tighter "
            "the curve, the smaller the steps must be."
        ),
        misconceptions={
            "the rate that is fastest": Misconception(
                1 / curvature,
                f"At {fastest} the factor is 0 and one step is enough; it converges up to twice "
                "that.",
            ),
            "the bound of x² − 6x + 1": Misconception(
                1,
                f"There the curvature is 2 and the bound 2/2; here the curvature is {curvature}.",
            ),
            f"2 divided by {a}": Misconception(
                2 / a,
                f"The factor {a} becomes a curvature of {curvature} when it is derived twice: "
                f"2/{curvature}.",
            ),
            "the fastest rate of x² − 6x + 1": Misconception(
                0.5,
                f"The error is multiplied by 1 − {curvature}·rate, which is {number(1 - a)} at a "
                "rate of 0.5.",
            ),
            "the curvature": Misconception(
                curvature, f"{curvature} is the curvature; the bound is 2 divided by it."
            ),
            "where the minimum is": Misconception(
                minimum,
                f"x = {minimum} is where the descent ends; the question is for which rates it gets "
                "there.",
            ),
            "1 divided by the slope at 0": Misconception(
                1 / b,
                f"That would be 1/{b}, but −{b}x only shifts the parabola and does not bend it.",
            ),
        },
    )


def _other_largest_rate(random: Random) -> ValueExercise:
    a = random.choice([4, 5, 8, 10, 20, 25, 40, 50, 100])
    return _largest_rate(a, random.randint(2, 9), random.randint(1, 9))


LARGEST_RATE = _largest_rate(5, 2, 7)


def _draw_start(exercise: ChoiceExercise) -> LessonFigure:
    return figures.start_question(two_valleys, 2.0, between=(-2.1, 2.1))


VALLEY = ChoiceExercise(
    id="1.7",
    title="Which valley?",
    minutes=4,
    question=(
        "f(x) = x⁴ − 2x² + 0.2x has a deep valley at −1.02 and a shallow one at 0.97. Descent "
        "starts at 2 with rate 0.1. Where does it end?"
    ),
    options={
        "A": "the shallow valley, at 0.97",
        "B": "the deep valley, at −1.02",
        "C": "the top of the hill between them",
        "D": "jumping to and fro between the valleys, for ever",
        "E": "running away from both valleys",
    },
    answer="B",
    picture=_draw_start,
    hints=(
        "How steep is it at 2, and how far does the first step go?",
        "f′(x) = 4x³ − 4x + 0.2, so the slope at 2 is 32 − 8 + 0.2 = 24.2.",
        "The first step leads to 2 − 2.42 = −0.42. Which way does the curve fall from there?",
    ),
    reasons=(
        "At 2 the wall is so steep that the first step, 0.1 · 24.2 = 2.42, jumps over the shallow "
        "valley and the hill behind it to −0.42. From there it is downhill to −1.02. The shallow "
        "valley was nearer; the step was longer."
    ),
    misconceptions={
        "the nearest valley": Misconception(
            "A", "A ball would roll there; descent jumps, here by 2.42, and lands beyond the hill."
        ),
        "the hill": Misconception(
            "C", "The slope is 0 there, but a step to either side of it leads away from it."
        ),
        "to and fro": Misconception(
            "D", "Only the wall at 2 is so steep; from −0.42 the steps are short, and settle."
        ),
        "away": Misconception(
            "E", "For that each jump has to end higher than it began; −0.42 is far below 2."
        ),
    },
)

EXERCISES = (SLOPE, STEP, BOUNCE, LARGEST_RATE, VALLEY)
