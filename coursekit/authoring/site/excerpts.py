"""What a search shows of a page: where the words stand, and those around them, without a server."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

__all__ = ["Section", "sections", "write_excerpts"]

ARTICLE = ("article", "furo-main-content")  # what of a page is its own
# Answers stay folded; programs, drawings and what is pressed are no words to read.
LEFT_OUT = {"details", "script", "style", "svg", "math", "form", "button", "noscript", "nav"}
HEADINGS = {"h1", "h2", "h3", "h4"}
APART = {"p", "li", "td", "th", "pre", "div", "dt", "dd"}  # words before and after do not touch
VOID = {"img", "br", "hr", "input", "source", "link", "meta", "col", "wbr"}


@dataclass
class Section:
    """A part of a page under a heading. place: its headings, the page's first."""

    id: str
    place: tuple[str, ...] = ()
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return its own words, without those of the sections inside it."""
        return " ".join("".join(self.words).split())


class _Reader(HTMLParser):
    """Goes through a page, and keeps what stands in its article by section."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Section] = []
        self.inside: list[Section] = []
        self.open: list[str] = []  # elements of the article, and whatever is left out in it
        self.skipped = 0  # how many of them are left out
        self.heading: list[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a section, a heading, or what is left out."""
        of = dict(attrs)
        if tag in VOID or (not self.open and (tag, of.get("id")) != ARTICLE):
            return
        self.open.append(tag)
        if self.skipped or tag in LEFT_OUT or "headerlink" in (of.get("class") or ""):
            self.skipped += 1
        elif tag == "section":
            self.inside.append(Section(of.get("id") or ""))
            self.found.append(self.inside[-1])
        elif tag in HEADINGS:
            self.heading = []

    def handle_endtag(self, tag: str) -> None:
        """End what was begun last by that name."""
        if tag not in self.open:
            return
        while self.open:
            last = self.open.pop()
            if self.skipped:
                self.skipped -= 1
            elif last == "section":
                self.inside.pop()
            elif last in HEADINGS:
                self._name()
            elif last in APART and self.inside:
                self.inside[-1].words.append(" ")
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        """Keep words where they are read."""
        if self.skipped or not self.inside:
            return
        (self.inside[-1].words if self.heading is None else self.heading).append(data)

    def _name(self) -> None:
        words, self.heading = " ".join("".join(self.heading or []).split()), None
        if self.inside and not self.inside[-1].place:
            above = self.inside[-2].place if len(self.inside) > 1 else ()
            self.inside[-1].place = (*above, words)


def sections(page: str) -> list[Section]:
    """Return the sections of a page of the site that have words, in order."""
    return [section for section in _Reader(page).found if section.place]


def write_excerpts(folder: Path) -> None:
    """Write what the search shows of the site's pages, as a script: a page on a disk reads that."""
    kept = {
        path.relative_to(folder).as_posix(): [
            [section.id, " › ".join(section.place), section.text] for section in found
        ]
        for path in sorted(folder.rglob("*.html"))
        if (found := sections(path.read_text(encoding="utf-8")))
    }
    text = f"const EXCERPTS = {json.dumps(kept, ensure_ascii=False)};\n"
    (folder / "_static" / "excerpts.js").write_text(text, encoding="utf-8")
