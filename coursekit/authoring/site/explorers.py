"""Explorers of the site: each with its state, all of a page with one copy of the module."""

from __future__ import annotations

from collections.abc import Mapping

from coursekit.authoring.site.markup import data
from coursekit.explorer.page import alive, standing

__all__ = ["program", "window"]


def window(state: Mapping[str, object], image: str) -> str:
    """Return an explorer's place in a page.

    state: what an output of a notebook keeps of it. image: an element that shows it at rest, for
    those without scripts.
    """
    return (
        f'<div class="explorer scroller"><div data-explorer>{data(standing(state))}</div>'
        f"<noscript>{image}</noscript></div>"
    )


def program() -> str:
    """Return what wakes every explorer of a page, once at its end: no file, which disks refuse."""
    wakes = (
        "for (const place of document.querySelectorAll('[data-explorer]'))"
        " alone(place, JSON.parse(place.querySelector('script').textContent));"
    )
    return f'<script type="module">\n{alive()}\n{wakes}\n</script>'
