"""Colours: drawn the same way for every kind of thing, so that they give none of them away."""

import colorsys
from collections.abc import Iterator

import numpy as np
from wardrobe.sketch import Rng

Colour = tuple[int, int, int]


class Palette:
    """The inks of one thing by name: main, second, third, dark, light."""

    def __init__(self, rng: Rng) -> None:
        """Draw the inks anew: three hues, of which two may be neighbours; a dark, a light."""
        hue = rng.random()
        step = rng.choice([0.08, 0.33, 0.5]) * rng.choice([-1, 1])
        bright = rng.uniform(0.45, 0.95)
        other = np.clip(bright + rng.choice([-0.35, -0.25, 0.25, 0.3]), 0.25, 1)
        self._inks = {
            "main": colour(hue, rng.uniform(0.25, 0.95), bright),
            "second": colour(hue + step, rng.uniform(0.2, 0.95), other),
            "third": colour(hue + rng.uniform(0.2, 0.8), rng.uniform(0.3, 1), rng.uniform(0.4, 1)),
            "dark": colour(rng.random(), rng.uniform(0, 0.6), rng.uniform(0.05, 0.25)),
            "light": colour(rng.random(), rng.uniform(0, 0.2), rng.uniform(0.9, 1)),
        }

    def __getitem__(self, ink: str) -> Colour:
        """Return the colour of that name."""
        return self._inks[ink]

    def __iter__(self) -> Iterator[Colour]:
        """Return an iterator over the colours."""
        return iter(self._inks.values())


def colour(hue: float, saturation: float, value: float) -> Colour:
    """Return red, green and blue from 0 to 255. hue: turns of the wheel; the others: 0 to 1."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, float(saturation), float(value))
    return round(255 * red), round(255 * green), round(255 * blue)


def any_colour(rng: Rng) -> Colour:
    """Return a random colour, any hue as likely as another; red, green and blue from 0 to 255."""
    return colour(rng.random(), rng.uniform(0, 0.9), rng.uniform(0.15, 1))
