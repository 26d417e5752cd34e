"""T-shirts, pullovers, dresses, coats and shirts: which pattern and details each kind has."""

from .fabric import tone
from .pattern import Cut, draw_body, draw_neck
from .sketch import Rng, Sketch, between, chance, pick
from .trims import draw_front, draw_pockets, draw_ribs, draw_seams


def _width(rng: Rng, cut: Cut, chest: float, waist: float, hem: float) -> None:
    """Change the widths of the body: waist and hem relative to the chest."""
    cut.chest = chest
    cut.waist = chest * waist
    cut.hem = chest * hem
    cut.shoulder = chest + between(rng, -0.025, 0.02)


def _short_sleeves(rng: Rng, cut: Cut) -> None:
    cut.sleeve = between(rng, 0.2, 0.36)
    cut.spread = between(rng, 0.35, 0.9)
    cut.upper_arm = between(rng, 0.14, 0.2)
    cut.cuff = between(rng, 0.11, 0.18)


def _long_sleeves(rng: Rng, cut: Cut) -> None:
    cut.sleeve = between(rng, 0.82, 0.98)
    cut.spread = between(rng, 0.02, 0.18)
    cut.shoulder += between(rng, 0.02, 0.08)
    cut.upper_arm = between(rng, 0.13, 0.18)
    cut.cuff = between(rng, 0.09, 0.14)
    cut.bend = between(rng, 0.01, 0.06)
    cut.drop = between(rng, 0.04, 0.1)
    cut.sleeve_tone = rng.normal(0, 25) if chance(rng, 0.25) else between(rng, -5, 45)


def _straps(rng: Rng, cut: Cut) -> None:
    """Change the cut to one without sleeves, its shoulders narrow, down to thin straps."""
    cut.neck = "strap"
    cut.neck_width = between(rng, 0.08, 0.15)
    cut.neck_depth = between(rng, 0.1, 0.26)
    cut.shoulder = cut.neck_width + between(rng, 0.015, 0.08)
    cut.armhole = between(rng, 0.22, 0.32)
    cut.drop = 0.005


def tshirt(sketch: Sketch, rng: Rng) -> float:
    """Draw a T-shirt or top: short sleeves or straps, round or V neck. Return its tone."""
    cut = Cut(tone(rng, 0.22, 0.32), armhole=between(rng, 0.24, 0.33))
    _width(rng, cut, between(rng, 0.2, 0.29), between(rng, 0.86, 1.0), between(rng, 0.88, 1.12))
    cut.neck = pick(rng, {"round": 6, "v": 2, "boat": 1, "collar": 1})
    cut.neck_width, cut.neck_depth = between(rng, 0.06, 0.13), between(rng, 0.03, 0.15)
    cut.round_hem = between(rng, -0.01, 0.05)
    if chance(rng, 0.82):
        _short_sleeves(rng, cut)
    else:
        _straps(rng, cut)
    draw_body(sketch, cut, rng)
    draw_neck(sketch, cut, rng)
    draw_front(sketch, cut, rng, "placket" if cut.neck == "collar" else "none")
    return cut.tone


def pullover(sketch: Sketch, rng: Rng) -> float:
    """Draw a pullover: long sleeves, closed front, ribs, sometimes a hood. Return its tone."""
    cut = Cut(tone(rng, 0.2, 0.3), armhole=between(rng, 0.26, 0.36))
    _width(rng, cut, between(rng, 0.18, 0.26), between(rng, 0.9, 1.03), between(rng, 0.88, 1.06))
    cut.neck = pick(rng, {"round": 6, "v": 2, "boat": 1.5, "turtle": 1, "hood": 2, "stand": 0.5})
    cut.neck_width, cut.neck_depth = between(rng, 0.06, 0.14), between(rng, 0.02, 0.12)
    if cut.neck == "v":
        cut.neck_depth = between(rng, 0.1, 0.25)
    cut.length = between(rng, 0.84, 1.0)
    _long_sleeves(rng, cut)
    cut.sleeve = between(rng, 0.74, 0.98)
    cut.round_hem = between(rng, -0.01, 0.03)
    draw_body(sketch, cut, rng)
    draw_neck(sketch, cut, rng)
    draw_front(sketch, cut, rng, pick(rng, {"none": 9, "placket": 1}))
    if chance(rng, 0.6):
        draw_ribs(sketch, cut, rng)
    if cut.neck == "hood" and chance(rng, 0.5):
        draw_pockets(sketch, cut, rng, low=True)
    return cut.tone


def _dress_sleeves(rng: Rng, cut: Cut) -> None:
    """Change the cut of a dress: straps, short sleeves, long ones or none."""
    sleeves = pick(rng, {"none": 3, "straps": 2.5, "short": 2.5, "long": 2})
    if sleeves == "straps":
        _straps(rng, cut)
        cut.chest *= 0.92
        cut.neck_width *= 0.65
        cut.shoulder = cut.neck_width + between(rng, 0.012, 0.05)
        cut.armhole = between(rng, 0.15, 0.23)
    elif sleeves == "short":
        _short_sleeves(rng, cut)
        cut.sleeve, cut.cuff = cut.sleeve * 0.75, cut.cuff * 0.7
        cut.spread *= 0.7
    elif sleeves == "long":
        _long_sleeves(rng, cut)
        cut.sleeve, cut.cuff = between(rng, 0.4, 0.66), cut.cuff * 0.7


