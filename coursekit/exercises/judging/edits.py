"""The small changes that can be made to a function's source, each in one place."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

OPERATORS = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Add, ast.Div, ast.Sub, ast.MatMult),
    ast.Div: (ast.FloorDiv, ast.Mult),
    ast.FloorDiv: (ast.Div, ast.Mult, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
COMPARISONS = {
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
AT_MOST = 8  # names of the function that are tried in each other's place
Path = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Edit:
    """One change.

    make: makes it in a copy of the tree.
    statement: the statement that it changes, in the tree itself.
    piece: what is changed, as Python writes it.
    how: "piece", or "order" or "place" where the piece itself stays.
    """

    make: Callable[[ast.AST], None]
    statement: ast.stmt
    piece: str
    how: str = "piece"


def edits(tree: ast.FunctionDef) -> Iterator[Edit]:
    """Yield the changes: operators and comparisons first, names last.

    >>> tree = ast.parse("def f(x): return x + 1").body[0]
    >>> [edit.piece for edit in edits(tree)][:3]
    ['+', '+', '1']
    """
    places = list(_places(tree))
    names = _names(tree)
    for kind in (_operator, _comparison, _assignment, _number, _bound, _order, _dropped, _loops):
        for path, node, statement in places:
            yield from (_edit(path, statement, *change) for change in kind(node))
    for path, node, statement in places:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
            for other in names:
                if other != node.id:
                    new = ast.Name(other, ast.Load())
                    yield _edit(path, statement, new, node.id)


def _edit(
    path: Path, statement: ast.stmt, new: ast.AST | list[ast.stmt], piece: str, how: str = "piece"
) -> Edit:
    def make(tree: ast.AST) -> None:
        *before, (field, at) = path
        for name, place in before:
            tree = getattr(tree, name) if place is None else getattr(tree, name)[place]
        if at is None:
            setattr(tree, field, new)
        elif isinstance(new, list):
            getattr(tree, field)[at : at + 1] = new
        else:
            getattr(tree, field)[at] = new

    return Edit(make, statement, piece, how)


def _places(tree: ast.FunctionDef) -> Iterator[tuple[Path, ast.AST, ast.stmt]]:
    """Yield each node of the function's body, the way to it, and the statement it stands in."""
    for at, statement in enumerate(tree.body):
        yield from _below((("body", at),), statement, statement)


def _below(path: Path, node: ast.AST, statement: ast.stmt) -> Iterator[tuple[Path, Any, ast.stmt]]:
    statement = node if isinstance(node, ast.stmt) else statement
    yield path, node, statement
    for field, value in ast.iter_fields(node):
        children = enumerate(value) if isinstance(value, list) else ((None, value),)
        for at, child in children:
            if isinstance(child, ast.expr | ast.stmt | ast.keyword):
                yield from _below((*path, (field, at)), child, statement)


