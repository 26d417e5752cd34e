"""A question's numbers drawn anew for each learner: from their id, and from what a course draws by.

A course has a hundred variants of each question, all different and none ambiguous; an id picks one.
The same id, in the same course, has the same one at home, in the release and when it is graded.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import combinations
from random import Random
from typing import Any

from coursekit.arguments import short, text
from coursekit.exercises import registry
from coursekit.exercises.model import Exercise, Misconception, ValueExercise
from coursekit.exercises.reading import numbers, same
from coursekit.exercises.telling.blocks import Block, Code, Words
from coursekit.exercises.telling.outcome import Outcome
from coursekit.exercises.whose import plain

__all__ = [
    "ANOTHER",
    "asked",
    "has_variants",
    "is_ambiguous",
    "known",
    "mark",
    "question",
    "told",
    "variant",
    "variants",
]

DRAW = re.compile(r"[0-9a-f]{16}")
VARIANTS = 100  # of a question, in a course
TRIES = 100 * VARIANTS  # draws in which they are to turn up
RARE = 3  # variants that may share an answer, for it to tell of another learner's question
ANOTHER = "the answer to another learner's question"

_asked: dict[str, ValueExercise] = {}  # id -> what this notebook has asked


def has_variants(exercise: Exercise) -> bool:
    """Return whether an exercise can be asked with numbers of a learner's own."""
    return isinstance(exercise, ValueExercise) and exercise.vary is not None


def variants(id: str, draw: str) -> tuple[ValueExercise, ...]:
    """Return all variants of an exercise in the course that draws by `draw`, 16 hexadecimal digits.

    Raises ValueError where `draw` is something else, or the exercise has no variants, or too few.
    """
    if not DRAW.fullmatch(text("draw", draw)):
        raise ValueError(
            f"draw is {short(draw)}; expected the 16 hexadecimal digits that stand in the "
            "assignment as it was released"
        )
    if not has_variants(registry.exercise(id)):
        raise ValueError(f"id is {id!r}, an exercise without variants; expected one of {_known()}")
    return _drawn(id, draw)


@cache
def _drawn(id: str, draw: str) -> tuple[ValueExercise, ...]:
    vary = registry.exercise(id).vary
    random, found = Random(f"{draw} {id}"), {}
    for _ in range(TRIES):
        drawn = vary(random)
        if not is_ambiguous(drawn):
            found.setdefault((drawn.question, drawn.shown), drawn)
        if len(found) == VARIANTS:
            return tuple(found.values())
    raise ValueError(f"exercise {id} has only {len(found)} variants; expected {VARIANTS}")


def variant(id: str, draw: str, learner: str) -> ValueExercise:
    """Return the exercise with this learner's numbers. Raises ValueError as `variants` does."""
    known = variants(id, draw)
    return known[int.from_bytes(_digest(id, draw, learner)[:8], "big") % len(known)]


def mark(id: str, draw: str, learner: str) -> str:
    """Return what tells one learner's verdict from another's, and tells nobody's name."""
    return _digest(id, draw, learner)[8:16].hex()


def question(exercise: ValueExercise) -> tuple[Block, ...]:
    """Return what is asked; remember it, so that the hints are those of these numbers."""
    _asked[exercise.id] = exercise
    said = Words(exercise.question)
    return (said, Code(exercise.shown)) if exercise.shown else (said,)


def asked(id: str) -> ValueExercise | None:
    """Return the variant that this notebook has asked for last, or None."""
    return _asked.get(id)


def told(found: Outcome, drawn: ValueExercise, answer: Any, draw: str, learner: str) -> Outcome:
    """Return the outcome of a variant, with the question, and names that all variants share."""
    names = dict(zip(drawn.misconceptions, registry.exercise(drawn.id).misconceptions, strict=True))
    named, said = tuple(names[name] for name in found.misconceptions), list(found.blocks)
    if found.status == "wrong" and not named and (many := _elsewhere(drawn, answer, draw)):
        named = (ANOTHER,) if many <= RARE else ()
        said.insert(1, _right_elsewhere(rare=bool(named)))
    return replace(
        found,
        blocks=(*_led_by(question(drawn)), *said),
        misconceptions=named,
        variant=mark(drawn.id, draw, learner),
    )


def is_ambiguous(exercise: ValueExercise) -> bool:
    """Return whether two of its values, the right one among them, cannot be told apart."""
    values = [exercise.answer, *(known.wrong for known in exercise.misconceptions.values())]
    return any(_alike(*pair) for pair in combinations(values, 2))


def known(exercise: Exercise) -> dict[str, Misconception]:
    """Return the misconceptions that a verdict may name: with variants, one more than the bank."""
    found = dict(exercise.misconceptions)
    if has_variants(exercise):
        found[ANOTHER] = Misconception(None, "Each learner has other numbers, and another answer.")
    return found


def _elsewhere(drawn: ValueExercise, answer: Any, draw: str) -> int:
    """Return for how many variants of the course an answer is right."""
    value = numbers(answer, one=not isinstance(drawn.answer, tuple))
    return sum(same(value, other.answer) for other in variants(drawn.id, draw))


def _right_elsewhere(*, rare: bool) -> Words:
    """Return what there is to say; an answer to many questions tells of none in particular."""
    if rare:
        return Words(f"That is {ANOTHER}, with other numbers than yours.", strong=(ANOTHER,))
    return Words("With other numbers than yours that can be right.")


def _led_by(blocks: Iterable[Block]) -> Iterable[Block]:
    first, *rest = blocks
    return (replace(first, text=f"Your question: {first.text}"), *rest)


def _alike(one: Any, other: Any) -> bool:
    """Return whether what a person writes for one of them may be taken for the other."""
    if not _has_point(one) and not _has_point(other):
        return one == other
    brief = (float(f"{value:.2g}") if isinstance(value, float) else value for value in (one, other))
    pairs = ((one, other), tuple(brief))
    return any(same(a, b) or same(b, a) for a, b in pairs)


def _has_point(value: Any) -> bool:
    return any(isinstance(part, float) for part in (value if isinstance(value, tuple) else [value]))


def _digest(id: str, draw: str, learner: str) -> bytes:
    return hmac.new(draw.encode(), f"{id} {plain(learner)}".encode(), hashlib.sha256).digest()


def _known() -> str:
    return ", ".join(e.id for e in registry.catalogue() if has_variants(e))
