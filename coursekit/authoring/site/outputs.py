"""What a cell of a notebook has put out, as HTML of the site."""

from __future__ import annotations

from nbformat import NotebookNode

from coursekit.authoring.site.explorers import window
from coursekit.authoring.site.markup import escaped
from coursekit.authoring.site.pictures import Shelf
from coursekit.authoring.slides.render import ANSWER, EXPLORER, WHOSE

__all__ = ["outputs"]


def outputs(cell: NotebookNode, name: str, shelf: Shelf) -> str:
    """Return the outputs of a cell; its pictures are kept on the shelf under names from `name`."""
    states = [o.metadata[EXPLORER] for o in cell.outputs if EXPLORER in o.get("metadata", {})]
    if states:
        return _explorer(cell, states[0], name, shelf)
    made = (_output(output, f"{name}-{n}", shelf) for n, output in enumerate(cell.outputs))
    return "\n".join(block for block in made if block)


def _explorer(cell: NotebookNode, state: dict[str, object], name: str, shelf: Shelf) -> str:
    pictures = [output for output in cell.outputs if "image/png" in output.get("data", {})]
    images = "".join(_picture(output, name, shelf) for output in pictures[:1])
    return window(state, images)


def _output(output: NotebookNode, name: str, shelf: Shelf) -> str:
    if output.output_type == "stream":
        return _streamed(WHOSE.sub("", output.text)) if output.name == "stdout" else ""
    data = output.get("data", {})
    if "text/html" in data:
        return f'<div class="shown scroller">{data["text/html"]}</div>'
    if "image/png" in data:
        return _picture(output, name, shelf)
    return _printed(data.get("text/plain", ""))


def _picture(output: NotebookNode, name: str, shelf: Shelf) -> str:
    return shelf.figure(name, output.data["image/png"], output.metadata.get("image/png", {}))


def _streamed(text: str) -> str:
    """Return printed text; the answer to a guess is a sentence: it may break where a line ends."""
    answer = ANSWER.match(text)
    said = f'<p class="answer">{escaped(answer[0].strip())}</p>' if answer else ""
    return said + _printed(ANSWER.sub("", text, count=1) if answer else text)


def _printed(text: str) -> str:
    return f'<pre class="printed">{escaped(text.rstrip())}</pre>' if text.strip() else ""
