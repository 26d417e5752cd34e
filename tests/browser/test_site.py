"""The site, opened from a folder: read, answered, moved, searched, printed, by mouse and keyboard."""

import json
from pathlib import Path

import pytest

from coursekit.authoring.site import writing
from coursekit.authoring.site.questions import knowledge
from coursekit.exercises import catalogue, registry
from coursekit.exercises.guessing import read, told
from coursekit.exercises.model import Guess, ValueExercise
from coursekit.exercises.reading import show
from coursekit.exercises.values import _partly as partly
from coursekit.machine.paths import course_folder, lesson_files

SCRIPT = Path(writing.__file__).parent / "static" / "site.js"
LESSONS = [path.stem for path in lesson_files(course_folder("notebooks"))]
SECOND = "lessons/02_convolution_by_hand.html"

written = [
    "7", " 7 ", "(4, 7)", "4×7", "[4,7]", "4 x 7", "8,768", "-3", "−3", "0.67", "1e3", "", "two", "60 %", "60%", "x %", "%", "60",
    "4,", "(5,)", "1.5, 2", "0.5", "nan", "1/2",
]  # fmt: skip
WANTED = [
    Guess(id="1.a", answer=7, because="So.", near=2, slips={8: "One more."}),
    Guess(id="1.b", answer=(4, 7), because="So.", slips={(7, 4): "Turned.", (4, 8): "Wide."}),
    Guess(id="1.c", answer=90 / 134, because="So.", slips={0.5: "Half.", -3: "Less."}),
    Guess(id="1.d", answer=8768, because="So."),
]


def as_python_says(question, text):
    value = read(question, text)
    return None if value is None else told(question, value)


def test_the_page_judges_an_answer_as_reveal_does(page):
    page.set_content("<p>")
    page.add_script_tag(path=SCRIPT)
    questions = [*registry.guesses().values(), *WANTED]
    asked = [
        (question, text)
        for question in questions
        for text in [
            *(question.options or written),
            show(question.answer),
            *map(show, question.slips),
        ]
    ]
    given = [[json.loads(json.dumps(knowledge(question))), text] for question, text in asked]
    said = page.evaluate(
        "(asked) => asked.map(([known, text]) => { const value = readAnswer(known, text);"
        " return value === null ? null : tell(known, value).said; })",
        given,
    )
    assert len(said) > 500
    for (question, text), words in zip(asked, said, strict=True):
        assert words == as_python_says(question, text), (question.id, text)


def test_the_page_says_what_is_right_so_far_as_check_does(page):
    page.set_content("<p>")
    page.add_script_tag(path=SCRIPT)
    shapes = [e for e in catalogue() if isinstance(e, ValueExercise)]
    tried = [
        (exercise, value)
        for exercise in shapes
        for value in [
            (1,),
            (4, 7),
            (3, 28, 28),
            (1, 2, 3, 4),
            5,
            exercise.answer[:1] if isinstance(exercise.answer, tuple) else 7,
        ]
    ]
    tried += [(e, (*e.answer[:-1], 99)) for e in shapes if isinstance(e.answer, tuple)]
    given = [[[[exercise.answer, ""]], value] for exercise, value in tried]
    said = page.evaluate("(tried) => tried.map(([known, value]) => partly(known, value))", given)
    assert any("Right so far" in words for words in said)
    for (exercise, value), words in zip(tried, said, strict=True):
        if value != exercise.answer:
            assert words == "".join(block.text for block in partly(exercise, value)), exercise.id


