"""A deck on paper: one slide a page, or a slide with its notes."""

from __future__ import annotations

from pathlib import Path

from coursekit.authoring.slides.browser import open_deck
from coursekit.machine.files import replaced

__all__ = ["to_pdf"]


def to_pdf(deck: Path, *, notes: bool = False) -> Path:
    """Return the path of a PDF beside the deck's file, with all that waits on a slide shown.

    A page is 1280×720 px, a screen's shape; with `notes` it is as high as a sheet of paper, and
    the notes stand below the slide.
    Raises AuthoringError where there is no Chromium.
    """
    path = deck.with_name(f"{deck.stem}{'-notes' if notes else ''}.pdf")
    with open_deck(deck, query="?notes" if notes else "") as page:
        page.evaluate("prepare()")
        printed = page.pdf(prefer_css_page_size=True, print_background=True)
    with replaced(path) as partial:
        partial.write_bytes(printed)
    return path
