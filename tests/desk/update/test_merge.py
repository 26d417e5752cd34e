"""The merge of a learner's lesson with the course's new one: its rules, and that it loses nothing."""

import copy
from collections import Counter

import nbformat
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from coursekit.desk.update.merge import merge
from coursekit.desk.update.notebook import source, text
from coursekit.desk.update.offer import KEY, is_stale


def code(name, words, **more):
    held = {"metadata": {}, "outputs": [], "execution_count": None, **more}
    return {"id": name, "cell_type": "code", "source": words, **held}


def prose(name, words, **more):
    return {"id": name, "cell_type": "markdown", "source": words, "metadata": {}, **more}


def is_offer(cell):
    note = cell["metadata"].get(KEY)
    return note is not None and is_stale(cell, {note["of"]})


def lesson(**cells):
    return [code(name, words) for name, words in cells.items()]


def words(cells):
    return [source(cell) for cell in cells]


GIVEN = lesson(a="A", b="B", c="C")


def merged(mine, new, given=GIVEN):
    cells, changes = merge(given, mine, new)
    return words(cells), [(change.what, change.cell["id"]) for change in changes]


def test_an_untouched_cell_gets_the_new_version_and_an_edited_one_stays():
    new = lesson(a="A", b="B2", c="C")
    assert merged(lesson(a="A", b="B", c="my C"), new) == (["A", "B2", "my C"], [("updated", "b")])


@pytest.mark.parametrize("lost", [{"id": None}, {"id": "new-{}"}, {"id": "not allowed {}"}])
def test_a_cell_that_lost_its_id_and_was_changed_is_known_by_its_place(lost):
    mine = lesson(a="A", b="my B", c="C")
    mine = [{**cell, "id": lost["id"] and lost["id"].format(n)} for n, cell in enumerate(mine)]
    cells, changes = merge(GIVEN, mine, lesson(a="A", b="B2", c="C"))
    assert [change.what for change in changes] == ["offered"]
    assert [words(cells)[at] for at in (0, 1, 3)] == ["A", "my B", "C"]
    assert "B2" in words(cells)[2]


def test_a_place_says_nothing_where_more_than_one_cell_may_be_meant():
    two = [code(None, "my own"), code(None, "my B")]
    _, changes = merge(GIVEN, [GIVEN[0], *two, GIVEN[2]], lesson(a="A", b="B2", c="C"))
    assert [change.what for change in changes] == ["declined"]
    named = [code("mine", "my own")]
    _, changes = merge(GIVEN, [GIVEN[0], *named, GIVEN[2]], lesson(a="A", b="B2", c="C"))
    assert [change.what for change in changes] == ["declined"]


def test_where_both_changed_the_new_version_is_offered_below():
    cells, changes = merge(GIVEN, lesson(a="A", b="mine", c="C"), lesson(a="A", b="B2", c="C"))
    assert words(cells)[:2] == ["A", "mine"]
    assert cells[2]["cell_type"] == "markdown"
    assert "```python\nB2\n```" in source(cells[2])
    assert "yours is kept" in source(cells[2])
    assert [change.what for change in changes] == ["offered"]


def test_an_offer_is_replaced_by_a_newer_one_unless_it_was_touched():
    second, third = lesson(a="A", b="B2", c="C"), lesson(a="A", b="B3", c="C")
    mine, _ = merge(GIVEN, lesson(a="A", b="mine", c="C"), second)
    cells, _ = merge(second, mine, third)
    assert [("B2" in w, "B3" in w) for w in words(cells)[2:3]] == [(False, True)]
    assert len(cells) == 4
    mine[2]["source"] += "\nmy note on it"
    cells, _ = merge(second, mine, third)
    assert len(cells) == 5


def test_an_offer_outlives_the_cell_that_the_learner_deleted():
    second, third = lesson(a="A", b="B2", c="C"), lesson(a="A", b="B3", c="C")
    mine, _ = merge(GIVEN, lesson(a="A", b="mine", c="C"), second)
    del mine[1]
    assert len(merge(second, mine, third)[0]) == 3


