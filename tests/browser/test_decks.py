"""A deck for everyone: by keyboard, finger and clicker, on paper, and read by axe-core."""

import io
import re

import nbformat
import pypdf
import pytest
import torch

from coursekit.authoring.lesson import AuthoringError, Lesson, find_lessons
from coursekit.authoring.slides import deck, html
from coursekit.authoring.slides.browser import load
from coursekit.authoring.slides.printing import to_pdf
from coursekit.authoring.slides.writing import write
from coursekit.examples.three_channels import two_filters
from coursekit.explorer import Explorer
from coursekit.machine.paths import course_folder

LESSONS = find_lessons(course_folder("lessons"))
SOURCE = """\
# %% [markdown] id="title"
# # A lesson
#
# | | |
# |---|---|
# | Time | 20 minutes |

# %% [markdown] id="one"
# ## One
#
# A question?

# %% id="answer"
1

# %% [markdown] id="after"
# It was forty-two, of course.

# %% [markdown] id="alive"
# ## Two
#
# Move the window.

# %% id="explorer"
Explorer(picture)

# %% [markdown] id="heard" slide="notes"
# Only the speaker reads this.

# %% [markdown] id="end"
# ## Three
#
# The end.
"""
PAGE = [960.0, 540.0]  # points: 1280×720 px
NOTED = [960.0, 1357.5]
SWIPE = """(x) => {
    const at = (clientX) => [new Touch({identifier: 1, target: stage, clientX, clientY: 300})];
    stage.dispatchEvent(new TouchEvent("touchstart", {touches: at(400), bubbles: true}));
    stage.dispatchEvent(new TouchEvent("touchend", {changedTouches: at(400 + x), bubbles: true}));
}"""


