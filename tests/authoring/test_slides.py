"""Slides as text: which cells stand where, notes, minutes, and that no solution slips through."""

import base64
import html
import io
import re
from pathlib import Path

import nbformat
import pytest
from PIL import Image

from coursekit.authoring.lesson import AuthoringError, Lesson, find_lessons
from coursekit.authoring.slides import cells, deck, inserting, pictures, render, theme
from coursekit.authoring.slides import html as page_of
from coursekit.authoring.slides.assembly import Remark
from coursekit.authoring.slides.maths import formula
from coursekit.authoring.slides.minutes import share
from coursekit.authoring.slides.speaking import about_parts
from coursekit.authoring.slides.writing import write
from coursekit.machine.paths import course_folder

LESSONS = find_lessons(course_folder("lessons"))


def png(width, height, bands=()):
    """Return a black picture in base64, with white bands (top, bottom)."""
    picture = Image.new("L", (width, height))
    for top, bottom in bands:
        picture.paste(255, (0, top, width, bottom))
    stream = io.BytesIO()
    picture.save(stream, format="png")
    return base64.b64encode(stream.getvalue()).decode()


SOURCE = """\
# %% [markdown] id="title"
# # A lesson
#
# | | |
# |---|---|
# | Time | 20 minutes |

# %% id="imports"
import math

# %% [markdown] id="idea"
# ## An idea with $x^2$
#
# Which number comes out?

# %% id="answer-comes"
print("forty-two")

# %% [markdown] id="said" slide="notes"
# Say that it was forty-two.

# %% [markdown] id="left-out" slide="skip"
# Only learners read this.

# %% [markdown] id="later" slide="fragment"
# Shown on request.

# %% [markdown] id="exercise"
# ### Exercise 2.1: how big is the feature map?

# %% id="answer-shape"
### BEGIN SOLUTION
shape = (4, 7, 11, 13)
### END SOLUTION

# %% id="check-shape"
check("2.1", shape)
"""


@pytest.fixture
def make(tmp_path):
    def make(source=SOURCE, outputs=(), **options):
        path = tmp_path / "02_lesson.py"
        path.write_text(source, encoding="utf-8")
        lesson = Lesson(2, path)
        notebook = lesson.notebook(solutions=False)
        for cell in notebook.cells:
            if cell.cell_type == "code" and "print" in cell.source:
                cell.outputs = [nbformat.v4.new_output("stream", text="forty-two\n"), *outputs]
        return deck(lesson, notebook, **options)

    return make


def test_cells_become_slides_by_their_metadata(make):
    made = make()
    assert page_of(made) == page_of(make()), "the same lesson, the same bytes"
    assert [slide.title for slide in made.slides] == [
        "A lesson",
        "An idea with $x^2$",
        "Exercise 2.1: how big is the feature map?",
    ]
    idea, exercise = made.slides[1:]
    assert "import math" not in page_of(made)
    assert "Only learners" not in page_of(made)
    assert "Say that it was" in idea.known("note")[0]
    assert "Say that it was" not in "".join(idea.blocks)
    assert idea.blocks[-1].startswith('<div data-step="2" class="step block prose">')
    assert "shape = ..." in html.unescape(re.sub("<[^>]*>", "", exercise.blocks[0]))
    assert "check(" not in re.sub("<[^>]*>", "", "".join(exercise.blocks))


def test_an_answer_waits_where_the_prose_before_it_asks(make):
    idea = make().slides[1]
    assert '<pre data-step="1" class="step block output">forty-two</pre>' in idea.blocks
    told = make(SOURCE.replace("Which number comes out?", "A number comes out."))
    assert '<pre class="block output">forty-two</pre>' in told.slides[1].blocks


def test_solutions_are_off_until_they_are_asked_for(make):
    assert "(4, 7, 11, 13)" not in re.sub("<[^>]*>", "", page_of(make()))
    solved = make(solutions=True)
    assert [slide.solution for slide in solved.slides] == [False, False, False, True]
    assert "(4, 7, 11, 13)" in re.sub("<[^>]*>", "", solved.slides[-1].blocks[0])