def test_an_offer_of_a_cell_with_a_fence_in_it_is_one_block():
    given, new = [prose("a", "x")], [prose("a", "```python\ny\n```")]
    cells, _ = merge(given, [prose("a", "mine")], new)
    assert "````markdown\n```python\ny\n```\n````" in source(cells[1])


def test_taking_the_new_version_by_hand_leaves_nothing_to_offer():
    new = lesson(a="A", b="B2", c="C")
    assert merged(new, new) == (["A", "B2", "C"], [])


def test_what_the_learner_deleted_stays_deleted():
    new = lesson(a="A", b="B2", c="C")
    assert merged(lesson(a="A", c="C"), new) == (["A", "C"], [("declined", "b")])


def test_what_the_learner_added_stays_behind_the_cell_that_it_follows():
    mine = lesson(x="first", a="A", y="note on A", b="B", c="C", z="last")
    new = lesson(a="A", n="N", b="B", c="C", m="M")
    assert merged(mine, new) == (
        ["first", "A", "note on A", "N", "B", "C", "last", "M"],
        [("new", "n"), ("new", "m")],
    )


def test_a_cell_that_the_course_takes_out_goes_unless_the_learner_changed_it():
    mine = lesson(a="A", b="B", x="note on B", c="mine")
    assert merged(mine, lesson(a="A")) == (
        ["A", "note on B", "mine"],
        [("removed", "b"), ("dropped", "c")],
    )


def test_the_course_may_reorder_and_the_learners_cells_go_along():
    mine = lesson(a="my A", x="note on A", b="B", c="C")
    new = lesson(c="C", b="B", a="A")
    assert merged(mine, new)[0] == ["C", "B", "my A", "note on A"]


def test_where_the_learner_has_moved_cells_their_order_holds():
    mine = lesson(c="C", a="A", b="B")
    new = lesson(b="B", a="A", n="N", c="C2")
    assert merged(mine, new)[0] == ["C2", "A", "N", "B"]


def test_running_and_folding_are_no_edits_and_the_output_goes_with_the_old_source():
    ran = {
        "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}],
        "execution_count": 3,
    }
    mine = [code("a", "A", **ran), code("b", ["B"], **ran)]
    mine[0]["metadata"] = {"jupyter": {"source_hidden": True}}
    new = [code("a", "A2", **ran), code("b", "B", **ran)]
    new[0]["metadata"] = {"tags": ["t"]}
    cells, _ = merge(GIVEN, mine, new)
    assert source(cells[0]) == "A2"
    assert cells[0]["outputs"] == []
    assert cells[0]["execution_count"] is None
    assert cells[0]["metadata"] == {"tags": ["t"], "jupyter": {"source_hidden": True}}
    assert cells[1]["outputs"] == ran["outputs"]


def test_a_converted_cell_is_an_edited_one():
    mine = [prose("a", "A"), *GIVEN[1:]]
    cells, changes = merge(GIVEN, mine, lesson(a="A2", b="B", c="C"))
    assert text(cells[0]) == text(prose("", "A"))
    assert [change.what for change in changes] == ["offered"]


@pytest.mark.parametrize("name", [None, "", "not allowed", 7])
def test_lost_ids_are_found_by_text(name):
    mine = [{**cell, "id": name} for cell in lesson(a="A", b="mine", c="C")]
    cells, _ = merge(GIVEN, mine, lesson(a="A2", b="B2", c="C2"))
    assert [words(cells)[at] for at in (0, 1, 3)] == ["A2", "mine", "C2"]
    assert "B2" in words(cells)[2], "the changed one is known by its place"
    assert [cells[at]["id"] for at in (0, 1, 3)] == ["a", "b", "c"]


def test_of_two_cells_with_one_id_the_untouched_one_is_the_courses():
    mine = [code("a", "mine"), *lesson(a="A", b="B", c="C")]
    cells, _ = merge(GIVEN, mine, lesson(a="A2", b="B", c="C"))
    assert words(cells) == ["mine", "A2", "B", "C"]
    assert [cell["id"] for cell in cells] == ["yours-1", "a", "b", "c"]


