"""The book's package, where it is installed."""

from __future__ import annotations

import warnings
from types import ModuleType

__all__ = ["load_book", "required_book"]


def load_book() -> ModuleType | None:
    """Return `d2l.torch`, or None after one sentence that says what is missing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its own, of which none is the learner's
            import d2l.torch
    except ImportError:
        print("The book's package d2l is not installed; the comparison is left out.")
        return None
    return d2l.torch


def required_book() -> ModuleType:
    """Return `d2l.torch`. Raises ValueError where it is not installed."""
    book = load_book()
    if book is None:
        raise ValueError("the comparison needs d2l; expected it installed, as by `uv sync`")
    return book