# All lessons go the same way; the second has the most kinds of cells.
@pytest.mark.parametrize(
    "lesson",
    [
        pytest.param(lesson, id=lesson.name, marks=[] if lesson.number == 2 else [pytest.mark.ci])
        for lesson in LESSONS
    ],
)
def test_a_deck_is_whole_offline_and_without_solutions(lesson, tmp_path):
    made, path = write(lesson, tmp_path)
    page = path.read_text(encoding="utf-8")
    lesson_minutes = int(re.search(r"Time</td>\s*<td>(\d+) minutes", page)[1])
    assert made.minutes == lesson_minutes
    assert all(slide.minutes >= 0.5 for slide in made.slides)
    assert not re.search(r'(?:src|href)="(?!data:|#)', page)
    assert not re.search(r"url\((?!data:)|@import", page)
    text = html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"</span><span", "</span>\n<span", page)))
    lines = {line.strip() for line in text.splitlines()}
    assert not lesson.solution_lines() & lines
    assert "{{" not in page.split("<script>")[0]
    told = "".join(part for slide in made.slides for part in slide.told)
    cells_shown = [
        cell
        for cell in lesson.notebook(solutions=False).cells
        if cell.cell_type == "code"
        and cell.metadata.get("slideshow", {}).get("slide_type") != "skip"
    ]
    asked = [cell.id for cell in cells_shown if cells.guessed(cell.source)]
    assert told.count("Hands up first:") == len(asked), "each guess has its notes"
    for slide in made.slides:
        assert slide.solution or sum(len(e.misconceptions) for e in slide.exercises) <= len(
            slide.known("watch")
        )


@pytest.mark.ci
def test_a_solved_deck_holds_every_solution(tmp_path):
    lesson = LESSONS[1]
    made, _ = write(lesson, tmp_path, solutions=True)
    asked = [exercise.id for slide in made.slides for exercise in slide.exercises]
    solved = [slide.title.split()[1].rstrip(":") for slide in made.slides if slide.solution]
    assert solved == asked != []


@pytest.mark.ci
def test_the_same_lesson_gives_the_same_bytes(tmp_path):
    first, second = (write(LESSONS[-1], tmp_path / name)[1].read_bytes() for name in "ab")
    assert first == second


def test_a_stale_notebook_is_not_presented(tmp_path, monkeypatch):
    monkeypatch.setattr("coursekit.authoring.slides.writing.difference", lambda *_: "x differs")
    with pytest.raises(AuthoringError, match="x differs; run `coursekit build`"):
        write(LESSONS[0], tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("total", "exercises", "words", "expected"),
    [
        (10, [0, 0], [30, 10], [7.5, 2.5]),
        (10, [0, 4], [1, 999], [6.0, 4.0]),
        (10, [0, 20, 20], [5, 1, 1], [5.0, 2.5, 2.5]),
        (3, [0, 0, 0], [100, 0, 0], [2.0, 0.5, 0.5]),
        (4, [1, 1], [3, 3], [2.0, 2.0]),
    ],
)
def test_minutes_are_shared_by_exercises_and_words(total, exercises, words, expected):
    assert share(total, exercises, words) == expected


def test_too_many_slides_for_the_time_are_refused():
    with pytest.raises(ValueError, match=r"total is 1 minutes; expected 1\.5 for the slides"):
        share(1, [0, 0, 0], [1, 1, 1])


def test_a_lesson_without_its_time_is_named(make):
    with pytest.raises(AuthoringError, match="02_lesson: the first cell has no row"):
        make(SOURCE.replace("Time", "Tea"))


def test_a_formula_is_drawn_and_read_aloud():
    drawn = formula(r"\frac{a}{b}", block=False)
    assert drawn.startswith('<svg class="formula" role="img" aria-label="\\frac{a}{b}"')
    with pytest.raises(AuthoringError, match="cannot be drawn"):
        formula(r"\frac{a", block=True)


def test_code_that_only_draws_is_left_out():
    assert cells.shown("x = 2\nfigures.matrices({'x': x})") == ""
    assert cells.shown("for i in x:\n    y(i)\nfigures.matrices(x)") == "for i in x:\n    y(i)"
    assert cells.shown("x = 2  # fmt: skip") == "x = 2"
    assert (
        cells.without_docstring('def f(x):\n    """Say."""\n    return x')
        == "def f(x):\n    return x"
    )


def test_the_tag_hide_input_keeps_only_what_a_cell_prints(make):
    plain = make().slides[1].blocks
    tagged = make(SOURCE.replace('id="answer-comes"', 'id="answer-comes" tags=["hide-input"]'))
    code = [block for block in plain if 'class="block code"' in block]
    assert len(code) == 1
    assert tagged.slides[1].blocks == [block for block in plain if block not in code]


