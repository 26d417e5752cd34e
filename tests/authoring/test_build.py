import copy

import nbformat
import pytest
from small_lesson import SOURCE

from coursekit import cli
from coursekit.authoring import build as builder
from coursekit.authoring import gate
from coursekit.authoring.execution import CellFailure, execute
from coursekit.authoring.lesson import AuthoringError, find_lessons
from coursekit.machine.paths import course_folder


def test_a_planted_solution_cannot_reach_an_output(write_lesson, tmp_path):
    leaking = SOURCE.replace("print(shape)", 'print("return math.pi" + " * radius**2")')
    with pytest.raises(AuthoringError, match="cell show leaks a solution"):
        builder.build(write_lesson(leaking), tmp_path / "notebooks")
    assert not list((tmp_path / "notebooks").glob("*.ipynb")), "nothing may be written"


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


@pytest.mark.ci
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


@pytest.mark.ci
def test_a_failing_build_leaves_the_old_notebook(write_lesson, tmp_path):
    path = builder.build(write_lesson(), tmp_path / "notebooks")
    before = path.read_bytes()
    with pytest.raises(CellFailure):
        builder.build(
            write_lesson(SOURCE.replace("print(shape)", "print(1 / 0)")), tmp_path / "notebooks"
        )
    assert path.read_bytes() == before


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


@pytest.mark.ci
def test_an_instructors_notebook_proves_its_checks(write_lesson, tmp_path):
    path = builder.build(write_lesson(CHECKED), tmp_path / "instructor", solutions=True)
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells[1].source == "shape = (4, 7)"
    assert gate.unproved(notebook) == []
    notebook.cells[-1].outputs = []
    assert gate.unproved(notebook) == [
        "cell check: check does not say that the answer to 2.1 is correct"
    ]


@pytest.mark.ci
def test_a_wrong_solution_builds_no_instructors_notebook(write_lesson, tmp_path):
    wrong = write_lesson(CHECKED.replace("(4, 7)", "(3, 6)"))
    with pytest.raises(AuthoringError, match=r"03_circles: cell check: .* 2\.1 is correct"):
        builder.build(wrong, tmp_path / "instructor", solutions=True)
    assert not list((tmp_path / "instructor").glob("*"))


@pytest.mark.ci
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


# Two of the seven: test_again runs all cells and checks of each lesson with its solutions as well.
@pytest.mark.ci
@pytest.mark.parametrize(
    "lesson", find_lessons(course_folder("lessons"))[1:3], ids=lambda x: x.name
)
def test_a_lesson_builds_for_instructors_with_every_check_correct(lesson, tmp_path):
    notebook = nbformat.read(builder.build(lesson, tmp_path, solutions=True), as_version=4)
    assert any(cell.source.startswith("check(") for cell in notebook.cells)
    assert gate.unproved(notebook) == []


def test_of_an_installed_package_solutions_go_where_the_instructor_is(
    tmp_path, monkeypatch, capsys
):
    from coursekit.machine import paths

    package, desk = tmp_path / "site" / "coursekit", tmp_path / "desk"
    lesson = package / "_course" / "lessons" / "01_small.py"
    lesson.parent.mkdir(parents=True)
    lesson.write_text(SOURCE, encoding="utf-8")
    desk.mkdir()
    monkeypatch.setattr(paths, "PACKAGE", package)
    monkeypatch.chdir(desk)
    assert cli.main(["build", "--instructor", "--no-execute", "1"]) == 0
    built = desk / "build" / "instructor" / "01_small.ipynb"
    assert built.exists()
    assert capsys.readouterr().out == f"written  {built}\n"
    assert cli.main(["build", "1"]) == 2
    assert "expected a clone of the course" in capsys.readouterr().err
    assert not list(package.rglob("*.ipynb"))
