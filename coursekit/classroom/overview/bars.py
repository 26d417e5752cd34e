"""The answers to an exercise as one bar: colours that are hatched and dotted too."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["bar", "key"]

PARTS = {
    "right": (("right",), "var(--right)"),
    "a known mistake": (("named",), "url(#hatch)"),
    "another mistake or an error": (("unnamed", "error", "incomparable"), "url(#dots)"),
    "not tried, or no verdict": (("unattempted", "unknown"), "none"),
}
WIDTH, HEIGHT = 136, 16


def bar(kinds: Mapping[str, int], whole: int) -> str:
    """Return the bar; its numbers stand beside it, so that it is passed over when read aloud."""
    parts, left = [], 0.0
    for names, fill in PARTS.values():
        width = WIDTH * sum(kinds[name] for name in names) / max(whole, 1)
        if width:
            parts.append(_rectangle(left, width, HEIGHT, fill))
        left += width
    view = f'viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none"'
    return f'<svg class="bar" {view} aria-hidden="true">{"".join(parts)}</svg>'


def key() -> str:
    """Return what the parts of the bars stand for."""
    told = "".join(f"<li>{_sample(fill)}{name}</li>" for name, (_, fill) in PARTS.items())
    return f'<ul class="key">{told}</ul>'


def _sample(fill: str) -> str:
    return f'<svg viewBox="0 0 22 13" aria-hidden="true">{_rectangle(0, 22, 13, fill)}</svg>'


def _rectangle(left: float, width: float, height: int, fill: str) -> str:
    place = f'x="{left + 0.5:.1f}" y=".5" width="{max(width - 1, 0.5):.1f}" height="{height - 1}"'
    return f'<rect {place} fill="{fill}" stroke="var(--open)"/>'
