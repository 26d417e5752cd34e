"""The book's own code, Dive into Deep Learning's `d2l`, for comparison; no lesson depends on it."""

from coursekit.book.loading import load_book, required_book

__all__ = ["load_book", "required_book"]
