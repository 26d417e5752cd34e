"""Says what stands in an answer and has no effect."""

from __future__ import annotations

import ast

import torch
from torch import nn

from coursekit.exercises.telling.spelling import closest

KNOWN = ("requires_grad", "training", "grad", "data", "weight", "bias")
METHODS = ("forward", "__init__")


def without_effect(tree: ast.FunctionDef | None) -> str:
    """Return what stands in a function and does nothing, or "".

    >>> tree = ast.parse("def f(model): model.fc.require_grad = True").body[0]
    >>> without_effect(tree).partition(":")[0]
    '`model.fc.require_grad = True`'
    """
    for node in ast.walk(tree) if tree is not None else ():
        if said := _misspelled(node) or _method(node) or _compared(node) or _thrown_away(node):
            return said
    return ""


def _misspelled(node: ast.AST) -> str:
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Attribute):
        return ""
    name = node.targets[0].attr
    if name in KNOWN or hasattr(torch.Tensor, name) or hasattr(nn.Module, name):
        return ""
    found = closest(name, KNOWN)
    why = "Python makes a new attribute of that name, and nobody asks for it."
    return f"`{ast.unparse(node)}`: {found} is meant? {why}" if found else ""


def _method(node: ast.AST) -> str:
    if not isinstance(node, ast.ClassDef):
        return ""
    names = [inner.name for inner in node.body if isinstance(inner, ast.FunctionDef)]
    for name in names:
        found = closest(name, METHODS) or closest(f"__{name.strip('_')}__", METHODS)
        if name not in METHODS and found and found not in names:
            return f"The method {name} is never called: {found} is meant?"
    return ""


def _compared(node: ast.AST) -> str:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Compare):
        return ""
    if not isinstance(node.value.ops[0], ast.Eq):
        return ""
    return f"`{ast.unparse(node)}` only compares, and its result is dropped: a single = assigns."


def _thrown_away(node: ast.AST) -> str:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return ""
    function = node.value.func
    if not isinstance(function, ast.Attribute) or function.attr.endswith("_"):
        return ""
    name = function.attr
    if not hasattr(torch.Tensor, name) or hasattr(nn.Module, name) or name in ("backward",):
        return ""
    if "hook" in name or name == "retain_grad":
        return ""
    kept = ast.unparse(function.value)
    return f"`{ast.unparse(node)}` makes a new tensor, and nothing keeps it: `{kept} = ...` does."
