"""What an answer shows, opens or ends stays in its sandbox, in a notebook as outside one."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import IPython
import matplotlib.pyplot as plt
import pytest
from tqdm import tqdm

from coursekit import ops
from coursekit.exercises import check


@pytest.fixture
def shell(monkeypatch, no_progress):
    """A notebook's shell, as far as answers reach it."""
    plt.close(plt.figure())  # pyplot looks for a shell at its first figure
    shown = []
    publisher = SimpleNamespace(
        publish=lambda *a, **k: shown.append(k), clear_output=lambda *_: shown.append("cleared")
    )
    made = SimpleNamespace(
        display_pub=publisher, ask_exit=lambda: shown.append("exit"), shown=shown
    )
    monkeypatch.setattr(IPython, "get_ipython", lambda: made)
    return made


def right(after):
    def corr2d(x, kernel):
        after()
        return ops.corr2d(x, kernel)

    return corr2d


def test_displays_bars_and_figures_of_an_answer_do_not_reach_the_notebook(shell, capsys):
    def shows():
        IPython.get_ipython().display_pub.publish(data={})
        IPython.get_ipython().display_pub.clear_output()
        plt.figure()
        list(tqdm(range(3)))
        print("here")

    mine = plt.figure()
    assert check("2.2", right(shows)).status == "correct"
    assert shell.shown == []
    assert plt.get_fignums() == [mine.number], "the learner's own stays open"
    plt.close(mine)
    assert capsys.readouterr() == ("", "")


def test_exit_ends_the_call_and_not_the_kernel(shell):
    outcome = check("2.2", right(lambda: IPython.get_ipython().ask_exit()))
    assert outcome.status == "raised"
    assert "exit() ends a notebook" in " ".join(str(outcome).split())
    assert check("2.2", right(sys.exit)).status == "raised"
    assert shell.shown == []
    IPython.get_ipython().ask_exit()
    assert shell.shown == ["exit"], "the learner's own way out is open again"


def test_an_answer_that_asks_the_keyboard_is_told(shell):
    outcome = check("2.2", right(lambda: input("which? ")))
    assert outcome.status == "raised"
    assert "nobody to ask" in " ".join(str(outcome).split())


def test_an_answer_that_walks_off_leaves_the_notebook_where_it_is(shell, tmp_path):
    before = Path.cwd()
    check("2.2", right(lambda: os.chdir("/")))
    assert Path.cwd() == before
