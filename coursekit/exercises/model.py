"""What an exercise is: its reference, its hints, and the wrong answers that it knows."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from coursekit.figures import LessonFigure

Index = tuple[int, ...]


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that real learners give, and the sentence that helps.

    wrong: an implementation, or for a question with one value, the value.
    teaches: one sentence, plain and exact.
    """

    wrong: Any
    teaches: str


@dataclass(frozen=True)
class HidingPlace(Misconception):
    """Inputs on which a program with a bug gives the right result, and the sentence that helps.

    wrong: one of them. Its name in an exercise completes "The bug is hidden by ...".
    holds: (*args) -> whether an input is one of them.
    """

    holds: Callable[..., bool]


@dataclass(frozen=True)
class Explanation:
    """How one cell of the expected result comes about.

    arithmetic: "window × kernel = 0·0 + 1·1 = 1"
    cells: argument name -> the cells of it that take part.
    """

    arithmetic: str
    cells: Mapping[str, frozenset[Index]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Exercise:
    """What every exercise has, whatever its answer is.

    locks_in: whether the first answer stays on record, as what is right is told with it.
    """

    locks_in: ClassVar[bool] = False
    id: str
    title: str
    minutes: int
    hints: tuple[str, ...]
    reasons: str
    misconceptions: Mapping[str, Misconception]

    @property
    def lesson(self) -> int:
        """The number of the lesson that the exercise belongs to."""
        return int(self.id.partition(".")[0])

    @property
    def checked(self) -> str:
        """What stands in the call of check: the name of the learner's function, or dots."""
        return "..."


@dataclass(frozen=True)
class Unreadable:
    """A returned value in which there is nothing to compare, and the sentence that says why."""

    problem: str


@dataclass(frozen=True, kw_only=True, eq=False)
class FunctionExercise(Exercise):
    """An exercise that is answered with a function.

    reference: the worked solution; its docstring holds the worked example.
    examples: argument tuples that have to be among those tried.
    inputs: draws one argument tuple from a `Pick`.
    alternatives: other correct solutions, for the tests.
    explain: (index, *args) -> how that cell of the result comes about.
    explain_shape: (*args) -> one sentence on the shape of the result.
    facts: "the kernel is not square" -> (*args) -> whether it holds.
    signed: arguments drawn with their signs.
    any_numbers: whether tensors may hold any numbers (no labels, no probabilities).
    course: what a lesson goes on with until the learner's answer is right, where that is another
        than the reference: the package's own function, which is fast enough for a photograph.
    harness: where the function takes a network or returns one, (function, *args) -> numbers: calls
        the function, with a network built from plain numbers if it takes one, and reads off what
        it did. In place of numbers it may return `Unreadable`, or a gap that the function returned.
    """

    reference: Callable[..., Any]
    examples: tuple[tuple[Any, ...], ...]
    inputs: Callable[[Any], tuple[Any, ...]]
    alternatives: tuple[Callable[..., Any], ...] = ()
    explain: Callable[..., Explanation] | None = None
    explain_shape: Callable[..., str] | None = None
    facts: Mapping[str, Callable[..., bool]] = field(default_factory=dict)
    signed: tuple[str, ...] = ("kernel",)
    any_numbers: bool = True
    course: Callable[..., Any] | None = None
    harness: Callable[..., Any] | None = None

    def tried(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return what is called with the inputs: the function, or the harness around it."""
        return function if self.harness is None else partial(self.harness, function)

    @property
    def goes_on(self) -> Callable[..., Any]:
        """What a lesson goes on with until the learner's answer is right."""
        return self.reference if self.course is None else self.course

    @property
    def name(self) -> str:
        """The name of the function that the learner writes."""
        return self.reference.__name__

    @property
    def checked(self) -> str:
        """What stands in the call of check: the name of the learner's function."""
        return self.name

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the function's arguments."""
        return tuple(inspect.signature(self.reference).parameters)

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the inputs, as they are drawn: the harness's, where there is one."""
        return tuple(inspect.signature(self.tried(self.reference)).parameters)

    @property
    def solution(self) -> str:
        """The source of the worked solution."""
        return textwrap.dedent(inspect.getsource(self.reference)).rstrip()

    @property
    def stub(self) -> str:
        """The solution's signature and docstring, with `...` for a body."""
        head, quotes, rest = self.solution.partition('"""')
        doc, *_ = rest.partition('"""')
        return f"{head}{quotes}{doc}{quotes}\n    ..."


@dataclass(frozen=True, kw_only=True, eq=False)
class ValueExercise(Exercise):
    """An exercise that is answered with a number or a shape, locked in at the first try.

    question: what is asked, in one sentence.
    answer: an int, a float, or a tuple of ints.
    shown: lines that the question is about, where it needs any.
    vary: draws the same exercise with other numbers; its misconceptions stand in the same order,
        and where a name holds a number, that is another one.
    """

    locks_in: ClassVar[bool] = True
    question: str
    answer: int | float | tuple[int, ...]
    shown: str = ""
    vary: Callable[[Random], ValueExercise] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class ChoiceExercise(Exercise):
    """An exercise that is answered with a letter, locked in at the first try.

    options: letter -> what it stands for, in the order in which they are shown.
    picture: draws what the question is about, and the options.
    """

    locks_in: ClassVar[bool] = True
    question: str
    options: Mapping[str, str]
    answer: str
    picture: Callable[[ChoiceExercise], LessonFigure] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class CounterexampleExercise(Exercise):
    """An exercise that is answered with an input on which a given program goes wrong.

    about: the exercise that the program was written for: what is right, and how it is drawn.
    bug: which of its misconceptions the program has; the program is that one's `wrong`.
    answer: the arguments of a smallest input that exposes it.
    alternatives: arguments of others, for the tests.
    outside: (*args) -> why the function is not meant for this input, or "".
    misconceptions: hiding places; of those that hold, the first is told.
    """

    question: str
    about: FunctionExercise
    bug: str
    answer: tuple[Any, ...]
    alternatives: tuple[tuple[Any, ...], ...]
    outside: Callable[..., str] = lambda *args: ""
    misconceptions: Mapping[str, HidingPlace]

    @property
    def program(self) -> Callable[..., Any]:
        """The program with the bug."""
        return self.about.misconceptions[self.bug].wrong


@dataclass(frozen=True, kw_only=True)
class Guess:
    """What a learner commits to in one line before the page answers it: no points, no lock.

    id: "2.crossing": the lesson, and a name of its own.
    answer: an int, a float, a tuple of ints, or a letter.
    because: one sentence on why it is so.
    options: letter -> what it stands for, where a letter is asked.
    near: how far from the answer a number still counts as near.
    share: whether a part of a whole is asked for: no number below 0 or above 1 is one.
    slips: another answer -> one sentence on what leads to it.
    asks: the question, where it does not stand in the lesson's text.
    """

    id: str
    answer: int | float | tuple[int, ...] | str
    because: str
    asks: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    near: float = 0
    share: bool = False
    slips: Mapping[Any, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Recall:
    """A question of one minute on what a lesson taught, asked when a later lesson begins.

    id: "2.size": the lesson, and a name of its own.
    ask: draws the question, with numbers of its own.
    about: the exercises of which a wrong answer makes the question worth asking.
    """

    id: str
    ask: Callable[[Random], Guess]
    about: tuple[str, ...] = ()

    @property
    def lesson(self) -> int:
        """The number of the lesson that taught it."""
        return int(self.id.partition(".")[0])


def cells(*ranges: Iterable[int]) -> frozenset[Index]:
    """All index tuples of a block.

    >>> sorted(cells(range(1, 2), range(3)))
    [(1, 0), (1, 1), (1, 2)]
    """
    block: list[Index] = [()]
    for steps in map(tuple, ranges):
        block = [(*index, step) for index in block for step in steps]
    return frozenset(block)
