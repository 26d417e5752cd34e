"""The site in its folder: built beside it, its links followed, then put in place as a whole."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit.authoring.build import difference
from coursekit.authoring.lesson import AuthoringError, Lesson, find_lessons
from coursekit.authoring.site import front, markup
from coursekit.authoring.site.documents import TITLES, write_documents
from coursekit.authoring.site.excerpts import write_excerpts
from coursekit.authoring.site.exercises import first_wrong
from coursekit.authoring.site.launch import Launch
from coursekit.authoring.site.lesson_page import lesson_page
from coursekit.authoring.site.links import broken_links
from coursekit.authoring.site.mending import mend
from coursekit.authoring.site.pictures import Shelf
from coursekit.authoring.site.reference import write_reference
from coursekit.machine.paths import course_folder

__all__ = ["Site", "write"]

MARK = ".coursekit-site"  # a file in a folder that a new site may take the place of
Told = Callable[[str], None]


@dataclass(frozen=True)
class Site:
    """What was written: the front page, how many pages, how many bytes."""

    front: Path
    pages: int
    size: int


def write(folder: Path, launch: Launch | None = None, *, told: Told = lambda said: None) -> Site:
    """Return the site that was written to the folder: whole, or not at all.

    launch: where the course is kept. told: hears what is being done.

    Raises AuthoringError where a notebook is not what its lesson builds, Sphinx warns, or a link
    leads nowhere; ValueError where the folder holds something else.
    """
    _may_be_replaced(folder)
    with tempfile.TemporaryDirectory() as scratch:
        source, made = Path(scratch) / "source", Path(scratch) / "site"
        _write_sources(source, launch or Launch(), told)
        told("pages")
        _run_sphinx(source, made, Path(scratch) / "trees")
        mend(made)
        write_excerpts(made)
        (made / ".buildinfo").unlink(missing_ok=True)
        (made / "objects.inv").unlink(missing_ok=True)
        if broken := broken_links(made):
            raise AuthoringError("links lead nowhere:\n" + "\n".join(broken))
        (made / MARK).touch()
        _put_in_place(made, folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    pages = sum(path.suffix == ".html" for path in files)
    return Site(folder / "index.html", pages, sum(path.stat().st_size for path in files))


def _write_sources(source: Path, launch: Launch, told: Told) -> None:
    root = course_folder("docs").parent
    lessons = find_lessons(course_folder("lessons"))
    source.mkdir()
    shelf = Shelf(source / "_pictures" / "pictures", "../_static/pictures")
    told("outcomes of wrong answers")
    wrong = first_wrong(lesson.number for lesson in lessons)
    cards = []
    for lesson in lessons:
        told(lesson.name)
        notebook, page = _notebook(lesson), f"lessons/{lesson.name}"
        named = Shelf(shelf.folder / lesson.name, f"{shelf.address}/{lesson.name}")
        text = lesson_page(notebook, named, wrong, _head(lesson, launch))
        target = source / f"{page}.md"
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
        cards.append(front.card(lesson, page, notebook, Shelf(shelf.folder, "_static/pictures")))
    notebooks = {f"notebooks/{lesson.name}.ipynb": f"lessons/{lesson.name}" for lesson in lessons}
    documents = write_documents(root, source, notebooks, launch)
    trees = _toctrees(cards, documents, write_reference(source))
    text = front.front_page(cards, Shelf(shelf.folder, "_static/pictures"), trees)
    (source / "index.md").write_text(text, encoding="utf-8")


def _notebook(lesson: Lesson) -> NotebookNode:
    notebooks = course_folder("notebooks")
    if stale := difference(lesson, notebooks):
        raise AuthoringError(f"{stale}; run `coursekit build`")
    return nbformat.read(notebooks / f"{lesson.name}.ipynb", as_version=4)


def _head(lesson: Lesson, launch: Launch) -> str:
    """Return what stands below a lesson's title: how it is opened to be worked through."""
    places = launch.of(f"notebooks/{lesson.name}.ipynb")
    links = "".join(
        f'<a href="{markup.escaped(to)}">Open in {name}</a>' for name, to in places.items()
    )
    return (
        '<div class="start"><p>Read, guess and move things here. To write your own answers and '
        "have them checked, open the lesson in JupyterLab: <code>make lab</code> on your machine"
        f"{', or one of these:' if links else '.'}</p>{links}</div>"
    )


def _toctrees(cards: Sequence[front.Card], documents: list[str], reference: list[str]) -> str:
    lessons = [f"{card.number}. {card.title} <{card.page}>" for card in cards]
    titled = [f"{TITLES[page]} <{page}>" if page in TITLES else page for page in documents]
    parts = {"Lessons": lessons, "About the course": titled, "Reference": reference}
    return "\n\n".join(
        "\n".join(["```{toctree}", ":hidden:", f":caption: {name}", "", *pages, "```"])
        for name, pages in parts.items()
    )


def _run_sphinx(source: Path, made: Path, trees: Path) -> None:
    from coursekit.authoring.site.extension import CONFIGURATION

    try:
        from sphinx.application import Sphinx
    except ModuleNotFoundError as error:
        raise AuthoringError(
            "the site needs Sphinx; expected an author's set-up, by `uv sync`"
        ) from error
    warnings = io.StringIO()
    static = [*CONFIGURATION["html_static_path"], str(source / "_pictures")]
    settings = {**CONFIGURATION, "html_static_path": static}
    app = Sphinx(source, None, made, trees, "html", settings, status=None, warning=warnings)
    app.build()
    if said := warnings.getvalue().strip():
        raise AuthoringError(f"Sphinx warns:\n{said.replace(str(source), '')}")


def _may_be_replaced(folder: Path) -> None:
    if (
        folder.exists()
        and not (folder / MARK).exists()
        and (folder.is_file() or any(folder.iterdir()))
    ):
        raise ValueError(
            f"{folder} holds something else; expected a new folder, or an earlier site"
        )


def _put_in_place(made: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(made, fresh)
    with _set_aside(folder):
        fresh.rename(folder)


@contextmanager
def _set_aside(folder: Path) -> Iterator[None]:
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    try:
        yield
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
