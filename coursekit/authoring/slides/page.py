"""A deck as the text of one HTML file."""

from __future__ import annotations

import html as markup
import re
from pathlib import Path

from coursekit.authoring.slides.deck import Deck, Slide
from coursekit.authoring.slides.fonts import faces
from coursekit.authoring.slides.render import plain
from coursekit.authoring.slides.theme import PLAIN, Theme
from coursekit.machine.template import filled

__all__ = ["html", "minutes", "script"]

HERE = Path(__file__).parent
SCRIPTS = ("stage", "fitting", "frames", "going", "speaker", "start")  # in this order
PICTURE = re.compile(r'src="data:[^"]*"')


def html(deck: Deck, theme: Theme = PLAIN) -> str:
    """Return the page: slides, letters, style and script; it asks for no other file."""
    logo = f'<img class="logo" alt="" src="{theme.logo}">' if theme.logo else ""
    slides = "\n".join(_slide(deck, place, logo) for place in range(len(deck.slides)))
    parts = {
        "TITLE": markup.escape(plain(deck.title)),
        "SLIDES": slides,
        "STYLE": (HERE / "deck.css").read_text(encoding="utf-8") + theme.style,
        "SCRIPT": script(),
    }
    page = HERE / "deck.html"
    shown = filled(page, {**parts, "FONTS": ""})
    letters = "".join(sorted(set(PICTURE.sub("", shown))))
    return filled(page, {**parts, "FONTS": faces(letters)})


def script() -> str:
    """Return the deck's script: the files of `js`, one after the other, in one scope."""
    return "\n".join((HERE / "js" / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)


def minutes(value: float) -> str:
    """Return minutes as people write them.

    >>> minutes(2.5), minutes(0.5), minutes(3.0)
    ('2½', '½', '3')
    """
    whole, half = int(value), "½" if value % 1 else ""
    return f"{whole or ''}{half}" or "0"


def _slide(deck: Deck, place: int, logo: str) -> str:
    slide = deck.slides[place]
    begins = sum(before.minutes for before in deck.slides[:place])
    notes = "".join(slide.told)
    return (
        f'<section class="slide {_kind(slide)}" id="{slide.id}" data-minutes="{slide.minutes}" '
        f'data-begins="{begins}" aria-label="{place + 1}: {markup.escape(plain(slide.title))}">\n'
        f"<header>{_heading(slide)}</header>\n"
        f'<div class="body">{"".join(slide.blocks)}</div>\n'
        f"{logo}<footer><span>{markup.escape(plain(deck.title))}</span>"
        f"<span>{place + 1} / {len(deck.slides)}</span></footer>\n"
        f'<aside class="notes" hidden><p class="time">{minutes(slide.minutes)} min, '
        f"from minute {minutes(begins)}</p>{notes}</aside>\n</section>"
    )


def _heading(slide: Slide) -> str:
    tag = "h1" if slide.level == 1 else "h2"
    badge = f'<span class="badge">{minutes(slide.minutes)} min</span>' if slide.exercises else ""
    return f"<{tag}>{markup.escape(plain(slide.title))}</{tag}>{badge}"


def _kind(slide: Slide) -> str:
    if slide.solution:
        return "solution"
    if slide.level == 3 and slide.exercises:
        return "exercise"
    return {0: "continued", 1: "title"}.get(slide.level, "idea")
