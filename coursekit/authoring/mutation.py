"""Faults written into every reference by rule, to see whether `check` takes one for a right answer.

A mutant is the reference with one fault. It counts only where it differs from the reference
somewhere in the domain of its exercise, which is searched more widely than `check` does: with more
draws, and with numbers of three decimals. Of those, `check` should call none correct.
"""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch

from coursekit.exercises.checking import examine
from coursekit.exercises.judging.sandbox import OutOfTimeError, Sandbox
from coursekit.exercises.judging.trials import Args, attempt, expected, try_probes
from coursekit.exercises.model import FunctionExercise
from coursekit.exercises.pick import Seeded

__all__ = ["Mutant", "Tally", "measure", "mutants"]

DRAWS = 150  # inputs on which a mutant may differ from its reference
SEEDS = (1001, 2002)  # others than that of the probes
OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
}  # fmt: skip
# What is done to the arguments before, or to the result after, the reference itself.
AROUND: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "whole numbers": lambda x: x.trunc() if x.is_floating_point() else x,
    "rounded": lambda x: x.round() if x.is_floating_point() else x,
    "one decimal": lambda x: (x * 10).round() / 10 if x.is_floating_point() else x,
    "without signs": torch.abs,
    "nothing below 0": lambda x: x.clamp(min=0),
    "half precision": lambda x: x.half().to(x.dtype) if x.is_floating_point() else x,
}


@dataclass(frozen=True)
class Mutant:
    """A reference with one fault.

    fault: what was done, and in which line of the function.
    """

    exercise: FunctionExercise
    fault: str
    function: Callable[..., Any]


@dataclass(frozen=True)
class Tally:
    """What became of the mutants of one exercise.

    differing: how many differ from the reference somewhere. survivors: those that check accepts.
    """

    exercise: FunctionExercise
    written: int
    differing: int
    survivors: tuple[Mutant, ...]


def measure(exercise: FunctionExercise) -> Tally:
    """Return what becomes of the mutants of an exercise."""
    written = list(mutants(exercise))
    differing, survivors = 0, []
    for mutant in written:
        failed = _fails(mutant, exercise)
        if failed or _differs(mutant):
            differing += 1
            if not failed and examine(exercise, mutant.function).status == "correct":
                survivors.append(mutant)
    return Tally(exercise, len(written), differing, tuple(survivors))


def mutants(exercise: FunctionExercise) -> Iterator[Mutant]:
    """Yield every mutant of the reference that still compiles."""
    function = inspect.unwrap(exercise.reference)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    tree.body[0].decorator_list = []
    for fault, changed in _faults(tree):
        try:
            code = compile(ast.fix_missing_locations(changed), "mutant", "exec")
        except (SyntaxError, ValueError):
            continue
        space = dict(function.__globals__)
        exec(code, space)
        yield Mutant(exercise, fault, space[function.__name__])
    names = list(inspect.signature(function).parameters)
    for how, change in AROUND.items():
        for place, name in enumerate(names):
            yield Mutant(exercise, f"{name}: {how}", partial(_before, function, place, change))
        yield Mutant(exercise, f"the result: {how}", partial(_after, function, change))


def _before(
    function: Callable[..., Any], place: int, change: Callable[..., Any], *args: Any
) -> Any:
    return function(*(_changed(arg, change) if at == place else arg for at, arg in enumerate(args)))


def _after(function: Callable[..., Any], change: Callable[..., Any], *args: Any) -> Any:
    return _changed(function(*args), change)


