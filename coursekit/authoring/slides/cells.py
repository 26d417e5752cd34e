"""What of a code cell stands on a slide: the code that teaches, not the call that draws."""

from __future__ import annotations

import ast
import re

from coursekit.exercises.calls import GUESS

__all__ = ["checks", "guessed", "sets_up", "shown", "without_docstring"]

FORMATTING = re.compile(r"  # fmt: skip$", re.M)
GOES_ON = re.compile(r'^\w+ = own\("[\d.]+"(, \w+)?\)\n*', re.M)  # for the learner at the keyboard
REVEALS = re.compile(r'^reveal\("[\w.-]+"\)\n*', re.M)
DRAWS = {"figures", "sliders", "picture", "Explorer", "guess", "warm_up"}


def shown(source: str) -> str:
    r"""Return the cell's code without the calls at its end that draw.

    Where only assignments prepare the drawing, the picture stands for all of it.

    >>> shown("print(2)\nfigures.matrices({'x': x})")
    'print(2)'
    >>> shown("x = torch.ones(2, 2)\nfigures.matrices({'x': x})")
    ''
    """
    source = REVEALS.sub("", GOES_ON.sub("", source))
    statements = ast.parse(source).body
    kept = len(statements)
    while kept and _calls(statements[kept - 1]) in DRAWS:
        kept -= 1
    if kept == len(statements):
        return FORMATTING.sub("", source)
    if all(isinstance(statement, ast.Assign) for statement in statements[:kept]):
        return ""
    lines = source.splitlines()[: statements[kept].lineno - 1]
    return FORMATTING.sub("", "\n".join(lines).strip("\n"))


def sets_up(source: str) -> bool:
    """Return whether the cell imports: what a learner needs and an audience does not."""
    statements = ast.parse(source).body
    return any(isinstance(statement, (ast.Import, ast.ImportFrom)) for statement in statements)


def guessed(source: str) -> str:
    """Return the id of the guess that the cell only asks for, or the empty string.

    >>> guessed('guess("2.shifted", ...)'), guessed("x = 2")
    ('2.shifted', '')
    """
    asks = GUESS.match(source.strip())
    return asks[1] if asks and len(ast.parse(source).body) == 1 else ""


def checks(source: str) -> bool:
    """Return whether the cell only asks `check` about an answer.

    >>> checks('check("2.1", shape)')
    True
    """
    return {_calls(statement) for statement in ast.parse(source).body} == {"check"}


def without_docstring(source: str) -> str:
    """Return the source without the docstrings of its functions, which the slide before showed."""
    lines = source.splitlines()
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) and len(node.body) > 1:
            del lines[node.body[0].lineno - 1 : node.body[0].end_lineno]
    return "\n".join(lines)


def _explores(node: ast.expr) -> bool:
    """Return whether the expression makes an explorer, which stands for its code."""
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Name) and called.id == "Explorer"


def _calls(statement: ast.stmt) -> str:
    """Return the first name of the call that the statement is, or the empty string."""
    node = statement.value if isinstance(statement, ast.Expr | ast.Assign) else None
    if isinstance(statement, ast.Assign) and not _explores(node):
        return ""
    if isinstance(node, ast.Name):
        return "Explorer" if isinstance(statement, ast.Expr) else ""  # the cell's value, looked at
    if not isinstance(node, ast.Call):
        return ""
    function: ast.expr = node
    while isinstance(function, ast.Attribute | ast.Call):  # figures.pictures(...).by(corr2d)
        function = function.func if isinstance(function, ast.Call) else function.value
    return function.id if isinstance(function, ast.Name) else ""
