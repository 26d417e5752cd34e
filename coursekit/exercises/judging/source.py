"""The text of an answer that is a function."""

from __future__ import annotations

import ast
import inspect
import textwrap
import warnings
from typing import Any

AT_MOST = 4000  # characters


def source(answer: Any) -> str:
    """Return the text of a function, a `def` or a `lambda` and nothing around it, or "".

    There is none where the text is not at hand or is long, and for what is no function of Python.
    """
    try:
        text = textwrap.dedent(inspect.getsource(inspect.unwrap(answer)))
        found = ast.unparse(node) if isinstance(node := parsed(text), ast.Lambda) else text.rstrip()
        fits = node is not None and inspect.isfunction(answer) and len(found.encode()) <= AT_MOST
    except Exception:
        return ""
    return found if fits else ""


def parsed(text: str) -> ast.FunctionDef | ast.Lambda | None:
    """Return the one `def` that the text is, or the one `lambda` in it; None where there is none.

    >>> ast.unparse(parsed("check('2.2', lambda x, kernel: x)"))
    'lambda x, kernel: x'
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        lambdas = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if len(tree.body) == 1 and isinstance(tree.body[0], ast.FunctionDef):
        return tree.body[0]
    return lambdas[0] if len(lambdas) == 1 else None
