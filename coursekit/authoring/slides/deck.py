"""A lesson's cells put together to slides, with notes and minutes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nbformat import NotebookNode

from coursekit.authoring.lesson import AuthoringError, Lesson
from coursekit.authoring.slides import cells, render
from coursekit.authoring.slides.minutes import share
from coursekit.exercises import catalogue
from coursekit.exercises.model import Exercise

__all__ = ["Deck", "Slide", "deck"]

HEADING = re.compile(r"(#{1,3}) (.+)\n*")
EXERCISE = re.compile(r"^### Exercise (\d+\.\d+):", re.M)
TIME = re.compile(r"Time \| (\d+) minutes")
TAG = re.compile(r"<[^>]*>")
STEP = "step"
HIDDEN = "hide-input"  # the tag, Jupyter Book's name, of code that only prints


@dataclass
class Slide:
    """What an audience sees, and what the speaker knows besides."""

    id: str
    title: str
    level: int = 0  # of the heading: 1 the lesson, 2 an idea, 3 an exercise, 0 goes on with one
    blocks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    exercises: list[Exercise] = field(default_factory=list)
    solution: bool = False
    minutes: float = 0.0

    @property
    def words(self) -> int:
        """Return how many words stand on it and in its notes."""
        return len(TAG.sub(" ", " ".join([*self.blocks, *self.notes])).split())


@dataclass(frozen=True)
class Deck:
    """The slides of a lesson."""

    name: str
    title: str
    slides: list[Slide]

    @property
    def minutes(self) -> float:
        """Return the minutes of all slides."""
        return sum(slide.minutes for slide in self.slides)


def deck(lesson: Lesson, notebook: NotebookNode, *, solutions: bool = False) -> Deck:
    """Return the lesson's deck, with the outputs of its executed notebook.

    With `solutions`, a slide after each exercise shows how it is solved.
    Raises AuthoringError where a formula cannot be drawn, or the lesson names no time.
    """
    time = TIME.search(notebook.cells[0].source)
    if not time:
        raise AuthoringError(f"{lesson.name}: the first cell has no row `| Time | … minutes |`")
    answers = {c.id: c.source for c in lesson.notebook(solutions=True).cells} if solutions else {}
    slides = _Assembly(answers).of(notebook)
    asked = [sum(e.minutes for e in slide.exercises) for slide in slides]
    plan = share(int(time[1]), asked, [slide.words for slide in slides])
    for slide, minutes in zip(slides, plan, strict=True):
        slide.minutes = minutes
        slide.notes += [_about(exercise) for exercise in slide.exercises]
    return Deck(lesson.name, slides[0].title, slides)


class _Assembly:
    """Goes through a notebook's cells and collects slides."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers
        self.exercises = {exercise.id: exercise for exercise in catalogue()}
        self.slides: list[Slide] = []
        self.solved: list[Slide] = []
        self.idea = ""
        self.asked = False  # whether the prose just before asked a question

    def of(self, notebook: NotebookNode) -> list[Slide]:
        """Return the slides."""
        for cell in notebook.cells:
            kind = cell.metadata.get("slideshow", {}).get("slide_type")
            if kind == "slide" or not self.slides:
                self._begin(cell)
            if kind == "notes":
                self.slides[-1].notes.append(render.prose(cell.source))
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
        self.asked = False

    def _end(self) -> list[Slide]:
        solved, self.solved = self.solved, []
        return solved

    def _add(self, cell: NotebookNode, *, fragment: bool) -> None:
        made = self._prose(cell) if cell.cell_type == "markdown" else self._code(cell)
        self.slides[-1].blocks += [_step(block) for block in made] if fragment else made

    def _prose(self, cell: NotebookNode) -> list[str]:
        slide, source = self.slides[-1], cell.source
        slide.exercises += [
            self.exercises[id] for id in EXERCISE.findall(source) if id in self.exercises
        ]
        if cell.id == slide.id and slide.level:
            source = HEADING.sub("", source, count=1)
        self.asked = "?" in source
        return [render.prose(source)] if source.strip() else []

    def _code(self, cell: NotebookNode) -> list[str]:
        if cells.sets_up(cell.source) or cells.checks(cell.source):
            return []
        self._solve(cell)
        hidden = HIDDEN in cell.metadata.get("tags", [])
        source, made = "" if hidden else cells.shown(cell.source), render.outputs(cell)
        if self.asked:  # the answer comes when the speaker asks for it
            made = [_step(block) for block in made]
            self.asked = False
        return [*([render.code(source)] if source else []), *made]

    def _solve(self, cell: NotebookNode) -> None:
        answer = self.answers.get(cell.id, cell.source)
        if answer == cell.source or not self.slides[-1].exercises:
            return
        exercise = self.slides[-1].exercises[-1]
        title = f"Solution {exercise.id}: {exercise.title[0].lower()}{exercise.title[1:]}"
        blocks = [render.code(cells.without_docstring(answer)), render.prose(exercise.reasons)]
        self.solved.append(Slide(f"{cell.id}-solution", title, 3, blocks, solution=True))


def _step(block: str) -> str:
    return block.replace('class="block ', f'class="{STEP} block ', 1)


def _about(exercise: Exercise) -> str:
    """Return what helps whoever walks through the room during the exercise."""
    mistakes = "; ".join(exercise.misconceptions)
    lines = [
        f"**Exercise {exercise.id}**, {exercise.minutes} minutes for one who works alone.",
        f"First hint: {exercise.hints[0]}",
        f"Mistakes that the check recognises: {mistakes}.",
    ]
    return render.prose("\n\n".join(lines))
