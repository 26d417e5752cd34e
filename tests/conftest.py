"""Fixtures that tests of several rooms share."""

import pytest


@pytest.fixture
def no_progress(tmp_path, monkeypatch):
    """An empty folder to stand in, and no answer given yet."""
    from coursekit.exercises import progress

    monkeypatch.chdir(tmp_path)
    progress.forget()
    yield
    progress.forget()