def _changed(value: Any, change: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    if isinstance(value, torch.Tensor):
        return change(value)
    if isinstance(value, float):
        return float(change(torch.tensor(value, dtype=torch.float64)))
    return value


def _faults(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Yield (what was done, the tree with that done) for each place at which something can be."""
    for place, node in enumerate(ast.walk(tree)):
        for what, change in _changes(node):
            changed = copy.deepcopy(tree)
            twin = next(n for at, n in enumerate(ast.walk(changed)) if at == place)
            change(twin)
            yield f"line {getattr(node, 'lineno', 1)}: {what}", changed


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """Yield the faults that can be written into one node of the tree."""
    said = ast.unparse(node)[:40] if isinstance(node, ast.expr | ast.stmt) else ""
    match node:
        case ast.BinOp(op=op):
            for other in OPERATORS.get(type(op), ()):
                yield f"{said}: {other.__name__}", partial(_set, "op", other())
            yield f"{said}: the left part alone", partial(_become, "left")
            yield f"{said}: the right part alone", partial(_become, "right")
        case ast.UnaryOp():
            yield f"{said}: without it", partial(_become, "operand")
        case ast.Compare(ops=[op]) if type(op) in COMPARISONS:
            yield (
                f"{said}: {COMPARISONS[type(op)].__name__}",
                partial(_set, "ops", [COMPARISONS[type(op)]()]),
            )
        case ast.Constant(value=bool() as value):
            yield f"{value}: {not value}", partial(_set, "value", not value)
        case ast.Constant(value=int() | float() as value):
            for other in dict.fromkeys((value + 1, value - 1, 0, -value)):
                if other != value:
                    yield f"{value}: {other}", partial(_set, "value", other)
        case ast.Slice():
            for end, by in (("lower", 1), ("upper", 1), ("upper", -1)):
                if getattr(node, end) is not None:
                    yield f"[{said}]: {end} {by:+}", partial(_shift, end, by)
            if node.step is not None:
                yield f"[{said}]: without its step", partial(_set, "step", None)
        case ast.Call(func=ast.Name(id="range"), args=args):
            for at in range(min(2, len(args))):
                for by in (1, -1):
                    yield f"{said}: argument {at} {by:+}", partial(_shift_argument, at, by)
            if len(args) == 1:
                yield f"{said}: from 1", partial(_from_one)
        case ast.Call(args=[_, _, *_]):
            yield f"{said}: its first two arguments swapped", _swap
        case ast.Call(func=ast.Attribute(), args=[], keywords=[]):
            yield f"{said}: without the call", _without_call
        case ast.Call(keywords=[_, *_]):
            for at, keyword in enumerate(node.keywords):
                yield f"{said}: without {keyword.arg}", partial(_without_keyword, at)
        case ast.AugAssign():
            yield f"{said}: = in its place", _assign
            yield f"{said}: -= in its place", partial(_set, "op", ast.Sub())
        case ast.For():
            yield f"{said}: only its first round", partial(_end_loop, ast.Break())
        case ast.FunctionDef(body=body):
            for at, statement in enumerate(body):
                if not isinstance(statement, ast.Return) and not _is_docstring(statement):
                    yield f"without {ast.unparse(statement)[:40]}", partial(_without_statement, at)


def _set(name: str, value: Any, node: Any) -> None:
    setattr(node, name, value)


def _become(name: str, node: Any) -> None:
    """Turn the node into one of its parts."""
    part = getattr(node, name)
    node.__class__, node.__dict__ = part.__class__, part.__dict__


def _shift(name: str, by: int, node: Any) -> None:
    setattr(node, name, ast.BinOp(getattr(node, name), ast.Add(), ast.Constant(by)))


def _shift_argument(at: int, by: int, node: Any) -> None:
    node.args[at] = ast.BinOp(node.args[at], ast.Add(), ast.Constant(by))


def _from_one(node: Any) -> None:
    node.args.insert(0, ast.Constant(1))


def _swap(node: Any) -> None:
    node.args[:2] = reversed(node.args[:2])


def _without_call(node: Any) -> None:
    part = node.func.value
    node.__class__, node.__dict__ = part.__class__, part.__dict__


def _without_keyword(at: int, node: Any) -> None:
    del node.keywords[at]


def _assign(node: Any) -> None:
    target, value = node.target, node.value
    node.__class__ = ast.Assign
    node.__dict__ = {"targets": [target], "value": value, "lineno": node.lineno}


def _end_loop(statement: ast.stmt, node: Any) -> None:
    node.body.append(statement)


def _without_statement(at: int, node: Any) -> None:
    node.body[at] = ast.Pass()


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _fails(mutant: Mutant, exercise: FunctionExercise) -> bool:
    with Sandbox(exercise.tried(mutant.function)) as sandbox:
        return any(trial.kind != "right" for trial in try_probes(sandbox, exercise))


def _differs(mutant: Mutant) -> bool:
    """Return whether the mutant differs from its reference on one of many inputs."""
    exercise = mutant.exercise
    with Sandbox(exercise.tried(mutant.function), seconds=30) as sandbox:
        for args in _inputs(exercise):
            try:
                wanted = expected(exercise, args)
                if wanted.tensor is None:
                    continue
                kind = attempt(sandbox, args, wanted).kind
            except OutOfTimeError:
                break
            if kind == "hung":  # the time for all inputs is over: slow, and no other result
                break
            if kind != "right":
                return True
    return False


def _inputs(exercise: FunctionExercise) -> Iterator[Args]:
    for seed in SEEDS:
        pick = Decimals(seed) if seed == SEEDS[0] and exercise.any_numbers else Seeded(seed)
        for _ in range(DRAWS):
            yield exercise.inputs(pick)


class Decimals(Seeded):
    """Draws tensors whose numbers have three decimals."""

    def tensor(
        self, *shape: int, low: int = -2, high: int = 3, whole: bool = False
    ) -> torch.Tensor:
        """Return a float tensor of such numbers, or of whole ones where it must be."""
        if whole:
            return super().tensor(*shape, low=low, high=high, whole=True)
        drawn = super().tensor(*shape, low=1000 * low, high=1000 * high, whole=True)
        return drawn / 1000
