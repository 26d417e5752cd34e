"""What may be committed: the gate sees each planted fault, and every notebook passes it."""

import copy

import nbformat
import pytest
from small_lesson import SOURCE

from coursekit.authoring import build as builder
from coursekit.authoring import gate
from coursekit.authoring.lesson import Lesson, find_lessons
from coursekit.machine.paths import course_folder


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gate")
    source = folder / "03_circles.py"
    source.write_text(SOURCE, encoding="utf-8")
    return nbformat.read(builder.build(Lesson(3, source), folder / "notebooks"), as_version=4)


@pytest.fixture
def healthy(built):
    """A notebook without a fault, for one test to spoil."""
    return copy.deepcopy(built)


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
