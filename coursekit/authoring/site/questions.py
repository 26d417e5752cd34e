"""A question that is answered in the page: its form, and what the page knows about its answers."""

from __future__ import annotations

from collections.abc import Mapping

from coursekit.authoring.site.markup import data, escaped, sentence_case
from coursekit.exercises import examine
from coursekit.exercises.guessing import wanted
from coursekit.exercises.model import ChoiceExercise, Guess, ValueExercise
from coursekit.exercises.warming import first_met

__all__ = ["asked", "guessed", "knowledge", "warming_up"]


def guessed(question: Guess, you: str = "You guessed") -> str:
    """Return the form for a guess; `site.js` opens what follows it when it is answered.

    you: how the sentence on the guess begins.
    """
    return _form(question.id, question.options, wanted(question), knowledge(question, you))


def warming_up(lesson: int) -> str:
    """Return forms for the questions with which a lesson begins, as a new learner meets them."""
    rows = "".join(
        f"<li><p>{escaped(question.asks)}</p>{guessed(question, 'You say')}</li>"
        for question in first_met(lesson)
    )
    return f'<ol class="warm-up">{rows}</ol>'


def asked(exercise: ValueExercise | ChoiceExercise) -> str:
    """Return the form for an exercise whose answer is a number, a shape or a letter."""
    options = exercise.options if isinstance(exercise, ChoiceExercise) else {}
    as_guess = Guess(id=exercise.id, answer=exercise.answer, because="", options=options)
    known = [exercise.answer, *(known.wrong for known in exercise.misconceptions.values())]
    told = {
        "kind": _kind(as_guess),
        "outcomes": [[value, examine(exercise.id, value)._repr_html_()] for value in known],
    }
    return _form(exercise.id, options, wanted(as_guess), told)


def knowledge(question: Guess, you: str = "You guessed") -> dict[str, object]:
    """Return what the page needs to judge a guess as `reveal` does, as data."""
    return {
        "kind": _kind(question),
        "you": you,
        "wanted": wanted(question),
        "answer": question.answer,
        "because": question.because,
        "options": dict(question.options),
        "near": question.near,
        "share": question.share,
        "slips": [[value, said] for value, said in question.slips.items()],
    }


def _kind(question: Guess) -> str:
    if question.options:
        return "letter"
    return "numbers" if isinstance(question.answer, tuple) else "number"


def _form(id: str, options: Mapping[str, str], wants: str, known: Mapping[str, object]) -> str:
    name = f"guess-{id.replace('.', '-')}"
    field = _letters(name, options) if options else _typed(name, wants)
    return (
        f'<form class="guess" data-guess="{id}" autocomplete="off">{field}'
        '<button type="submit">Answer</button><div class="told" role="status"></div>'
        f"{data(known)}</form>"
    )


def _typed(name: str, wants: str) -> str:
    return (
        f'<label for="{name}">Your answer: {escaped(wants)}</label>'
        f'<input id="{name}" name="answer" type="text" spellcheck="false">'
    )


def _letters(name: str, options: Mapping[str, str]) -> str:
    rows = "".join(
        f'<label><input type="radio" name="answer" value="{letter}" id="{name}-{letter}"> '
        f"<strong>{letter}</strong> {escaped(sentence_case(said))}</label>"
        for letter, said in options.items()
    )
    return f"<fieldset><legend>Your answer</legend>{rows}</fieldset>"
