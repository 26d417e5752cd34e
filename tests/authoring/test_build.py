import copy
import sys
from pathlib import Path

import nbformat
import pytest

from coursekit import cli
from coursekit.authoring import build as builder
from coursekit.authoring import gate
from coursekit.authoring.execution import CellFailure, execute
from coursekit.authoring.lesson import AuthoringError, Lesson, find_lessons, select_lessons
from coursekit.machine.paths import course_folder

SOURCE = '''\
# %% [markdown] id="title"
# # A lesson

# %% id="imports"
import math

# %% [markdown] id="exercise"
# ### Exercise

# %% id="answer"
def area(radius):
    """Return the area of a circle."""
    ### BEGIN SOLUTION
    return math.pi * radius**2
    ### END SOLUTION

# %% id="value"
### BEGIN SOLUTION
shape = (11, 12)
### END SOLUTION

# %% id="show"
print(shape)
'''


@pytest.fixture
def write_lesson(tmp_path):
    def write(source=SOURCE, name="03_circles.py"):
        path = tmp_path / "lessons" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, encoding="utf-8")
        return Lesson(int(name[:2]), path)

    return write


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


def test_a_planted_solution_cannot_reach_an_output(write_lesson, tmp_path):
    leaking = SOURCE.replace("print(shape)", 'print("return math.pi" + " * radius**2")')
    with pytest.raises(AuthoringError, match="cell show leaks a solution"):
        builder.build(write_lesson(leaking), tmp_path / "notebooks")
    assert not list((tmp_path / "notebooks").glob("*.ipynb")), "nothing may be written"


@pytest.mark.parametrize("lesson", find_lessons(course_folder("lessons")), ids=lambda x: x.name)
def test_no_solution_is_in_a_committed_notebook(lesson):
    path = course_folder("notebooks") / f"{lesson.name}.ipynb"
    assert lesson.solution_lines(), "a lesson without solutions would pass this test unseen"
    lesson.assert_no_leak(nbformat.read(path, as_version=4))


def test_build_executes_and_keeps_outputs_and_no_timing(write_lesson, tmp_path):
    path = builder.build(write_lesson(), tmp_path / "notebooks")
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells[-1].outputs[0].text == "Ellipsis\n"
    assert all("execution" not in cell.metadata for cell in notebook.cells)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert set(notebook.metadata.language_info) == {"name"}


def test_of_a_widget_its_text_is_kept(write_lesson, tmp_path):
    shown = SOURCE.replace("print(shape)", "import ipywidgets; ipywidgets.IntSlider(3)")
    path = builder.build(write_lesson(shown), tmp_path / "notebooks")
    (output,) = nbformat.read(path, as_version=4).cells[-1].outputs
    assert list(output.data) == ["text/plain"]
    assert output.data["text/plain"].startswith("IntSlider(value=3")


def test_building_twice_gives_the_same_bytes(write_lesson, tmp_path):
    path = builder.build(write_lesson(), tmp_path / "notebooks")
    first = path.read_bytes()
    assert builder.build(write_lesson(), tmp_path / "notebooks").read_bytes() == first


def test_check_sees_sources_ids_and_metadata_not_outputs(write_lesson, tmp_path):
    lesson, folder = write_lesson(), tmp_path / "notebooks"
    assert builder.difference(lesson, folder) == "03_circles.ipynb is missing"
    path = builder.build(lesson, folder, run=False)
    assert builder.difference(lesson, folder) is None
    good = nbformat.read(path, as_version=4)
    for part, value in {"source": "x", "id": "other", "metadata": {"tags": ["x"]}}.items():
        edited = copy.deepcopy(good)
        edited.cells[1][part] = nbformat.from_dict(value)
        builder.write(edited, path)
        assert part in builder.difference(lesson, folder)
    edited = copy.deepcopy(good)
    edited.cells.pop()
    builder.write(edited, path)
    assert builder.difference(lesson, folder) == "03_circles.ipynb: 5 cells, the lesson has 6"
    edited = copy.deepcopy(good)
    edited.cells[-1].outputs = [nbformat.v4.new_output("stream", text="other\n")]
    builder.write(edited, path)
    assert builder.difference(lesson, folder) is None