@pytest.fixture
def viewport():
    return {"width": 1280, "height": 720}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Return a deck on disk, with an answer held back and an explorer."""
    live = Explorer(torch.arange(36).reshape(6, 6), torch.ones(3, 3))
    return deck_with(live, tmp_path_factory.mktemp("deck"))


def deck_with(live, folder):
    path = folder / "02_lesson.py"
    path.write_text(SOURCE, encoding="utf-8")
    lesson = Lesson(2, path)
    notebook = lesson.notebook(solutions=False)
    cells = {cell.id: cell for cell in notebook.cells}
    cells["answer"].outputs = [nbformat.v4.new_output("display_data", {"text/plain": "forty-two"})]
    alive = nbformat.v4.new_output("display_data", {"text/plain": "explorer"})
    alive.metadata = {"coursekit-explorer": live._stored()}
    data, metadata = live.still()._repr_mimebundle_()
    still = nbformat.v4.new_output("display_data", data, metadata=metadata)
    cells["explorer"].outputs = [still, alive]
    written = folder / "deck.html"
    written.write_text(html(deck(lesson, notebook)), encoding="utf-8")
    return written


@pytest.fixture
def opened(page, file):
    load(page, file)
    return page


def place(page):
    return page.evaluate("now + 1")


def test_all_that_follows_the_question_comes_step_by_step(opened):
    opened.keyboard.press("PageDown")
    slide = opened.locator(".slide.now .body")
    answer, after = slide.get_by_text("forty-two", exact=True), slide.get_by_text("of course")
    assert not answer.is_visible()
    assert not after.is_visible()
    opened.keyboard.press("PageDown")
    assert answer.is_visible()
    assert not after.is_visible()
    opened.keyboard.press("PageDown")
    assert after.is_visible()
    opened.keyboard.press("PageUp")
    assert not after.is_visible()
    assert place(opened) == 2


def test_a_clicker_works_wherever_the_focus_is(opened):
    opened.evaluate("show(2)")
    inside = opened.frame_locator("iframe")
    for focused in ("[data-grid=output]", ".ck-weight >> nth=0", "[data-name=predict]"):
        opened.evaluate("show(2)")
        inside.locator(focused).focus()
        opened.keyboard.press("PageDown")
        opened.wait_for_function("now === 3", timeout=5000)
    opened.keyboard.press("PageUp")
    assert place(opened) == 3
    opened.keyboard.press("?")
    opened.keyboard.press("PageDown")
    assert place(opened) == 4
    assert not opened.get_by_role("dialog").is_visible()


def test_slides_have_links_by_number_and_by_name(opened, file):
    for link, where in {"#/3": 3, "#2": 2, "#end": 4, "#/one": 2}.items():
        opened.goto(file.as_uri() + link)
        opened.wait_for_function(f"now === {where - 1}")
    opened.evaluate("location.hash = '#/no-such-slide'")
    opened.wait_for_timeout(50)
    assert place(opened) == 2, "a link to nowhere changes nothing"
    opened.keyboard.press("End")
    assert opened.url.endswith("#/4")


def test_a_finger_turns_slides(opened):
    opened.evaluate(SWIPE, -200)
    assert place(opened) == 2
    opened.evaluate(SWIPE, 200)
    assert place(opened) == 1
    opened.evaluate(SWIPE, -20)
    assert place(opened) == 1, "a tap turns nothing"


def test_the_speaker_s_window_lives_on_when_either_is_loaded_anew(opened, file):
    with opened.expect_popup() as popup:
        opened.keyboard.press("s")
    speaker = popup.value
    speaker.set_default_timeout(15_000)
    speaker.wait_for_selector("html[data-ready]", state="attached")
    opened.bring_to_front()
    load(opened, file)  # the slides anew
    speaker.wait_for_timeout(1200)
    opened.keyboard.press("End")
    opened.keyboard.press("PageUp")
    speaker.get_by_text("Slide 3 of 4").wait_for()
    assert speaker.locator("#notes").get_by_text("Only the speaker").is_visible()
    speaker.reload()
    speaker.wait_for_selector("html[data-ready]", state="attached")
    speaker.get_by_text("Slide 3 of 4").wait_for()
    speaker.keyboard.press("Home")
    opened.wait_for_function("now === 0", timeout=15_000)
    assert re.match(r"\d+:\d\d", speaker.get_by_role("timer").inner_text())


def test_an_explorer_has_the_room_it_needs(opened):
    opened.evaluate("show(2)")
    opened.wait_for_function("slides[2].querySelector('iframe').dataset.settled === 'yes'")
    inside = opened.frame_locator("iframe")
    widths = inside.locator("canvas").evaluate_all("all => all.map((c) => c.clientWidth)")
    by = float(opened.locator("iframe").get_attribute("data-by"))
    assert min(widths) * by >= 150
    smallest = inside.locator(".ck").evaluate(
        "root => Math.min(...[...root.querySelectorAll('*')].map((e) => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest * by >= 16


def test_each_channel_stands_above_its_part_of_the_lens(page, tmp_path):
    x, weight, bias = two_filters()
    hide = ("mode", "preset", "dilation", "draw", "predict", "size", "play")
    live = Explorer(x, weight, bias=bias, stride=2, padding=1, hide=hide)
    load(page, deck_with(live, tmp_path))
    page.evaluate("show(2)")
    page.wait_for_function("slides[2].querySelector('iframe').dataset.settled === 'yes'")
    inside, by = page.frame_locator("iframe"), page.locator("iframe").get_attribute("data-by")
    edges = "all => all.map((one) => one.getBoundingClientRect().left)"
    inputs = inside.locator("[data-grid=input] canvas").evaluate_all(edges)
    tables = inside.locator(".ck-table").evaluate_all(edges)
    assert len(inputs) == 3
    assert inputs == pytest.approx(tables, abs=2)
    widths = inside.locator("canvas").evaluate_all("all => all.map((one) => one.clientWidth)")
    assert min(widths[:3]) * float(by) >= 90
    assert min(widths[3:]) * float(by) >= 40


def test_reduced_motion_is_respected(opened):
    opened.emulate_media(reduced_motion="reduce")
    moving = opened.evaluate(
        "[...document.querySelectorAll('*')].filter((e) => getComputedStyle(e).transitionDuration !== '0s' || getComputedStyle(e).animationName !== 'none').length"
    )
    assert moving == 0


def test_axe_finds_nothing_on_a_deck(opened):
    from axe_playwright_python.sync_playwright import Axe

    for key in ("Home", "PageDown", "End", "o", "Escape", "?"):
        opened.keyboard.press(key)
        found = Axe().run(opened).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found] == [], key


@pytest.mark.parametrize(("notes", "size"), [(False, PAGE), (True, NOTED)], ids=["plain", "notes"])
def test_paper_has_one_slide_a_page_with_all_that_waits(browser, file, notes, size):
    printed = pypdf.PdfReader(printing(browser, file, notes))
    assert len(printed.pages) == 4
    for page in printed.pages:
        assert [float(side) for side in page.mediabox[2:]] == pytest.approx(size, abs=1)
    texts = [page.extract_text() for page in printed.pages]
    assert "forty-two" in texts[1]
    assert "of course" in texts[1]
    assert ("Only the speaker" in texts[2]) is notes
    assert len(printed.pages[2].images) == 1, "the explorer's picture"


def printing(browser, file, notes):
    """Return what `to_pdf` writes, from a browser that is open already."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    load(page, file, query="?notes" if notes else "")
    page.evaluate("prepare()")
    made = page.pdf(prefer_css_page_size=True, print_background=True)
    page.close()
    return io.BytesIO(made)


def test_without_chromium_a_pdf_is_refused_with_what_is_missing(file, monkeypatch):
    monkeypatch.setattr("coursekit.authoring.slides.browser.chromium", lambda: None)
    with pytest.raises(AuthoringError, match="needs Chromium and playwright"):
        to_pdf(file)
    assert not file.with_suffix(".pdf").exists()


@pytest.mark.ci
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_each_lesson_prints_whole(lesson, browser, tmp_path):
    made, path = write(lesson, tmp_path)
    printed = pypdf.PdfReader(printing(browser, path, notes=False))
    assert len(printed.pages) == len(made.slides)
    for number, page in enumerate(printed.pages, start=1):
        assert f"{number} / {len(made.slides)}" in page.extract_text()
