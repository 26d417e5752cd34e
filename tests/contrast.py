"""How well the texts of a figure stand out from what is drawn behind them, as WCAG counts it."""

from unittest.mock import patch

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.text import Text

DPI = 96


def luminance(colour):
    """Return the relative luminance of red, green, blue from 0 to 1."""
    parts = np.asarray(colour, dtype=float)
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one, other):
    """Return the contrast of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def texts_with_contrast(figure):
    """Return each text that is drawn, with its contrast to the colour that most of its ground has."""
    drawn, draw, colour_of = [], Text.draw, Text.get_color

    def keep(text, renderer):
        if text.get_visible() and text.get_text().strip():
            drawn.append(text)
        draw(text, renderer)

    figure.set_dpi(DPI)
    canvas = FigureCanvasAgg(figure)
    with patch.object(Text, "draw", keep), patch.object(Text, "get_color", lambda _: (0, 0, 0, 0)):
        canvas.draw()
    colours = [to_rgba(colour_of(text), text.get_alpha()) for text in drawn]
    boxes = [text.get_window_extent(canvas.get_renderer()) for text in drawn]
    pixels = np.asarray(canvas.buffer_rgba())[..., :3] / 255
    found = []
    for text, (*ink, alpha), box in zip(drawn, colours, boxes, strict=True):
        ground = behind(pixels, box)
        if ground is not None:
            shown = alpha * np.array(ink) + (1 - alpha) * ground
            found.append((text.get_text(), contrast(shown, ground)))
    return found


def behind(pixels, box):
    """Return the commonest colour of (H, W, 3) in a box whose origin is at the lower left."""
    height = len(pixels)
    rows = slice(max(0, round(height - box.y1)), max(0, round(height - box.y0)))
    columns = slice(max(0, round(box.x0)), max(0, round(box.x1)))
    part = pixels[rows, columns].reshape(-1, 3)
    if not len(part):
        return None
    colours, counts = np.unique(part, axis=0, return_counts=True)
    return colours[counts.argmax()]
