"""The section on the exercises as questions: too easy, too hard, or telling nothing."""

from __future__ import annotations

from html import escape

from coursekit.classroom.overview.items import ENOUGH, Item
from coursekit.classroom.overview.seen import Seen, name_of
from coursekit.classroom.overview.words import wide

__all__ = ["questions"]

NO_REMARK = "None is too easy or too hard, and each tells strong from weak."


def questions(seen: Seen) -> str:
    """Tell how many get each exercise right, and whether those do who are strong elsewhere."""
    found = [item for lesson in seen.tally.lessons for item in lesson.items]
    small = min(lesson.read for lesson in seen.tally.lessons) < ENOUGH
    note = (
        f"<p><b>Fewer than {ENOUGH} notebooks were read: whether an exercise tells strong from "
        "weak is then mostly chance, and nothing is made of it below.</b></p>"
        if small
        else ""
    )
    intro = (
        "<p>Right: the share of right answers. Tells apart: how closely a right answer here goes "
        "with being right in the lesson's other exercises, from −1 over 0 (not at all) to 1; it is "
        "the point-biserial correlation with the rest of the score.</p>"
    )
    rows = "".join(map(_item, found))
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("exercise", "right", "tells apart"))
    head = f'<thead><tr>{heads}<th scope="col" class="words">what to make of it</th></tr></thead>'
    body = f'<table class="counts">{head}<tbody>{rows}</tbody></table>'
    none = "" if any(i.remark for i in found) or small else f"<p>{NO_REMARK}</p>"
    return intro + note + none + wide(body, "Exercises as questions")


def _item(item: Item) -> str:
    value = item.discrimination
    told = "–" if value is None else f"{value:.2f}".replace("-", "−")
    return (
        f'<tr><th scope="row">{item.exercise} {name_of(item.exercise)}</th>'
        f"<td>{item.facility:.0%}</td><td>{told}</td>"
        f'<td class="words">{escape(item.remark)}</td></tr>'
    ).replace("%</td>", " %</td>")
