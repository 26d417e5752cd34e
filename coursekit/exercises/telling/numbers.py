"""Numbers, shapes and positions in words, the same in text and in HTML."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch

from coursekit.exercises.model import Index

SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip


def number(value: float | torch.Tensor, signed: bool = False) -> str:
    """Return a number as it is printed: whole ones without a point, others with four digits.

    >>> number(3.0), number(-0.5), number(2 / 3), number(1.0, signed=True)
    ('3', '−0.5', '0.6667', '+1')
    """
    value = float(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
    whole = value == round(value) and abs(value) < 1e7
    digits = str(round(abs(value))) if whole else f"{abs(value):.4g}"
    sign = "−" if value < 0 else "+" if signed and value > 0 else ""
    return sign + digits


def unlike(value: float | torch.Tensor, other: float | torch.Tensor) -> str:
    """Return a number as it is printed, with as many digits as tell it from the other.

    >>> unlike(-5.9999, -6.0), unlike(2.5, -6.0), unlike(0.50001, 0.5)
    ('−5.9999', '2.5', '0.50001')
    """
    value, other = float(value), float(other)
    if number(value) != number(other) or not math.isfinite(value) or value == other:
        return number(value)
    digits = next(n for n in range(5, 18) if f"{value:.{n}g}" != f"{other:.{n}g}")
    return f"{'−' if value < 0 else ''}{abs(value):.{digits}g}"


def factor(value: float | torch.Tensor) -> str:
    """Return a number inside a sum or product: negative ones in parentheses.

    >>> factor(-2)
    '(−2)'
    """
    text = number(value)
    return f"({text})" if text.startswith("−") else text


def shape(size: tuple[int, ...] | torch.Size) -> str:
    """Return a shape in words.

    >>> shape((2, 3)), shape((4,)), shape(())
    ('2×3', '4', 'one number')
    """
    return "×".join(map(str, size)) if len(size) else "one number"


def position(index: Index) -> str:
    """Return an index in words.

    >>> position((0, 1)), position((2,)), position(())
    ('row 0, column 1', 'position 2', '')
    """
    if len(index) == 2:
        return f"row {index[0]}, column {index[1]}"
    return f"position {', '.join(map(str, index))}" if index else ""


def count(many: int, one: str) -> str:
    """Return a number of things.

    >>> count(1, "row"), count(2, "row")
    ('1 row', '2 rows')
    """
    return f"{many} {one}{'' if many == 1 else 's'}"


def in_words(many: int) -> str:
    """Return a small whole number as a word, others in digits.

    >>> in_words(4), in_words(13)
    ('four', '13')
    """
    return SMALL[many] if 0 <= many < len(SMALL) else str(many)


def listed(parts: Iterable[object]) -> str:
    """Return the parts of a list as a sentence names them.

    >>> listed([0, 4, 8]), listed([3])
    ('0, 4 and 8', '3')
    """
    *most, last = map(str, parts)
    return f"{', '.join(most)} and {last}" if most else last
