"""An instructor's own slides, from a Markdown file, between those of a lesson."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring.lesson import AuthoringError
from coursekit.authoring.slides import render
from coursekit.authoring.slides.assembly import Remark, Slide

__all__ = ["Insert", "inserted", "read"]

HEADING = re.compile(r"^## (.+)$", re.M)
AFTER = re.compile(r"\s*^after: *(\S+) *$", re.M)
NOTES = re.compile(r"^Notes:\s*$", re.M)
REMOTE = re.compile(r"!\[[^\]]*\]\(\s*(?!data:)([^)\s]+)")


@dataclass(frozen=True)
class Insert:
    """A slide of the instructor's own, and the id of the slide that it follows."""

    after: str
    title: str
    text: str
    notes: str


def read(path: Path) -> list[Insert]:
    """Return the slides of a Markdown file: each begins with `## Title`, then `after: slide-id`.

    A slide without `after:` follows the one above it in the file. What stands below a line
    `Notes:` is for the speaker.
    Raises AuthoringError where the file cannot be read, has no heading, its first slide does not
    say where it stands, or a picture lies in another file, for a deck is one file.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AuthoringError(f"{path} cannot be read: {error}") from error
    pieces = HEADING.split(text)
    if len(pieces) == 1:
        raise AuthoringError(f"{path} has no slide; expected headings such as `## My own example`")
    found: list[Insert] = []
    for title, body in zip(pieces[1::2], pieces[2::2], strict=True):
        where = AFTER.match(body)
        if not where and not found:
            raise AuthoringError(
                f"{path}: “{title}” names no place; expected `after: slide-id` below its heading"
            )
        if lies := REMOTE.search(body):
            raise AuthoringError(f"{path}: the picture {lies[1]} lies outside; expected a data URI")
        after = where[1] if where else found[-1].after
        shown, _, told = NOTES.sub("\0", AFTER.sub("", body, count=1), count=1).partition("\0")
        found.append(Insert(after, title.strip(), shown.strip(), told.strip()))
    return found


def inserted(slides: Sequence[Slide], inserts: Sequence[Insert]) -> list[Slide]:
    """Return the slides with each insert behind the one that it names.

    Raises AuthoringError where there is no such slide, with the ids that there are.
    """
    known = [slide.id for slide in slides]
    for insert in inserts:
        if insert.after not in known:
            raise AuthoringError(f"no slide {insert.after!r}; expected one of {', '.join(known)}")
    own = [(insert.after, _slide(insert, n)) for n, insert in enumerate(inserts, start=1)]
    return [
        one
        for slide in slides
        for one in [slide, *(made for after, made in own if after == slide.id)]
    ]


def _slide(insert: Insert, number: int) -> Slide:
    notes = [Remark("note", render.prose(insert.notes))] if insert.notes else []
    text = insert.text or " "
    return Slide(f"own-{number}", insert.title, 2, [render.prose(text)], notes)
