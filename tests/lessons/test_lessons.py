"""The lessons and the exercises fit together: titles, order, and the lesson's own solutions."""

import ast
import inspect
import re
import textwrap
from functools import cache

import pytest

from coursekit import ops
from coursekit.authoring.lesson import find_lessons
from coursekit.exercises import catalogue, check, registry
from coursekit.exercises.checking import examine
from coursekit.exercises.model import CounterexampleExercise, FunctionExercise
from coursekit.machine.paths import course_folder

LESSONS = find_lessons(course_folder("lessons"))
EXERCISES = {exercise.id: exercise for exercise in catalogue()}
OWN = re.compile(r'(?:^(?P<name>\w+) = )?\bown\("(?P<id>\d\.\d+)"(?:, (?P=name))?\)', re.M)
GUESS = re.compile(r'^guess\("(\d\.[\w-]+)", \.\.\.\)$', re.M)
REVEAL = re.compile(r'^reveal\("(\d\.[\w-]+)"\)$', re.M)
CHECK = re.compile(r'^check\("(\d\.\d+)", (\w+)\)$')


@cache
def cells_of(lesson, *, solutions):
    """Return the cells of the lesson's notebook, which no test changes."""
    return lesson.notebook(solutions=solutions).cells


def checks(lesson):
    """Yield (exercise id, name of the answer, source of the cell that answers) in order."""
    cells = cells_of(lesson, solutions=True)
    for place, cell in enumerate(cells):
        if found := CHECK.match(cell.source):
            yield found[1], found[2], cells[place - 1].source


def test_every_exercise_is_asked_once_in_its_lesson_in_order():
    for lesson in LESSONS:
        asked = [id for id, _, _ in checks(lesson)]
        assert asked == [id for id in EXERCISES if EXERCISES[id].lesson == lesson.number]
    assert {exercise.lesson for exercise in EXERCISES.values()} == {le.number for le in LESSONS}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_the_solutions_in_the_lesson_are_correct_and_go_on(lesson, no_progress):
    cells = cells_of(lesson, solutions=True)
    namespace = {"__name__": "lesson"}
    exec(next(cell.source for cell in cells if cell.cell_type == "code"), namespace)
    answers = {source for _, _, source in checks(lesson)}
    for cell in cells:
        if cell.source in answers or in_answers(cell.source) != cell.source:
            exec(in_answers(cell.source), namespace)
        elif found := CHECK.match(cell.source):
            outcome = check(found[1], namespace[found[2]])
            assert outcome.status == "correct", outcome


def in_answers(source):
    """Return a cell's source, or of one that goes on with answers those lines alone."""
    lines = [line for line in source.splitlines() if (found := OWN.match(line)) and found["name"]]
    return "\n".join(lines) or source


def taken(lesson):
    """Yield (exercise id, name, the code after it) for each function that the lesson goes on with.

    Where it is handed on at once, without a name, the name is None.
    """
    cells = [cell.source for cell in cells_of(lesson, solutions=True) if cell.cell_type == "code"]
    for place, source in enumerate(cells):
        for found in OWN.finditer(source):
            yield found["id"], found["name"], [source[found.end() :], *cells[place + 1 :]]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_calls_what_it_goes_on_with(lesson):
    for id, name, after in taken(lesson):
        assert name in (None, EXERCISES[id].name)
        assert name is None or any(re.search(rf"\b{name}\b", text) for text in after), id


