"""A slide that would not be readable as one, as several that follow each other.

Sizes are estimates, from the number of characters; the page then arranges each slide exactly.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from coursekit.authoring.slides.assembly import Remark, Slide
from coursekit.authoring.slides.pictures import size
from coursekit.authoring.slides.speaking import about_parts

__all__ = ["divided"]

WIDTH, HEIGHT = 1168, 632  # px inside the margins of a slide
HEAD = {1: 74, 2: 59, 3: 59, 0: 45}  # px of the heading with the room below, by level
GAP, BETWEEN = 12, 40  # px between blocks, and between columns
LEFT = (340, 450, 560, 690)  # px: how wide a left column may be
PROSE, CODE, PRINTED = 21, 22, 17  # px of letters
LEAST = 18  # px of prose, beside a picture that it asks about
LETTER = {"prose": 0.56, "mono": 0.602}  # mean width of one, in heights
KIND = re.compile(r'class="(?:step )?block (\w+)"')
STEP = re.compile(r'data-step="(\d+)" class="step block ')
TAG = re.compile(r"<[^>]*>")
PARAGRAPH = re.compile(r"</(?:p|li|h3|tr|pre)>|<br")
FORMULA = re.compile(r'<svg class="formula display".*?</svg>', re.S)
LIVE = (1000, 480)  # px of an explorer
SLACK = 1.04  # for what an estimate misses
WIDE = ("figure", "live")


def divided(slide: Slide) -> list[Slide]:
    """Return the slide itself, or parts of it, each with what fits on it at a readable size."""
    if slide.solution:
        return [slide]
    groups: list[list[str]] = []
    for block in slide.blocks:
        level = slide.level if len(groups) < 2 else 0
        if groups and _fits([*groups[-1], block], level, slide.title):
            groups[-1].append(block)
        else:
            groups.append([block])
    groups = _asked_last(groups)
    known = about_parts(slide.remarks, groups)
    return [
        _part(slide, place, *part) for place, part in enumerate(zip(groups, known, strict=True))
    ]


def _part(slide: Slide, place: int, blocks: list[str], remarks: list[Remark]) -> Slide:
    if not place:
        return replace(slide, blocks=blocks, remarks=remarks)
    return Slide(f"{slide.id}-{place + 1}", slide.title, 0, _begun(blocks), remarks)


def _begun(blocks: list[str]) -> list[str]:
    """Return the blocks with the first of them shown at once: turning to the slide was the wait."""
    first = STEP.search(blocks[0])
    if not first:
        return blocks
    return [block.replace(first[0], 'class="block ', 1) for block in blocks]


def _asked_last(groups: list[list[str]]) -> list[list[str]]:
    """Return the groups, where a question about the picture before it has that picture again."""
    made = [groups[0]]
    for group in groups[1:]:
        before = made[-1][-1]
        about = _kind(before) in WIDE and _kind(group[0]) == "prose" and "?" in group[0]
        if about and _fits([before, group[0]], 0, "", prose=LEAST):
            made[-1] = made[-1][:-1]
            group = [before, *group]  # the picture moves on to what is asked about it
        made.append(group)
    return [group for group in made if group]


def _fits(blocks: Sequence[str], level: int, title: str, *, prose: int = PROSE) -> bool:
    room = HEIGHT - HEAD[level] - (40 if len(title) > 52 else 0)
    if _stacked(blocks, WIDTH, prose) <= room and _wide_enough(blocks):
        return True
    for left in LEFT:
        for right in _rights(blocks):
            rest = [block for block in blocks if block not in right]
            if rest and right and _beside(rest, right, left, room):
                return True
    return False


def _rights(blocks: Sequence[str]) -> list[Sequence[str]]:
    """Return what may stand in the right column, as the page tries it."""
    drawn = [block for block in blocks if _kind(block) in WIDE]
    last = [block for block in blocks if _kind(block) in (*WIDE, "output")]
    return [drawn, last, *(blocks[place:] for place in range(1, len(blocks)))]


def _beside(rest: Sequence[str], right: Sequence[str], left: int, room: int) -> bool:
    width = WIDTH - left - BETWEEN
    return (
        _stacked(rest, left) <= room - 20
        and _stacked(right, width) <= room
        and all(_wide(block) <= width for block in right)
        and all(_wide(block) <= left for block in rest)
    )


def _stacked(blocks: Sequence[str], width: float, prose: int = PROSE) -> float:
    return sum(_height(block, width, prose) + GAP for block in blocks) - GAP


def _wide_enough(blocks: Sequence[str]) -> bool:
    return all(_wide(block) <= WIDTH for block in blocks) or len(blocks) == 1


def _kind(block: str) -> str:
    found = KIND.search(block)
    return found[1] if found else "prose"


def _text(block: str) -> list[str]:
    """Return the lines of a block as they would stand in one of any width."""
    plain = PARAGRAPH.sub("\n", FORMULA.sub("\n", " ".join(block.split())))
    return [html.unescape(TAG.sub("", line)).strip() for line in plain.split("\n")]


def _wide(block: str) -> float:
    """Return the least width in px at which a block can be read."""
    kind = _kind(block)
    if found := size(block):
        return found[0]
    if kind == "live":
        return LIVE[0]
    if kind == "output":
        lines = TAG.sub("", block).split("\n")
        return 24 + max(map(len, lines)) * PRINTED * LETTER["mono"]
    return 300


def _height(block: str, width: float, prose: int = PROSE) -> float:
    kind = _kind(block)
    if found := size(block):
        return found[1]
    if kind == "live":
        return LIVE[1]
    if kind == "output":
        return 4 + (block.count("\n") + 1) * 1.3 * PRINTED
    if kind == "code":
        letters = int((width - 40) / (CODE * LETTER["mono"]))
        lines = [
            html.unescape(TAG.sub("", f"<{line}")) for line in block.split('<span class="line"')[1:]
        ]
        return 24 + sum(max(1, ceil(len(line) / letters)) for line in lines) * 1.36 * CODE
    return SLACK * _prose(block, width, prose)


def _prose(block: str, width: float, px: int) -> float:
    letters = int(min(width, 1090) / (px * LETTER["prose"]))
    # long formulas are drawings: their outlines hold no text
    lines = [line for line in _text(block) if line]
    text = sum(ceil(len(line) / letters) * 1.42 * px + 0.5 * px for line in lines)
    return text + 3.2 * px * len(FORMULA.findall(block))
