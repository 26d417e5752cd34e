"""After a restart: which cells make the names that a cell lacks, and where that is said."""

import json
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from coursekit.exercises.unrun import Cell, lacking, names


@pytest.mark.parametrize(
    ("source", "needs", "makes"),
    [
        ("y = x + 1", "x", "y"),
        ("x = x + 1", "x", "x"),
        ("x += 1", "x", "x"),
        ("x = 1\nprint(x)", "print", "x"),
        ("a, (b, *c) = d", "d", "a b c"),
        ("for i in n:\n    s = i", "n", "i s"),
        ("[i * k for i in n if i]", "k n", ""),
        ("{i: j for i, j in n.items()}", "n", ""),
        ("[j for i in n for j in i]", "n", ""),
        ("def f(a, b=c, *, d=e):\n    g = a\n    return g + h(d)", "c e h", "f"),
        ("def f():\n    return x\nx = 1", "", "f x"),
        ("f()\nx = 1", "f", "x"),
        ("@wrap\ndef f():\n    def g():\n        return a\n    return g", "a wrap", "f"),
        ("def f():\n    return f()", "", "f"),
        ("lambda a, b=c: a + b + d", "c d", ""),
        ("class A(B):\n    x = y\n    def f(self):\n        return z", "B y z", "A"),
        ("try:\n    f()\nexcept E as error:\n    error", "E f", ""),
        ("with f() as g:\n    g", "f", "g"),
        ("import a.b, c as d\nfrom e import f as g, h", "", "a d g h"),
        ("if (n := f()):\n    n", "f", "n"),
        ("x[i] = y", "i x y", ""),
        ("x.a = y", "x y", ""),
        ("%matplotlib inline", "", ""),
        ("def f(:", "", ""),
        ("\0", "", ""),
    ],
)
def test_what_a_cell_needs_and_makes(source, needs, makes):
    assert names(source) == (set(needs.split()), set(makes.split()))


CELLS = [
    Cell("imports", "import torch", "# Lesson"),
    Cell("x", "x = torch.ones(2)", "## One"),
    Cell("f", "def f():\n    return x * later", "## One"),
    Cell("x again", "x = 2 * x", "## Two"),
    Cell("y", "y = f()", "## Two"),
    Cell("later", "later = 3", "## Two"),
    Cell("self", "z = z + 1", "## Two"),
]


@pytest.mark.parametrize(
    ("at", "have", "first"),
    [(1, ["torch"], []), (1, [], ["imports"]), (2, ["torch"], ["x", "later"]), (3, ["torch"], ["x"]),
     (4, ["torch"], ["x", "f", "later"]), (4, ["torch", "f"], []), (5, [], []), (6, [], []),
     (7, ["torch"], ["x", "x again"])],
)  # fmt: skip
def test_the_nearest_cell_above_counts_and_what_it_lacks_in_turn(at, have, first):
    source = CELLS[at].source if at < len(CELLS) else "x"
    assert [cell.id for cell in lacking(CELLS, at, source, have)] == first


COURSE = [
    ("markdown", "# Small\n\n## Numbers"),
    ("code", "from coursekit.exercises import check"),
    ("code", "numbers = [1, 2]"),
    ("markdown", "## Sums"),
    ("code", "def total():\n    return sum(numbers)"),
    ("code", "print(total())"),
    ("code", "numbers = numbers + numbers"),
]
RUN = """
from coursekit.machine import paths
paths.course_folder = lambda name: paths.Path({folder!r})
"""


def said(folder, *sources):
    """Return what a kernel says to the last of these cells, run one after the other."""
    made = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    course = nbformat.v4.new_notebook(cells=[made[kind](text) for kind, text in COURSE])
    nbformat.write(course, folder / "01_small.ipynb")
    run = [nbformat.v4.new_code_cell(text) for text in (RUN.format(folder=str(folder)), *sources)]
    ran = NotebookClient(nbformat.v4.new_notebook(cells=run), allow_errors=True).execute()
    error = ran.cells[-1].outputs[0]
    assert error.ename == "NameError"
    return "\n".join(error.traceback)


IMPORTS, NUMBERS, TOTAL, PRINT, _ = (text for kind, text in COURSE if kind == "code")


@pytest.mark.ci
@pytest.mark.parametrize(
    ("run", "tells"),
    [
        ((IMPORTS, PRINT), ["Other cells of this lesson make what is lacking here. Run them first, in this order, or",
                            "  under 'Numbers': numbers = [1, 2]\n  under 'Sums': def total():"]),
        ((IMPORTS, NUMBERS, PRINT), ["Another cell of this lesson makes total. Run it first, or", "under 'Sums': def"]),
        ((IMPORTS, TOTAL, PRINT), ["makes numbers", "under 'Numbers': numbers = [1, 2]"]),
        ((IMPORTS, "my_own + total()"), []),
    ],
)  # fmt: skip
def test_a_kernel_that_was_started_anew_says_what_to_run_first(tmp_path, run, tells):
    found = said(tmp_path, *run)
    assert "Traceback" in found
    for line in tells:
        assert line in found
    assert ("of this lesson" in found) == bool(tells)


@pytest.mark.ci
@pytest.mark.parametrize(
    ("source", "is_told"),
    [
        ("x = 1\nguess('2.level', B)", True),
        ("warm_up(3, 1, B, 2)", True),
        ("guess('2.1', B * 2)", False),
    ],
)
def test_a_letter_without_quotes_is_told_how_to_stand(tmp_path, source, is_told):
    imports = "from coursekit.exercises import guess, warm_up"
    assert ('A letter stands in quotes: "B".' in said(tmp_path, imports, source)) == is_told


def test_who_shows_errors_in_another_way_is_left_alone():
    code = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.set_custom_exc((NameError,), print)\n"
        "before = shell.CustomTB\n"
        "import coursekit.exercises, json\n"
        "print(json.dumps([shell.CustomTB == before]))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout.splitlines()[-1]) == [True]