def _names(tree: ast.FunctionDef) -> list[str]:
    """Return the names that the function gives a value: its arguments first."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    given = [node.id for node in nodes if isinstance(node.ctx, ast.Store)]
    names = [argument.arg for argument in tree.args.args] + given
    return list(dict.fromkeys(names))[:AT_MOST]


Change = tuple[Any, ...]


def _operator(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BinOp):
        for operator in OPERATORS.get(type(node.op), ()):
            yield ast.BinOp(node.left, operator(), node.right), _sign(node.op)
        if isinstance(node.op, ast.Mult) and _is_two(node.right):
            yield ast.BinOp(node.left, ast.Pow(), node.right), "*"
    if isinstance(node, ast.AugAssign):
        for operator in OPERATORS.get(type(node.op), ()):
            yield ast.AugAssign(node.target, operator(), node.value), f"{_sign(node.op)}="
        yield ast.Assign([node.target], node.value), f"{_sign(node.op)}="


def _is_two(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 2  # a larger power might fill memory


def _sign(operator: ast.operator) -> str:
    left, right = ast.Name("a", ast.Load()), ast.Name("b", ast.Load())
    return ast.unparse(ast.BinOp(left, operator, right))[2:-2]


def _comparison(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for operator in COMPARISONS.get(type(node.ops[0]), ()):
            sign = ast.unparse(ast.Compare(ast.Name("a"), node.ops, [ast.Name("b")]))[2:-2]
            yield ast.Compare(node.left, [operator()], node.comparators), sign


def _assignment(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, ast.Name | ast.Subscript):
            for operator in (ast.Add, ast.Mult, ast.Sub):
                yield ast.AugAssign(target, operator(), node.value), "="


def _number(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for other in (node.value + 1, node.value - 1):
            yield ast.Constant(other), ast.unparse(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value), ast.unparse(node)


def _bound(node: ast.AST) -> Iterator[Change]:
    """Yield one more and one less for what a range or a slice begins or ends with."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        for at, bound in enumerate(node.args):
            for other in _around(bound):
                args = [*node.args[:at], other, *node.args[at + 1 :]]
                yield ast.Call(node.func, args, []), ast.unparse(node)
    if isinstance(node, ast.Slice):
        for name in ("lower", "upper"):
            bound = getattr(node, name)
            for other in _around(bound) if bound is not None else ():
                parts = {"lower": node.lower, "upper": node.upper, "step": node.step, name: other}
                yield ast.Slice(**parts), ast.unparse(node)


def _around(bound: ast.expr) -> Iterator[ast.expr]:
    yield ast.BinOp(bound, ast.Add(), ast.Constant(1))
    yield ast.BinOp(bound, ast.Sub(), ast.Constant(1))


def _order(node: ast.AST) -> Iterator[Change]:
    """Yield two neighbours in each other's place: arguments, parts of a tuple, of a difference."""
    written = ast.unparse(node) if isinstance(node, ast.expr) else ""
    if isinstance(node, ast.BinOp) and isinstance(
        node.op, ast.Sub | ast.Div | ast.FloorDiv | ast.MatMult | ast.Pow
    ):
        yield ast.BinOp(node.right, node.op, node.left), written, "order"
    if isinstance(node, ast.Call) and not any(isinstance(a, ast.Starred) for a in node.args):
        for args in _swaps(node.args):
            yield ast.Call(node.func, args, node.keywords), written, "order"
    if isinstance(node, ast.Tuple):
        for parts in _swaps(node.elts):
            yield ast.Tuple(parts, node.ctx), written, "order"


def _swaps(parts: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for at in range(len(parts) - 1):
        yield [*parts[:at], parts[at + 1], parts[at], *parts[at + 2 :]]


def _dropped(node: ast.AST) -> Iterator[Change]:
    """Yield what is left without one term, one sign, or the last call of a chain."""
    if isinstance(node, ast.BinOp):
        yield node.left, f"{_sign(node.op)} {ast.unparse(node.right)}"
        yield node.right, f"{ast.unparse(node.left)} {_sign(node.op)}"
    if isinstance(node, ast.UnaryOp):
        yield node.operand, ast.unparse(node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield node.func.value, ast.unparse(node)


def _loops(node: ast.AST) -> Iterator[Change]:
    """Yield the loop with its last statement behind it, also where that stands under an if."""
    if not isinstance(node, ast.For):
        return
    last = node.body[-1]
    if isinstance(last, ast.If) and not last.orelse and len(last.body) > 1:
        shorter = ast.If(last.test, last.body[:-1], [])
        yield _moved_out(node, [*node.body[:-1], shorter], last.body[-1])
    if len(node.body) > 1:
        yield _moved_out(node, node.body[:-1], last)


def _moved_out(loop: ast.For, body: list[ast.stmt], last: ast.stmt) -> Change:
    shorter = ast.For(loop.target, loop.iter, body, loop.orelse)
    return [shorter, last], ast.unparse(last).splitlines()[0], "place"