def test_without_execution_outputs_are_kept_down_to_the_first_change(write_lesson, tmp_path):
    source = '# %% id="a"\nprint(1)\n\n# %% id="b"\nprint(2)\n\n# %% id="c"\nprint(3)\n'
    folder = tmp_path / "notebooks"
    lesson = write_lesson(source)
    (folder).mkdir()
    notebook = lesson.notebook(solutions=False)
    execute(notebook, folder)
    builder.write(notebook, folder / "03_circles.ipynb")
    path = builder.build(write_lesson(source.replace("2", "4")), folder, run=False)
    outputs = [len(cell.outputs) for cell in nbformat.read(path, as_version=4).cells]
    assert outputs == [1, 0, 0]


def test_a_failing_cell_is_named_and_nothing_is_written(write_lesson, tmp_path):
    failing = SOURCE.replace("print(shape)", "print(1 / 0)")
    with pytest.raises(
        CellFailure, match="cell show: ZeroDivisionError: division by zero"
    ) as caught:
        builder.build(write_lesson(failing), tmp_path / "notebooks")
    assert caught.value.source == "print(1 / 0)"
    assert not list((tmp_path / "notebooks").glob("*"))


def test_a_failing_build_leaves_the_old_notebook(write_lesson, tmp_path):
    path = builder.build(write_lesson(), tmp_path / "notebooks")
    before = path.read_bytes()
    with pytest.raises(CellFailure):
        builder.build(
            write_lesson(SOURCE.replace("print(shape)", "print(1 / 0)")), tmp_path / "notebooks"
        )
    assert path.read_bytes() == before


def test_without_jupytext_the_way_out_is_named(write_lesson, monkeypatch):
    monkeypatch.setitem(sys.modules, "jupytext", None)
    with pytest.raises(AuthoringError, match="needs jupytext; expected an author's set-up"):
        write_lesson().notebook(solutions=False)


def test_a_lesson_that_does_not_exist_is_named(write_lesson):
    lesson = write_lesson()
    with pytest.raises(ValueError, match="lesson is 9; expected one of 3"):
        select_lessons(lesson.source.parent, [9])


@pytest.fixture
def healthy(write_lesson, tmp_path):
    return nbformat.read(builder.build(write_lesson(), tmp_path / "notebooks"), as_version=4)


def strip(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


def store_error(notebook):
    error = nbformat.v4.new_output("error", ename="E", evalue="v", traceback=[])
    notebook.cells[-1].outputs.append(error)


def store_widget_state(notebook):
    notebook.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {}}


def store_a_view(notebook):
    data = {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}, "text/plain": "a slider"}
    notebook.cells[-1].outputs = [nbformat.v4.new_output("display_data", data=data)]


def print_a_path(notebook):
    notebook.cells[-1].outputs[0].text = "saved to /home/ada/model.pt\n"


def name_a_path(notebook):
    notebook.cells[1].source = 'open("C:\\\\Users\\\\ada\\\\x.png")'


def print_a_windows_path(notebook):
    notebook.cells[-1].outputs[0].text = "saved to C:\\new\\model.pt\n"


def ignore_output(notebook):
    notebook.cells[-1].metadata.tags = ["nbval-ignore-output"]


def keep_a_picture_alone(notebook):
    data = {"image/png": "iVBOR", "text/plain": "<Figure size 640x480 with 1 Axes>"}
    notebook.cells[-1].outputs = [nbformat.v4.new_output("display_data", data=data)]


def test_a_letter_and_a_colon_at_the_end_of_a_line_are_no_path(healthy):
    healthy.cells[-1].outputs[0].text = "A: left, B: right, C:\nneither\n"
    assert gate.faults(healthy) == []


