"""The Chromium with which decks are drawn and the tests look at pages."""

from __future__ import annotations

import os
import shutil

__all__ = ["chromium"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """Return the path of a Chromium, from COURSEKIT_CHROMIUM or the search path, or None.

    What COURSEKIT_CHROMIUM names is not looked for: where it is wrong, the error names it.
    """
    named = os.environ.get("COURSEKIT_CHROMIUM")
    return named or next((path for path in map(shutil.which, NAMES) if path), None)
