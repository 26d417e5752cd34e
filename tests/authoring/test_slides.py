"""Slides as text: which cells stand where, notes, minutes, and that no solution slips through."""

import html
import re

import nbformat
import pytest

from coursekit.authoring.lesson import AuthoringError, Lesson, find_lessons
from coursekit.authoring.slides import cells, deck, render
from coursekit.authoring.slides import html as page_of
from coursekit.authoring.slides.maths import formula
from coursekit.authoring.slides.minutes import share
from coursekit.authoring.slides.writing import write
from coursekit.machine.paths import course_folder

LESSONS = find_lessons(course_folder("lessons"))
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
    assert [slide.title for slide in made.slides] == [
        "A lesson",
        "An idea with $x^2$",
        "Exercise 2.1: how big is the feature map?",
    ]
    idea, exercise = made.slides[1:]
    assert "import math" not in page_of(made)
    assert "Only learners" not in page_of(made)
    assert "Say that it was" in idea.notes[0]
    assert "Say that it was" not in "".join(idea.blocks)
    assert idea.blocks[-1].startswith('<div class="step block prose">')
    assert "shape = ..." in html.unescape(re.sub("<[^>]*>", "", exercise.blocks[0]))
    assert "check(" not in re.sub("<[^>]*>", "", "".join(exercise.blocks))


def test_an_answer_waits_where_the_prose_before_it_asks(make):
    assert '<pre class="step block output">forty-two</pre>' in make().slides[1].blocks
    told = make(SOURCE.replace("Which number comes out?", "A number comes out."))
    assert '<pre class="block output">forty-two</pre>' in told.slides[1].blocks


def test_solutions_are_off_until_they_are_asked_for(make):
    assert "(4, 7, 11, 13)" not in re.sub("<[^>]*>", "", page_of(make()))
    solved = make(solutions=True)
    assert [slide.solution for slide in solved.slides] == [False, False, False, True]
    assert "(4, 7, 11, 13)" in re.sub("<[^>]*>", "", solved.slides[-1].blocks[0])


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
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


def test_a_solved_deck_holds_every_solution(tmp_path):
    lesson = LESSONS[1]
    made, _ = write(lesson, tmp_path, solutions=True)
    asked = [exercise.id for slide in made.slides for exercise in slide.exercises]
    solved = [slide.title.split()[1].rstrip(":") for slide in made.slides if slide.solution]
    assert solved == asked != []


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
    picture = {"image/png": "AAAA", "text/plain": "Figure: a <cat>"}
    about = {"image/png": {"alt": "a <cat>", "width": 4, "height": 2}}
    widget = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "Slider()"}
    cell.outputs = [
        nbformat.v4.new_output("display_data", data=picture, metadata=about),
        nbformat.v4.new_output("display_data", data=widget),
    ]
    (block,) = render.outputs(cell)
    assert 'width="4" height="2" alt="a &lt;cat&gt;"' in block
