"""Judges answers that are no functions: a number, a shape, a letter. The first one counts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from coursekit.exercises import progress
from coursekit.exercises.judging.stub import is_gap
from coursekit.exercises.model import ChoiceExercise, ValueExercise
from coursekit.exercises.telling import sentences
from coursekit.exercises.telling.blocks import Block, Words
from coursekit.exercises.telling.numbers import count
from coursekit.exercises.telling.outcome import Outcome, outcome

THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
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
    said += worked(exercise)
    return outcome(exercise, "wrong", said, named, says="not this one")


def read(exercise: ValueExercise | ChoiceExercise, answer: Any) -> Any:
    """Return the answer as a number, a tuple of numbers or a letter; None where it is neither."""
    try:
        if isinstance(exercise, ChoiceExercise):
            return _letter(exercise, answer)
        value = _numbers(answer, one=not isinstance(exercise.answer, tuple))
        known = [exercise.answer, *(m.wrong for m in exercise.misconceptions.values())]
        fits = isinstance(value, tuple) == isinstance(exercise.answer, tuple)
        return value if fits or any(same(value, other) for other in known) else None
    except Exception:
        return None


def same(left: Any, right: Any) -> bool:
    """Return whether an answer is the right one: a number with a point, as far as it is written.

    Two digits that count are enough, and a part in a thousand is no difference.

    >>> same((4, 7), (4, 7)), same(0.67, 90 / 134), same(0.7, 90 / 134), same("A", "B")
    (True, True, False, False)
    """
    if isinstance(left, str) or isinstance(right, str):
        return left == right
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, tuple) or isinstance(right, tuple):
        return False
    if left == right or not isinstance(right, float):
        return left == right
    if math.isclose(left, right, rel_tol=1e-3, abs_tol=1e-9):
        return True
    places = len(f"{left!r}".partition(".")[2])
    return abs(left) * 10**places >= 10 and round(right, places) == left


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


def worked(exercise: ValueExercise | ChoiceExercise) -> tuple[Block, ...]:
    """Return the answer, and its reasons."""
    return (Words(f"The answer is {_answer(exercise)}. {exercise.reasons}"),)


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


def _numbers(answer: Any, *, one: bool) -> Any:
    """Return a number, or a tuple of several, from whatever a person may write for one.

    one: whether one number is asked for, so that "8,768" is thousands, and no pair.
    Raises ValueError or TypeError for what is neither, such as a table of numbers.
    """
    if isinstance(answer, str):
        return _from_text(answer, one)
    value = answer.tolist() if hasattr(answer, "tolist") else answer
    if isinstance(value, Iterable):
        parts = tuple(map(_number, value))
        return parts[0] if one and len(parts) == 1 else parts or None
    return _number(value)


def _number(value: Any) -> int | float:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"{value!r} is no number")
    return int(value) if float(value).is_integer() else float(value)


def _from_text(text: str, one: bool) -> Any:
    """Return the numbers in a text such as "4×7", "(4, 7)" or, where one is asked, "8,768"."""
    bare = text.strip().strip("()[]").replace("×", ",").replace("x", ",")
    if one and THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    parts = tuple(_number(float(part)) for part in bare.split(",") if part.strip())
    return parts[0] if len(parts) == 1 else parts or None


def _unreadable(exercise: ValueExercise | ChoiceExercise, answer: Any) -> str:
    if isinstance(exercise, ChoiceExercise):
        return (
            f"Answer with one of the letters {', '.join(exercise.options)}. Nothing is locked in."
        )
    example = {tuple: "a shape, such as (5, 5)", int: "a number, such as 5"}
    wanted = example.get(type(exercise.answer), "a number, such as 0.5")
    return f"Answer with {wanted}; this is {sentences.what(answer)}. Nothing is locked in."


def _listed(exercise: ValueExercise | ChoiceExercise) -> list[Block]:
    if not isinstance(exercise, ChoiceExercise):
        return []
    return [Words(", ".join(f"{letter}: {name}" for letter, name in exercise.options.items()))]


def _answer(exercise: ValueExercise | ChoiceExercise) -> str:
    if isinstance(exercise, ChoiceExercise):
        return f"{exercise.answer}, {exercise.options[exercise.answer]}"
    return show(exercise.answer)
