"""A run in a file, so that it can be taken up after an interruption."""

from __future__ import annotations

import os
import zlib
from copy import deepcopy

import torch
from torch import Tensor

from coursekit.machine import paths
from coursekit.training import files
from coursekit.training.run import Run

__all__ = ["Checkpoint"]


class Checkpoint:
    """The file of a run, or none where the path is None. Made, it takes up the run that it holds.

    Raises ValueError where the path holds something else, or the checkpoint of another run.
    """

    def __init__(self, path: str | os.PathLike[str] | None, run: Run) -> None:
        self.run = run
        self.path = None if path is None else paths.to_write("checkpoint", path)
        if self.path is None:
            return
        self.identity = _identity(run)
        if run.workers.from_first(self.path.exists):
            self._restore(run.workers.from_first(self._read))
        else:
            self.store()  # the weights to begin with: an interrupt in epoch 1 changes the model

    def store(self) -> None:
        """Write the state that the run is in; killed on the way, it leaves the state before."""
        if self.path is None:
            return
        state = self.run.state()  # which asks all workers
        if self.run.workers.rank == 0:
            files.write({"run": self.identity, "state": state}, self.path)

    def _read(self) -> dict[str, object]:
        held = files.read(self.path, "checkpoint")
        parts = {"run", "state"}
        if not isinstance(held, dict) or held.keys() != parts or not isinstance(held["run"], dict):
            raise ValueError(
                f"checkpoint is {self.path}, which is no checkpoint of `fit`; expected one, or a "
                "path where no file is yet"
            )
        differences = files.unlike(held["run"], self.identity)
        if differences:
            raise ValueError(
                f"checkpoint is {self.path}, which is of another run: {differences}; expected "
                "the same arguments as there, or a path where no file is yet"
            )
        return held["state"]

    def _restore(self, state: dict[str, object]) -> None:
        before = deepcopy(self.run.model.state_dict())  # state_dict shares the weights' memory
        try:
            files.shapes(state["best"])  # which is looked at when the run ends, too late to refuse
            self.run.restore(state)
        except (KeyError, TypeError, AttributeError, IndexError, RuntimeError, ValueError) as error:
            self.run.model.load_state_dict(before)
            raise ValueError(
                f"checkpoint is {self.path}, in which something of the run is missing or changed "
                f"({type(error).__name__}); expected one as `fit` wrote it, or a path where no "
                "file is yet"
            ) from error


def _identity(run: Run) -> dict[str, object]:
    """Return what two calls must share to be one run, as plain values by name."""
    settings = dict(vars(run.settings))
    settings["augment"] = _name(settings["augment"])  # no function is written into a file
    settings["early_stopping"] = repr(settings["early_stopping"])
    settings["device"] = settings["device"].type  # of two GPUs, either may go on
    settings["optimizer"] = f"{type(run.optimizer).__name__} {run.optimizer.defaults}"
    if run.workers.size > 1:  # each has random numbers of its own
        settings["workers"] = run.workers.size
    data = {"train": run.train, "validation": run.validation}
    return (
        files.shapes(run.model.state_dict())
        | settings
        | {name: part and (len(part[1]), *map(_checksum, part)) for name, part in data.items()}
    )


def _name(function: object) -> str:
    """Return a name that is the same in the next process: no address in memory."""
    text = repr(function)
    return getattr(function, "__qualname__", type(function).__name__) if " at 0x" in text else text


def _checksum(tensor: Tensor) -> int:
    # Against a mix-up, not against forgery, and fast: it reads the whole data set.
    return zlib.crc32(tensor.detach().cpu().contiguous().view(torch.uint8).numpy())
