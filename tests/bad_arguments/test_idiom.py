"""One idiom for checking arguments: annotations, which `checks_arguments` holds each call to."""

import inspect

import pytest

from bad_arguments.test_bad_arguments import CALLS, found
from coursekit import contracts

ROOMS = ("data", "descent", "examples", "kernels", "models", "recipes", "training", "transfer")
BY_HAND = {
    "models.MLP": "takes any number of sizes",
    "training.Chain": "takes any number of steps",
    "training.EarlyStopping": "a dataclass checks its fields when they are set",
    "training.RandomErasing": "a dataclass",
    "training.RandomFlip": "a dataclass",
    "training.RandomShift": "a dataclass",
    "transfer.Preprocess": "a dataclass",
    "transfer.Preprocess.__call__": "does something else with each kind of picture",
    "transfer.Pretrained.features": "takes what preprocess takes",
    "transfer.freeze": "returns the type that it takes, a type variable",
    "transfer.keep_norm_frozen": "returns the type that it takes, a type variable",
}
CHECKED = [name for name, (_, kinds) in CALLS.items() if kinds and name.split(".")[0] in ROOMS]


def is_held(name):
    """Return whether calls of this name are held to their annotations."""
    named = found(name)
    called = named.__init__ if inspect.isclass(named) else named
    return called.__code__.co_filename == contracts.__file__


@pytest.mark.parametrize("name", CHECKED)
def test_the_signature_says_what_fits_and_holds_calls_to_it(name):
    assert is_held(name) != (name in BY_HAND)


def test_what_is_checked_by_hand_is_there():
    assert set(BY_HAND) <= set(CHECKED)