def test_a_cell_renamed_by_the_course_is_the_same_cell():
    mine = lesson(a="A", c="C")
    assert merged(mine, lesson(a="A", second="B", c="C"))[0] == ["A", "C"]


def test_a_copy_stays_when_the_course_changes_the_cell_or_takes_it_out():
    mine = lesson(a="A", b="B", copy="B", c="C")
    assert merged(mine, lesson(a="A", b="B2", c="C"))[0] == ["A", "B2", "B", "C"]
    assert merged(mine, lesson(a="A", c="C"))[0] == ["A", "B", "C"]


# Random histories.

NAMES = ("a", "b", "c", "d", "e", "f")
OLD_TOOLS = st.sampled_from([None, "a", "c", "e", "f", "new-1", "new-2"])
PLACES = st.integers(0, 30)


class Histories(RuleBasedStateMachine):
    """Any sequence of edits by a learner and updates of the course."""

    def __init__(self):
        super().__init__()
        self.count = 0
        self.course = [self.course_cell(name) for name in NAMES[:3]]
        self.given = copy.deepcopy(self.course)
        self.mine = copy.deepcopy(self.course)

    def fresh(self, who):
        self.count += 1
        return f"{who} {self.count}\nline of {who} {self.count}"

    def course_cell(self, name):
        make = code if self.count % 2 else prose
        return make(name, self.fresh("course"))

    def learners(self):
        """All that the course never wrote in this form, with what was computed there."""
        cells = [c for c in self.mine if text(c) not in self.written and not is_offer(c)]
        return [(text(cell), str(cell.get("outputs"))) for cell in cells]

    @property
    def written(self):
        return {text(cell) for cell in self.given}

    def in_the_old_order(self):
        now = [cell["id"] for cell in self.course]
        kept = [cell["id"] for cell in self.given if cell["id"] in now]
        return kept == [name for name in now if name in kept]

    # What a learner does, and what their tools do.

    @precondition(lambda self: self.mine)
    @rule(place=PLACES)
    def change(self, place):
        self.mine[place % len(self.mine)]["source"] = self.fresh("mine")

    @precondition(lambda self: self.mine)
    @rule(place=PLACES)
    def delete(self, place):
        del self.mine[place % len(self.mine)]

    @precondition(lambda self: self.mine)
    @rule(place=PLACES, to=PLACES)
    def move(self, place, to):
        cell = self.mine.pop(place % len(self.mine))
        self.mine.insert(to % (len(self.mine) + 1), cell)

    @precondition(lambda self: self.mine)
    @rule(place=PLACES, name=OLD_TOOLS, keep=st.booleans())
    def duplicate(self, place, name, keep):
        place %= len(self.mine)
        twin = copy.deepcopy(self.mine[place])
        twin["id"] = twin.get("id") if keep else name
        self.mine.insert(place + 1, twin)

    @precondition(lambda self: self.mine)
    @rule(place=PLACES, name=OLD_TOOLS)
    def split(self, place, name):
        place %= len(self.mine)
        first, _, second = source(self.mine[place]).partition("\n")
        self.mine[place]["source"] = first
        self.mine.insert(place + 1, code(name, second))

    @precondition(lambda self: len(self.mine) > 1)
    @rule(place=PLACES)
    def join(self, place):
        place %= len(self.mine) - 1
        below = self.mine.pop(place + 1)
        self.mine[place]["source"] = source(self.mine[place]) + "\n" + source(below)

    @rule(place=PLACES, name=OLD_TOOLS)
    def add(self, place, name):
        self.mine.insert(place % (len(self.mine) + 1), code(name, self.fresh("mine")))

    @rule(output=st.booleans())
    def run_all(self, output):
        self.count += 1
        for cell in self.mine:
            if cell["cell_type"] == "code":
                cell["outputs"] = [f"output {self.count}"] if output else []

    @precondition(lambda self: self.mine)
    @rule(place=PLACES)
    def convert(self, place):
        cell = self.mine[place % len(self.mine)]
        kept = {"id": cell.get("id"), "metadata": {}, "source": source(cell)}
        other = {"code": "markdown", "markdown": "raw", "raw": "code"}[cell["cell_type"]]
        cell.clear()
        cell.update(kept, cell_type=other)

    @rule(lose=st.booleans())
    def lose_or_renew_ids(self, lose):
        for cell in self.mine:
            self.count += 1
            cell["id"] = None if lose else f"renewed-{self.count}"

    @rule()
    def save_as_lists_of_lines(self):
        for cell in self.mine:
            cell["source"] = source(cell).splitlines(keepends=True)

    # What the course does, before an update.

    @precondition(lambda self: self.course)
    @rule(place=PLACES)
    def course_changes(self, place):
        self.course[place % len(self.course)]["source"] = self.fresh("course")

    @precondition(lambda self: self.course)
    @rule(place=PLACES)
    def course_takes_out(self, place):
        del self.course[place % len(self.course)]

    @rule(place=PLACES, name=st.sampled_from(NAMES))
    def course_adds(self, place, name):
        if all(cell["id"] != name for cell in self.course):
            self.course.insert(place % (len(self.course) + 1), self.course_cell(name))

    @precondition(lambda self: self.course)
    @rule(place=PLACES, to=PLACES)
    def course_moves(self, place, to):
        cell = self.course.pop(place % len(self.course))
        self.course.insert(to % (len(self.course) + 1), cell)

    @rule()
    def update(self):
        before = copy.deepcopy((self.given, self.mine, self.course))
        theirs, touched = self.learners(), self.mine != self.given
        intact = Counter(c.get("id") for c in self.mine)
        cells, _ = merge(self.given, self.mine, self.course)
        assert (self.given, self.mine, self.course) == before, "an argument was changed"
        gone = {c["id"] for c in self.given} - set(intact)
        deleted = {text(c) for c in self.given if c["id"] in gone} - {text(c) for c in self.mine}
        course_before = {c["id"]: text(c) for c in self.given}
        self.mine, given = cells, self.given
        found = self.learners()
        assert not Counter(theirs) - Counter(found), "a learner's cell was lost"
        if self.in_the_old_order():
            there = [cell for cell in found if cell in theirs]
            assert there == theirs, "a learner's cell was moved"
        self.mine, _ = merge(given, cells, self.course)
        assert not Counter(theirs) - Counter(self.learners()), "lost when done twice"
        self.mine = cells
        for cell in self.mine:
            if cell["id"] in gone and course_before[cell["id"]] in deleted:
                renamed = cell["id"] not in {c["id"] for c in self.course}
                assert renamed or text(cell) not in deleted, "a deleted cell came back"
        if not touched:
            assert list(map(text, self.mine)) == list(map(text, self.course))
        self.given = copy.deepcopy(self.course)

    @invariant()
    def ids_are_unique_after_an_update(self):
        if self.given == self.course and self.mine:
            named = [cell["id"] for cell in merge(self.given, self.mine, self.course)[0]]
            assert len(named) == len(set(named))
            assert all(named)


Histories.TestCase.settings = settings(
    max_examples=50,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestHistories = Histories.TestCase


class ManyHistories(Histories):
    """The same, as often as CI has time for."""


ManyHistories.TestCase.settings = settings(Histories.TestCase.settings, max_examples=1000)
TestManyHistories = pytest.mark.ci(ManyHistories.TestCase)


def test_what_is_merged_is_a_valid_notebook():
    mine = [code("b", "mine"), {**prose(None, "p")}, *lesson(a="A", b="B", c="my C")]
    cells, _ = merge(GIVEN, mine, lesson(a="A2", n="N", c="C2"))
    cells = [{k: v for k, v in cell.items() if v is not None or k != "id"} for cell in cells]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    nbformat.validate(nbformat.from_dict(notebook))