def dress(sketch: Sketch, rng: Rng) -> float:
    """Draw a dress: long and narrow, the skirt straight or flared. Return its tone."""
    cut = Cut(tone(rng, 0.15, 0.4), armhole=between(rng, 0.17, 0.26), drop=0.03)
    chest = between(rng, 0.13, 0.21)
    flare = pick(rng, {"straight": 4, "wide": 3})
    hem = between(rng, 0.8, 1.2) if flare == "straight" else between(rng, 1.2, 2.1)
    _width(rng, cut, chest, between(rng, 0.72, 1.02), hem)
    cut.waist_at = between(rng, 0.34, 0.45)
    cut.neck = pick(rng, {"round": 6, "v": 3, "boat": 2, "collar": 0.6})
    cut.neck_width, cut.neck_depth = between(rng, 0.06, 0.1), between(rng, 0.02, 0.14)
    cut.round_hem = between(rng, -0.02, 0.03)
    _dress_sleeves(rng, cut)
    draw_body(sketch, cut, rng)
    draw_neck(sketch, cut, rng)
    _belt(sketch, cut, rng)
    draw_front(sketch, cut, rng, pick(rng, {"none": 9, "buttons": 1, "placket": 1}))
    return cut.tone


def _belt(sketch: Sketch, cut: Cut, rng: Rng) -> None:
    if chance(rng, 0.35):
        y, change = cut.waist_at, between(rng, -130, 80)
        ends = [(0.5 - cut.waist, y), (0.5 + cut.waist, y)]
        sketch.line(ends, change, between(rng, 0.015, 0.05))


def coat(sketch: Sketch, rng: Rng) -> float:
    """Draw a coat or jacket: long sleeves, closed all the way down, pockets. Return its tone."""
    cut = Cut(tone(rng, 0.17, 0.36), armhole=between(rng, 0.26, 0.36))
    long = chance(rng, 0.35)
    chest = between(rng, 0.17, 0.23) if long else between(rng, 0.2, 0.3)
    _width(rng, cut, chest, between(rng, 0.88, 1.03), between(rng, 0.92, 1.22 if long else 1.06))
    cut.neck = pick(rng, {"lapel": 3, "collar": 2, "stand": 3, "hood": 2, "round": 1.5})
    cut.neck_width, cut.neck_depth = between(rng, 0.08, 0.13), between(rng, 0.03, 0.1)
    if cut.neck in ("lapel", "collar"):
        cut.neck_depth = between(rng, 0.12, 0.4 if cut.neck == "lapel" else 0.2)
    _long_sleeves(rng, cut)
    cut.drop += between(rng, 0.0, 0.04)
    if long:
        cut.sleeve = between(rng, 0.62, 0.84)
    else:
        cut.length = between(rng, 0.82, 1.0)
    draw_body(sketch, cut, rng)
    draw_neck(sketch, cut, rng)
    draw_front(sketch, cut, rng, pick(rng, {"zip": 5, "buttons": 4, "open": 2, "none": 0.4}), 1.2)
    if chance(rng, 0.35):
        draw_seams(sketch, cut, rng)
    if chance(rng, 0.8):
        draw_pockets(sketch, cut, rng, low=chance(rng, 0.75))
    if chance(rng, 0.3):
        draw_ribs(sketch, cut, rng)
    return cut.tone


def shirt(sketch: Sketch, rng: Rng) -> float:
    """Draw a shirt or blouse: any sleeves, often collar, buttons or print. Return its tone."""
    cut = Cut(tone(rng, 0.27, 0.3), armhole=between(rng, 0.25, 0.34))
    _width(rng, cut, between(rng, 0.2, 0.29), between(rng, 0.88, 1.02), between(rng, 0.9, 1.1))
    cut.neck = pick(rng, {"collar": 6.5, "round": 2, "v": 1.6, "stand": 1.2, "boat": 0.5})
    cut.neck_width, cut.neck_depth = between(rng, 0.06, 0.11), between(rng, 0.06, 0.16)
    cut.round_hem = between(rng, -0.02, 0.08)
    sleeves = pick(rng, {"long": 5.5, "short": 2, "half": 1.2, "straps": 0.8})
    if sleeves == "long":
        _long_sleeves(rng, cut)
        cut.sleeve = between(rng, 0.72, 0.96)
        cut.length = between(rng, 0.88, 1.0)
    elif sleeves == "straps":
        _straps(rng, cut)
    else:
        _short_sleeves(rng, cut)
        if sleeves == "half":
            cut.sleeve, cut.spread = between(rng, 0.4, 0.65), between(rng, 0.2, 0.4)
    draw_body(sketch, cut, rng)
    draw_neck(sketch, cut, rng)
    buttons = 6 if cut.neck == "collar" else 2.5
    draw_front(sketch, cut, rng, pick(rng, {"buttons": buttons, "placket": 1, "none": 2}), 0.9)
    if chance(rng, 0.35):
        draw_pockets(sketch, cut, rng, low=False)
    return cut.tone
