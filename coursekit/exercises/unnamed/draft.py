"""A draft of a misconception, to be finished by an author."""

from __future__ import annotations

import ast

from coursekit.exercises.judging.source import parsed

__all__ = ["draft", "tidy"]

WIDTH = 88
ENTRY = """\
"TODO: a name that completes 'This is what ... would give'": Misconception(
    {wrong},
    "TODO: one sentence that teaches.",
),"""


def draft(source: str, name: str) -> str:
    """Return an entry of a bank for this answer, and above it, where it needs one, its function.

    name: what that function is called.

    >>> print(draft("def f(x): return 2 * x", "_f_1"))
    "TODO: a name that completes 'This is what ... would give'": Misconception(
        lambda x: 2 * x,
        "TODO: one sentence that teaches.",
    ),
    """
    node = _bare(source)
    if node is None:
        return ""
    short = _as_lambda(node)
    if short and len(short) <= WIDTH:
        return ENTRY.format(wrong=short)
    if isinstance(node, ast.Lambda):
        long, (node,) = node, ast.parse(f"def {name}(): return 0").body
        node.args, node.body[0].value = long.args, long.body
    else:
        _rename(node, name)
    return f"{_text(node)}\n\n\n{ENTRY.format(wrong=name)}"


def tidy(source: str) -> str:
    """Return the code of an answer without comments and docstring, or "" where it is none."""
    node = _bare(source)
    return "" if node is None else _text(node)


def _bare(source: str) -> ast.FunctionDef | ast.Lambda | None:
    node = parsed(source)
    if isinstance(node, ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None:
        node.body = node.body[1:] or [ast.Pass()]
    return node


def _as_lambda(node: ast.FunctionDef | ast.Lambda) -> str:
    """Return a function that only returns something as a lambda, or ""."""
    if isinstance(node, ast.Lambda):
        return _text(node)
    only = node.body[0]
    if len(node.body) > 1 or not isinstance(only, ast.Return) or not only.value:
        return ""
    if node.decorator_list:
        return ""
    for argument in ast.walk(node.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return _text(ast.Lambda(node.args, only.value))


def _rename(node: ast.FunctionDef, name: str) -> None:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id == node.name:
            inner.id = name
    node.name = name


def _text(node: ast.AST) -> str:
    try:
        text = ast.unparse(ast.fix_missing_locations(node))
    except (RecursionError, ValueError):
        return ""
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in text)
