"""Files that the course writes itself, damaged byte by byte and value by value."""

import copy
import json
import random
import sqlite3
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from bad_arguments.test_bad_files import a_notebook, damaged, outcome, written
from coursekit import training, transfer
from coursekit.authoring.lesson import AuthoringError
from coursekit.authoring.slides import inserting, theme
from coursekit.classroom.grade.submissions import Submission
from coursekit.classroom.overview import verdicts
from coursekit.classroom.overview.verdicts import DamagedError
from coursekit.desk.update import given, merge, notebook
from coursekit.exercises import answers, progress

ODD = [
    None,
    3,
    -1,
    2.5,
    10**20,
    float("nan"),
    True,
    "",
    "x",
    "\0",
    "\ud800",
    "a\nb",
    [],
    [None],
    {},
    {"a": 1},
    "3" * 99,
]
VERDICT = "application/vnd.coursekit.outcome+json"
X, Y = torch.arange(12.0).reshape(6, 2), torch.tensor([0, 1, 0, 1, 0, 1])


def changed(held, dice):
    """Return the value with one of its parts odd, missing, doubled, or in the place of another."""
    places, held = [], copy.deepcopy(held)

    def walk(inner):
        pairs = (
            inner.items()
            if isinstance(inner, dict)
            else enumerate(inner)
            if isinstance(inner, list)
            else ()
        )
        for key, value in pairs:
            places.append((inner, key))
            walk(value)

    walk(held)
    if not places or dice.random() < 0.03:
        return dice.choice(ODD)
    inner, key = dice.choice(places)
    kind = dice.randrange(5)
    if kind == 0:
        del inner[key]
    elif kind == 1:
        other, there = dice.choice(places)
        inner[key] = copy.deepcopy(
            other.get(there)
            if isinstance(other, dict)
            else other[there]
            if there < len(other)
            else None
        )
    elif kind == 2 and isinstance(inner, dict):
        inner[dice.choice(["a", "0", "id", "source", "x"])] = inner.pop(key)
    else:
        inner[key] = dice.choice(ODD)
    return held


def some(held, dice):
    for _ in range(dice.randint(1, 3)):
        held = changed(held, dice)
    return held


def a_part(held, dice):
    """Return the value with one of its outer parts odd or missing: those within have no check."""
    inner = dice.choice([held, held["state"]])
    name = dice.choice(sorted(inner))
    odd = (
        {**inner, name: dice.choice(ODD)}
        if dice.random() < 0.7
        else {k: v for k, v in inner.items() if k != name}
    )
    return odd if inner is held else {**held, "state": odd}


def as_json(held):
    return json.dumps(held).encode()


def saved(held):
    return written(lambda stream: torch.save(held, stream))


LESSON = {**json.loads(a_notebook())}
LESSON["cells"] = [
    {"cell_type": kind, "id": id, "metadata": {}, "source": source}
    | ({"outputs": [], "execution_count": None} if kind == "code" else {})
    for kind, id, source in [
        ("markdown", "a", "# A"),
        ("code", "b", "x = ..."),
        ("code", "c", 'check("2.2", x)'),
    ]
]
CHECKED = copy.deepcopy(LESSON)
TOLD = {"exercise": "2.2", "status": "wrong", "misconceptions": ["kernel flipped"]}
CHECKED["cells"][2]["outputs"] = [
    {
        "output_type": "display_data",
        "metadata": {},
        "data": {verdicts.VERDICT: TOLD, "text/plain": ["a", "b"]},
    },
    {"output_type": "error", "ename": "E", "evalue": "2.2 Slide: wrong", "traceback": []},
]
GIVEN = {"cells": LESSON["cells"], "file": "0", "content": "1", "begun": True}


def an_update(path, _):
    mine, said = outcome(notebook.UnreadableError, lambda: notebook.read(path))
    assert mine or said
    if mine:
        merged, _ = merge.merge(LESSON["cells"], mine["cells"], LESSON["cells"])
        outcome(notebook.UnreadableError, lambda: notebook.dumps({**mine, "cells": merged}))


def what_was_given(path, _):
    lesson = path.parent / "01_a.ipynb"
    place = path.parent / ".coursekit" / "given" / "01_a.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    path.rename(place)
    if (known := given.load(lesson)) is not None:
        merge.merge(known.cells, LESSON["cells"], LESSON["cells"])
        assert known.begun in (True, False)


def a_verdict(path, _):
    found, said = outcome(DamagedError, lambda: verdicts.verdicts(path))
    assert said or set(found) <= {"2.2"}


def a_record(path, _):
    folder = path.parent / "submitted"
    folder.mkdir(exist_ok=True)
    (folder / "a.ipynb").write_bytes(b"{}")
    submission = SimpleNamespace(
        course=path.parent, student="s", lesson="l", notebook=folder / "a.ipynb", _record=path
    )
    submission.recorded = lambda: Submission.recorded(submission)
    submission.content = lambda: "c"
    graded = path.parent / "autograded" / "s" / "l" / "a.ipynb"
    graded.parent.mkdir(parents=True, exist_ok=True)
    graded.touch()
    Submission.is_graded(submission)


