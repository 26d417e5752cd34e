"""Formulas as pictures made of outlines: the same in every browser, with no font and no script."""

from __future__ import annotations

import functools
import html
import re
import warnings
from typing import Any

from coursekit.authoring.lesson import AuthoringError

__all__ = ["formula"]

SIZE = 100  # of the font in the drawing's own units
EM = 1.15  # of the text around it: the letters of STIX are smaller than those of DejaVu Sans
BOX = re.compile(r'width="[\d.]+" height="[\d.]+" viewBox="(\S+) (\S+) (\S+) (\S+)"')


@functools.cache
def formula(latex: str, *, block: bool) -> str:
    """Return the formula as SVG, sized in em, so that it follows the text around it.

    Raises AuthoringError where it cannot be read, or ziamath is missing.
    """
    ziamath = _ziamath()
    try:
        picture = ziamath.Latex(latex, size=SIZE, inline=not block, color="currentColor").svg()
    except Exception as error:  # whatever its parser stumbles over
        raise AuthoringError(f"the formula {latex!r} cannot be drawn: {error!r}") from error
    _, top, width, height = (float(number) for number in BOX.search(picture).groups())
    style = f"width:{_em(width)};height:{_em(height)};vertical-align:{_em(-top - height)}"
    kind = "formula display" if block else "formula"
    label = html.escape(" ".join(latex.split()))
    named = f'<svg class="{kind}" role="img" aria-label="{label}" style="{style}" '
    return picture.replace("<svg ", named, 1).replace('xmlns="http://www.w3.org/2000/svg" ', "")


def _em(length: float) -> str:
    return f"{length / SIZE * EM:.3f}em"


def _ziamath() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # it asks for its font the old way
            import ziafont
            import ziamath
    except ModuleNotFoundError as error:
        raise AuthoringError(
            "formulas on slides need ziamath; expected an author's set-up, by `uv sync` or "
            "`pip install ziamath`"
        ) from error
    ziafont.config.svg2 = False  # outlines where they stand: <use> breaks when slides are copied
    return ziamath