def test_what_a_learner_writes_is_used_by_a_later_cell_or_lesson():
    functions = {e.id for e in EXERCISES.values() if isinstance(e, FunctionExercise)}
    called = {id for lesson in LESSONS for id, _, _ in taken(lesson)}
    assert functions == called


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_guess_is_made_before_the_cell_that_answers_it(lesson):
    cells = [cell.source for cell in cells_of(lesson, solutions=False) if cell.cell_type == "code"]
    made = [(id, place) for place, text in enumerate(cells) for id in GUESS.findall(text)]
    answered = [(id, place) for place, text in enumerate(cells) for id in REVEAL.findall(text)]
    mine = [id for id in registry.guesses() if id.startswith(f"{lesson.number}.")]
    assert sorted(id for id, _ in made) == sorted(mine)
    assert [id for id, _ in made] == [id for id, _ in answered]
    for (_, before), (_, after) in zip(made, answered, strict=True):
        assert before < after


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_an_exercise_has_the_same_title_in_lesson_and_check(lesson):
    prose = "\n".join(
        cell.source for cell in cells_of(lesson, solutions=False) if cell.cell_type == "markdown"
    )
    titles = dict(re.findall(r"^### Exercise (\d\.\d+): (.+)$", prose, re.M))
    for id, title in titles.items():
        assert title.lower() == EXERCISES[id].title.lower()
    assert list(titles) == [id for id, _, _ in checks(lesson)]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_prose_is_plain_and_in_short_paragraphs(lesson):
    for cell in cells_of(lesson, solutions=False):
        if cell.cell_type != "markdown":
            continue
        words = re.sub(r"\$\$.*?\$\$|\$.*?\$|^\|.*$", "", cell.source, flags=re.S | re.M)
        assert "!" not in words.replace("![", ""), f"{cell.id}: an exclamation mark"
        assert not re.search(
            r"\b(the slides|let's|in this section|simply|obviously)\b", words, re.I
        ), cell.id
        for paragraph in re.split(r"\n\s*\n|\n(?=\d+\. |- )", words):
            assert len(paragraph.split()) <= 60, f"{cell.id}: {len(paragraph.split())} words"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_complete_lesson_presents_as_25_to_40_slides(lesson):
    if len(list(checks(lesson))) < 7:
        pytest.skip("not complete yet: fewer than seven exercises")
    cells = cells_of(lesson, solutions=False)
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in cells]
    assert 25 <= kinds.count("slide") <= 40


def code_of(function):
    """Return a function's code, without its docstring and annotations."""
    tree = ast.parse(textwrap.dedent(function)).body[0]
    tree.body = tree.body[1:] if ast.get_docstring(tree) else tree.body
    tree.returns = None
    for argument in tree.args.args:
        argument.annotation = None
    return ast.unparse(tree)


EXPOSED = [e for e in EXERCISES.values() if isinstance(e, CounterexampleExercise)]


@pytest.mark.parametrize("exercise", EXPOSED, ids=[e.id for e in EXPOSED])
def test_the_program_that_a_lesson_shows_is_the_one_that_is_tried(exercise):
    lesson = next(lesson for lesson in LESSONS if lesson.number == exercise.lesson)
    cells = cells_of(lesson, solutions=False)
    place = next(i for i, c in enumerate(cells) if c.source.startswith(f'check("{exercise.id}"'))
    shown = cells[place - 2].source
    assert code_of(shown) == code_of(inspect.getsource(exercise.program))
    assert exercise.program.__name__ in exercise.question


def test_the_readme_tells_the_syllabus_and_shows_a_real_answer():
    readme = (course_folder("lessons").parent / "README.md").read_text(encoding="utf-8")
    for lesson in LESSONS:
        cells = cells_of(lesson, solutions=False)
        title = cells[0].source.splitlines()[0].removeprefix("# ")
        minutes = re.search(r"Time \| (\d+) minutes", cells[0].source)[1]
        exercises = len(list(checks(lesson)))
        row = f"[{title}](notebooks/{lesson.name}.ipynb) | {minutes} | {exercises} |"
        assert row in readme
    assert str(examine(EXERCISES["2.2"], ops.convolve2d)) in readme


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_opens_and_closes_with_its_claims(lesson):
    cells = cells_of(lesson, solutions=False)
    assert "When you close this lesson you can" in cells[1].source
    assert cells[-1].source.startswith("## What you can now defend")
    promised = re.findall(r"^\d+\. ", cells[1].source, re.M)
    assert len(promised) == len(re.findall(r"^\d+\. ", cells[-1].source, re.M)) >= 4
