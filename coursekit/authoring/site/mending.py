"""What the theme's pages lack for those who listen to them, set right when they are written."""

from __future__ import annotations

from pathlib import Path

from coursekit.authoring.lesson import AuthoringError

__all__ = ["mend"]

CHANGES = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="The course">',
    '<aside class="toc-drawer': '<aside aria-label="On this page" class="toc-drawer',
}
SOMETIMES = {
    '<div id="search-results">': '<h1 class="unseen">Search</h1><div id="search-results">',
    '<th class="head"><p></p></th>': "<td></td>",  # a corner is no heading
    '<script src="searchindex.js"></script>': '<script src="_static/excerpts.js"></script>'
    '<script src="_static/search.js"></script><script src="searchindex.js"></script>',
}


def mend(folder: Path) -> None:
    """Change each page of the site where it stands.

    Raises AuthoringError where a page lacks what is to be changed: the theme is another one then.
    """
    for path in folder.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for old, new in CHANGES.items():
            if old not in text:
                raise AuthoringError(f"{path.name} lacks {old}; expected pages as furo makes them")
            text = text.replace(old, new)
        for old, new in SOMETIMES.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
