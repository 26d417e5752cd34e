"""Text files with gaps, `{{NAME}}`, which programs fill."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

__all__ = ["filled"]

GAP = re.compile(r"\{\{([A-Z]+)\}\}")


def filled(template: Path, parts: Mapping[str, str]) -> str:
    """Return the template's text with each gap filled once: parts are not searched for gaps.

    parts: name of a gap, in capitals -> what takes its place. One without a gap is passed over.
    Raises ValueError where the template has a gap for which there is no part.
    """

    def part(gap: re.Match[str]) -> str:
        if gap[1] not in parts:
            raise ValueError(f"parts lacks {gap[1]}, for which {template.name} has a gap")
        return parts[gap[1]]

    return GAP.sub(part, template.read_text(encoding="utf-8"))
