"""Every slide of every deck at 1280×720 in Chromium: nothing beyond its edges, nothing too small."""

import re

import nbformat
import pytest

from coursekit.authoring.lesson import Lesson, find_lessons
from coursekit.authoring.slides import deck, html
from coursekit.authoring.slides.browser import load
from coursekit.authoring.slides.writing import write
from coursekit.exercises import catalogue
from coursekit.machine.paths import course_folder

LESSONS = find_lessons(course_folder("lessons"))
SMALLEST_TEXT, SMALLEST_CODE, SMALLEST_PICTURE = 14, 22, 0.65
HEAD = """\
# %% [markdown] id="title"
# # A lesson
#
# | | |
# |---|---|
# | Time | 20 minutes |

"""
# Measured from outside: where text and pictures really are, whatever the deck's own script thinks.
FAULTS = """([text, code, picture]) => slides.map((slide, place) => {
  show(place, {all: true});
  const found = new Set(), limit = {left: 40, top: 20, right: 1280 - 40, bottom: 720 - 40};
  const within = (box, name) => {
    const over = Math.max(box.bottom - limit.bottom, box.right - limit.right, limit.left - box.left, limit.top - box.top);
    if (box.width && box.height && over > 1) found.add(`${name} is ${Math.round(over)} px beyond the edge`);
  };
  const walker = document.createTreeWalker(slide.querySelector(".body"), NodeFilter.SHOW_TEXT);
  const blocks = [...slide.querySelectorAll(".column > *")];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const words = node.textContent.trim(), range = document.createRange();
    if (!words) continue;
    const size = parseFloat(getComputedStyle(node.parentElement).fontSize);
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) within(box, `"${words.slice(0, 30)}"`);
    if (size < text) found.add(`"${words.slice(0, 30)}" has ${size} px`);
    if (node.parentElement.closest(".code") && size < code) found.add(`code has ${size} px`);
  }
  for (const drawn of slide.querySelectorAll(".body img, .body iframe, .body svg")) within(drawn.getBoundingClientRect(), drawn.tagName);
  for (const frame of slide.querySelectorAll('iframe:not([data-settled="yes"])')) found.add("an explorer is cut off");
  if (slide.dataset.scale < picture) found.add(`a picture has ${slide.dataset.scale} of its size`);
  blocks.forEach((one, i) => blocks.slice(i + 1).forEach((other) => {
    const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    if (across > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1) found.add("two parts lie on each other");
  }));
  return [slide.id, [...found]];
}).filter(([, found]) => found.length)"""


@pytest.fixture
def viewport():
    return {"width": 1280, "height": 720}


def settle(page):
    """Show each frame until it has found the size at which its page fits, or has found none."""
    for place in page.evaluate(
        "slides.flatMap((slide, place) => slide.querySelector('iframe') ? [place] : [])"
    ):
        page.evaluate(f"show({place}, {{all: true}})")
        page.wait_for_function("slides[now].querySelector('iframe').dataset.settled")


def faults(page):
    return page.evaluate(FAULTS, [SMALLEST_TEXT, SMALLEST_CODE, SMALLEST_PICTURE])


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_no_slide_overflows(lesson, page, tmp_path):
    if sum(exercise.lesson == lesson.number for exercise in catalogue()) < 7:
        pytest.skip("not complete yet: fewer than seven exercises")
    _, path = write(lesson, tmp_path, solutions=True)
    load(page, path)
    settle(page)
    found = [f"{lesson.name}, slide {id}: {'; '.join(what)}" for id, what in faults(page)]
    assert not found, "\n" + "\n".join(found)


@pytest.fixture
def present(page, tmp_path):
    def present(source, **outputs):
        path = tmp_path / "02_lesson.py"
        path.write_text(HEAD + source, encoding="utf-8")
        lesson = Lesson(2, path)
        notebook = lesson.notebook(solutions=False)
        for cell in notebook.cells:
            if data := outputs.get(cell.id):
                cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
        written = tmp_path / "deck.html"
        written.write_text(html(deck(lesson, notebook)), encoding="utf-8")
        load(page, written)
        return page

    return present


