"""What holds for every test run: no network, no progress bars, the same random numbers."""

import gc
import importlib.util
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

GUARD = Path(__file__).parent / "tests" / "guard"
LOG = "COURSEKIT_NETWORK_LOG"
OWNER = pytest.StashKey[bool]()
BORROWED = pytest.StashKey[list]()  # what is closed at the end of a run with forked kernels
OVER = "left out: the time of make check is over"
# What imports an author's tool is not collected without it: in the book's environment, on 3.10.
NEEDS = {
    "nbgrader": ["coursekit/classroom"],
    "docutils": [
        "coursekit/authoring/site",
        "tests/authoring/test_site.py",
        "tests/browser/test_site.py",
    ],
}
collect_ignore = [p for tool, ps in NEEDS.items() if not importlib.util.find_spec(tool) for p in ps]


def pytest_configure(config: pytest.Config) -> None:
    """Guard this process and, through its environment, every Python that it starts."""
    plain = "CI" in os.environ or not sys.platform.startswith("linux")
    os.environ.setdefault("CI", "true")
    os.environ.setdefault("COURSEKIT_OFFLINE", "1")
    os.environ["TORCH_HOME"] = os.devnull  # no weights of one's own, only those that ship
    if LOG in os.environ:  # an xdist worker: guarded since its start
        return fork_kernels(config, lend=False)
    handle, os.environ[LOG] = tempfile.mkstemp(prefix="network-", suffix=".log")
    os.close(handle)
    config.stash[OWNER] = True
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(GUARD), os.environ.get("PYTHONPATH")])
    )
    spec = importlib.util.spec_from_file_location("coursekit_guard", GUARD / "sitecustomize.py")
    guard = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(guard)  # adds the audit hook to this process
    return fork_kernels(config, lend=not plain)


def fork_kernels(config: pytest.Config, *, lend: bool) -> None:
    """Let nbval's kernels be forked from one process for all; in CI they start as learners' do."""
    if not config.getoption("nbval", default=False):
        return
    from coursekit.authoring.kernels import shared

    if lend:  # nor are pictures, which nbval does not compare, made small for a notebook
        os.environ.setdefault("COURSEKIT_PICTURES", "unkept")
    several = sum(argument.endswith(".ipynb") for argument in config.args) > 1
    lender = shared.Lender() if lend and several else None  # for one it would not pay
    config.stash[BORROWED] = [one for one in (shared.borrow(), lender) if one]


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the process that forked the kernels, and let go of what was collected."""
    gc.unfreeze()  # extensions say at the end what of theirs is still held
    for one in config.stash.get(BORROWED, []):
        one.close()


@pytest.fixture(autouse=True)
def _the_same_random_numbers() -> None:
    """Begin each test with the same seeds, whatever ran before it on the same worker."""
    random.seed(0)
    if numpy := sys.modules.get("numpy.random"):
        numpy.seed(0)
    if torch := sys.modules.get("torch"):
        torch.default_generator.manual_seed(0)  # torch.manual_seed formats a stack for each GPU


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[object]:
    """Collect without looking for garbage, and never look again at what was collected."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()  # thousands of tests, and PyTorch: most of what each search would walk through
        gc.set_threshold(20_000, 10, 10)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what has not begun when the time of `make check` is over."""
    if time.time() > float(os.environ.get("COURSEKIT_CHECK_UNTIL", "inf")):
        pytest.skip(OVER)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run where anything tried to leave this machine."""
    if not session.config.stash.get(OWNER, False):
        return
    stats = session.config.pluginmanager.get_plugin("terminalreporter").stats
    if not stats.get("passed") and any(OVER in str(r.longrepr) for r in stats.get("skipped", [])):
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED  # a green that tested nothing
    log = Path(os.environ[LOG])
    attempts = log.read_text(encoding="utf-8")
    log.unlink()
    if attempts:
        print(f"\nconnections that left this machine, all refused:\n{attempts}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
