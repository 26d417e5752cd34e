"""A deck in Chromium: for paper, contact sheets, and the tests that look at every slide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.authoring.lesson import AuthoringError
from coursekit.machine.chromium import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["FLAGS", "load", "open_deck"]

# No sandbox: it needs rights that a container lacks, and the pages are our own. A container gives
# little shared memory, too. No host has an address: what a deck asks for beyond itself, fails.
FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@contextmanager
def open_deck(deck: Path, *, query: str = "") -> Iterator[Page]:
    """Yield a page of 1280×720 with the deck, when each slide has been arranged.

    query: what follows the file in the address, such as "?notes".

    Raises AuthoringError where there is no Chromium, or no playwright.
    """
    program = chromium()
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        program = None
    if not program:
        raise AuthoringError(
            "this needs Chromium and playwright; expected both to be installed, and a Chromium "
            "that is not on the search path to be named by COURSEKIT_CHROMIUM"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            load(page, deck, query=query)
            yield page
        finally:
            browser.close()


def load(page: Page, deck: Path, *, query: str = "") -> None:
    """Open the deck on the page and wait until each slide has been arranged."""
    page.goto(deck.resolve().as_uri() + query)
    page.wait_for_selector("html[data-ready]", state="attached", timeout=120_000)
