"""What comes back from a check: words and drawings, shown as text or as HTML."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch

from coursekit.exercises.model import Index

HEADLINES = {
    "unattempted": "not attempted yet",
    "correct": "correct",
    "wrong": "not yet",
    "raised": "stopped by an error",
    "not comparable": "cannot be compared yet",
}


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Code:
    """Lines of code, or what was printed."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A tensor of up to two axes, with some cells marked.

    size: the shape of the whole, where only a part is drawn.
    window: cells that take part in the arithmetic.
    wrong: the first cell that differs.
    signed: draw + and − before every number.
    """

    label: str
    tensor: torch.Tensor
    size: tuple[int, ...] = ()
    window: frozenset[Index] = frozenset()
    wrong: Index | None = None
    signed: bool = False
    note: str = ""


@dataclass(frozen=True)
class Drawing:
    """Grids side by side."""

    grids: tuple[Grid, ...]


@dataclass(frozen=True)
class Fold:
    """What is folded in HTML and left out of text."""

    summary: str
    blocks: tuple[Block, ...]


Block = Words | Code | Drawing | Fold


@dataclass(frozen=True, repr=False)
class Outcome:
    """What `check` says about an answer.

    status: "unattempted", "correct", "wrong", "raised" or "not comparable".
    message: the headline and the first thing said, in one line.
    misconceptions: the names of the misconceptions that the answer behaves like.
    """

    status: str
    exercise: str
    title: str
    blocks: tuple[Block, ...] = ()
    misconceptions: tuple[str, ...] = ()
    folded: tuple[Block, ...] = field(default=(), compare=False)

    @property
    def headline(self) -> str:
        """The exercise and the status."""
        return f"{self.exercise} {self.title}: {HEADLINES[self.status]}"

    @property
    def message(self) -> str:
        """The headline and the first thing said."""
        first = next((block.text for block in self.blocks if isinstance(block, Words)), "")
        return f"{self.headline}. {first}".strip()

    @property
    def misconception(self) -> str | None:
        """The misconception that the answer behaves like, "a or b" where two do, or None."""
        return " or ".join(self.misconceptions) or None

    def __str__(self) -> str:
        from coursekit.exercises.text import render

        return render(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from coursekit.exercises.html import render

        return render(self)
