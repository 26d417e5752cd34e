"""Pages judged by axe-core, walked by keyboard, and read on a narrow screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from coursekit import kernels
from coursekit.data import photograph
from coursekit.examples.three_channels import two_filters
from coursekit.exercises import catalogue, examine
from coursekit.explorer import Explorer

# A page of the site -> whether it is judged in the dark too.
SITE = {
    "index.html": True,
    "lessons/02_convolution_by_hand.html": True,
    "lessons/06_lenet_fashion_mnist.html": False,
    "reference/ops.html": True,
    "docs/environments.html": False,
}
ROOMS = ("docs", "reference")  # all of their pages are judged, in the light
OUTCOME = (
    '<!doctype html><html lang="en"><title>An outcome</title><main><h1>An outcome</h1>{}</main>'
)


def violations(page):
    """Return what axe-core finds, as one line for each rule that is broken."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {', '.join(n['html'][:90] for n in one['nodes'][:3])}" for one in found]


def walked(page, most=400):
    """Return what Tab comes by, from the top of the page round to it again, as short names."""
    name = """() => { const e = document.activeElement;
        return e === document.body ? "" : e.tagName + "." + e.className + "#" + e.id + " " + e.innerText?.slice(0, 20); }"""
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(name)
        if not stop:
            break
        stops.append(stop)
    return stops


def sideways(page):
    page.set_viewport_size({"width": 320, "height": 700})
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def test_a_missing_name_is_found(page):
    page.set_content(OUTCOME.format('<input><img src="data:,">'))
    assert [line.partition(":")[0] for line in violations(page)] == ["image-alt", "label"]


@pytest.mark.parametrize("id", ["2.2", "2.1", "3.6", "6.4"])
def test_an_outcome(page, id):
    exercise = next(exercise for exercise in catalogue() if exercise.id == id)
    known = next(iter(exercise.misconceptions.values()))
    page.set_content(OUTCOME.format(examine(id, known.wrong)._repr_html_()))
    assert violations(page) == []


def explorers():
    x, weight, bias = two_filters()
    return {
        "volume": Explorer(x, weight, bias=bias, stride=2, padding=1),
        "photograph": Explorer(photograph()[::5, ::5], kernels.kernel("sobel x")),
        "guessing": Explorer(photograph()[:4, :4], kernels.kernel("roberts up"), predict=True),
    }


@pytest.mark.parametrize("name", ["volume", "photograph", "guessing"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_explorer_on_a_page_of_its_own(page, tmp_path, name, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(explorers()[name].to_html(tmp_path / "explorer.html").as_uri())
    page.wait_for_selector(".ck canvas")
    assert violations(page) == []
    assert sideways(page) <= 0


@pytest.mark.parametrize("name", ["volume", "photograph"])
def test_an_explorer_can_be_read_on_a_phone(page, tmp_path, name):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(explorers()[name].to_html(tmp_path / "explorer.html").as_uri())
    page.wait_for_selector(".ck-narrow canvas")
    boxes = page.eval_on_selector_all(
        ".ck-board canvas, .ck-table", "all => all.map((one) => one.getBoundingClientRect())"
    )
    assert all(box["left"] >= 0 and box["right"] <= 320 for box in boxes)
    assert min(box["width"] for box in boxes) >= 60


@pytest.mark.ci
@pytest.mark.parametrize(
    ("address", "scheme"),
    [(name, scheme) for name, dark in SITE.items() for scheme in ("light", "dark")[: 1 + dark]],
)
def test_a_page_of_the_site(page, site, address, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto((site / address).as_uri())
    page.wait_for_load_state()
    page.evaluate(
        "for (const fold of document.querySelectorAll('article details')) fold.open = true"
    )
    assert violations(page) == []
    assert sideways(page) <= 0


@pytest.mark.ci
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_search_finds(page, site, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto((site / "search.html").as_uri() + "?q=stride")
    page.wait_for_selector(".search-summary:has-text('Search finished')")
    page.wait_for_selector("#search-results li .excerpt mark")
    assert violations(page) == []
    assert sideways(page) <= 0


@pytest.mark.ci
@pytest.mark.parametrize("room", ROOMS)
def test_all_pages_of_a_room_of_the_site(page, site, room):
    pages = sorted((site / room).glob("*.html"))
    assert len(pages) >= 10
    found = {}
    for path in pages:
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(path.as_uri())
        page.wait_for_load_state()
        found[path.name] = (violations(page), max(0, sideways(page)))
    assert {name: told for name, told in found.items() if told != ([], 0)} == {}


@pytest.mark.ci
def test_a_narrow_page_of_the_site(page, site):
    page.goto((site / "index.html").as_uri())
    assert sideways(page) <= 0
    assert violations(page) == []


@pytest.mark.ci
def test_the_keyboard_alone_walks_through_a_page(page, site):
    page.goto((site / "index.html").as_uri())
    page.wait_for_selector(".ck canvas")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to content"
    stops = walked(page)
    for wanted in (
        "INPUT.sidebar-search",
        "BUTTON.theme-toggle",
        "DIV.ck-grid",
        "BUTTON.copy",
        "A.next-page",
    ):
        assert any(stop.startswith(wanted) for stop in stops), wanted


@pytest.mark.ci
def test_the_keyboard_opens_and_closes_the_drawer_on_a_narrow_screen(page, site):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto((site / "index.html").as_uri())
    page.focus("button.nav-overlay-icon")
    page.keyboard.press("Enter")
    assert page.get_attribute("button.nav-overlay-icon", "aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert page.get_attribute("button.nav-overlay-icon", "aria-expanded") == "false"
