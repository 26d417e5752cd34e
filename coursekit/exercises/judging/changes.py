"""The kinds of small change to a piece of source: what may stand in its place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
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

# what stands there instead, the piece as Python writes it, and "order" or "place"
Change = tuple[Any, ...]


def _operator(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BinOp):
        for operator in () if _is(node.right, 1) else OPERATORS.get(type(node.op), ()):
            yield ast.BinOp(node.left, operator(), node.right), _sign(node.op)
        if isinstance(node.op, ast.Mult) and _is(node.right, 2):
            yield ast.BinOp(node.left, ast.Pow(), node.right), "*"
    if isinstance(node, ast.AugAssign):
        for operator in OPERATORS.get(type(node.op), ()):
            yield ast.AugAssign(node.target, operator(), node.value), f"{_sign(node.op)}="
        yield ast.Assign([node.target], node.value), f"{_sign(node.op)}="


def _is(node: ast.expr, number: int) -> bool:
    """Return whether this is the number: times 1 changes nothing, powers above 2 fill memory."""
    return isinstance(node, ast.Constant) and node.value == number


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


CHANGES = (_operator, _comparison, _assignment, _number, _bound, _order, _dropped, _loops)
