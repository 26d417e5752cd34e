"""The explorer in a JupyterLab that these tests start."""

import json

import nbformat
import pytest

from coursekit.authoring.lesson import METADATA

NAME = "explorer.ipynb"
IMPORTS = "import torch\nfrom coursekit.explorer import Explorer"
PLAIN = "explorer = Explorer(torch.arange(36).reshape(6, 6), torch.ones(3, 3))\nexplorer"
FIRST = "row 0, column 0: 0 + 1 + 2 + 6 + 7 + 8 + 12 + 13 + 14 = 63"
RUN = """async (source) => {
    const { content } = jupyterapp.shell.currentWidget;
    content.activeCellIndex = 1;
    content.activeCell.model.sharedModel.setSource(source);
    await jupyterapp.commands.execute("notebook:run-cell");
}"""
PYTHON = """async (code) => {
    const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
    const future = kernel.requestExecute({ code });
    let said = "";
    future.onIOPub = ({ content }) => (said += content.text ?? content.evalue ?? "");
    await future.done;
    return said.trim();
}"""
COMMAND = "([name, how]) => jupyterapp.commands.execute(name, how)"
CELLS = "() => jupyterapp.shell.currentWidget.content.model.cells.length"
HOVER = """() => {
    const canvas = document.querySelector("[data-grid=output] canvas"), times = [];
    const { left, top, width, height } = canvas.getBoundingClientRect();
    for (let at = 0; at < 400; at++) {
        const clientX = left + ((at * 37) % 97) / 97 * width, clientY = top + ((at * 61) % 89) / 89 * height;
        const began = performance.now();
        canvas.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX, clientY }));
        times.push(performance.now() - began);
    }
    return times.sort((a, b) => a - b);
}"""
EDIT = """() => {
    const field = document.querySelector(".ck-weight"), times = [];
    for (let at = 0; at < 200; at++) {
        field.value = String(at % 9);
        const began = performance.now();
        field.dispatchEvent(new Event("input", { bubbles: true }));
        times.push(performance.now() - began);
    }
    return times.sort((a, b) => a - b);
}"""


@pytest.fixture(scope="module")
def notebook(browser, lab):
    """Return a page on a notebook of two code cells, the first one run."""
    address, token, folder = lab
    cells = [nbformat.v4.new_code_cell(IMPORTS), nbformat.v4.new_code_cell("")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), folder / NAME)
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    strangers = []
    page.on("request", lambda r: "127.0.0.1" in r.url or strangers.append(r.url))
    page.set_default_timeout(30_000)
    page.goto(f"{address}/{NAME}?token={token}")
    page.wait_for_function(
        "globalThis.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
    )
    page.evaluate(COMMAND, ["notebook:run-cell", {}])
    yield page
    page.close()
    outside = [url for url in strangers if not url.startswith(("data:", "blob:"))]
    assert outside == [], "requests that would have left this machine"


@pytest.fixture
def explore(notebook):
    """Return a function that runs a cell and waits for its explorer to be drawn."""

    def run(source=PLAIN):
        notebook.evaluate("() => document.querySelectorAll('.ck').forEach((e) => e.remove())")
        notebook.evaluate(RUN, source)
        notebook.wait_for_selector(".ck canvas")
        return notebook

    return run


def says(page, words):
    """Wait until the sentence below the board holds these words."""
    page.wait_for_function(
        "(words) => document.querySelector('.ck-sum').textContent.includes(words)", arg=words
    )


def python(page, code, expected):
    """Wait until the kernel prints what is expected: edits reach it in their own time."""
    for _ in range(100):
        said = page.evaluate(PYTHON, code)
        if said == expected:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"{code} printed {said!r}; expected {expected!r}")


def test_it_renders_and_its_picture_gives_way(explore):
    page = explore()
    assert page.inner_text(".ck-sum") == FIRST
    assert not page.is_visible(".jp-RenderedImage"), "the picture before it only takes room"


def test_pointing_at_a_pixel_shows_its_arithmetic(explore):
    page = explore()
    page.hover("[data-grid=output] canvas", position={"x": 60, "y": 20})
    says(page, "row 0, column 1: 1 + 2 + 3 + 7 + 8 + 9 + 13 + 14 + 15 = 72")
    page.hover("[data-grid=input] canvas", position={"x": 110, "y": 110})
    says(page, "row 2, column 2")


def test_an_edit_reaches_python_and_python_reaches_the_page(explore):
    page = explore()
    page.fill(".ck-weight >> nth=0", "−1/2")
    page.fill(".ck-weight >> nth=2", "3")
    page.keyboard.press("Enter")
    says(page, "0 + 1 + 6 + 6 + 7 + 8 + 12 + 13 + 14 = 67")
    python(page, "print(explorer.kernel[0, 0, 0].tolist())", "[-0.5, 1.0, 3.0]")
    python(page, "print(explorer.output[0, 0, 0].item())", "67.0")
    page.evaluate(PYTHON, "explorer.kernel = [[0, 10]]; explorer.stride = (2, 3)")
    says(page, "row 0, column 0: 0 + 10 = 10")
    assert page.input_value("[data-pair=stride] >> nth=1") == "3"
    page.evaluate(PYTHON, "explorer.cursor = (0, 2, 1)")
    says(page, "row 2, column 1")


