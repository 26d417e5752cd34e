"""The sentences of an outcome."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from torch import Tensor

from coursekit.arguments import short
from coursekit.exercises.judging.stub import returns_something
from coursekit.exercises.judging.trials import Trial
from coursekit.exercises.model import Exercise, Explanation, FunctionExercise
from coursekit.exercises.telling.blocks import Block, Code, Fold, Words
from coursekit.exercises.telling.numbers import count, number, position, shape, unlike
from coursekit.exercises.telling.outcome import Outcome, outcome

INTRODUCTION = {
    "raised": "The smallest input that raises it:",
    "changed": "The smallest input on which it happens:",
    "type": "The smallest input on which it happens:",
}
SHOWS_IT = "The smallest input that shows it:"
HUNG = (
    "It had not returned after a few seconds and was stopped: is there a loop whose condition "
    "stays true? It was working on:"
)
STILL_RUNNING = "It cannot be interrupted and is still busy; restart the kernel to be rid of it."
TOO_SLOW = "Your function is too slow to be tried: one small input takes more than a second."
FLAKY = (
    "It gives different results for the same input. Does it use random numbers, or keep "
    "something from one call to the next, such as a global variable or a default argument?"
)
NOTES = {
    "list": "You return a list with the right numbers; the lesson goes on with tensors.",
    "array": "You return a NumPy array with the right numbers; the lesson goes on with tensors.",
}


def unattempted(exercise: Exercise, question: Sequence[Block] = ()) -> Outcome:
    """Return the outcome of an untouched exercise."""
    said = (
        f"About {count(exercise.minutes, 'minute')}. Replace the three dots and run the cell again."
    )
    return stuck(exercise, "unattempted", [*question, Words(said)])


def stuck(
    exercise: Exercise, status: str, blocks: Sequence[Block], named: tuple[str, ...] = ()
) -> Outcome:
    """Return an outcome that ends with the way to the hints."""
    plain = (Words(f'Stuck? hint("{exercise.id}")'),)
    folded = folded_hints(exercise)
    return outcome(exercise, status, blocks, named, plain=plain, folded=folded)


def folded_hints(exercise: Exercise) -> tuple[Block, ...]:
    """Return the hints one inside the other, so that each has to be opened."""
    folds: tuple[Block, ...] = ()
    many = len(exercise.hints)
    for step in range(many, 0, -1):
        summary = f"Hint {step} of {many}"
        folds = (Fold(summary, (Words(exercise.hints[step - 1]), *folds)),)
    return folds


def correct(exercise: FunctionExercise, trials: Sequence[Trial], planned: int) -> Outcome:
    """Return the outcome of a correct answer."""
    said = f"It agrees with the solution on all {len(trials)} inputs of the test"
    searched = "." if len(trials) < planned else ", and a search found no other where it does not."
    blocks: list[Block] = [Words(said + searched)]
    kinds = {trial.got.kind for trial in trials} if exercise.harness is None else set()
    blocks += [Words(note) for kind, note in NOTES.items() if kind in kinds]
    if len(trials) < planned:
        blocks.append(Words(f"It is slow: {planned} inputs were planned."))
    plain = (Words(f'To compare with ours: solution("{exercise.id}")'),)
    fold = Fold("Our solution, and why", (Code(exercise.solution), Words(exercise.reasons)))
    return outcome(exercise, "correct", blocks, plain=plain, folded=(fold,))


def not_a_function(exercise: FunctionExercise, answer: Any) -> str:
    """Return what to say to an answer that cannot be called."""
    return (
        f"check wants the function itself, and got an object of type {type(answer).__name__}. "
        f'Write check("{exercise.id}", {exercise.name}), without parentheses after the name.'
    )


def other_arguments(exercise: FunctionExercise, signature: inspect.Signature) -> str:
    """Return what to say to a function with other arguments."""
    wanted = ", ".join(exercise.arguments)
    given = ", ".join(signature.parameters)
    takes = f"takes ({given})" if given else "takes no argument"
    return f"{exercise.name} is called with ({wanted}), and your function {takes}."


def changed(exercise: FunctionExercise, trial: Trial) -> str:
    """Return what to say to an answer that writes into its arguments."""
    places = trial.call.changed
    names = [exercise.shown[i] for i in places]
    first = trial.args[places[0]]
    copied = f"{names[0]}.clone()" if isinstance(first, Tensor) else f"{names[0]}.copy()"
    if all(getattr(trial.call.after[i], "requires_grad", False) for i in places):
        return (
            f"It makes autograd follow {' and '.join(names)} itself, and whoever calls it goes on "
            f"with that tensor: work on a copy, such as {copied}."
        )
    return (
        f"It changes {' and '.join(names)} in place. Whoever calls it still needs the old values: "
        f"work on a copy, such as {copied}."
    )


def nothing(answer: Any, printed: str) -> list[Block]:
    """Return what to say to an answer that returns None on every input."""
    if printed.strip():
        said = "It prints its result and returns None. Return it: no code can use what is printed."
        return [Words(said), Words("On the first input it printed:"), Code(printed.strip())]
    if not returns_something(answer):
        return [Words("It returned None: is the return statement missing?")]
    said = "It returned None: what stands after `return` was None."
    names = getattr(getattr(answer, "__code__", None), "co_names", ())
    if "print" in names:
        said += " print() shows a value and returns None."
    if "grad" in names:
        said += " A tensor's .grad is None until backward() is called on what was made from it."
    return [Words(said)]


def explanation(exercise: FunctionExercise, trial: Trial) -> Explanation | None:
    """Return how the first wrong cell comes about, where the exercise can tell."""
    found = trial.difference
    if exercise.explain is None or found is None or found.kind not in ("value", "nan"):
        return None
    return exercise.explain(found.index, *trial.args)


def difference(
    exercise: FunctionExercise, trial: Trial, how: Explanation | None, whose: str = "yours"
) -> list[Block]:
    """Return where the result first differs, and the arithmetic of that cell.

    whose: "yours", or of which program the result is.
    """
    found, got, wanted = trial.difference, trial.got.tensor, trial.expected.tensor
    if found is None or got is None or wanted is None:
        return []
    if found.kind == "shape":
        return [Words(shapes(exercise, trial, whose))]
    said = how.arithmetic if how else f"expected is {number(wanted[found.index])}"
    returned = exercise.harness is None and whose == "yours"
    yours = "you returned" if returned else f"{whose} is"
    line = f"{said}, but {yours} {unlike(got[found.index], wanted[found.index])}."
    many = int(wanted.numel())
    where = f"First difference at {position(found.index)}:" if many > 1 else "The one number:"
    blocks: list[Block] = [Words(where, line)]
    if found.kind == "nan":
        why = (
            "NaN and ∞ come from dividing by 0, from the root of a negative number, or from "
            "powers too large for a float32."
        )
        blocks.append(Words(why))
    return blocks


def shapes(exercise: FunctionExercise, trial: Trial, whose: str = "yours") -> str:
    """Return what to say about a result of the wrong shape."""
    wanted, got = trial.expected.tensor, trial.got.tensor
    if wanted.numel() == 1 == got.numel():
        same = "The number is right, but its" if wanted.item() == got.item() else "The"
        said = f"{same} shape is {tuple(got.shape)}, not {tuple(wanted.shape)}."
    elif got.numel() == 0:
        said = f"The result should be {shape(wanted.shape)}, and {whose} is empty."
    elif got.ndim == 0:
        said = f"The result should be {shape(wanted.shape)}, and {whose} is a single number."
    else:
        said = f"The result should be {shape(wanted.shape)}, and {whose} is {shape(got.shape)}."
    why = exercise.explain_shape(*trial.args) if exercise.explain_shape else ""
    return f"{said} {why}".strip()


def what(answer: Any) -> str:
    """Return in a few words what an answer is that is none: never its numbers, of any length.

    >>> what((1, 2)), what("B")
    ('2 things in a tuple', "the text 'B'")
    """
    try:
        return _what(answer)
    except Exception:  # an object of the learner's own may refuse to be looked at
        return f"of type {type(answer).__name__}"


def _what(answer: Any) -> str:
    if hasattr(answer, "shape") and hasattr(answer, "tolist"):
        return f"a tensor or array of shape {tuple(answer.shape)}"
    if isinstance(answer, list | tuple):
        return f"{count(len(answer), 'thing')} in a {type(answer).__name__}"
    if isinstance(answer, str):
        return f"the text {short(answer, width=20)}"
    return f"of type {type(answer).__name__}"


def diagnosis(exercise: Exercise, named: Sequence[str], lead: str = "This is") -> str:
    """Return the misconceptions that the answer behaves like, each with its sentence."""
    known = exercise.misconceptions
    either = "either " if len(named) > 1 else ""
    said = [f"{lead} what {either}{' or '.join(named)} would give."]
    return " ".join(said + [known[name].teaches for name in named])
