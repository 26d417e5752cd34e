"""The front page: what the course is, a guess and a window to try, the lessons, how to start."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from nbformat import NotebookNode
from torch.nn import functional

from coursekit import data, figures, kernels
from coursekit.authoring.lesson import Lesson
from coursekit.authoring.site import explorers, markup, questions
from coursekit.authoring.site.pictures import Shelf
from coursekit.exercises import catalogue, examine, registry
from coursekit.explorer import Explorer
from coursekit.explorer.page import STATE, stored
from coursekit.figures import LessonFigure
from coursekit.machine.template import filled

__all__ = ["Card", "card", "front_page"]

HERE = Path(__file__).parent
TITLE = re.compile(r"# (.+)")
TIME = re.compile(r"Time \| (\d+) minutes")
# The picture that stands for a lesson, by the name of its cell; else it is the lesson's first.
PICTURED = {
    1: "two-clouds", 2: "one-window", 3: "floor-plan", 4: "way-home-moving", 5: "colour-filters",
    6: "kernels", 7: "cam-figure",
}  # fmt: skip
PICTURE = torch.tensor(
    [[1.0, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
)
KERNEL = torch.tensor([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]])
QUESTION = (
    "Lay the kernel on the bottom left corner of the input, on rows 2 to 4 and columns 0 to 2. "
    "Multiply the numbers that lie on each other, and add up. What is the sum?"
)
TRIED, FLIPPED = "2.2", "a flipped kernel"


@dataclass(frozen=True)
class Card:
    """A lesson on the front page."""

    number: int
    page: str
    title: str
    asks: str
    minutes: str
    picture: str


def card(lesson: Lesson, page: str, notebook: NotebookNode, shelf: Shelf) -> Card:
    """Return the lesson's card, its picture kept on the shelf."""
    first = notebook.cells[0].source
    title, time = TITLE.match(first), TIME.search(first)
    asks = first.split("\n\n")[1].replace("\n", " ")
    picture = shelf.keep(
        f"card-{lesson.number}", _picture(notebook, PICTURED.get(lesson.number, ""))
    )
    return Card(
        lesson.number,
        page,
        title[1] if title else lesson.name,
        asks,
        time[1] if time else "",
        picture,
    )


def front_page(cards: Sequence[Card], shelf: Shelf, toctrees: str) -> str:
    """Return the page, in MyST's Markdown; the picture of its question is one of the shelf's."""
    known = catalogue()[[exercise.id for exercise in catalogue()].index(TRIED)]
    outcome = examine(TRIED, known.misconceptions[FLIPPED].wrong)
    parts = {
        "GUESS": markup.raw(_asked(shelf)),
        "WINDOW": markup.raw(_window(shelf)),
        "OUTCOME": markup.raw(f'<div class="shown scroller">{outcome._repr_html_()}</div>'),
        "CARDS": markup.raw(_cards(cards)),
        "PROGRAM": markup.raw(explorers.program()),
        "CONTENTS": toctrees,
    }
    return filled(HERE / "front.md", parts)


def _cards(cards: Sequence[Card]) -> str:
    known = catalogue()
    many = {c.number: sum(exercise.lesson == c.number for exercise in known) for c in cards}
    return f'<ol class="cards">{"".join(_card(c, many) for c in cards)}</ol>'


def _card(card: Card, many: Mapping[int, int]) -> str:
    return (
        f'<li><a href="{card.page}.html"><img src="{card.picture}" alt="">'
        f"<strong>{card.number}. {markup.escaped(card.title)}</strong>"
        f"<span>{markup.escaped(card.asks)}</span>"
        f"<small>{card.minutes} minutes, {many[card.number]} exercises</small></a></li>"
    )


def _asked(shelf: Shelf) -> str:
    """Return a picture, a question about it that lesson 2 asks, and the form for its answer."""
    picture = figures.matrices(
        {"input 5×5": PICTURE, "kernel 3×3": KERNEL},
        says="an input of zeros and ones, and a kernel with ones in its corners and its middle.",
        kinds=["gray", "signed"],
    )
    image = shelf.image("front-question", picture.png(), _shown(picture))
    return f"{image}<p>{QUESTION}</p>{questions.guessed(registry.guess('2.first-sum'))}"


def _shown(figure: LessonFigure) -> dict[str, object]:
    return figure._repr_mimebundle_()[1]["image/png"]


def _window(shelf: Shelf) -> str:
    small = functional.avg_pool2d(data.photograph()[None, None], 5)[0]  # (1, 32, 32)
    hidden = ("mode", "stride", "padding", "dilation", "draw", "predict", "size")
    explorer = Explorer(small, kernels.kernel("sobel x"), cursor=(11, 8), hide=hidden)
    still = explorer.still()
    image = shelf.image("front-window", still.png(), _shown(still))
    return explorers.window(stored({name: getattr(explorer, name) for name in STATE}), image)


def _picture(notebook: NotebookNode, name: str) -> bytes:
    pictured = [
        (cell.id == name, output.data["image/png"])
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    return base64.b64decode(max(pictured, key=lambda one: one[0])[1])
