"""Numbers that differ from machine to machine, and what nbval compares of their lines."""

import configparser
import re

import pytest

from coursekit.machine.paths import course_folder
from coursekit.training import measured


def line(capsys, *arguments, **limits):
    measured(*arguments, **limits)
    return capsys.readouterr().out


@pytest.fixture(scope="module")
def sanitized():
    """Return what nbval does with a text before it compares."""
    config = configparser.RawConfigParser()
    config.read(course_folder("lessons").parent / "tests" / "sanitize.cfg")
    rule = config["measured"]
    return lambda text: re.sub(rule["regex"], rule["replace"], text)


def test_inside_its_bounds_a_number_may_differ_from_the_stored_one(capsys, sanitized):
    stored, other = (line(capsys, "accuracy", value, above=0.75) for value in (0.873, 0.861))
    assert stored == "accuracy: 0.87 here\n"
    assert stored != other
    assert sanitized(stored) == sanitized(other)


@pytest.mark.parametrize("value", [0.75, 0.4])
def test_outside_its_bounds_it_never_equals_the_stored_one(capsys, sanitized, value):
    stored, other = (line(capsys, "accuracy", v, above=0.75, below=0.9) for v in (0.8, value))
    assert other.endswith("here; on our machines it was above 0.75 and below 0.9\n")
    assert sanitized(stored) != sanitized(other)


def test_a_negative_number_is_one_too(capsys, sanitized):
    pair = [line(capsys, "trouser is ahead by", value, below=0) for value in (-0.9, -0.8)]
    assert len({sanitized(text) for text in pair}) == 1