def test_a_choice_and_a_drawing_reach_python(explore):
    page = explore()
    page.select_option("[data-name=preset]", "sobel x")
    python(page, "print(explorer.kernel[0, 0, 1].tolist())", "[-2.0, 0.0, 2.0]")
    page.click("[data-name=draw]")
    page.click("[data-grid=input] canvas", position={"x": 10, "y": 10})
    python(page, "print(explorer.image[0, 0, 0].item())", "1.0")
    page.select_option("[data-name=mode]", "max")
    python(page, "print(explorer.mode, explorer.output.shape[1:])", "max torch.Size([4, 4])")


def test_no_key_of_ours_deletes_a_cell_or_leaves_it(explore):
    page = explore()
    cells = page.evaluate(CELLS)
    for selector in ("[data-grid=input]", "[data-grid=output]", "[data-name=reset]", ".ck-weight"):
        page.focus(selector)
        for key in ("d", "d", "x", "a", "b", "m"):
            page.keyboard.press(key)
        assert page.evaluate(CELLS) == cells, selector
        focused = page.evaluate("() => document.activeElement.closest('.ck') !== null")
        assert focused, f"the focus left {selector}"
    page.focus("[data-grid=output]")
    page.keyboard.press("ArrowDown")
    says(page, "row 1, column 0")


def test_the_keys_of_jupyterlab_still_reach_it(explore):
    page = explore()
    page.evaluate("() => (globalThis.heard = [])")
    page.evaluate("() => document.addEventListener('keydown', (e) => heard.push(e.key), true)")
    page.focus("[data-grid=output]")
    for keys in ("Escape", "Tab", "Shift+Tab", "Control+s"):
        page.keyboard.press(keys)
    assert [key for key in page.evaluate("heard") if key not in ("Shift", "Control")] == [
        "Escape", "Tab", "Tab", "s",
    ]  # fmt: skip
    cells = page.evaluate(CELLS)
    page.focus("[data-grid=output]")
    page.keyboard.press("Shift+Enter")  # runs the cell, and goes to a new one below
    page.wait_for_function(f"{CELLS} === {cells + 1}")
    page.evaluate(COMMAND, ["notebook:delete-cell", {}])


def test_saving_keeps_a_picture_a_sentence_and_no_state(explore, lab):
    page = explore()
    page.evaluate(COMMAND, ["docmanager:save", {}])
    saved = json.loads((lab[2] / NAME).read_text(encoding="utf-8"))
    assert "widgets" not in saved["metadata"]
    picture, widget = saved["cells"][1]["outputs"]
    assert "image/png" in picture["data"]
    assert "the convolution explorer at rest" in "".join(picture["data"]["text/plain"])
    assert "Run this cell" in "".join(widget["data"]["text/plain"])


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_words_stand_out_in_both_themes(explore, theme):
    page = explore()
    page.evaluate(COMMAND, ["apputils:change-theme", {"theme": theme}])
    light = str("Light" in theme).lower()
    page.wait_for_selector(f"body[data-jp-theme-light={light}]", state="attached")
    for selector in (".ck-sum", ".ck button", ".ck-table small"):
        page.wait_for_function(CONTRAST, arg=selector)


CONTRAST = """(selector) => {
    const luminance = (colour) => {
        const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
            .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const element = document.querySelector(selector);
    let ground = element;
    while (/, 0\\)$|transparent/.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
    const [a, b] = [getComputedStyle(element).color, getComputedStyle(ground).backgroundColor]
        .map(luminance).sort((a, b) => b - a);
    return (a + 0.05) / (b + 0.05) >= 4.5;
}"""


def test_the_browser_takes_its_time_in_print_only(explore, capsys):
    page = explore("explorer = Explorer(torch.rand(28, 28), torch.ones(3, 3), padding=1)\nexplorer")
    for name, measure in {"hover": HOVER, "kernel edit": EDIT}.items():
        times = page.evaluate(measure)
        middle, high = times[len(times) // 2], times[int(len(times) * 0.95)]
        with capsys.disabled():
            print(f"\nexplorer, 28×28, {name}: median {middle:.2f} ms, p95 {high:.2f} ms")
        assert len(times) >= 200


def test_it_works_on_after_its_kernel_is_gone(explore):
    page = explore()
    page.evaluate("""async () => {
        const { sessionContext } = jupyterapp.shell.currentWidget;
        await sessionContext.shutdown();
    }""")
    page.hover("[data-grid=output] canvas", position={"x": 60, "y": 20})
    says(page, "row 0, column 1: ")
    page.fill(".ck-weight >> nth=4", "100")
    page.keyboard.press("Enter")
    says(page, "+ 800 +")
    page.select_option("[data-name=preset]", "sharpen")
    says(page, "+ 40 +")
