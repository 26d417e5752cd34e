"""Links of the finished site that lead nowhere."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["broken_links"]

ADDRESSES = {"href", "src", "srcset", "data-still"}


class _Page(HTMLParser):
    """The names that a page has, and where it leads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.leads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what the element is called and where it leads."""
        for name, value in attrs:
            if name == "id" or (tag == "a" and name == "name"):
                self.names.add(value or "")
            elif name in ADDRESSES:
                self.leads.append(value or "")


def broken_links(folder: Path) -> list[str]:
    """Return each link that leads nowhere, as "page: address, why", in order.

    Pages, files and places within pages are looked for in the folder; of an address elsewhere only
    the spelling is judged.
    """
    folder = folder.resolve()
    pages = {
        path: _Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))
    }
    return [
        f"{path.relative_to(folder)}: {address}, {why}"
        for path, page in pages.items()
        for address in dict.fromkeys(page.leads)
        if (why := _fault(address, path, folder, pages))
    ]


def _fault(address: str, path: Path, folder: Path, pages: dict[Path, _Page]) -> str:
    parts = urlsplit(address)
    if parts.scheme == "data":
        return ""
    if parts.scheme or parts.netloc:
        return _misspelt(address)
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_relative_to(folder):
        return "which lies outside the site"
    if not target.is_file():
        return "which is not there"
    place = unquote(parts.fragment)
    if place and target in pages and place not in pages[target].names:
        return "a place that the page does not have"
    return ""


def _misspelt(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme == "mailto":
        return "" if "@" in parts.path else "which is no address for mail"
    known = parts.scheme in ("http", "https")
    right = known and "." in (parts.hostname or "") and " " not in address
    return "" if right else "which is no address of the web"
