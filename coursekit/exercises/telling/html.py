"""A page as HTML: no JavaScript, colours inherited, readable in light and dark themes.

Styles are inline and modest, so that a notebook viewer that strips some of them still shows
every word. Tints are translucent; each is doubled by a border and by words or a sign.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from coursekit.exercises.telling.blocks import (
    Block,
    Cell,
    Code,
    Drawing,
    Fold,
    Grid,
    Words,
    cell_words,
    label,
)

BLUE, GREEN, RED, GRAY = "0,114,178", "0,158,115", "213,94,0", "128,128,128"
EDGES = {"✓": GREEN, "✗": RED, "!": RED}
BOX = "display:inline-block;vertical-align:top;margin:0 1.6em .6em 0"
CELL = "padding:.15em .55em;text-align:right;border:1px solid rgba(128,128,128,.5)"
CODE = "margin:.3em 0;padding:.4em .7em;background:rgba(128,128,128,.12);white-space:pre-wrap"


def render(headline: str, blocks: Iterable[Block], *, sign: str = "") -> str:
    """Return the blocks under their headline, as HTML; the sign colours their edge."""
    edge = EDGES.get(sign, GRAY)
    head = escape(f"{sign} {headline}".strip())
    body = "".join(map(block, blocks))
    return (
        f'<div style="border-left:4px solid rgb({edge});padding:.1em 0 .1em 1em;max-width:52em">'
        f'<p style="margin:.3em 0"><strong>{head}</strong></p>{body}</div>'
    )


def block(part: Block) -> str:
    """Return one block as HTML."""
    match part:
        case Words(text, line, strong):
            below = f"<br><code>{escape(line)}</code>" if line else ""
            said = escape(text)
            for name in map(escape, strong):
                said = said.replace(name, f"<strong>{name}</strong>", 1)
            return f'<p style="margin:.5em 0">{said}{below}</p>'
        case Code(text):
            return f'<pre style="{CODE}">{escape(text)}</pre>'
        case Drawing(grids):
            return f'<div style="margin:.6em 0">{"".join(map(grid, grids))}</div>'
        case Fold(summary, blocks):
            inside = "".join(map(block, blocks))
            return (
                f'<details style="margin:.4em 0"><summary style="cursor:pointer">'
                f'{escape(summary)}</summary><div style="margin-left:1em">{inside}</div></details>'
            )
    return ""


def grid(part: Grid) -> str:
    """Return a grid as a table under its label."""
    rows = "".join(
        f'<tr style="background:none">{"".join(map(_cell, row))}</tr>' for row in cell_words(part)
    )
    note = f'<div style="font-size:85%">{escape(part.note)}</div>' if part.note else ""
    return (
        f'<div style="{BOX}"><div style="margin-bottom:.2em">{escape(label(part))}</div>'
        '<table style="border-collapse:collapse;border:none;margin:0;font-family:monospace;'
        f'font-size:100%"><tbody>{rows}</tbody></table>{note}</div>'
    )


def _cell(cell: Cell) -> str:
    style, text = CELL, escape(cell.text)
    if cell.window:
        style = f"{CELL};border:3px solid rgb({BLUE});background:rgba({BLUE},.2)"
    if cell.wrong:
        style = f"{CELL};border:3px solid rgb({RED});background:rgba({RED},.2)"
        text = f"<strong>{text} ✗</strong>"
    return f'<td style="{style}">{text}</td>'
