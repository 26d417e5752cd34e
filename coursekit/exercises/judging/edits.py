"""The small changes that can be made to a function's source, each in one place."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from coursekit.exercises.judging.changes import CHANGES

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
    ['1', '1', '+ 1']
    """
    places = list(_places(tree))
    names = _names(tree)
    for kind in CHANGES:
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
