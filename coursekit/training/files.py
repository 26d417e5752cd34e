"""Weights in files: written whole or not at all, read as tensors and never as code."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from coursekit.contracts import File, checks_arguments
from coursekit.machine import paths
from coursekit.machine.files import replaced

__all__ = ["load", "read", "save", "unlike", "write"]

NAMED = 4  # how many of the tensors that do not fit an error names


@checks_arguments
def save(model: nn.Module, path: File) -> None:
    """Write the model's state_dict, name -> tensor of the parameter's shape, for `load`.

    An interruption leaves the file as it was before.
    """
    file = paths.to_write("path", path)
    # On the CPU, so that a machine without this one's GPU can read it.
    write({name: tensor.cpu() for name, tensor in model.state_dict().items()}, file)


@checks_arguments
def load(model: nn.Module, path: File) -> None:
    """Put the state_dict in the file into the model, which stays on its device.

    Raises ValueError where the file is missing or damaged, holds more than weights, or holds those
    of another model: names and shapes are told. The model is then unchanged.
    """
    state = read(paths.given("path", path), "path")
    if not isinstance(state, Mapping) or not all(isinstance(v, Tensor) for v in state.values()):
        raise ValueError(f"path is {path}, which holds no state_dict; expected a file of `save`")
    differences = unlike(shapes(state), shapes(model.state_dict()))
    if differences:
        raise ValueError(
            f"path is {path}, whose weights do not fit the model: {differences}; "
            "expected the weights of a model that was built in the same way"
        )
    model.load_state_dict(state)


def shapes(state: Mapping[str, Tensor]) -> dict[str, tuple[int, ...]]:
    """Return the shape of each tensor by name.

    >>> shapes(nn.Linear(3, 2).state_dict())
    {'weight': (2, 3), 'bias': (2,)}
    """
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def unlike(there: Mapping[str, object], here: Mapping[str, object]) -> str:
    """Return how two tables of values differ, the first few of the differences; "" if nowhere.

    >>> unlike({"weight": (2, 3), "bias": (2,)}, {"weight": (2, 4), "bias": (2,)})
    'weight (2, 3) there, (2, 4) here'
    """
    names = list(dict.fromkeys([*there, *here]))  # each once, in order: a set has none
    differences = [
        f"{name} {there.get(name, 'missing')} there, {here.get(name, 'missing')} here"
        for name in names
        if there.get(name) != here.get(name)
    ]
    more = len(differences) - NAMED
    return "; ".join(differences[:NAMED]) + (f"; and {more} more" if more > 0 else "")


def write(content: object, path: Path) -> None:
    """Write what `torch.save` takes, so that the file is at every moment the old or the new one."""
    held = io.BytesIO()  # PyTorch's own writer hides what the system says: no space, not allowed
    torch.save(content, held)
    with replaced(path) as partial:
        partial.write_bytes(held.getbuffer())


def read(path: Path, argument: str) -> object:
    """Return what `write` wrote, on the CPU.

    Raises ValueError that names the argument where the file is missing or damaged; PyTorch itself
    reads past a bit that changed in a tensor.
    """
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if archive.testzip() is not None:
                    raise zipfile.BadZipFile("its checksum fails")
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise ValueError(f"{argument} is {path}, and there is no such file") from error
    except (IsADirectoryError, PermissionError) as error:
        raise ValueError(f"{argument} is {path}, which cannot be read: {error.strerror}") from error
    except Exception as error:  # an unpickler that reads garbage may raise anything
        reason = (str(error).splitlines() or [type(error).__name__])[0][:80]
        raise ValueError(
            f"{argument} is {path}, which is damaged or holds more than weights ({reason}); "
            "delete it, or give another"
        ) from error
