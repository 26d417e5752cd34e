"""Judges answers that are no functions: a number, a shape, a letter. The first one counts."""

from __future__ import annotations

from typing import Any

from coursekit.exercises import progress
from coursekit.exercises.model import ChoiceExercise, ValueExercise
from coursekit.exercises.reading import is_open, letter, numbers, same, show
from coursekit.exercises.telling import sentences
from coursekit.exercises.telling.blocks import Block, Words
from coursekit.exercises.telling.numbers import count
from coursekit.exercises.telling.outcome import Outcome, outcome

ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}


def examine(exercise: ValueExercise | ChoiceExercise, answer: Any) -> Outcome:
    """Return the outcome of an answer; nothing is recorded."""
    if is_open(answer):
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
            return letter(exercise.options, answer)
        value = numbers(answer, one=not isinstance(exercise.answer, tuple))
        known = [exercise.answer, *(m.wrong for m in exercise.misconceptions.values())]
        fits = isinstance(value, tuple) == isinstance(exercise.answer, tuple)
        return value if fits or any(same(value, other) for other in known) else None
    except Exception:
        return None


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
