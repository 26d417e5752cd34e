"""A lesson presented in JupyterLab by jupyterlab-deck: every slide shows all its cells, and lives."""

import json
import shutil

import pytest

from coursekit.machine.paths import course_folder

pytestmark = pytest.mark.ci
NAME = "02_convolution_by_hand.ipynb"
# JupyterLab opens what it had open before, too: the lesson has to be in front.
READY = """(name) => {
    const front = globalThis.jupyterapp?.shell.currentWidget;
    return front?.context?.path === name && front.sessionContext?.session?.kernel;
}"""
RUN = "jupyterapp.commands.execute('notebook:run-all-cells')"
START = """() => {
    jupyterapp.shell.currentWidget.content.activeCellIndex = 0;
    return jupyterapp.commands.execute("deck:start");
}"""
# What Space does in a deck.
NEXT = """async () => {
    const { content } = jupyterapp.shell.currentWidget, before = content.activeCellIndex;
    await jupyterapp.commands.execute("deck:go", { direction: "down", alternate: "forward" });
    return content.activeCellIndex > before;
}"""
# The cells of the slide, and the height of each; jupyterlab-deck marks those that are on screen.
SHOWN = """() => {
    const cells = [...jupyterapp.shell.currentWidget.content.widgets];
    const on = cells.filter(({ node }) => node.classList.contains("jp-deck-mod-onscreen"));
    return on.map(({ model, node }) => [model.id, node.isConnected && node.offsetHeight]);
}"""


@pytest.fixture
def deck(page, lab):
    address, token, folder = lab
    shutil.copy(course_folder("notebooks") / NAME, folder / NAME)
    page.goto(f"{address}/{NAME}?token={token}")
    page.wait_for_function(READY, arg=NAME)
    assert page.evaluate(RUN), "a cell failed"
    page.evaluate(START)
    yield page
    page.evaluate("jupyterapp.commands.execute('deck:stop')")
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")


def test_every_slide_shows_its_cells_and_explorers_answer(deck):
    notebook = json.loads((course_folder("notebooks") / NAME).read_text(encoding="utf-8"))
    kinds = {
        c["id"]: c["metadata"].get("slideshow", {}).get("slide_type") for c in notebook["cells"]
    }
    left = [id for id, kind in kinds.items() if kind not in ("notes", "skip")]
    alive = {c["id"] for c in notebook["cells"] if "Explorer(" in "".join(c["source"])}
    assert alive
    slides = []
    while True:
        deck.wait_for_function(f"() => ({SHOWN})().every(([, height]) => height > 0)")
        slide = [id for id, _ in deck.evaluate(SHOWN)]
        if slide not in slides:
            slides.append(slide)
            if alive.intersection(slide):
                explorer = deck.locator(".jp-deck-mod-onscreen .ck")
                explorer.locator("[data-grid=output]").press("Home")
                told = explorer.locator("[role=status]", has_text=", column 0:")
                told.wait_for(state="attached")
        if not deck.evaluate(NEXT):
            break
    assert [id for slide in slides for id in slide] == left
    assert len(slides) == list(kinds.values()).count("slide")
