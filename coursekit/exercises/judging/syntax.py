"""What can be read in a function's source, without running it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

LOOKS_ANYWHERE = {"locals", "vars", "eval", "exec"}


def definition(function: Callable[..., Any]) -> ast.FunctionDef | None:
    """Return the `def` of a function as a tree; None where its source is not to be had."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))
    except Exception:  # no source, such as a lambda in the middle of a call or a built-in
        return None
    first = tree.body[0] if tree.body else None
    return first if isinstance(first, ast.FunctionDef) else None


def early_return(tree: ast.FunctionDef) -> str:
    r"""Return the loop whose first round ends the function, as it is written, or "".

    >>> early_return(ast.parse("def f(x):\n for row in x:\n  y = row\n  return y").body[0])
    'for row in x'
    """
    for loop in (node for node in _own(tree) if isinstance(node, ast.For | ast.While)):
        if _ends(loop.body):
            return ast.unparse(loop).splitlines()[0].rstrip(":")
    return ""


def _ends(body: list[ast.stmt]) -> bool:
    """Return whether each run through these statements meets a return."""
    for statement in body:
        if isinstance(statement, ast.Return):
            return True
        if isinstance(statement, ast.With) and _ends(statement.body):
            return True
        if any(isinstance(node, ast.Continue | ast.Break) for node in ast.walk(statement)):
            return False
    return False


def unread(tree: ast.FunctionDef) -> tuple[str, ...]:
    """Return the arguments that the function never reads.

    >>> unread(ast.parse("def f(x, bias): return 2 * x").body[0])
    ('bias',)
    """
    read = _loaded(tree)
    if read & LOOKS_ANYWHERE:
        return ()
    taken = [*tree.args.posonlyargs, *tree.args.args]
    return tuple(argument.arg for argument in taken if argument.arg not in read)


def unused(tree: ast.FunctionDef) -> tuple[str, ...]:
    r"""Return the names that get a value with = and are never read.

    >>> unused(ast.parse("def f(x):\n y = 2 * x\n return x").body[0])
    ('y',)
    """
    read = _loaded(tree)
    if read & LOOKS_ANYWHERE:
        return ()
    assigned = [node for node in _own(tree) if isinstance(node, ast.Assign)]
    names = [goal.id for node in assigned for goal in node.targets if isinstance(goal, ast.Name)]
    return tuple(name for name in dict.fromkeys(names) if name not in read and name != "_")


def repeated_rows(tree: ast.FunctionDef) -> str:
    r"""Return the product that makes a list of one and the same row, as it is written, or "".

    >>> repeated_rows(ast.parse("def f(h, w):\n return [[0] * w] * h").body[0])
    '[[0] * w] * h'
    """
    for node in _own(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            rows = next((side for side in (node.left, node.right) if _is_list(side)), None)
            if isinstance(rows, ast.List) and any(map(_makes_a_list, rows.elts)):
                return ast.unparse(node)
    return ""


def caret(tree: ast.FunctionDef) -> str:
    """Return an expression with ^ in it, as it is written, or "".

    >>> caret(ast.parse("def f(x): return x ^ 2").body[0])
    'x ^ 2'
    """
    for node in _own(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitXor):
            return ast.unparse(node)
    return ""


def _is_list(node: ast.expr) -> bool:
    return isinstance(node, ast.List)


def _makes_a_list(node: ast.expr) -> bool:
    product = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)
    return _is_list(node) or (product and (_is_list(node.left) or _is_list(node.right)))


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in a function, without what stands in functions and classes inside it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            yield child
            yield from _own(child)


def _loaded(tree: ast.FunctionDef) -> set[str]:
    nodes = list(ast.walk(tree))
    names = {n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Store)}
    changed = [n.target for n in nodes if isinstance(n, ast.AugAssign)]
    return names | {target.id for target in changed if isinstance(target, ast.Name)}