def test_pictures_say_what_they_show_and_widgets_without_kernel_are_left_out():
    cell = nbformat.v4.new_code_cell()
    picture = {"image/png": png(40, 20), "text/plain": "Figure: a <cat>"}
    about = {"image/png": {"alt": "a <cat>", "width": 20, "height": 17}}
    widget = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "Slider()"}
    cell.outputs = [
        nbformat.v4.new_output("display_data", data=picture, metadata=about),
        nbformat.v4.new_output("display_data", data=widget),
    ]
    (block,) = render.outputs(cell)
    assert 'width="20" height="10" data-letters="12" alt="a &lt;cat&gt;"' in block, "not stretched"


ASKS = """
# %% [markdown] id="idea"
# ## An idea
#
# Which number comes out?

# %% id="first"
print("forty-two")

# %% [markdown] id="reading"
# It was forty-two.

# %% id="second"
print("more")
"""
TITLE = SOURCE[: SOURCE.index('# %% id="imports"')]


def waiting(slide):
    found = [re.search(r'data-step="(\d+)"', block) for block in slide.blocks]
    return [int(step[1]) if step else 0 for step in found]


def test_all_that_follows_a_question_waits(make):
    asked = make(TITLE + ASKS).slides[1]
    assert waiting(asked) == [0, 0, 1, 2, 3, 3], "question, code | output | prose | code, output"
    told = make(TITLE + ASKS.replace("Which number comes out?", "See.")).slides[1]
    assert waiting(told) == [0] * 6


def test_a_picture_that_is_asked_about_is_there(make):
    shown = make(TITLE + ASKS.replace('id="first"', 'id="first" tags=["shown"]')).slides[1]
    assert waiting(shown) == [0, 0, 0, 1, 2, 2]


def test_what_follows_an_exercise_s_check_waits(make):
    after = '\n# %% [markdown] id="why"\n# Because.\n'
    exercise = make(SOURCE + after).slides[-1]
    assert waiting(exercise)[-1] == 1
    assert waiting(exercise)[:-1] == [0] * (len(exercise.blocks) - 1)


def test_notes_hold_what_to_say_to_ask_and_to_watch_for(make):
    guess = ASKS.replace('print("forty-two")', 'guess("2.first-sum", ...)')
    idea = make(TITLE + guess + SOURCE[SOURCE.index('# %% [markdown] id="exercise"') :]).slides[1]
    told = html.unescape(re.sub("<[^>]*>", "", "".join(idea.told)))
    assert "Say" in told
    assert "It was forty-two." in told
    assert "Which number comes out?" in told
    assert "The answer is 2." in told
    assert "That adds every pixel of the window" in told
    exercise = make().slides[-1]
    told = re.sub("<[^>]*>", "", "".join(exercise.told))
    assert "First hint:" in told
    assert "Watch for" in told


def test_each_part_of_a_slide_has_what_is_known_about_its_blocks():
    figure = '<figure class="block figure"><img width="9" alt="Part 2: a loss falls. Then" src=""></figure>'
    parts = [["one", "two"], ["three"], [figure], ["code"]]
    remarks = [
        Remark("say", "first", 0),
        Remark("ask", "why?", 2),
        Remark("watch", "a slip", 2),
    ]
    said, asked, drawn, coded = about_parts(remarks, parts)
    assert said == remarks[:1]
    assert asked == remarks[1:]
    assert drawn == [Remark("say", "A loss falls.")]
    assert coded == drawn, "goes on with what was said"
    assert about_parts(remarks[1:2], [["a"] * 3, ["b"]])[1] == [], "nothing is asked twice"


def test_a_slide_that_is_divided_leaves_none_of_its_parts_without_notes(make):
    words = "# " + "A sentence of some length that says little. " * 12 + "\n#\n"
    long = "".join(f'\n# %% [markdown] id="p{n}"\n{words}' for n in range(6))
    made = make(SOURCE + '\n# %% [markdown] id="long" slide="slide"\n# ## Long\n' + long)
    parts = [slide for slide in made.slides if slide.id.startswith("long")]
    assert len(parts) > 1
    assert all("A sentence of some length" in "".join(slide.told) for slide in parts)


