"""The page of a class in a browser: readable for everyone, by keyboard, and on paper."""

import pytest
from made_class import LESSON, NAME, code, graded_cell, judged, write

from coursekit.classroom.overview.found import find
from coursekit.classroom.overview.page import page as page_of
from coursekit.classroom.overview.tally import tally
from coursekit.exercises import registry
from coursekit.exercises.checking import examine

axe = pytest.importorskip("axe_playwright_python.sync_playwright")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A class of four with all sections: shared mistakes, a nameless one, a missing hand-in."""
    folder = tmp_path_factory.mktemp("class")
    source = "def gradient_magnitude(gx, gy):\n    return gx * 7  # " + "long " * 60
    space = {}
    exec(source, space)
    nameless = examine(registry.exercise("2.4"), space["gradient_magnitude"])
    for who, outcome in (("ada", judged("2.4", "gx + gy")), ("ben", nameless), ("cem", nameless)):
        shape = judged("2.1", "n + k" if who == "ben" else None)
        cells = [graded_cell("2.1", shape), code(source), graded_cell("2.4", outcome)]
        write(folder / who / f"{NAME}.ipynb", cells)
    (folder / "dot").mkdir()
    file = folder / "page.html"
    file.write_text(page_of(tally(find(folder, [LESSON])), names=True), encoding="utf-8")
    return file.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(page, address, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    page.evaluate("() => document.querySelectorAll('details').forEach((fold) => fold.open = true)")
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["target"]) for one in found] == []


def test_it_fits_a_telephone_and_goes_by_keyboard(page, address):
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(address)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("() => location.hash") == "#tomorrow"
    page.focus("summary")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.querySelector('details').open")


def test_what_is_folded_is_on_paper(page, address):
    page.goto(address)
    page.emulate_media(media="print")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert not page.locator("nav").is_visible()
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0
