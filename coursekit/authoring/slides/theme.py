"""A school's own colours and logo on a deck."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring.lesson import AuthoringError

__all__ = ["PLAIN", "Theme", "contrast", "read"]

LINE = re.compile(r"^(\w+)\s*:\s*(.+?)\s*$")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
KINDS = {".png": "png", ".svg": "svg+xml", ".jpg": "jpeg", ".jpeg": "jpeg"}
COLOURS = {"accent": "--accent", "exercise": "--warm"}  # name in the file -> in the style
GROUNDS = ("#ffffff", "#f5f3f8")  # a slide's and code's
READABLE = 4.5  # WCAG 2.1 AA, for text of any size
LARGEST = 300_000  # bytes of a logo


@dataclass(frozen=True)
class Theme:
    """What a deck looks like: CSS that comes after its own, and the logo as a data URI or ""."""

    style: str = ""
    logo: str = ""


PLAIN = Theme()


def read(path: Path) -> Theme:
    """Return the theme of a text file.

    Its lines are `accent: #00457c`, `exercise: #8a4600` and `logo: our-logo.svg`; each may be
    missing, and the logo's path counts from the file.
    Raises AuthoringError where the file or the logo cannot be read, a line is no such line, or a
    colour is too pale to be read on a slide.
    """
    style, logo = [], ""
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if not line.strip() or line.startswith("//"):
            continue
        found = LINE.match(line)
        if found and found[1] == "logo":
            logo = _logo(path.parent / found[2])
        elif found and found[1] in COLOURS:
            style.append(f"{COLOURS[found[1]]}: {_colour(found[1], found[2])};")
        else:
            raise AuthoringError(
                f"{path}, line {number} is {line!r}; expected accent, exercise or logo, a colon, "
                "and a colour such as #00457c or a picture's path"
            )
    return Theme(f":root {{ {' '.join(style)} }}" if style else "", logo)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours #rrggbb, from 1 to 21, as WCAG 2.1 has it.

    >>> contrast("#000000", "#ffffff"), contrast("#ffffff", "#ffffff")
    (21.0, 1.0)
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _colour(name: str, text: str) -> str:
    if not COLOUR.fullmatch(text):
        raise AuthoringError(f"{name} is {text!r}; expected a colour such as #00457c")
    least = min(contrast(text, ground) for ground in GROUNDS)
    if least < READABLE:
        raise AuthoringError(
            f"{name} is {text}, whose contrast on a slide is {least:.1f} to 1; expected {READABLE} "
            "at least: a darker one"
        )
    return text


def _logo(path: Path) -> str:
    kind = KINDS.get(path.suffix.lower())
    if not kind:
        raise AuthoringError(f"the logo is {path.name}; expected a .png, .svg or .jpg")
    try:
        picture = path.read_bytes()
    except OSError as error:
        raise AuthoringError(f"the logo {path} cannot be read: {error.strerror}") from error
    if len(picture) > LARGEST:
        raise AuthoringError(
            f"the logo has {len(picture):,} bytes; expected {LARGEST:,} at most, for each deck "
            "holds it"
        )
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AuthoringError(f"{path} cannot be read: {error}") from error
