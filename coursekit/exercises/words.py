"""The sentences of an outcome."""

from __future__ import annotations

import inspect
import linecache
import re
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from coursekit.exercises.model import Exercise, Explanation, FunctionExercise
from coursekit.exercises.numbers import count, number, position, shape
from coursekit.exercises.outcome import Block, Code, Fold, Outcome, Words
from coursekit.exercises.search import Trial

INTRODUCTION = {
    "value": "The smallest input that shows it:",
    "nan": "The smallest input that shows it:",
    "shape": "The smallest input that shows it:",
    "raised": "The smallest input that raises it:",
    "changed": "The smallest input on which it happens:",
    "type": "The smallest input on which it happens:",
}
HUNG = (
    "It did not return and was stopped after a few seconds: is there a loop whose condition "
    "never becomes false? It was working on:"
)
STILL_RUNNING = "It is still busy in the background; restart the kernel to be rid of it."
SLOW_BEFORE_ANY = "It was too slow to be tried on even one input."
FLAKY = (
    "It gives different results for the same input. Does it use random numbers, or keep "
    "something from one call to the next, such as a global variable or a default argument?"
)


def unattempted(exercise: Exercise) -> Outcome:
    """The outcome of an untouched exercise."""
    said = f"About {count(exercise.minutes, 'minute')}. Replace the `...` and run the cell again."
    blocks = (Words(said), invitation(exercise))
    return Outcome("unattempted", exercise.id, exercise.title, blocks)


def invitation(exercise: Exercise) -> Words:
    """Where to go from here."""
    return Words(f'Stuck? hint("{exercise.id}")')


def correct(exercise: FunctionExercise, trials: Sequence[Trial], slow: bool) -> Outcome:
    """The outcome of a correct answer."""
    blocks: list[Block] = [Words(f"It agrees with the solution on all {len(trials)} inputs tried.")]
    kinds = {trial.got.kind for trial in trials}
    if note := next((NOTES[kind] for kind in ("list", "array") if kind in kinds), ""):
        blocks.append(Words(note))
    if slow:
        blocks.append(Words("It takes its time: more inputs were planned than could be tried."))
    blocks.append(Words(f'To compare with ours: solution("{exercise.id}")'))
    fold = Fold("Our solution, and why", (Code(exercise.solution), Words(exercise.reasons)))
    return Outcome("correct", exercise.id, exercise.title, tuple(blocks), folded=(fold,))


NOTES = {
    "list": "You return a list with the right numbers; the lesson goes on with tensors.",
    "array": "You return a NumPy array with the right numbers; the lesson goes on with tensors.",
}


def untouched(trial: Trial) -> bool:
    """Whether the call says that the exercise is not done: NotImplementedError or `...`."""
    return trial.call.value is ... or isinstance(trial.call.error, NotImplementedError)


def flaky(trials: Sequence[Trial], again: Sequence[Trial]) -> bool:
    """Whether a second call on the same input went differently."""
    from coursekit.exercises.diagnose import alike

    first = {id(trial.args): trial for trial in trials}
    return not all(alike(first[id(trial.args)], trial) for trial in again)


def not_a_function(exercise: FunctionExercise, answer: Any) -> str:
    """What to say to an answer that cannot be called."""
    return (
        f"check wants the function itself, and got an object of type {type(answer).__name__}. "
        f'Write check("{exercise.id}", {exercise.name}), without parentheses after the name.'
    )


def other_arguments(exercise: FunctionExercise, signature: inspect.Signature) -> str:
    """What to say to a function with other arguments."""
    wanted = ", ".join(exercise.arguments)
    given = ", ".join(signature.parameters) or "none"
    return f"{exercise.name} is called with ({wanted}); your function takes: {given}."


def changed(exercise: FunctionExercise, trial: Trial) -> str:
    """What to say to an answer that writes into its arguments."""
    names = " and ".join(exercise.arguments[i] for i in trial.call.changed)
    return (
        f"It changes {names} in place. Whoever calls it still needs {names} as it was: "
        f"work on a copy, such as {exercise.arguments[trial.call.changed[0]]}.clone()."
    )