@pytest.mark.ci
@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_opens_with_everything_on_it(page, site, name):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "lessons" / f"{name}.html").as_uri())
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-explorer]')].every((e) => e.querySelector('canvas'))"
    )
    assert all(address.startswith(("file:", "data:")) for address in asked)
    assert page.evaluate("document.querySelectorAll('h1').length") == 1
    assert page.evaluate("[...document.images].filter((i) => !i.alt).length") == 0
    for width in (1440, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


@pytest.mark.ci
def test_a_guess_is_typed_answered_and_opens_what_follows(page, site):
    page.goto((site / SECOND).as_uri())
    form = page.locator('form[data-guess="2.shifted"]')
    fold = form.locator("xpath=following-sibling::details[1]")
    assert fold.get_attribute("open") is None
    form.locator("input").fill("ten")
    form.locator("input").press("Enter")
    assert form.locator(".told").inner_text() == "? Answer with a number."
    assert fold.get_attribute("open") is None
    form.locator("input").fill("13")
    form.locator("input").press("Enter")
    assert "a program that compares places sees none of it" in form.locator(".told").inner_text()
    assert fold.get_attribute("open") is not None


@pytest.mark.ci
def test_a_letter_and_a_shape_are_answered_by_keyboard(page, site):
    page.goto((site / SECOND).as_uri())
    form = page.locator('form[data-guess="2.crossing"]')
    form.locator("input").first.focus()
    for key in ("ArrowDown", "Tab", "Enter"):
        page.keyboard.press(key)
    assert form.locator(".told").inner_text().startswith("✓ You guessed B, both letters")
    shape = page.locator('form[data-guess="2.1"]')
    shape.locator("input").fill("4×7")
    shape.locator("input").press("Enter")
    assert "correct" in shape.locator(".told").inner_text()
    shape.locator("input").fill("3, 6")
    shape.locator("input").press("Enter")
    assert "n − k without the + 1" in shape.locator(".told").inner_text()
    shape.locator("input").fill("4, 9")
    shape.locator("input").press("Enter")
    assert "Right so far: the 4 in position 0." in shape.locator(".told").inner_text()


@pytest.mark.ci
def test_an_explorer_is_moved_by_keyboard(page, site):
    page.goto((site / "index.html").as_uri())
    page.wait_for_selector(".ck canvas")
    before = page.inner_text(".ck-sum")
    page.focus("[data-grid=output]")
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".ck-sum") != before


@pytest.mark.ci
def test_search_finds_a_word_without_a_server(page, site):
    page.goto((site / "index.html").as_uri())
    page.fill(".sidebar-search", "stride")
    page.press(".sidebar-search", "Enter")
    # Results come one by one; the summary's last sentence comes after them.
    page.wait_for_selector(".search-summary:has-text('Search finished')")
    assert "Padding, stride and dilation" in page.inner_text("#search-results")
    told = page.locator("#search-results li:has(.excerpt):has(.place)")
    assert told.count() > 3
    first = told.filter(has=page.locator("mark")).first
    assert "stride" in first.locator("mark").first.inner_text().lower()
    place = first.locator(".place").inner_text().split(" › ")[-1]
    first.locator("a").click()
    page.wait_for_selector("article h1")
    assert place in page.inner_text("article")


@pytest.mark.ci
def test_it_is_dark_where_darkness_is_asked_for_and_a_button_changes_it(page, site):
    ground = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="dark")
    page.goto((site / SECOND).as_uri())
    assert page.evaluate(ground) == "rgb(19, 20, 22)"
    page.locator(".theme-toggle:visible").click()
    page.wait_for_function(f"() => {ground} === 'rgb(255, 255, 255)'")


@pytest.mark.ci
def test_paper_shows_what_was_folded(page, site):
    page.goto((site / SECOND).as_uri())
    closed = "document.querySelectorAll('article details:not([open])').length"
    before = page.evaluate(closed)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(closed) == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(closed) == before > 10


@pytest.mark.ci
def test_what_moves_stands_still_on_demand(page, site):
    page.goto((site / SECOND).as_uri())
    shown = "document.querySelector('.moving img').currentSrc.split('/').pop()"
    moving = page.evaluate(shown)
    page.click(".moving button")
    assert page.evaluate(shown) == moving.replace(".png", "-still.png")
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    page.wait_for_function(f"() => {shown}.endsWith('-still.png')")


@pytest.mark.ci
def test_an_exercise_is_copied(page, site):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto((site / SECOND).as_uri())
    stub = page.locator(".highlight", has_text="def corr2d(x, kernel)").first
    stub.locator(".copy").focus()
    page.keyboard.press("Enter")
    stub.locator(".copy", has_text="Copied").wait_for()


@pytest.mark.ci
def test_it_is_small_and_marked_as_what_may_be_replaced(site):
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 15e6
    assert (site / writing.MARK).exists()
