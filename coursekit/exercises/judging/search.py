"""The smallest input on which an answer fails.

A failing input is a list of choices that `exercise.inputs` made: sizes first, then numbers. The
search makes them again with one choice simpler at a time, and keeps what still fails in the same
way and is smaller to read: the idea of Hypothesis's shrinker, in the few passes that these short
lists need, so that an answer is met in a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coursekit.exercises.judging.sandbox import OutOfTimeError, Sandbox
from coursekit.exercises.judging.simpler import numbered, simplified
from coursekit.exercises.judging.trials import (
    Args,
    Trial,
    attempt,
    draws_of,
    expected,
    probes,
    size,
    written,
)
from coursekit.exercises.model import FunctionExercise
from coursekit.exercises.pick import Chosen, Seeded, simplest

__all__ = ["smallest"]

EXAMPLES = 60  # inputs drawn for an answer that is right on all probes
STARTS = 3  # failing inputs, the smallest first, from which smaller ones are sought
CALLS = 150  # for each of them
SIZES = 6  # choices at the beginning that may be sizes
TAILS = 2  # other numbers behind a choice that is made simpler

Choices = tuple[int, ...]


def smallest(
    sandbox: Sandbox, exercise: FunctionExercise, trials: Sequence[Trial], kind: str | None
) -> Trial | None:
    """Return the smallest trial that fails in this way, or None where none was found.

    trials: those of the probes. kind: how the answer fails on them, or None where it does not;
    then others are drawn.
    """
    search = _Search(sandbox, exercise, kind)
    try:
        search.begin(trials)
        for start in search.starts():
            search.reduce(start)
    except OutOfTimeError:
        pass
    if search.best is None:
        return None
    return numbered(sandbox, exercise, simplified(sandbox, exercise, search.best))


class _Search:
    """One answer's search: what fails, and the smallest of it so far."""

    def __init__(self, sandbox: Sandbox, exercise: FunctionExercise, kind: str | None) -> None:
        self.sandbox, self.exercise, self.kind = sandbox, exercise, kind
        self.best: Trial | None = None
        self.found: list[tuple[tuple[float, float], Choices]] = []
        self.left = 0

    def begin(self, trials: Sequence[Trial]) -> None:
        """Look for failing inputs: among the probes, or else among others."""
        if self.kind is None:
            self._draw_others()
            return
        failing = [trial for trial in trials if trial.kind == self.kind]
        self.best = min(failing, key=lambda trial: size(trial.args))
        made = {id(args): choices for args, choices in draws_of(self.exercise)}
        self.found = [(size(t.args), made[id(t.args)]) for t in failing if id(t.args) in made]

    def starts(self) -> list[Choices]:
        """Return the choices behind the smallest failing inputs."""
        return [choices for _, choices in sorted(self.found)[:STARTS]]

    def reduce(self, choices: Choices) -> None:
        """Make the choices simpler one at a time, as long as that leads to smaller inputs."""
        self.left = CALLS
        taken, smallest_yet = self._replay(Chosen(choices))
        again = smallest_yet is not None
        while again and self.left > 0:
            again = False
            at = 0
            while at < len(taken) and self.left > 0:
                for pick in _simpler_choices(taken, at):
                    tried, reached = self._replay(pick)
                    if reached is not None and reached < smallest_yet:
                        taken, smallest_yet, again = tried, reached, True
                        break
                    if self.left <= 0:
                        break
                at += 1

    def _draw_others(self) -> None:
        """Draw inputs that are no probes, whole numbers first, until some fail."""
        known = {written(args) for args, _ in probes(self.exercise)}
        for nth in range(EXAMPLES):
            parts = {"parts": (1,)} if nth % 2 else {}
            pick = Chosen((), Seeded(nth + 1), **parts)
            args = self.exercise.inputs(pick)
            if (text := written(args)) in known:
                continue
            known.add(text)
            self._try(pick, args)
            if len(self.found) >= STARTS:
                return

    def _replay(
        self, pick: Chosen
    ) -> tuple[list[tuple[int, int, int]], tuple[float, float] | None]:
        """Return what `_try` does, for the input that a pick leads to."""
        self.left -= 1
        return self._try(pick, self.exercise.inputs(pick))

    def _try(
        self, pick: Chosen, args: Args
    ) -> tuple[list[tuple[int, int, int]], tuple[float, float] | None]:
        """Return the choices that were made, and the input's size; None where it does not fail."""
        trial = attempt(self.sandbox, args, expected(self.exercise, args))
        if trial.kind == "right" or self.kind not in (None, trial.kind):
            return pick.taken, None
        self.kind = trial.kind
        reached = size(args)
        self.found.append((reached, tuple(value for value, *_ in pick.taken)))
        if self.best is None or reached < size(self.best.args):
            self.best = trial
        return pick.taken, reached


def _simpler_choices(taken: list[tuple[int, int, int]], at: int) -> Iterator[Chosen]:
    """Yield picks that make the choice at this place simpler: the simplest, then nearer ones.

    What follows stays; and, as a size moves all that follows, is drawn anew besides.
    """
    value, low, high = taken[at]
    aim = simplest(low, high)
    before = [choice for choice, *_ in taken[:at]]
    after = [choice for choice, *_ in taken[at + 1 :]]
    steps = dict.fromkeys((aim, aim + (value - aim) // 2, value - 1 if value > aim else value + 1))
    for new in steps:
        if abs(new - aim) >= abs(value - aim):
            continue
        yield Chosen([*before, new, *after])
        for tail in range(TAILS if at < SIZES else 0):
            yield Chosen([*before, new], Seeded(tail))
