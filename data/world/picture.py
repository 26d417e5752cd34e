"""One picture: a thing on a cluttered background, lit, shaded, partly hidden, with noise."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from wardrobe.sketch import Rng

from .kinds import Draw
from .paint import Palette, any_colour
from .pen import PICTURE, SIDE, Pen, placement


def picture(draw: Draw, rng: Rng) -> np.ndarray:
    """Return one picture of that kind, uint8 (64, 64, 3)."""
    sheet = background(rng)
    clutter(sheet, rng, int(rng.integers(2, 8)))
    place = placement(rng)
    pen = Pen(rng, Palette(rng), place)
    draw(pen)
    thing = textured(pen.sheet, rng)
    if rng.random() < 0.5:
        cast_shadow(sheet, thing, rng)
    sheet.paste(thing, (0, 0), thing)
    if rng.random() < 0.5:
        occlude(sheet, rng)
    return lit(sheet.resize((PICTURE, PICTURE), Image.Resampling.BOX), rng)


def field(rng: Rng, knots: int, side: int = SIDE) -> np.ndarray:
    """Return smooth noise of about unit variance, (side, side), from `knots` × `knots` numbers."""
    coarse = Image.fromarray(rng.standard_normal((knots, knots)).astype(np.float32))
    return np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC))


def background(rng: Rng) -> Image.Image:
    """Return a ground, SIDE pixels square: two or three colours that run into each other, grain."""
    side = SIDE // 2  # a quarter of the work; what is smooth can be enlarged
    # shares from 0 to 1, (side, side, 1); a steeper sigmoid makes harder borders
    blend = 1 / (1 + np.exp(-2.5 * field(rng, int(rng.integers(2, 7)), side)))[..., None]
    first, second, third = (np.array(any_colour(rng), np.float32) for _ in range(3))
    ground = first * blend + second * (1 - blend)
    if rng.random() < 0.6:
        patch = 1 / (1 + np.exp(-6 * field(rng, int(rng.integers(3, 14)), side)))[..., None]
        ground = ground * patch + third * (1 - patch)
    ground += (rng.uniform(0, 22) * field(rng, int(rng.integers(12, 49)), side))[..., None]
    small = Image.fromarray(np.clip(ground, 0, 255).astype(np.uint8))
    return small.resize((SIDE, SIDE), Image.Resampling.BILINEAR)


def clutter(sheet: Image.Image, rng: Rng, count: int) -> None:
    """Draw `count` strokes, discs, polygons and arcs anywhere on the sheet."""
    pen = ImageDraw.Draw(sheet)
    for _ in range(count):
        colour = any_colour(rng)
        x, y = rng.uniform(0, SIDE, 2)
        size = rng.uniform(0.06, 0.28) * SIDE
        shape = rng.integers(4)
        if shape == 0:
            pen.ellipse(
                [x - size, y - size * rng.uniform(0.4, 1), x + size, y + size * 0.7], colour
            )
        elif shape == 1:
            corners = np.add(rng.normal(0, size, (int(rng.integers(3, 6)), 2)), (x, y))
            pen.polygon([tuple(map(float, corner)) for corner in corners], colour)
        elif shape == 2:
            path = np.cumsum(rng.normal(0, size, (int(rng.integers(2, 5)), 2)), axis=0)
            width = int(rng.uniform(2, 14))
            pen.line([(float(a + x), float(b + y)) for a, b in path], colour, width, joint="curve")
        else:
            radius, width = size * 1.2, int(rng.uniform(3, 10))
            start = rng.uniform(0, 360)
            edge = [x - radius, y - radius, x + radius, y + radius]
            pen.arc(edge, start, start + rng.uniform(60, 300), colour, width)


def textured(thing: Image.Image, rng: Rng) -> Image.Image:
    """Return the thing with a texture, plain, grain, blotches, stripes or dots, and a light side.

    thing: RGBA, SIDE pixels square; what is clear stays clear.
    """
    side = SIDE // 2
    y, x = np.mgrid[:side, :side] / side
    turn, shade = rng.uniform(0, 2 * np.pi), np.zeros((side, side))  # radians; share of brightness
    along = x * np.cos(turn) + y * np.sin(turn)
    across = y * np.cos(turn) - x * np.sin(turn)
    pattern, strength = rng.integers(6), rng.uniform(0.08, 0.3)  # 4 and 5 are plain
    period = rng.uniform(0.06, 0.16)
    if pattern == 0:
        shade = strength * field(rng, int(rng.integers(20, 60)), side)
    elif pattern == 1:
        shade = strength * field(rng, int(rng.integers(5, 14)), side)
    elif pattern == 2:
        shade = strength * np.sign(np.sin(2 * np.pi * along / period))
    elif pattern == 3:
        waves = np.sin(2 * np.pi * along / period) * np.sin(2 * np.pi * across / period)
        shade = 1.5 * strength * (waves > 0.5)
    shade = shade + rng.uniform(0, 0.5) * (along - along.mean())  # the light side
    shade = np.asarray(Image.fromarray(shade.astype(np.float32)).resize((SIDE, SIDE)))
    colours = np.asarray(thing, np.float32).copy()
    colours[..., :3] *= (1 + shade)[..., None]  # (SIDE, SIDE, 4), alpha as it is
    return Image.fromarray(np.clip(colours, 0, 255).astype(np.uint8))


def cast_shadow(sheet: Image.Image, thing: Image.Image, rng: Rng) -> None:
    """Draw the thing's shadow onto the sheet, up to 10 pixels beside it, half as dark as black."""
    offset = tuple(int(v) for v in rng.uniform(-10, 10, 2))
    alpha = (
        thing.getchannel("A").resize((SIDE // 4, SIDE // 4)).filter(ImageFilter.GaussianBlur(1.5))
    )
    alpha = alpha.point(lambda a: int(a * 0.5)).resize((SIDE, SIDE))
    sheet.paste((0, 0, 0), offset, alpha)


def occlude(sheet: Image.Image, rng: Rng) -> None:
    """Draw one to three twigs or bars onto the sheet, which come in from outside."""
    pen = ImageDraw.Draw(sheet)
    for _ in range(int(rng.integers(1, 4))):
        t = rng.uniform(0, 2 * np.pi)
        # 0.75 is beyond the corners, which are 0.71 from the middle
        out = SIDE * (0.5 + 0.75 * np.array([np.cos(t), np.sin(t)]))
        inward = SIDE * (0.5 + rng.uniform(-0.3, 0.3, 2))
        middle = (out + inward) / 2 + rng.normal(0, 12, 2)
        path = [tuple(map(float, p)) for p in (out, middle, inward)]
        pen.line(path, any_colour(rng), int(rng.uniform(3, 16)), joint="curve")


def lit(small: Image.Image, rng: Rng) -> np.ndarray:
    """Return the picture as a camera gives it, uint8 (64, 64, 3): light, cast, blur, noise."""
    if rng.random() < 0.25:
        small = small.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 0.9))))
    pixels = np.asarray(small, np.float32)
    cast = np.exp(rng.normal(0, 0.1, 3))
    light = np.exp(rng.normal(0, 0.18)) * (1 + 0.14 * field(rng, 3, PICTURE))[..., None]
    contrast = rng.uniform(0.7, 1.1)
    pixels = (pixels - 128) * contrast + 128
    pixels = pixels * cast * light + rng.normal(0, rng.uniform(1, 10), pixels.shape)
    return np.clip(np.round(pixels), 0, 255).astype(np.uint8)