def raised(exercise: FunctionExercise, answer: Callable[..., Any], trial: Trial) -> list[Block]:
    """The learner's own line and what went wrong there."""
    error = trial.call.error
    said = clean(f"{type(error).__name__}: {error}")
    line = learner_line(answer, error)
    blocks: list[Block] = [Words(f"Your function raised {said}")]
    return [*blocks, Code(line)] if line else blocks


def clean(message: str) -> str:
    """An error message without addresses and paths, on a few lines.

    >>> clean("bad object at 0x7f00aa in /home/me/x.py")
    'bad object at … in …'
    """
    message = re.sub(r"0x[0-9a-fA-F]+", "…", message)
    message = re.sub(r"(?<!\w)(?:[A-Za-z]:)?[/\\][\w.\-/\\]+", "…", message)
    message = " ".join(message.split())
    return message if len(message) <= 300 else message[:300] + " …"


def learner_line(answer: Callable[..., Any], error: BaseException | None) -> str:
    """The line of the learner's file or cell that raised, with its number in the function."""
    code = getattr(inspect.unwrap(answer), "__code__", None)
    if code is None or error is None:
        return ""
    frames = list(traceback.walk_tb(error.__traceback__))
    own = [(f, at) for f, at in frames if f.f_code.co_filename == code.co_filename]
    if not own:
        return ""
    frame, at = own[-1]
    source = linecache.getline(frame.f_code.co_filename, at).strip()
    name, line = frame.f_code.co_name, at - frame.f_code.co_firstlineno + 1
    return f"{source}    ← line {line} of {name}" if source else f"line {line} of {name}"


def explanation(exercise: FunctionExercise, trial: Trial) -> Explanation | None:
    """How the first wrong cell should have come about, where the exercise can tell."""
    found = trial.difference
    if exercise.explain is None or found is None or found.kind not in ("value", "nan"):
        return None
    return exercise.explain(found.index, *trial.args)


def difference(exercise: FunctionExercise, trial: Trial, how: Explanation | None) -> list[Block]:
    """Where the result first differs, and the arithmetic of that cell."""
    found, got = trial.difference, trial.got.tensor
    if found is None or got is None or trial.expected.tensor is None:
        return []
    if found.kind == "shape":
        return [Words(shapes(exercise, trial))]
    theirs = number(got[found.index])
    wanted = (
        f"{how.arithmetic}" if how else f"expected is {number(trial.expected.tensor[found.index])}"
    )
    at = position(found.index)
    where = f"First difference at {at}: " if at else ""
    said = f"{where}{wanted}, but you returned {theirs}."
    if found.kind == "nan":
        said += " NaN and ∞ come from dividing by 0, or from the root of a negative number."
    return [Words(said)]


def shapes(exercise: FunctionExercise, trial: Trial) -> str:
    """What to say about a result of the wrong shape."""
    wanted, got = trial.expected.tensor.shape, trial.got.tensor.shape
    if trial.expected.tensor.numel() == 1 == trial.got.tensor.numel():
        said = (
            f"It holds one number as it should, in shape {tuple(got)} instead of {tuple(wanted)}."
        )
    else:
        said = f"The result should be {shape(wanted)}, and yours is {shape(got)}."
    why = exercise.explain_shape(*trial.args) if exercise.explain_shape else ""
    return f"{said} {why}".strip()


def diagnosis(exercise: FunctionExercise, named: Sequence[str]) -> list[Block]:
    """The misconceptions that the answer behaves like, each with its sentence."""
    known = exercise.misconceptions
    if not named:
        return []
    if len(named) == 1:
        return [Words(f"This is what {named[0]} gives. {known[named[0]].teaches}")]
    said = [f"This is what either {' or '.join(named)} gives."]
    return [Words(" ".join(said + [known[name].teaches for name in named]))]
