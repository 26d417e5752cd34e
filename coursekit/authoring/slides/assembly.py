"""Goes through a notebook's cells and collects slides: what stands where, and what waits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from nbformat import NotebookNode

from coursekit.authoring.slides import cells, notes, render
from coursekit.exercises import catalogue, registry
from coursekit.exercises.model import Exercise

__all__ = ["Assembly", "Remark", "Slide"]

HEADING = re.compile(r"(#{1,3}) (.+)\n*")
EXERCISE = re.compile(r"^### Exercise (\d+\.\d+):", re.M)
TAG = re.compile(r"<[^>]*>")
STEP = re.compile(r'class="step block (\w+)" data-step="(\d+)"')
HIDDEN = "hide-input"  # the tag, Jupyter Book's name, of code that only prints
TITLES = {"say": "Say", "ask": "Ask", "watch": "Watch for"}
SHOWN = "shown"  # the tag of a cell whose picture the question before it is about


class Remark(NamedTuple):
    """What the speaker knows about a block of a slide.

    kind: "note", the author's own, as HTML; or, as Markdown, what to "say", "ask", "watch" for.
    about: the place of the block, from 0.
    """

    kind: Literal["note", "say", "ask", "watch"]
    text: str
    about: int = 0


@dataclass
class Slide:
    """What an audience sees, and what the speaker knows besides."""

    id: str
    title: str
    level: int = 0  # of the heading: 1 the lesson, 2 an idea, 3 an exercise, 0 goes on with one
    blocks: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    exercises: list[Exercise] = field(default_factory=list)
    solution: bool = False
    minutes: float = 0.0

    @property
    def words(self) -> int:
        """Return how many words stand on it and in the notes that its author wrote."""
        return len(TAG.sub(" ", " ".join([*self.blocks, *self.known("note")])).split())

    @property
    def told(self) -> list[str]:
        """Return all notes as HTML: the author's own, then what to say, to ask, to watch for."""
        made = [notes.block(title, self.known(kind)) for kind, title in TITLES.items()]
        return [*self.known("note"), *(part for part in made if part)]

    def known(self, kind: str) -> list[str]:
        """Return the remarks of that kind."""
        return [remark.text for remark in self.remarks if remark.kind == kind]

    def remark(self, kind: Literal["note", "say", "ask", "watch"], *texts: str) -> None:
        """Keep what is known about the block that was added last."""
        about = max(0, len(self.blocks) - 1)
        self.remarks += [Remark(kind, text, about) for text in texts]


class Assembly:
    """Makes slides of cells, one after the other.

    answers: id of a cell -> its source with the solution in it.
    solutions: whether a slide after each exercise shows them.
    """

    def __init__(self, answers: dict[str, str], *, solutions: bool) -> None:
        self.answers = answers if solutions else {}
        self.exercises = {exercise.id: exercise for exercise in catalogue()}
        self.slides: list[Slide] = []
        self.solved: list[Slide] = []
        self.idea = ""
        self.asked = False  # whether the prose just before asked a question
        self.waits = False  # whether all that follows on this slide waits
        self.step = 0

    def of(self, notebook: NotebookNode) -> list[Slide]:
        """Return the slides."""
        for cell in notebook.cells:
            kind = cell.metadata.get("slideshow", {}).get("slide_type")
            if kind == "slide" or not self.slides:
                self._begin(cell)
            if kind == "notes":
                self.slides[-1].remark("note", render.prose(cell.source))
            elif kind != "skip":
                self._add(cell, fragment=kind == "fragment")
        return [slide for slide in self.slides + self._end() if slide.blocks]

    def _begin(self, cell: NotebookNode) -> None:
        self.slides += self._end()
        heading = HEADING.match(cell.source) if cell.cell_type == "markdown" else None
        if heading and len(heading[1]) < 3:
            self.idea = heading[2]
        title = heading[2] if heading else self.idea
        self.slides.append(Slide(cell.id, title, len(heading[1]) if heading else 0))
        self.asked, self.waits, self.step = False, False, 0

    def _end(self) -> list[Slide]:
        solved, self.solved = self.solved, []
        return solved

    def _add(self, cell: NotebookNode, *, fragment: bool) -> None:
        if cell.cell_type == "markdown":
            self._prose(cell, fragment=fragment)
        else:
            self._code(cell, fragment=fragment)

    def _prose(self, cell: NotebookNode, *, fragment: bool) -> None:
        slide, source = self.slides[-1], cell.source
        found = [self.exercises[id] for id in EXERCISE.findall(source) if id in self.exercises]
        slide.exercises += found
        if cell.id == slide.id and slide.level:
            source = HEADING.sub("", source, count=1)
        waits = self.waits or self.asked or fragment
        self._put([render.prose(source)] if source.strip() else [], waits=waits)
        slide.remark("say", *notes.points(source))
        slide.remark("ask", *([] if found else notes.questions(source)))
        for exercise in found:
            ask, watch = notes.about(exercise)
            slide.remark("ask", ask)
            slide.remark("watch", *watch)
        self.waits = self.waits or self.asked
        # an exercise's question is answered at the keyboard, a title's by the lesson
        last = source.strip().rpartition("\n\n")[2]
        self.asked = "?" in last and not slide.exercises and slide.level != 1

    def _code(self, cell: NotebookNode, *, fragment: bool) -> None:
        if guessed := cells.guessed(cell.source):
            self._guess(guessed)
            return
        if cells.checks(cell.source):
            self.waits = True  # what comes after an exercise's check tells its answer
            return
        if cells.sets_up(cell.source):
            return
        self._solve(cell)
        tags = cell.metadata.get("tags", [])
        source = "" if HIDDEN in tags else cells.shown(cell.source)
        code = [render.code(source)] if source else []
        made = render.outputs(cell)
        alive = [block for block in made if 'class="block live"' in block]
        if alive or SHOWN in tags:  # what a question is about is there to look at
            self._put(code + made, waits=fragment)
        elif self.waits or fragment:
            self._put(code + made, waits=True)
        else:  # the code that the question is about stands there, and what it gives waits
            self._put(code, waits=False)
            self._put(made, waits=self.asked)
        self.waits, self.asked = self.waits or self.asked, False

    def _guess(self, id: str) -> None:
        asked = registry.guesses().get(id)
        self.waits, self.asked = True, False
        if asked is None:
            return
        ask, slips = notes.asking(asked)
        self.slides[-1].remark("ask", ask)
        self.slides[-1].remark("watch", *slips)

    def _put(self, blocks: list[str], *, waits: bool) -> None:
        """Add what belongs together: it is there at once, or comes in one step."""
        if waits and blocks:
            self.step += 1
            blocks = [step(block, self.step) for block in blocks]
        self.slides[-1].blocks += blocks

    def _solve(self, cell: NotebookNode) -> None:
        answer = self.answers.get(cell.id, cell.source)
        if answer == cell.source or not self.slides[-1].exercises:
            return
        exercise = self.slides[-1].exercises[-1]
        title = f"Solution {exercise.id}: {exercise.title[0].lower()}{exercise.title[1:]}"
        blocks = [render.code(cells.without_docstring(answer)), render.prose(exercise.reasons)]
        self.solved.append(Slide(f"{cell.id}-solution", title, 3, blocks, solution=True))


def step(block: str, number: int) -> str:
    """Return the block as one that waits: it comes with the others of its number."""
    return block.replace('class="block ', f'data-step="{number}" class="step block ', 1)
