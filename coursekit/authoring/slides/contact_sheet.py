"""All slides of a deck on one picture, small, for whoever looks a deck through."""

from __future__ import annotations

import io
from pathlib import Path

from coursekit.authoring.slides.browser import open_deck

__all__ = ["contact_sheet"]

COLUMNS, WIDTH, HEIGHT, GAP = 4, 640, 360, 8  # of a small slide, pixels


def contact_sheet(deck: Path) -> Path:
    """Return the path of a PNG beside the deck's file.

    Raises AuthoringError where there is no Chromium.
    """
    from PIL import Image

    with open_deck(deck) as page:
        shots = []
        for place in range(page.evaluate("slides.length")):
            page.evaluate(f"show({place}, {{all: true}})")
            shot = Image.open(io.BytesIO(page.screenshot()))
            shots.append(shot.resize((WIDTH, HEIGHT)))
    rows = -(-len(shots) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (WIDTH + GAP) + GAP, rows * (HEIGHT + GAP) + GAP), "#777")
    for place, shot in enumerate(shots):
        row, column = divmod(place, COLUMNS)
        sheet.paste(shot, (GAP + column * (WIDTH + GAP), GAP + row * (HEIGHT + GAP)))
    path = deck.with_suffix(".png")
    sheet.save(path)
    return path