def test_a_tall_picture_becomes_several_where_it_is_white():
    tall = png(300, 900, bands=[(280, 320), (580, 620)])
    parts = pictures.blocks(tall, {"width": 300, "alt": "rows"})
    heights = [int(re.search(r'height="(\d+)"', part)[1]) for part in parts]
    assert sum(heights) == 900
    assert heights == [300, 300, 300]
    assert len(pictures.blocks(png(300, 900), {"width": 300})) == 1, "no place for a cut"
    assert len(pictures.blocks(png(300, 400, [(190, 210)]), {"width": 300})) == 1, "low enough"


def test_what_does_not_fit_on_one_slide_goes_on_another(make):
    words = "# " + "a sentence of some length that says little. " * 12 + "\n#\n"
    long = "".join(f'\n# %% [markdown] id="p{n}"\n{words}' for n in range(6))
    made = make(TITLE + '\n# %% [markdown] id="idea"\n# ## An idea\n' + long)
    assert [slide.id for slide in made.slides] == ["title", "idea", "idea-2", "idea-3"]
    assert sum(len(slide.blocks) for slide in made.slides[1:]) == 6
    assert made.minutes == 20


def test_a_question_keeps_its_picture(make):
    question = '\n# %% [markdown] id="q"\n# What is it?\n'
    picture = nbformat.v4.new_output(
        "display_data", {"image/png": png(840, 360)}, metadata={"image/png": {"width": 840}}
    )
    words = "# " + "a sentence of some length that says little. " * 14
    source = f'{TITLE}\n# %% [markdown] id="idea"\n# ## An idea\n#\n{words}\n\n# %% id="print"\nprint()\n'
    made = make(source + question, outputs=[picture])
    last = made.slides[-1].blocks
    assert "figure" in last[-2]
    assert "What is it?" in last[-1]


OWN = """\
## Our own data

after: idea

A table of ours, and $x^2$.

Notes:

Tell them where it is from.

## And one more

Behind it.
"""


@pytest.fixture
def own(tmp_path):
    def own(text):
        path = tmp_path / "own.md"
        path.write_text(text, encoding="utf-8")
        return inserting.read(path)

    return own


def test_an_instructor_s_slides_stand_where_they_say(make, own):
    made = make(inserts=own(OWN))
    titles = [slide.title for slide in made.slides]
    assert titles[2:4] == ["Our own data", "And one more"]
    assert "Tell them" not in "".join(made.slides[2].blocks)
    assert "Tell them" in "".join(made.slides[2].told)
    assert made.minutes == 20


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no heading", "has no slide; expected headings"),
        ("## Mine\n\ntext", "names no place; expected `after: slide-id`"),
        ("## Mine\nafter: idea\n![x](cat.png)", "cat.png lies outside"),
    ],
)
def test_own_slides_that_do_not_fit_are_refused(own, text, says):
    with pytest.raises(AuthoringError, match=says):
        own(text)


def test_own_slides_behind_no_slide_are_refused(make, own):
    with pytest.raises(AuthoringError, match="no slide 'nowhere'; expected one of title, idea"):
        make(inserts=own(OWN.replace("after: idea", "after: nowhere")))
    with pytest.raises(AuthoringError, match="cannot be read"):
        inserting.read(Path("missing.md"))


@pytest.fixture
def themed(tmp_path):
    def themed(text):
        (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
        path = tmp_path / "theme.txt"
        path.write_text(text, encoding="utf-8")
        return theme.read(path)

    return themed


def test_a_theme_brings_colours_and_a_logo(make, themed):
    page = page_of(make(), themed("accent: #00457c\nlogo: logo.svg\n"))
    assert "--accent: #00457c;" in page
    assert page.count('class="logo" alt=""') == 3
    assert 'src="data:image/svg+xml;base64,' in page


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("accent: #ffcc00", r"contrast on a slide is 1\.\d to 1; expected 4.5"),
        ("accent: blue", "accent is 'blue'; expected a colour such as"),
        ("font: Arial", "line 1 is 'font: Arial'; expected accent, exercise or logo"),
        ("logo: missing.png", "cannot be read"),
        ("logo: logo.gif", r"expected a \.png, \.svg or \.jpg"),
    ],
)
def test_a_theme_that_cannot_be_is_refused(themed, text, says):
    with pytest.raises(AuthoringError, match=says):
        themed(text)