@pytest.mark.parametrize(
    ("source", "outputs", "says"),
    [
        ('# %% id="long"\n' + "x = 1\n" * 60, {}, "beyond the edge"),
        ('# %% id="wide"\n0\n', {"wide": {"text/plain": "number " * 40}}, "beyond the edge"),
        (
            '# %% id="small"\n0\n',
            {"small": {"text/html": '<p style="font-size:9px">tiny</p>'}},
            "has 9 px",
        ),
        ('# %% [markdown] id="prose"\n' + "# words of a lecture\n#\n" * 60, {}, "beyond the edge"),
    ],
)
def test_a_planted_overflow_is_found(present, source, outputs, says):
    found = faults(present(source, **outputs))
    assert any(says in fault for _, what in found for fault in what)


THREE = """\
# %% [markdown] id="one"
# ## One
#
# A question?

# %% id="answer"
1

# %% [markdown] id="two"
# ## Two

# %% [markdown] id="words"
# Prose.

# %% [markdown] id="heard" slide="notes"
# Only the speaker reads this.
"""


def place(page):
    return page.evaluate("now + 1")


def test_the_keyboard_goes_everywhere(present):
    page = present(THREE, answer={"text/plain": "forty-two"})
    shown = page.locator(".slide.now .output")
    page.keyboard.press("ArrowRight")
    assert place(page) == 2
    assert not shown.is_visible()
    page.keyboard.press("Space")
    assert shown.is_visible()
    page.keyboard.press("PageDown")
    assert place(page) == 3
    page.keyboard.press("PageUp")
    assert place(page) == 2
    assert shown.is_visible()
    for key, where in (("Home", 1), ("End", 3)):
        page.keyboard.press(key)
        assert place(page) == where
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    assert place(page) == 2
    assert page.url.endswith("#2")
    page.keyboard.press("o")
    assert page.locator(".slide:visible").count() == 3
    page.keyboard.press("Escape")
    assert page.locator(".slide:visible").count() == 1
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
    assert page.get_by_role("status").inner_text() == "Slide 2: One"


def test_the_speaker_reads_notes_in_a_window_of_their_own(present):
    page = present(THREE)
    assert not page.get_by_text("Only the speaker").is_visible()
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    speaker = opened.value
    page.keyboard.press("End")
    assert speaker.get_by_text("Only the speaker").is_visible()
    speaker.keyboard.press("Home")
    assert place(page) == 1
    assert re.match(r"\d+:\d\d", speaker.get_by_role("timer").inner_text())


def test_a_page_of_its_own_is_alive_and_gives_the_keys_back(present):
    live = (
        "<!doctype html><p id=a>dead</p><button onclick=\"a.textContent = 'pressed'\">Press</button>"
        "<script>a.textContent = 'alive'</script>"
    )
    source = '# %% [markdown] id="live"\n# ## Live\n\n# %% id="cell"\n0\n'
    page = present(source, cell={"text/html": live})
    page.keyboard.press("End")
    settle(page)
    inside = page.frame_locator("iframe")
    assert inside.locator("#a").inner_text() == "alive"
    # A real click, at the place where the enlarged frame shows the button.
    box = page.evaluate("slides[now].querySelector('iframe').getBoundingClientRect().toJSON()")
    by = float(page.locator("iframe").get_attribute("data-by"))
    button = inside.get_by_role("button").evaluate("b => b.getBoundingClientRect().toJSON()")
    x, y = (button[at] + button[size] / 2 for at, size in (("x", "width"), ("y", "height")))
    page.mouse.click(box["x"] + by * x, box["y"] + by * y)
    inside.get_by_text("pressed").wait_for()
    page.keyboard.press("PageUp")
    page.wait_for_function("now === 0")


def test_printing_gives_one_slide_a_page(present):
    printed = present(THREE).pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 3
