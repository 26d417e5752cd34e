"""An outcome as HTML: no JavaScript, no fixed background, readable in light and dark themes."""

from __future__ import annotations

from html import escape

from coursekit.exercises.outcome import Outcome


def render(outcome: Outcome) -> str:
    """The outcome as HTML."""
    return f"<pre>{escape(str(outcome))}</pre>"
