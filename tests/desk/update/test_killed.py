"""Random histories of a learner's folder: edits, updates, kills in the middle, editors that lose ids."""

import json
import os
import platform
import random
import sys

import pytest

from coursekit.cli import lab
from coursekit.desk.update import copies
from coursekit.desk.update.notebook import read, source
from coursekit.exercises import progress

ONE, TWO = "01_first.ipynb", "02_second.ipynb"

OPERATIONS = (
    "open",
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.chmod",
    "os.utime",
    "sqlite3.connect",
)
NOBODY = 2**22 + 1  # a process number that Linux gives to none


class Killed(BaseException):
    """Nothing that a process does on files happens any more, its tidying up included."""


class Killer:
    """Before the how manieth operation on files in which folder this process is to be gone."""

    left, folder = None, ""

    def __call__(self, event, arguments):
        if self.left is not None and event in OPERATIONS and self.folder in str(arguments[0]):
            self.left -= 1
            if self.left < 0:
                raise Killed


@pytest.fixture(scope="module")
def killer():
    killer = Killer()
    sys.addaudithook(killer)  # which cannot be taken away again
    return killer


class History:
    """A course, a learner's folder, and dice that say what happens next."""

    def __init__(self, course, mine, killer, seed):
        self.course, self.mine, self.dice = course, mine, random.Random(seed)
        self.killer, self.lock = killer, mine / ".coursekit" / "lab.lock"
        self.count, self.words, self.tried, self.kills = 0, set(), [], 0
        for name in (ONE, TWO):
            self.publish(name)
        self.update()

    def word(self, who):
        self.count += 1
        return f"{who} {self.count}"

    def publish(self, name):
        cells = [
            {"cell_type": "markdown", "metadata": {}, "source": self.word("course"), "id": id}
            for id in self.dice.sample("abcdef", self.dice.randint(2, 5))
        ]
        held = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (self.course / name).write_text(json.dumps(held))

    def update(self):
        lab._prepared(self.mine, None, update=True)

    # What happens.

    def course_changes(self):
        self.publish(self.dice.choice([ONE, TWO]))

    def learner_saves(self, change):
        """Save a notebook as an editor does, of whatever kind, after a change of its cells."""
        path = self.mine / self.dice.choice([ONE, TWO])
        if not path.exists():
            return
        notebook = json.loads(path.read_text())
        change(notebook["cells"])
        path.write_text(json.dumps(notebook))

    def edit(self):
        def change(cells):
            if cells:
                cell = self.dice.choice(cells)
                self.words -= {source(cell)}
                cell["source"] = self.word("mine")
                self.words.add(cell["source"])

        self.learner_saves(change)

    def add(self):
        def change(cells):
            self.words.add(words := self.word("mine"))
            cell = {
                "cell_type": "markdown",
                "metadata": {},
                "source": words,
                "id": f"new-{self.count}",
            }
            cells.insert(self.dice.randint(0, len(cells)), cell)

        self.learner_saves(change)

    def lose_ids(self):
        self.learner_saves(lambda cells: [cell.pop("id", None) for cell in cells])

    def renew_ids(self):
        self.learner_saves(
            lambda cells: [cell.update(id=self.word("id").replace(" ", "-")) for cell in cells]
        )

    def try_an_exercise(self):
        id = self.word("0.1")
        lived = not self.killed(lambda: progress.record(id, "wrong"))
        self.tried += [id] * lived

    def update_killed(self):
        self.killed(self.update)

    def renewed_and_killed(self):
        self.killed(lambda: lab._prepared(self.mine, 1, update=True))

    def killed(self, work):
        self.killer.left, self.killer.folder = self.dice.randint(0, 25), str(self.mine)
        try:
            work()
        except Killed:
            self.kills += 1
            return True
        finally:
            self.killer.left = None
            if self.lock.exists():  # what a process leaves that is no more
                self.lock.write_text(f"{NOBODY} {platform.node()}")
        return False

    # What must hold.

    def step(self):
        happens = [
            self.course_changes,
            self.edit,
            self.add,
            self.lose_ids,
            self.renew_ids,
            self.update,
        ]
        weights = [3, 3, 1, 1, 1, 2, 3, 1, 1]
        happens += [self.update_killed, self.try_an_exercise, self.renewed_and_killed]
        self.dice.choices(happens, weights)[0]()
        self.nothing_is_lost()

    def nothing_is_lost(self):
        found = "\n".join(
            source(cell) for path in self.mine.glob("*.ipynb") for cell in read(path)["cells"]
        )
        lines = set(found.splitlines())
        assert self.words <= lines, self.words - lines
        home = self.mine / ".coursekit"
        kept = [a.exercise for a in progress.attempts(home=home) if a.exercise in self.tried]
        assert kept == self.tried

    def end(self):
        """Whatever happened, one more call leaves all in order."""
        self.update()
        self.nothing_is_lost()
        assert not list(self.mine.rglob("*.partial"))
        assert not list(self.mine.rglob("lab.lock*"))
        assert {ONE, TWO} <= {path.name for path in self.mine.iterdir()}
        assert lab._prepared(self.mine, None, update=True) == []


def lived_through(course, folder, killer, seeds):
    kills = 0
    for seed in seeds:
        mine = folder / f"mine-{seed}"
        mine.mkdir()
        history = History(course, mine, killer, seed)
        os.chdir(mine)
        progress.forget()
        for _ in range(6):
            history.step()
        history.end()
        kills += history.kills
    return kills


@pytest.mark.parametrize(
    "seeds", [range(20), pytest.param(range(20, 1020), marks=pytest.mark.ci)], ids=["some", "1000"]
)
def test_kills_in_the_middle_lose_nothing(tmp_path, killer, monkeypatch, seeds):
    monkeypatch.chdir(tmp_path)
    course = tmp_path / "course"
    course.mkdir()
    monkeypatch.setattr(copies, "course_folder", lambda _: course)
    monkeypatch.setattr(
        os, "fsync", lambda _: None
    )  # which matters where a machine is cut off, not a process
    assert lived_through(course, tmp_path, killer, seeds) > len(seeds) / 2
