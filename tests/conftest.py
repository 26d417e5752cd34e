"""Fixtures that tests of several rooms share."""

import sys

import pytest


@pytest.fixture(autouse=True)
def _nothing_stays_asked():
    """Forget the learner's own numbers that a test has asked for: hints would go on with them."""
    yield
    if variants := sys.modules.get("coursekit.exercises.variants"):
        variants._asked.clear()


@pytest.fixture
def no_progress(tmp_path, monkeypatch):
    """An empty folder to stand in, and no answer given yet."""
    from coursekit.exercises import progress

    monkeypatch.chdir(tmp_path)
    progress.forget()
    yield
    progress.forget()


@pytest.hookimpl(tryfirst=True)  # xdist's own hook, which reads the marks, is as late as this one
def pytest_collection_modifyitems(config, items):
    """Send what tries a lesson's exercises to one worker: each keeps what their banks do.

    The cases of any other test go together too: for each case that is handed out alone, xdist walks
    through all that it has handed out before.
    """
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        exercise = getattr(item, "callspec", None) and item.callspec.params.get("exercise")
        if exercise is not None:
            item.add_marker(pytest.mark.xdist_group(f"lesson {exercise.lesson}"))
        elif hasattr(item, "callspec") and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.originalname))
