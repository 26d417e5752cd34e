"""The course's Markdown files as pages of the site, their links led to its pages."""

from __future__ import annotations

import posixpath
import re
import shutil
from pathlib import Path

from coursekit.authoring.site.launch import Launch

__all__ = ["DOCUMENTS", "TITLES", "write_documents"]

# Where a file of the course stands -> its page.
DOCUMENTS = {
    "README.md": "about",
    "docs/primer.md": "docs/primer",
    "docs/your-lessons.md": "docs/your-lessons",
    "docs/environments.md": "docs/environments",
    "docs/site.md": "docs/site",
    "docs/presenting.md": "docs/presenting",
    "docs/grading.md": "docs/grading",
    "data/README.md": "docs/data",
    "docs/house.md": "docs/house",
    "CONTRIBUTING.md": "contributing",
    "CHANGELOG.md": "changelog",
}
TITLES = {"about": "What it is"}  # in the list of pages, where a page's own title says too little
LINK = re.compile(r"(!?)\[((?:[^][]|\[[^][]*\])*)\]\(([^()\s]+)\)")
OUTWARD = re.compile(r"[a-z]+:|#")


def write_documents(root: Path, source: Path, lessons: dict[str, str], launch: Launch) -> list[str]:
    """Write the pages into the folder of sources, and return their names, in order.

    root: the course's folder. lessons: a notebook's path in it -> its page.
    """
    others = sorted(f"docs/{path.name}" for path in (root / "docs").glob("*.md"))
    known = {
        **DOCUMENTS,
        **{path: path.removesuffix(".md") for path in others if path not in DOCUMENTS},
    }
    pages = {path: page for path, page in known.items() if (root / path).is_file()}
    addresses = {**pages, **lessons}
    for path, page in pages.items():
        text = (root / path).read_text(encoding="utf-8")
        target = source / f"{page}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_led(text, path, root, source, addresses, launch), encoding="utf-8")
    return list(pages.values())


def _led(
    text: str, path: str, root: Path, source: Path, addresses: dict[str, str], launch: Launch
) -> str:
    """Return the text of a file with its links led to pages, or to where the course is kept."""

    def lead(link: re.Match[str]) -> str:
        mark, words, target = link.groups()
        if OUTWARD.match(target):
            return link[0]
        bare, sharp, place = target.partition("#")
        meant = posixpath.normpath(posixpath.join(posixpath.dirname(path), bare))
        if meant in addresses:
            return f"{mark}[{words}](/{addresses[meant]}.md{sharp}{place})"
        if mark and (root / meant).is_file():
            (source / meant).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / meant, source / meant)
            return f"![{words}](/{meant})"
        if not (root / meant).exists():
            return link[0]  # the search for broken links names it
        kept = launch.file(meant)
        return f"[{words}]({kept})" if kept else words

    return LINK.sub(lead, text)
