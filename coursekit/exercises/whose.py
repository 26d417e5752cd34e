"""Whose notebook this is: the id that a learner's own numbers are drawn from."""

from __future__ import annotations

import os
from getpass import getuser

__all__ = ["LEARNER", "MISSING", "learner", "same_id", "say"]

LEARNER = "COURSEKIT_LEARNER"  # in the environment: the id, where a hub or a grader knows it
HUB = "JUPYTERHUB_USER"
MISSING = (
    "This question has numbers of its own for each learner, and nobody has said whose it is. "
    'Write your id, the one under which you hand in, into learner("...") further up, and run that '
    "cell first."
)

_said = ""


def say(id: str) -> None:
    """Keep what the notebook says; "" takes it back."""
    global _said
    _said = id


def learner() -> str:
    """Return the learner's id: as the notebook says, or else as the hub does; "" where none does.

    On a hub it is the name under which nbgrader submits there: the account's on the machine, or
    the hub's own where all are called jovyan.
    """
    if _said or os.environ.get(LEARNER):
        return _said or os.environ[LEARNER]
    if HUB not in os.environ:
        return ""
    try:
        account = getuser()
    except (KeyError, OSError):  # a user without a name on this machine
        account = "jovyan"
    return os.environ[HUB] if account == "jovyan" else account


def same_id(one: str, other: str) -> bool:
    """Return whether two ids are the same, however they are spelt.

    >>> same_id(" Ada", "ada"), same_id("ada", "adam")
    (True, False)
    """
    return plain(one) == plain(other)


def plain(id: str) -> str:
    """Return an id without what differs from list to list: capitals, and spaces around it."""
    return id.strip().casefold()
