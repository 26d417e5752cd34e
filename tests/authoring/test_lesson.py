"""From a lesson's source to its cells, and that no solution is among the learner's."""

import sys

import nbformat
import pytest
from small_lesson import SOURCE

from coursekit.authoring.lesson import AuthoringError, find_lessons, select_lessons
from coursekit.machine.paths import course_folder


def test_a_learner_finds_stubs_and_an_instructor_solutions(write_lesson):
    lesson = write_lesson()
    learner = {cell.id: cell.source for cell in lesson.notebook(solutions=False).cells}
    instructor = {cell.id: cell.source for cell in lesson.notebook(solutions=True).cells}
    assert learner["answer"].endswith('circle."""\n    ...')
    assert learner["value"] == "shape = ..."
    assert instructor["answer"].endswith("    return math.pi * radius**2")
    assert instructor["value"] == "shape = (11, 12)"
    assert "SOLUTION" not in "".join([*learner.values(), *instructor.values()])


def test_ids_and_slides_come_from_the_source(write_lesson):
    notebook = write_lesson().notebook(solutions=False)
    assert [cell.id for cell in notebook.cells] == [
        "title", "imports", "exercise", "answer", "value", "show",
    ]  # fmt: skip
    slides = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in notebook.cells]
    assert slides == ["slide", None, "slide", None, None, None]


def test_what_answers_a_guess_is_a_step_of_its_own_on_its_slide(write_lesson):
    cells = """# %% [markdown] id="title"
# # A lesson

# %% id="guess-it"
guess("3.a", ...)

# %% id="answer-it"
reveal("3.a")

# %% id="guess-on"
guess("3.b", ...)

# %% id="answer-on" slide="slide"
reveal("3.b")
"""
    notebook = write_lesson(cells).notebook(solutions=False)
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in notebook.cells]
    assert kinds == ["slide", None, "fragment", None, "slide"]


def test_an_edited_cell_keeps_its_id(write_lesson):
    before = write_lesson().notebook(solutions=False)
    after = write_lesson(SOURCE.replace("# # A lesson", "# # Another")).notebook(solutions=False)
    assert [cell.id for cell in before.cells] == [cell.id for cell in after.cells]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("# %%\nx = 1\n", r"starts with \['x = 1'\] has the id ''; expected a name"),
        ('# %% id="Two words"\nx = 1\n', "has the id 'Two words'"),
        ('# %% id="a"\nx = 1\n\n# %% id="a"\nx = 2\n', "2 cells have the id 'a'"),
        ('# %% id="a"\n### BEGIN SOLUTION\nx = 1\n', "cell a has an unpaired ### BEGIN"),
        ('# %% id="a"\nx = 1\n### END SOLUTION\n', "cell a has an unpaired ### END"),
    ],
)
def test_a_source_that_breaks_a_rule_is_named(write_lesson, source, says):
    with pytest.raises(AuthoringError, match=f"03_circles: .*{says}"):
        write_lesson(source).notebook(solutions=False)


def test_a_planted_solution_cannot_reach_a_source(write_lesson):
    lesson = write_lesson()
    notebook = lesson.notebook(solutions=False)
    notebook.cells[1].source += "\n    return math.pi * radius**2"
    with pytest.raises(AuthoringError, match=r"cell imports leaks a solution: return math\.pi"):
        lesson.assert_no_leak(notebook)


@pytest.mark.parametrize("lesson", find_lessons(course_folder("lessons")), ids=lambda x: x.name)
def test_no_solution_is_in_a_committed_notebook(lesson):
    path = course_folder("notebooks") / f"{lesson.name}.ipynb"
    assert lesson.solution_lines(), "a lesson without solutions would pass this test unseen"
    lesson.assert_no_leak(nbformat.read(path, as_version=4))


def test_without_jupytext_the_way_out_is_named(write_lesson, monkeypatch):
    monkeypatch.setitem(sys.modules, "jupytext", None)
    with pytest.raises(AuthoringError, match="needs jupytext; expected an author's set-up"):
        write_lesson().notebook(solutions=False)


def test_a_lesson_that_does_not_exist_is_named(write_lesson):
    lesson = write_lesson()
    with pytest.raises(ValueError, match="lesson is 9; expected one of 3"):
        select_lessons(lesson.source.parent, [9])
