"""What comes back from a check: a page of blocks, and the verdict that it tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coursekit.exercises.telling import html, text
from coursekit.exercises.telling.blocks import Block, Words

if TYPE_CHECKING:
    from coursekit.exercises.model import Exercise

VERDICT = "application/vnd.coursekit.verdict+json"  # among a cell's outputs, for the classroom
HEADLINES = {
    "unattempted": ("…", "not attempted yet"),
    "correct": ("✓", "correct"),
    "wrong": ("✗", "not yet"),
    "raised": ("!", "stopped by an error"),
    "not comparable": ("?", "cannot be compared yet"),
}


@dataclass(frozen=True, repr=False, kw_only=True)
class Page:
    """Words and drawings under a headline.

    blocks: shown in text and in HTML.
    plain: shown in text only, after them.
    folded: shown in HTML only, after them, folded.
    """

    headline: str
    sign: str = ""
    blocks: tuple[Block, ...] = ()
    plain: tuple[Block, ...] = ()
    folded: tuple[Block, ...] = ()

    def __str__(self) -> str:
        return text.render(self.headline, (*self.blocks, *self.plain))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html.render(self.headline, (*self.blocks, *self.folded), sign=self.sign)


@dataclass(frozen=True, repr=False, kw_only=True)
class Outcome(Page):
    """What `check` says about an answer.

    status: "unattempted", "correct", "wrong", "raised" or "not comparable".
    misconceptions: the names of the misconceptions that the answer behaves like.
    variant: where the numbers are a learner's own, a mark of whose; it tells no name.
    mistaken_id: whether the notebook asked with another learner's.
    """

    exercise: str
    status: str
    misconceptions: tuple[str, ...] = ()
    variant: str = ""
    mistaken_id: bool = False

    @property
    def verdict(self) -> dict[str, str | bool | list[str]]:
        """What was found, as data: exercise, status and misconceptions, and nobody's name."""
        named = list(self.misconceptions)
        found = {"exercise": self.exercise, "status": self.status, "misconceptions": named}
        if self.variant:
            found |= {"variant": self.variant}
        return found | ({"mistaken id": True} if self.mistaken_id else {})

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        """Return the verdict; IPython adds text and HTML."""
        return {VERDICT: self.verdict}

    @property
    def message(self) -> str:
        """The headline and the first thing said, in one line."""
        first = next((block.text for block in self.blocks if isinstance(block, Words)), "")
        return f"{self.headline}. {first}".strip()

    @property
    def misconception(self) -> str | None:
        """The misconception that the answer behaves like, "a or b" where two do, or None."""
        return " or ".join(self.misconceptions) or None


def headline(exercise: Exercise, words: str) -> str:
    """Return the exercise's id and title, and what there is to say."""
    colon = " –" if exercise.title.endswith("?") else ":"
    return f"{exercise.id} {exercise.title}{colon} {words}"


def outcome(
    exercise: Exercise,
    status: str,
    blocks: Iterable[Block],
    misconceptions: tuple[str, ...] = (),
    *,
    plain: tuple[Block, ...] = (),
    folded: tuple[Block, ...] = (),
    says: str = "",
) -> Outcome:
    """Return the outcome of an exercise, with the headline and the sign of its status.

    says: what the headline says in place of the usual words for that status.
    """
    sign, words = HEADLINES[status]
    return Outcome(
        headline=headline(exercise, says or words),
        sign=sign,
        blocks=tuple(blocks),
        plain=plain,
        folded=folded,
        exercise=exercise.id,
        status=status,
        misconceptions=misconceptions,
    )
