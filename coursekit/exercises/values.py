"""Judges answers that are no functions: a number, a shape, a letter. The first one counts."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from coursekit.exercises import progress
from coursekit.exercises.judging.stub import is_gap
from coursekit.exercises.model import ChoiceExercise, ValueExercise
from coursekit.exercises.telling import sentences
from coursekit.exercises.telling.blocks import Block, Words
from coursekit.exercises.telling.numbers import count
from coursekit.exercises.telling.outcome import Outcome, outcome

ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}


def examine(exercise: ValueExercise | ChoiceExercise, answer: Any) -> Outcome:
    """Return the outcome of an answer; nothing is recorded."""
    if is_gap(answer) or (isinstance(answer, str) and not answer.strip(". ")):
        return sentences.unattempted(exercise, [Words(exercise.question), *_listed(exercise)])
    value = read(exercise, answer)
    if value is None:
        return outcome(exercise, "not comparable", [Words(_unreadable(exercise, answer))])
    said: list[Block] = [Words(f"Locked in: {show(value)}.")]
    if same(value, exercise.answer):
        return outcome(exercise, "correct", [*said, Words(exercise.reasons)])
    named = tuple(
        name for name, known in exercise.misconceptions.items() if same(value, known.wrong)
    )
    said += [_diagnosis(exercise, value, name) for name in named] or _partly(exercise, value)
    said += [Words(f"The answer is {_answer(exercise)}. {exercise.reasons}")]
    return outcome(exercise, "wrong", said, named, says="not this one")


def read(exercise: ValueExercise | ChoiceExercise, answer: Any) -> Any:
    """Return the answer as a number, a tuple of numbers or a letter; None where it is neither."""
    try:
        if isinstance(exercise, ChoiceExercise):
            return _letter(exercise, answer)
        value = _plain(answer)
        known = [exercise.answer, *(m.wrong for m in exercise.misconceptions.values())]
        fits = type(value) is tuple or not isinstance(exercise.answer, tuple)
        return value if fits or any(same(value, other) for other in known) else None
    except Exception:
        return None


def same(left: Any, right: Any) -> bool:
    """Return whether two answers are the same; numbers with points up to one part in a thousand.

    >>> same((4, 7), (4, 7)), same(0.3333, 1 / 3), same("A", "B")
    (True, True, False)
    """
    if isinstance(left, str) or isinstance(right, str):
        return left == right
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, tuple) or isinstance(right, tuple):
        return False
    return left == right or (
        isinstance(right, float) and math.isclose(left, right, rel_tol=1e-3, abs_tol=1e-9)
    )


def show(value: Any) -> str:
    """Return an answer as it is shown and recorded.

    >>> show((4, 7)), show(3.0), show("B")
    ('(4, 7)', '3', 'B')
    """
    if isinstance(value, tuple):
        return f"({', '.join(map(show, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.6g}"
    return str(value)


def tries(exercise: ValueExercise | ChoiceExercise, answer: Any) -> tuple[str, list[Block]]:
    """Return the answer as it is recorded, and what there is to say about earlier ones."""
    shown = show(read(exercise, answer))
    before = progress.locked(exercise.id)
    if not before or shown == before[0]:
        return shown, []
    nth = before.index(shown) + 1 if shown in before else len(before) + 1
    which = ORDINALS.get(nth, f"{nth}th")
    said = f"This is your {which} try; your first answer was {before[0]}, and it stays on record."
    return shown, [Words(said)]


def _letter(exercise: ChoiceExercise, answer: Any) -> str | None:
    """Return the letter, from the letter itself or from the name of its option."""
    said = answer.strip().strip("().").lower() if isinstance(answer, str) else ""
    names = {name.lower(): letter for letter, name in exercise.options.items()}
    letters = {letter.lower(): letter for letter in exercise.options}
    return {**names, **letters}.get(said)


def _partly(exercise: ValueExercise | ChoiceExercise, value: Any) -> list[Block]:
    """Return which parts of an unknown shape are right."""
    wanted = exercise.answer
    if not isinstance(wanted, tuple) or not isinstance(value, tuple):
        return []
    if len(wanted) != len(value):
        many = f"{count(len(value), 'number')}, and the shape has {len(wanted)}"
        return [Words(f"That is {many}.")]
    right = [i for i, pair in enumerate(zip(wanted, value, strict=True)) if same(*pair)]
    parts = " and ".join(f"the {value[i]} in position {i}" for i in right)
    return [Words(f"Right so far: {parts}.")] if right else []


def _diagnosis(exercise: ValueExercise | ChoiceExercise, value: Any, name: str) -> Words:
    known = exercise.options[value] if isinstance(exercise, ChoiceExercise) else name
    said = f"{show(value)} is {known}. {exercise.misconceptions[name].teaches}"
    return Words(said, strong=(known,))


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, bool | str | bytes):
        value = _from_text(value) if isinstance(value, str) else None
    if isinstance(value, Iterable):
        parts = tuple(_plain(part) for part in value)
        return None if None in parts or not parts else parts
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


def _from_text(text: str) -> Any:
    """Return the numbers in a text such as "4×7" or "(4, 7)"."""
    parts = text.strip().strip("()[]").replace("×", ",").replace("x", ",").split(",")
    numbers = tuple(float(part) for part in parts if part.strip())
    return numbers[0] if len(numbers) == 1 else numbers or None


def _unreadable(exercise: ValueExercise | ChoiceExercise, answer: Any) -> str:
    if isinstance(exercise, ChoiceExercise):
        return (
            f"Answer with one of the letters {', '.join(exercise.options)}. Nothing is locked in."
        )
    example = {tuple: "a shape, such as (5, 5)", int: "a number, such as 5"}
    wanted = example.get(type(exercise.answer), "a number, such as 0.5")
    return f"Answer with {wanted}; this is of type {type(answer).__name__}. Nothing is locked in."


def _listed(exercise: ValueExercise | ChoiceExercise) -> list[Block]:
    if not isinstance(exercise, ChoiceExercise):
        return []
    return [Words(", ".join(f"{letter}: {name}" for letter, name in exercise.options.items()))]


def _answer(exercise: ValueExercise | ChoiceExercise) -> str:
    if isinstance(exercise, ChoiceExercise):
        return f"{exercise.answer}, {exercise.options[exercise.answer]}"
    return show(exercise.answer)
