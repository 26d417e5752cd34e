"""Formulas: outlines for the eye, MathML for those who listen; no font and no script."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from docutils import nodes

from coursekit.authoring.lesson import AuthoringError
from coursekit.authoring.slides.maths import formula

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

__all__ = ["register", "shown"]


@functools.cache
def shown(latex: str, *, block: bool) -> str:
    """Return a formula as HTML.

    Raises AuthoringError where it cannot be read.
    """
    drawn = formula(latex, block=block).replace('role="img" ', 'aria-hidden="true" ', 1)
    kind = "div" if block else "span"
    return (
        f'<{kind} class="formula-box">{drawn}<span class="unseen">{_spoken(latex, block)}</span>'
        f"</{kind}>"
    )


def register(app: Sphinx) -> None:
    """Make Sphinx write formulas in this way."""
    app.add_html_math_renderer("outlines", (_inline, None), (_block, None))


def _spoken(latex: str, block: bool) -> str:
    from latex2mathml import converter

    try:
        return converter.convert(latex, display="block" if block else "inline")
    except Exception as error:  # whatever its parser stumbles over
        raise AuthoringError(f"the formula {latex!r} cannot be read: {error!r}") from error


def _inline(writer: HTML5Translator, node: nodes.Element) -> None:
    writer.body.append(shown(node.astext(), block=False))
    raise nodes.SkipNode


def _block(writer: HTML5Translator, node: nodes.Element) -> None:
    writer.body.append(f'<div class="scroller">{shown(node.astext(), block=True)}</div>')
    raise nodes.SkipNode
