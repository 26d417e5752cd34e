"""A class made of planted answers: the engine judges each distinct one once, and 300 repeat it."""

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from coursekit.authoring.lesson import select_lessons
from coursekit.exercises import registry
from coursekit.exercises.checking import examine
from coursekit.exercises.model import FunctionExercise
from coursekit.exercises.telling.outcome import VERDICT
from coursekit.machine.paths import course_folder

(LESSON,) = select_lessons(course_folder("lessons"), [2])
NAME = LESSON.name


@dataclass
class Planted:
    """What was planted: (exercise, misconception) -> learners; (exercise, status) -> learners."""

    named: Counter = field(default_factory=Counter)
    statuses: Counter = field(default_factory=Counter)


@cache
def judged(id, name):
    """The outcome of the right answer (None), of none ("") or of a misconception."""
    exercise = registry.exercise(id)
    if name is None:
        reference = isinstance(exercise, FunctionExercise)
        return examine(exercise, exercise.reference if reference else exercise.answer)
    return examine(exercise, ... if name == "" else exercise.misconceptions[name].wrong)


def graded_cell(id, outcome, points=1):
    """A graded cell with the outputs that nbgrader keeps of it."""
    shown = {"text/plain": str(outcome), VERDICT: outcome.verdict}
    outputs = [{"output_type": "display_data", "data": shown, "metadata": {}}]
    if outcome.status != "correct":
        said = str(outcome)
        outputs.append(
            {"output_type": "error", "ename": "E", "evalue": said, "traceback": [outcome.headline]}
        )
    marks = {"grade": True, "points": points, "grade_id": f"check-{id}"}
    return code(f'grade("{id}", answer)\ngrade("{id}", answer, seed=5)', outputs, nbgrader=marks)


def code(source, outputs=(), **metadata):
    return {
        "cell_type": "code", "source": source, "outputs": list(outputs),
        "execution_count": 1, "metadata": metadata,
    }  # fmt: skip


def write(path, cells):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )


def choices(id, few):
    """What learners answer: right, nothing, and misconceptions, as many as asked for."""
    names = list(registry.exercise(id).misconceptions)
    return [None, *names[:few], ""]


def make_class(folder, learners, exercises, few=None, before=()):
    """Write so many graded notebooks in nbgrader's folder; return what was planted.

    before: cells that stand before the exercises in each notebook.
    """
    planted = Planted()
    for learner in range(learners):
        cells = list(before)
        for place, id in enumerate(exercises):
            may = choices(id, few)
            # The stronger half has more right; the rest goes through the bank.
            strong = learner % 3 and (learner + place) % 4
            outcome = judged(id, None if strong else may[(learner // 3 + place) % len(may)])
            planted.statuses[id, outcome.status] += 1
            planted.named.update((id, name) for name in outcome.misconceptions)
            cells.append(graded_cell(id, outcome))
        write(folder / "autograded" / f"s{learner:04}" / NAME / f"{NAME}.ipynb", cells)
    return planted
