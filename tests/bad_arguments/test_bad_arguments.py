"""Every public function, one bad argument at a time: an error names it, and nothing hangs.

The tables say, for each function, a call that works and of what kind each argument is: a kind lists
values that do not fit it. Where they have no end, Hypothesis draws more of them in CI.
"""

import importlib
import inspect
import re

import matplotlib.pyplot as plt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bad_arguments import arithmetic, drawing, learning, reading

TABLES = (arithmetic, learning, reading, drawing)
CALLS = {name: how for table in TABLES for name, how in table.CALLS.items()}
KINDS = {
    (name, argument): kind
    for name, (_, kinds) in CALLS.items()
    for argument, kind in kinds.items()
    if kind is not None
}


def slots(names):
    return [pytest.param(*slot, id="-".join(slot)) for slot in names]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with the files that some calls read."""
    folder = tmp_path_factory.mktemp("files")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        learning.write_files()
        reading.write_files()
    return folder


@pytest.fixture(autouse=True)
def _in_a_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)


def found(name):
    """Return what is public under this name: "ops.pad2d", "data.ImageSet.split"."""
    found = importlib.import_module("coursekit")
    for part in name.split("."):
        if not hasattr(found, part):
            importlib.import_module(f"{found.__name__}.{part}")
        found = getattr(found, part)
    return found


def call(name, **changed):
    """Call the function as its table says, but for what is changed, to the end."""
    good = CALLS[name][0]
    arguments = {**(good() if callable(good) else good), **changed}
    parameters = list(inspect.signature(found(name)).parameters.values())
    several = [p.name for p in parameters if p.kind is p.VAR_POSITIONAL and p.name in arguments]
    before = []
    if several:  # what stands before them in the signature goes before them in the call
        names = [p.name for p in parameters]
        before = [n for n in names[: names.index(several[0])] if n in arguments]
    first = [arguments.pop(n) for n in before]
    rest = arguments.pop(several[0]) if several else ()
    done = found(name)(*first, *rest, **arguments)
    return list(done) if inspect.isgenerator(done) else done


def test_no_public_function_is_left_out():
    callables = {
        f"{module}.{name}"
        for table in TABLES
        for module in table.MODULES
        for name in found(module).__all__
        if inspect.isroutine(found(f"{module}.{name}"))
        or inspect.isclass(found(f"{module}.{name}"))
    }
    methods = {name for name in CALLS if inspect.isclass(found(name.rpartition(".")[0]))}
    without = {name for table in TABLES for name in table.WITHOUT}
    assert callables == {*CALLS, *without} - methods
    assert not without & set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_the_call_that_is_varied_works_and_every_argument_is_tried(name):
    done = call(name)
    assert getattr(done, "description", None) != "a figure", "it says what it shows"
    assert plt.get_fignums() == [], "a figure that pyplot knows would be shown twice"
    parameters = inspect.signature(found(name)).parameters.values()
    named = {p.name for p in parameters if p.kind is not p.VAR_KEYWORD} - {"self"}
    assert set(CALLS[name][1]) == named


def answer(name, argument, value):
    """Return what the function answers a bad value: the text of its error."""
    try:
        call(name, **{argument: value})
    except (ValueError, TypeError) as error:
        return str(error)
    return "nothing"


def assert_named(name, argument, value):
    said = answer(name, argument, value)
    assert re.search(rf"\b{argument}\b", said), f"{name} answers {argument}={value!r}: {said}"


@pytest.mark.parametrize(("name", "argument"), slots(KINDS))
def test_a_bad_argument_is_named(name, argument):
    for value in KINDS[name, argument].listed():
        assert_named(name, argument, value)


@pytest.mark.ci
@pytest.mark.parametrize(
    ("name", "argument"), slots(slot for slot in KINDS if KINDS[slot].drawn is not None)
)
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_number_below_the_least_is_named(name, argument, data):
    assert_named(name, argument, data.draw(KINDS[name, argument].drawn))
