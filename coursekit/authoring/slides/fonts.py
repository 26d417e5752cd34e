"""The letters that a deck needs, packed into it: lines break alike on every machine."""

from __future__ import annotations

import base64
import io
from pathlib import Path

__all__ = ["faces"]

FACES = (
    ("Deck Sans", "DejaVuSans.ttf", "normal", "normal"),
    ("Deck Sans", "DejaVuSans-Bold.ttf", "bold", "normal"),
    ("Deck Sans", "DejaVuSans-Oblique.ttf", "normal", "italic"),
    ("Deck Mono", "DejaVuSansMono.ttf", "normal", "normal"),
)
ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "·×−–…←→↑↓✓✗"


def faces(text: str) -> str:
    """Return @font-face rules with the characters of `text`, from the fonts that matplotlib has."""
    return "\n".join(
        f"@font-face{{font-family:'{family}';font-weight:{weight};font-style:{style};"
        f"src:url(data:font/woff;base64,{_subset(file, text)})}}"
        for family, file, weight, style in FACES
    )


def _subset(file: str, text: str) -> str:
    import matplotlib
    from fontTools import subset

    options = subset.Options(flavor="woff", hinting=False, notdef_outline=True)
    options.drop_tables += ["FFTM"]  # the time it was made
    file_path = Path(matplotlib.get_data_path(), "fonts", "ttf", file)
    subsetter, packed = subset.Subsetter(options), io.BytesIO()
    subsetter.populate(text=ALWAYS + text)
    with subset.load_font(file_path, options) as font:
        subsetter.subset(font)
        subset.save_font(font, packed, options)
    return base64.b64encode(packed.getvalue()).decode()
