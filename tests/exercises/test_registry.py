"""A lesson joins the course as two files: its text, and its bank of exercises."""

import sys

import pytest

from coursekit import exercises
from coursekit.authoring.build import build
from coursekit.authoring.lesson import select_lessons
from coursekit.exercises import check, registry

BANK = """
from coursekit.exercises.model import Misconception, ValueExercise

EXERCISES = (
    ValueExercise(
        id="{number}.1",
        title="How many heads?",
        minutes=1,
        hints=("How many does the figure show?", "Count them."),
        reasons="A head looks at all pixels, and there are three.",
        question="How many heads?",
        answer=3,
        misconceptions={{"one for each layer": Misconception(12, "Each layer has several."),
        }},
    ),
)
"""
LESSON = """\
# %% [markdown] id="title"
# # Attention

# %% id="imports"
from coursekit.exercises import check

# %% id="answer"
### BEGIN SOLUTION
heads = 3
### END SOLUTION

# %% id="check"
check("{number}.1", heads)
"""


@pytest.fixture
def eighth(tmp_path, monkeypatch):
    """Return the folder of a course's sources to which one more lesson has come."""
    banks = tmp_path / "banks"
    banks.mkdir()
    number = registry.catalogue()[-1].lesson + 1
    (banks / f"lesson{number}.py").write_text(BANK.format(number=number))
    (tmp_path / f"{number:02d}_attention.py").write_text(LESSON.format(number=number))
    monkeypatch.setattr(exercises, "__path__", [*exercises.__path__, str(banks)])
    registry.catalogue.cache_clear()
    yield tmp_path, number
    registry.catalogue.cache_clear()
    sys.modules.pop(f"coursekit.exercises.lesson{number}", None)


def test_two_files_make_a_lesson(eighth, no_progress):
    folder, number = eighth
    assert check(f"{number}.1", 3).status == "correct"
    assert check(f"{number}.1", 12).misconceptions == ("one for each layer",)
    (lesson,) = select_lessons(folder, [number])
    path = build(lesson, folder / "built", run=False)
    assert "heads = ..." in path.read_text(encoding="utf-8")


def test_an_exercise_is_found_without_the_banks_of_other_lessons(monkeypatch, eighth):
    _, number = eighth
    imported = []
    real = registry.import_module
    monkeypatch.setattr(registry, "import_module", lambda name: imported.append(name) or real(name))
    monkeypatch.setattr(registry, "banks", lambda: pytest.fail("all lessons' banks are imported"))
    assert registry.exercise(f"{number}.1").id == f"{number}.1"
    assert imported == ["coursekit.exercises", f"coursekit.exercises.lesson{number}"]
    assert registry.exercise("2.1").id == "2.1"


def test_an_id_that_no_exercise_has_is_refused():
    for id in ("2.99", "99.1", "x", 2):
        with pytest.raises(ValueError, match="there is no such exercise"):
            registry.exercise(id)
