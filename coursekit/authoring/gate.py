"""What nbval does not see: the faults with which a notebook would pass and prove nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbformat import NotebookNode

from coursekit.exercises import registry
from coursekit.exercises.calls import calls

__all__ = ["WIDGET_VIEW", "coverage", "faults", "unproved"]

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
IGNORED = {"nbval-ignore-output", "nbval-skip"}
COMPARED_AT_LEAST = 0.6  # of the cells with output
IGNORED_AT_MOST = 0.2  # of the cells with output
TEXT = ("text/plain", "text/html", "image/svg+xml")
ABSOLUTE_PATH = re.compile(r"(?<![\w/.:<])/(?:[\w.-]+/){2}|(?<!\w)[A-Z]:\\")


def faults(notebook: NotebookNode) -> list[str]:
    """Return what is wrong with an executed notebook, one sentence a fault; empty if nothing."""
    return [
        *_not_executed(notebook),
        *_stored_errors(notebook),
        *_absolute_paths(notebook),
        *_widget_state(notebook),
        *_too_little_compared(notebook),
    ]


def coverage(notebook: NotebookNode) -> tuple[int, int, int]:
    """Return how many cells have output, how many nbval compares, how many are told to be ignored.

    A cell whose only output is a picture counts as compared where its description is compared.
    """
    with_output = [cell for cell in _code(notebook) if cell.outputs]
    ignored = [cell for cell in with_output if IGNORED & set(cell.metadata.get("tags", []))]
    compared = [cell for cell in with_output if cell not in ignored and _comparable(cell)]
    return len(with_output), len(compared), len(ignored)


def unproved(notebook: NotebookNode) -> list[str]:
    """Return which checks of an executed notebook do not say that the answer is correct."""
    return [
        f"cell {cell.id}: check does not say that the answer to {call.id} is correct"
        for cell in _code(notebook)
        for call in calls(cell.source)[:1]
        if not _says_correct(cell, call.id)
    ]


def _says_correct(cell: NotebookNode, id: str) -> bool:
    # Imports torch, which takes longer than all else that `coursekit build --check` does.
    from coursekit.exercises.telling.outcome import HEADLINES, headline

    wanted = headline(registry.exercise(id), HEADLINES["correct"][1]).split()
    said = [output.get("data", {}).get("text/plain", "").split() for output in cell.outputs]
    return any(words[: len(wanted)] == wanted for words in said)


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _comparable(cell: NotebookNode) -> bool:
    for output in cell.outputs:
        if output.output_type == "stream":
            return True
        text = "".join(str(output.get("data", {}).get(kind, "")) for kind in TEXT)
        if text and not text.startswith("<Figure size"):
            return True
    return False


def _not_executed(notebook: NotebookNode) -> list[str]:
    counts = [cell.execution_count for cell in _code(notebook) if cell.source.strip()]
    if counts == list(range(1, len(counts) + 1)):
        return []
    return ["it was not executed from top to bottom: nbval would pass it unseen"]


def _stored_errors(notebook: NotebookNode) -> list[str]:
    return [
        f"cell {cell.id} stores an error"
        for cell in _code(notebook)
        if any(output.output_type == "error" for output in cell.outputs)
    ]


def _absolute_paths(notebook: NotebookNode) -> list[str]:
    found = []
    for cell in notebook.cells:
        outputs = [_without_pictures(output) for output in cell.get("outputs", [])]
        text = "\n".join([cell.source, *_strings(outputs)])
        match = ABSOLUTE_PATH.search(text)
        if match:
            found.append(f"cell {cell.id} holds an absolute path, {match[0]}…")
    return found


def _strings(value: object) -> Iterator[str]:
    """Yield the texts in a notebook's nested values, as they are read: with their line ends."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _strings(list(value.values()))
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _without_pictures(output: NotebookNode) -> dict[str, object]:
    data = {k: v for k, v in output.get("data", {}).items() if not k.startswith("image/")}
    return {**output, "data": data}


def _widget_state(notebook: NotebookNode) -> list[str]:
    views = [
        f"cell {cell.id} stores the view of a widget, which is gone with its kernel"
        for cell in _code(notebook)
        if any(WIDGET_VIEW in output.get("data", {}) for output in cell.outputs)
    ]
    return [*(["it stores widget state"] if "widgets" in notebook.metadata else []), *views]


def _too_little_compared(notebook: NotebookNode) -> list[str]:
    output, compared, ignored = coverage(notebook)
    found = []
    if compared < COMPARED_AT_LEAST * output:
        found.append(f"nbval compares {compared} of {output} cells with output; 60 % are needed")
    if ignored > IGNORED_AT_MOST * output:
        found.append(f"{ignored} of {output} cells with output are ignored; one in five may be")
    return found
