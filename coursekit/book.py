"""The book's own code, Dive into Deep Learning's `d2l`, for comparison; no lesson depends on it."""

from __future__ import annotations

import warnings
from types import ModuleType

__all__ = ["load_book"]


def load_book() -> ModuleType | None:
    """Return `d2l.torch`, or None after one sentence that says what is missing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import d2l.torch
    except ImportError:
        print("The book's package d2l is not installed; the comparison is left out.")
        return None
    return d2l.torch
