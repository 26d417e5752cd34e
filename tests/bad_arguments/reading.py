"""The calls that are varied of what reads and shows: data, photographs, explorer, exercises."""

from dataclasses import replace

import torch
from ipywidgets import FloatSlider

from bad_arguments.kinds import (
    FLAG,
    FUNCTION,
    HUGE,
    INFINITY,
    NAN,
    PATH,
    SEED,
    TEXT,
    Kind,
    a_tensor,
    named,
    pair,
    real,
    whole,
)
from coursekit import data
from coursekit.explorer import Explorer
from coursekit.machine.paths import course_folder

SET = data.ImageSet(
    torch.zeros(10, 1, 28, 28, dtype=torch.uint8), torch.arange(10), data.CLASSES, "a set", False
)
CAT = course_folder("data") / "photographs" / "cat.png"
FOLDER = "pictures"  # made before the calls
SHARE = real(0, 1, -0.5, 1.5)
X, K = a_tensor(5, 6), a_tensor(2, 3)
NUMBERS = [
    NAN, "ab", torch.full((2, 2), NAN), torch.full((2, 2), INFINITY), torch.ones(2, 2) * 1j,
    torch.zeros(0, 2), torch.zeros(2, 0), a_tensor(2), a_tensor(1, 1, 1, 1, 1), HUGE, [[1.0], [1.0, 2.0]],
]  # fmt: skip
BIAS = Kind([NAN, "ab", a_tensor(2), [NAN], [INFINITY], [1j], HUGE]).may_be(None)
ANYTHING = None  # is met with an outcome
EXERCISE = Kind([2.3, NAN, "9.9", "2.", ("2.2",), a_tensor(2)])


def drawn(**values):
    from coursekit import figures

    return figures.matrices({"a": X}, says="a")


DATA = {
    "ImageSet.split": ({"self": SET, "share": 0.2}, {"share": SHARE, "seed": SEED}),
    "ImageSet.head": ({"self": SET, "count": 3}, {"count": whole(1)}),
    "fashion_mnist": ({"split": "test"}, {"split": Kind([3, NAN, "validation", ("test",)])}),
    "ants_and_bees": ({}, {}),
    "image_folder": (
        {"path": FOLDER, "size": 4},
        {"path": Kind([*PATH.bad, "three"]), "size": whole(1, HUGE), "resize": whole(4, HUGE).may_be(None), "share": SHARE, "seed": SEED},
    ),
    "normalise": ({"images": torch.zeros(2, dtype=torch.uint8)}, {"images": Kind([3, NAN, X, [1, 2], X.bool()])}),
    "photograph": ({}, {"gray": FLAG}),
}  # fmt: skip
EXPLORER = {
    "Explorer": (
        {"image": X, "kernel": K},
        {"image": Kind([*NUMBERS, torch.zeros(5, 65, 65), torch.zeros(9, 4, 4)]),
         "kernel": Kind([*NUMBERS, 3, (2, 2), torch.zeros(8, 8), torch.zeros(1, 2, 2, 2)]).may_be(None),
         "bias": BIAS, "stride": pair(1).may_be(None), "padding": pair(0), "dilation": pair(1),
         "mode": Kind([3, NAN, "min", ["max"]]),
         "hide": Kind([3, NAN, "play", ["nope"], [3], [None]]).may_be([]), "predict": FLAG,
         "cursor": Kind([3, NAN, (1,), (1, 2, 3, 4), (-1, 0), (0.0, 0), (True, 0), ("0", "0")]),
         "by": replace(FUNCTION, bad=[*FUNCTION.bad, lambda x, kernel: 2 * x]).may_be(None)},
    ),
    "Explorer.to_html": (lambda: {"self": Explorer(X, K), "path": "explorer.html"}, {"path": PATH}),
}  # fmt: skip
GUESS = Kind([3, NAN, "2.2", "2.nothing", ("2.crossing",)])
DRAW = Kind([3, NAN, "", "abc", "0123456789ABCDEF", ["abc"]])
EXERCISES = {
    "check": ({"id": "2.2"}, {"id": EXERCISE, "answer": ANYTHING}),
    "grade": (
        {"id": "2.2", "answer": ...},
        {"id": EXERCISE, "answer": ANYTHING, "seed": SEED.may_be(None), "draw": DRAW.may_be(None)},
    ),
    "examine": ({"id": "2.2"}, {"id": EXERCISE, "answer": ANYTHING}),
    "guess": ({"id": "2.crossing"}, {"id": GUESS, "answer": ANYTHING, "more": ANYTHING}),
    "learner": ({"id": "ada"}, {"id": Kind([3, NAN, ["ada"], X]).may_be(None, "three")}),
    "question": (
        {"id": "2.1", "draw": "0123456789abcdef"},
        {"id": Kind([*EXERCISE.bad, "2.2"]), "draw": DRAW},
    ),
    "own": ({"id": "2.2"}, {"id": Kind([*EXERCISE.bad, "2.1"]), "answer": ANYTHING}),
    "reveal": ({"id": "2.crossing"}, {"id": GUESS}),
    "warm_up": (
        {"lesson": 3, "answers": (1, 2, 3)},
        {"lesson": whole(2), "answers": ANYTHING},
    ),
    "hint": ({"id": "2.2"}, {"id": EXERCISE, "steps": whole(1)}),
    "picture": ({"id": "2.3"}, {"id": EXERCISE}),
    "solution": ({"id": "2.2"}, {"id": EXERCISE}),
}
SLIDER = FloatSlider(0.5)
CALLS = {
    **{f"data.{name}": how for name, how in DATA.items()},
    **{f"explorer.{name}": how for name, how in EXPLORER.items()},
    **{f"exercises.{name}": how for name, how in EXERCISES.items()},
    "data.garment.garment_photo": (
        {"path": CAT},
        {"path": Kind([*PATH.bad, "three"]), "dark_on_light": FLAG.may_be(None)},
    ),
    "explorer.sliders.Sliders": (
        {"draw": drawn, "sliders": {"a": SLIDER}, "says": "a"},
        {"draw": FUNCTION, "sliders": named({"a": 3}, {3: SLIDER}), "says": TEXT},
    ),
    "explorer.sliders.valley_figure": ({}, {"rate": real(low=0), "start": real()}),
}  # fmt: skip
WITHOUT = {
    "data.DataError": "an exception",
    "data.ImageSet": "what fashion_mnist returns",
    "exercises.Outcome": "what check returns",
    "exercises.catalogue": "takes no argument",
    "data.garment.GarmentPhoto": "what garment_photo returns",
    "explorer.sliders.valley_sliders": "takes no argument",
}
MODULES = ("data", "explorer", "exercises", "data.garment", "explorer.sliders")


def write_files():
    """Write the pictures that the calls read into the folder that is the current one."""
    from pathlib import Path

    for name in ("one", "two"):
        for copy in range(2):
            file = Path(FOLDER) / name / f"{copy}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            from PIL import Image

            Image.new("RGB", (5, 6), (copy * 9, 0, len(name) + ord(name[0]))).save(file)
