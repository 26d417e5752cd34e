"""A lesson's notebook as a page of the site, in MyST's Markdown.

What follows a guess is folded, down to the cell that answers it and what is said about it; the page
opens it when it is answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from nbformat import NotebookNode

from coursekit.authoring.site import exercises, explorers, markup, questions
from coursekit.authoring.site.outputs import outputs
from coursekit.authoring.site.pictures import Shelf
from coursekit.authoring.slides.assembly import HIDDEN
from coursekit.exercises import catalogue, registry
from coursekit.exercises.calls import GUESS, HEADING, REVEAL, readings

__all__ = ["lesson_page"]

WARM_UP = re.compile(r"^warm_up\((\d+)", re.M)
CHECK = re.compile(r'^check\("(\d+\.\d+)"', re.M)
SKIPPED = re.compile(r" +# fmt: skip$", re.M)
FOLD = '<details class="waits"><summary>The answer</summary>'


def lesson_page(notebook: NotebookNode, shelf: Shelf, wrong: Mapping[str, str], head: str) -> str:
    """Return the page.

    wrong: id of an exercise -> the outcome of a wrong answer, as HTML. head: HTML below the title.
    """
    return _Page(shelf, wrong).of(notebook, head)


class _Page:
    """Goes through a notebook's cells and collects blocks of Markdown."""

    def __init__(self, shelf: Shelf, wrong: Mapping[str, str]) -> None:
        self.shelf, self.wrong = shelf, wrong
        self.exercises = {exercise.id: exercise for exercise in catalogue()}
        self.blocks: list[str] = []
        self.folded = self.answered = False  # whether a fold is open, and whether it has its answer
        self.calls: dict[re.Pattern[str], Callable[[NotebookNode, str], None]] = {
            GUESS: self._guess, REVEAL: self._reveal, WARM_UP: self._warm_up, CHECK: self._check,
        }  # fmt: skip

    def of(self, notebook: NotebookNode, head: str) -> str:
        """Return the page's text."""
        reads = readings((cell.cell_type, cell.source) for cell in notebook.cells)
        for place, cell in enumerate(notebook.cells):
            if cell.cell_type == "markdown":
                self._prose(cell, reads=reads[place])
            else:
                self._code(cell)
            if place == 0:
                self.blocks.append(markup.raw(head))
        self._unfold()
        self.blocks.append(markup.raw(explorers.program()))
        return "\n\n".join(self.blocks) + "\n"

    def _prose(self, cell: NotebookNode, *, reads: bool) -> None:
        if HEADING.match(cell.source) or (self.answered and not reads):
            self._unfold()
        self.blocks.append(cell.source)
        if reads:
            self._unfold()

    def _code(self, cell: NotebookNode) -> None:
        if self.answered:
            self._unfold()
        for call, show in self.calls.items():
            if found := call.search(cell.source):
                show(cell, found[1])
                return
        self._show(cell)

    def _show(self, cell: NotebookNode) -> None:
        if HIDDEN not in cell.metadata.get("tags", []):
            self.blocks.append(markup.code(SKIPPED.sub("", cell.source)))
        if made := outputs(cell, cell.id, self.shelf):
            self.blocks.append(markup.raw(made))

    def _guess(self, cell: NotebookNode, id: str) -> None:
        self._unfold()
        self.blocks.append(markup.raw(questions.guessed(registry.guess(id))))
        self.blocks.append(markup.raw(FOLD))
        self.folded = True

    def _reveal(self, cell: NotebookNode, id: str) -> None:
        if not self.folded:
            self.blocks.append(markup.raw(FOLD))
        self._show(cell)
        self.folded = self.answered = True

    def _warm_up(self, cell: NotebookNode, lesson: str) -> None:
        self.blocks.append(markup.raw(questions.warming_up(int(lesson))))

    def _check(self, cell: NotebookNode, id: str) -> None:
        exercise = self.exercises[id]
        if exercises.answered_in_place(exercise):
            self.blocks.append(markup.raw(questions.asked(exercise) + exercises.hints(exercise)))
            return
        self.blocks.append(markup.code(cell.source))
        self.blocks.append(markup.raw(exercises.below(exercise, self.wrong[id])))

    def _unfold(self) -> None:
        if self.folded:
            self.blocks.append(markup.raw("</details>"))
        self.folded = self.answered = False