@pytest.mark.parametrize(
    ("plant", "says"),
    [
        (strip, "not executed from top to bottom"),
        (store_error, "cell show stores an error"),
        (store_widget_state, "it stores widget state"),
        (store_a_view, "cell show stores the view of a widget"),
        (print_a_path, "cell show holds an absolute path, /home/ada/"),
        (name_a_path, "cell imports holds an absolute path, C:"),
        (print_a_windows_path, "cell show holds an absolute path, C:"),
        (ignore_output, "1 of 1 cells with output are ignored"),
        (keep_a_picture_alone, "compares 0 of 1 cells with output"),
    ],
)
def test_the_gate_sees_each_planted_fault(healthy, plant, says):
    assert gate.faults(healthy) == []
    plant(healthy)
    assert any(says in fault for fault in gate.faults(healthy))


def test_a_list_of_letters_is_no_path(healthy):
    healthy.cells[-1].outputs[0].text = "A: a layer, B: a loss, C:\nno drive, and 1/2/3 a date\n"
    assert gate.faults(healthy) == []
    healthy.cells[-1].outputs[0].text = "saved to\n/home/ada/model.pt\n"
    assert any("holds an absolute path, /home/ada/" in fault for fault in gate.faults(healthy))


NOTEBOOKS = sorted(course_folder("notebooks").glob("*.ipynb"))


def test_every_lesson_has_its_notebook():
    lessons = [lesson.name for lesson in find_lessons(course_folder("lessons"))]
    assert [path.stem for path in NOTEBOOKS] == lessons


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_committed_notebooks_pass_the_gate(path):
    assert gate.faults(nbformat.read(path, as_version=4)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_are_short_and_half_are_prose(path):
    cells = nbformat.read(path, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    long = [cell.id for cell in code if len(cell.source.splitlines()) > 15]
    assert len(long) <= 1, f"split {long}"
    assert 0.35 < len(code) / len(cells) < 0.65
    headings = [c for c in cells if c.cell_type == "markdown" and c.source.startswith("# ")]
    assert len(headings) == 1


def test_the_source_folder_is_found_from_a_clone():
    assert (course_folder("lessons") / "02_convolution_by_hand.py").is_file()
    with pytest.raises(FileNotFoundError, match="folder 'nothing' is missing"):
        course_folder("nothing")
    assert isinstance(course_folder("data"), Path)


CHECKED = """\
# %% id="imports"
from coursekit.exercises import check

# %% id="answer"
### BEGIN SOLUTION
shape = (4, 7)
### END SOLUTION

# %% id="check"
check("2.1", shape)
"""


def test_an_instructors_notebook_proves_its_checks(write_lesson, tmp_path):
    path = builder.build(write_lesson(CHECKED), tmp_path / "instructor", solutions=True)
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells[1].source == "shape = (4, 7)"
    assert gate.unproved(notebook) == []
    notebook.cells[-1].outputs = []
    assert gate.unproved(notebook) == [
        "cell check: check does not say that the answer to 2.1 is correct"
    ]


def test_a_wrong_solution_builds_no_instructors_notebook(write_lesson, tmp_path):
    wrong = write_lesson(CHECKED.replace("(4, 7)", "(3, 6)"))
    with pytest.raises(AuthoringError, match=r"03_circles: cell check: .* 2\.1 is correct"):
        builder.build(wrong, tmp_path / "instructor", solutions=True)
    assert not list((tmp_path / "instructor").glob("*"))


def test_run_with_solutions_fails_where_one_is_wrong(write_lesson, tmp_path, monkeypatch, capsys):
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setattr("coursekit.machine.paths.course_folder", lambda name: tmp_path / name)
    write_lesson(CHECKED)
    assert cli.main(["run", "--instructor"]) == 0
    write_lesson(CHECKED.replace("(4, 7)", "(3, 6)"))
    assert cli.main(["run", "--instructor"]) == 1
    said = capsys.readouterr()
    assert "a check fails" in said.out
    assert "03_circles: cell check: check does not say" in said.err


@pytest.mark.ci
@pytest.mark.parametrize("lesson", find_lessons(course_folder("lessons")), ids=lambda x: x.name)
def test_every_lesson_builds_for_instructors_with_every_check_correct(lesson, tmp_path):
    notebook = nbformat.read(builder.build(lesson, tmp_path, solutions=True), as_version=4)
    assert any(cell.source.startswith("check(") for cell in notebook.cells)
    assert gate.unproved(notebook) == []