def a_trained_network(path, _):
    found, said = outcome(ValueError, lambda: transfer.load(path))
    assert path.name in said if found is None else found.classes


def a_checkpoint(path, _):
    def go_on():
        return training.fit(nn.Linear(2, 2), (X, Y), num_epochs=1, batch_size=3, checkpoint=path)

    found, said = outcome(ValueError, go_on)
    assert "checkpoint is" in said if found is None else len(found) == 1


def progress_file(folder):
    database = sqlite3.connect(folder / "whole.sqlite3")
    for table in progress.TABLES:
        database.execute(table)
    database.execute(
        "INSERT INTO attempts VALUES ('2.2', 'wrong', '', '2026-01-01T00:00:00+00:00')"
    )
    database.commit()
    database.close()
    return (folder / "whole.sqlite3").read_bytes()


def what_was_done(path, _):
    home = path.parent / ".coursekit"
    home.mkdir(exist_ok=True)
    path.replace(home / progress.FILE)
    progress.forget()
    assert all(
        isinstance(part, str) for a in progress.attempts(home=home) for part in vars(a).values()
    )
    progress.summary(home)
    progress.record("2.3", "correct")
    assert progress.is_done("2.3")


def answers_file():
    text = "def corr2d(x, kernel):\n    return x"
    head = f"# --- 2.2 corr2d ({answers._digest(text)})\n\n"
    return (answers.PREFACE + "\n" + head + text + "\n").encode()


def what_was_right(path, _):
    home = path.parent / ".coursekit"
    home.mkdir(exist_ok=True)
    path.replace(path.parent / answers.FILE)
    found = answers.kept("2.2")
    assert found is None or found(3, 4) == 3
    answers.keep("2.3", "f", "def f():\n    return 3")
    assert answers.kept("2.3")() == 3


def a_theme(path, _):
    outcome(AuthoringError, lambda: theme.read(path))


def inserts(path, _):
    found, _ = outcome(AuthoringError, lambda: inserting.read(path))
    for one in found or ():
        assert "\0" not in one.text


THEME = b"// our colours\naccent: #00457c\nexercise: #8a4600\n"
INSERTS = b"## One\nafter: kernel\n\nWords, $x$.\n\nNotes: more\n\n## Two\n- a\n- b\n"


def small_network():
    backbone = transfer.load_backbone("drawings")
    return {
        "format": transfer.saving.FORMAT, "name": backbone.name, "network": backbone.network,
        "learned_from": backbone.learned_from, "classes": list(backbone.classes),
        "preprocess": backbone.preprocess.facts(), "weights": dict(backbone.model.state_dict()),
    }  # fmt: skip


def checkpoint(folder):
    training.fit(nn.Linear(2, 2), (X, Y), num_epochs=1, batch_size=3, checkpoint=folder / "c.pt")
    return torch.load(folder / "c.pt", weights_only=True)


# name: (what it holds, as a value; how that is written, or None for bytes; who reads it; how often, of 1000)
READERS = {
    "a notebook": (lambda _: LESSON, as_json, an_update, 1000),
    "what was given": (lambda _: GIVEN, as_json, what_was_given, 1000),
    "a checked notebook": (lambda _: CHECKED, as_json, a_verdict, 1000),
    "a grading": (lambda _: {"content": "c", "points": 3}, as_json, a_record, 300),
    "a trained network": (lambda _: small_network(), saved, a_trained_network, 25),
    "a checkpoint": (checkpoint, saved, a_checkpoint, 100),
    "progress": (progress_file, None, what_was_done, 200),
    "answers": (lambda _: answers_file(), None, what_was_right, 300),
    "a theme": (lambda _: THEME, None, a_theme, 1000),
    "slides": (lambda _: INSERTS, None, inserts, 1000),
}  # fmt: skip


def tried(kind, folder, count):
    make, write, read, _ = READERS[kind]
    whole, dice = make(folder), random.Random(kind)
    for number in range(count):
        change = a_part if read is a_checkpoint else some
        content = damaged(whole, dice) if write is None else write(change(whole, dice))
        path = folder / f"{number % 7}.x"
        path.write_bytes(content)
        read(path, dice)


@pytest.mark.parametrize("kind", READERS)
def test_a_damaged_record_is_read_or_refused(kind, tmp_path, no_progress):
    tried(kind, tmp_path, 20)


@pytest.mark.ci
@pytest.mark.parametrize("kind", READERS)
def test_thousands_of_damaged_records(kind, tmp_path, no_progress):
    tried(kind, tmp_path, READERS[kind][3])
