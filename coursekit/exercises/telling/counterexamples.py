"""What is said about an input that is to expose a program's bug."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from torch import Tensor

from coursekit.exercises.judging.arguments import AT_MOST, UnfitError
from coursekit.exercises.judging.trials import Args, Trial, size
from coursekit.exercises.model import CounterexampleExercise
from coursekit.exercises.telling import sentences
from coursekit.exercises.telling.blocks import Block, Drawing, Fold, Words
from coursekit.exercises.telling.errors import clean, meaning
from coursekit.exercises.telling.grids import arguments, draw, grids_of
from coursekit.exercises.telling.numbers import count
from coursekit.exercises.telling.outcome import Outcome, outcome

PROGRAM = "the program's"
BOTH = "On this input the program gives what is right, so nothing is exposed yet:"
UNFIT = {
    "kind": "{name} has to be {wanted}; here it is {given}.",
    "axes": "{name} has to be {wanted}; here it is {given}.",
    "empty": "{name} is empty; nothing can go wrong with no numbers.",
    "infinite": "{name} holds ∞ or NaN, or what is too large for a float32.",
    "large": "This input is too large: it may have {most:,} numbers, and sizes up to {most:,}.",
}


def exposed(exercise: CounterexampleExercise, trial: Trial, smallest: Args) -> Outcome:
    """Return the outcome of an input on which the program goes wrong.

    smallest: the smallest input known that exposes it too.
    """
    about = exercise.about
    how = sentences.explanation(about, trial)
    blocks = [*_what_happens(trial), draw(about, trial, how, whose=PROGRAM)]
    blocks += sentences.difference(about, trial, how, whose=PROGRAM)
    teaches = about.misconceptions[exercise.bug].teaches
    blocks.append(Words(f"The bug: {exercise.bug}. {teaches}", strong=(exercise.bug,)))
    blocks.append(Words(_sizes(trial.args, smallest)))
    plain = (Words(f'To compare with ours: solution("{exercise.id}")'),)
    fold = Fold("Our counterexample, and why", worked(exercise))
    return outcome(exercise, "correct", blocks, plain=plain, folded=(fold,))


def hidden(exercise: CounterexampleExercise, trial: Trial, name: str) -> Outcome:
    """Return the outcome of an input on which the program is right.

    name: the hiding place, one of the exercise's misconceptions, or "".
    """
    grids = arguments(exercise.about, trial.args)
    grids += grids_of("both give", trial.expected.tensor)
    blocks: list[Block] = [Words(BOTH), Drawing(tuple(grids))]
    if name:
        said = f"The bug is hidden by {name}. {exercise.misconceptions[name].teaches}"
        blocks.append(Words(said, strong=(name,)))
    return sentences.stuck(exercise, "wrong", blocks, (name,) if name else ())


def outside(exercise: CounterexampleExercise, args: Args, why: str) -> Outcome:
    """Return the outcome of an input that the function is not meant for."""
    said = f"{exercise.about.name} is not asked for this input, so nothing there is right or wrong:"
    drawing = Drawing(tuple(arguments(exercise.about, args)))
    return _no_input(exercise, [Words(said), drawing, Words(why)])


def unfit(exercise: CounterexampleExercise, error: UnfitError) -> Outcome:
    """Return the outcome of an answer that cannot be read as an input at all."""
    given = sentences.what(error.value)
    if error.why == "count":
        names = ", ".join(exercise.about.shown)
        said = f"Answer with the arguments in parentheses, ({names}); this is {given}."
    else:
        said = UNFIT[error.why].format(
            name=error.name, wanted=_wanted(error.wanted), given=given, most=AT_MOST
        )
    return _no_input(exercise, [Words(said)])


def worked(exercise: CounterexampleExercise) -> tuple[Block, ...]:
    """Return a smallest counterexample, drawn, and the reasons why it is one."""
    grids = arguments(exercise.about, exercise.answer)
    return Drawing(tuple(grids)), Words(exercise.reasons)


def raises(name: str, error: BaseException) -> str:
    """Return what a function raises, in its own words.

    >>> raises("corr2d", ValueError("kernel is 2×2, larger than x"))
    'corr2d raises ValueError: kernel is 2×2, larger than x'
    """
    message = clean(str(error))
    return f"{name} raises {type(error).__name__}{': ' if message else ''}{message}"


def _what_happens(trial: Trial) -> list[Block]:
    """Return in a sentence how the program goes wrong."""
    if trial.call.error is None:
        return [Words("On this input the program goes wrong:")]
    error = trial.call.error
    why = meaning(type(error).__name__, clean(str(error)))
    said = raises("On this input the program", error)
    return [Words(said), *([Words(why)] if why else [])]


def _sizes(args: Args, smallest: Args) -> str:
    ours, least = int(size(args)[0]), int(size(smallest)[0])
    yours = f"Your input has {count(ours, 'number')}"
    if ours <= least:
        return f"{yours}; none that exposes it with fewer is known."
    return f"{yours}; the smallest known that exposes it has {least}."


def _no_input(exercise: CounterexampleExercise, blocks: list[Block]) -> Outcome:
    stuck = sentences.stuck(exercise, "not comparable", blocks)
    return replace(stuck, headline=stuck.headline.replace("cannot be compared yet", "no input yet"))


def _wanted(example: Any) -> str:
    """Return in words what an argument has to be, from one that fits.

    >>> _wanted([(3, 1, 1)]), _wanted(2)
    ('a list of tuples of 3 whole numbers', 'a whole number')
    """
    if isinstance(example, Tensor):
        return f"a tensor with {count(example.ndim, 'axis').replace('axiss', 'axes')}"
    if isinstance(example, list):
        return f"a list of {_wanted(example[0]).removeprefix('a ').replace('tuple', 'tuples', 1)}"
    if isinstance(example, tuple):
        return f"a tuple of {len(example)} {_wanted(example[0]).removeprefix('a ')}s"
    return {int: "a whole number", str: "text"}.get(type(example), "a number")
