"""The names that a cell of a lesson needs to find, and those that it makes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["names"]

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class _Names(ast.NodeVisitor):
    """What a cell needs to find (`needs`) and what it leaves (`makes`), read in running order."""

    def __init__(self) -> None:
        self.needs: set[str] = set()
        self.makes: set[str] = set()
        self.later: set[str] = set()  # needed where a function of the cell is called
        self.local: list[set[str]] = []
        self.functions = 0

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._need(node.id)
        elif not any(node.id in names for names in self.local):
            self.makes.add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)  # which runs before the name is there
        for target in node.targets:
            self.visit(target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self._need(node.target.id)
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.makes |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.local.append({node.name} if node.name else set())  # gone when the block ends
        self.generic_visit(node)
        self.local.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        made = set(self.makes)
        self.generic_visit(node)
        self.makes = made | {node.name}

    def visit_Lambda(self, node: Any) -> None:
        for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(default)
        self.functions += 1
        self.local.append(_of_function(node))
        for inner in node.body if isinstance(node.body, list) else [node.body]:
            self.visit(inner)
        self.local.pop()
        self.functions -= 1

    def visit_FunctionDef(self, node: Any) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        self.visit_Lambda(node)
        if not self.local:
            self.makes.add(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ListComp(self, node: Any) -> None:
        self.local.append(set(_stored(node.generators)))
        for part in node.generators:
            self.visit(part)
        for part in ast.iter_child_nodes(node):
            if part not in node.generators:
                self.visit(part)
        self.local.pop()

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def _need(self, name: str) -> None:
        if any(name in names for names in self.local) or name in self.makes:
            return
        (self.later if self.functions else self.needs).add(name)


def _stored(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Yield the names that are bound in these nodes, but for those inside of their functions."""
    for node in nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, SCOPES):
            yield node.name
        elif not isinstance(node, ast.Lambda):
            yield from _stored(list(ast.iter_child_nodes(node)))


def _of_function(node: Any) -> set[str]:
    given = {inner.arg for inner in ast.walk(node.args) if isinstance(inner, ast.arg)}
    return given | set(_stored(node.body if isinstance(node.body, list) else [node.body]))


def names(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell needs to find, and those that it makes.

    A cell that is no Python, a magic or a half-written line, needs and makes nothing.

    >>> needs, makes = names("y = f(x); x = [a for a in y]")
    >>> sorted(needs), sorted(makes)
    (['f', 'x'], ['x', 'y'])
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set(), set()
    found = _Names()
    found.visit(tree)
    return found.needs | (found.later - found.makes), found.makes
