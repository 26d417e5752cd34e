"""Where training runs, and the random numbers there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, TypeAlias

import torch
from torch import Tensor, nn

from coursekit.arguments import short
from coursekit.contracts import checks_arguments

__all__ = ["Device", "device_of", "find_device", "random_state", "seeded", "set_random_state"]


def _name_or_device(name: str, value: object) -> None:
    if not isinstance(value, (str, torch.device)):
        raise TypeError(f"{name} is {short(value)}; expected 'cpu', 'cuda', 'mps' or 'auto'")


Device: TypeAlias = Annotated[str | torch.device, _name_or_device]


@checks_arguments
def find_device(device: Device) -> torch.device:
    """Return the device: "cpu", "cuda", "cuda:1", "mps", or the fastest that there is for "auto".

    Raises ValueError for one that this machine does not have.

    >>> find_device("cpu")
    device(type='cpu')
    """
    here = _devices()
    if device == "auto":
        return torch.device(here[-1])
    try:
        found = torch.device(device)
    except RuntimeError:  # no such kind at all, for which PyTorch's error lists twenty
        found = None
    if found is None or found.type not in here or (found.index or 0) >= _count(found):
        raise ValueError(
            f"device is {str(device)!r}; expected one that this machine has: "
            f"{', '.join(map(repr, here))}, or 'auto'"
        )
    return found


def _devices() -> list[str]:
    """Return the kinds of device of this machine, the fastest last."""
    mps, cuda = torch.backends.mps.is_available(), torch.cuda.is_available()
    return ["cpu"] + ["mps"] * mps + ["cuda"] * cuda


def _count(device: torch.device) -> int:
    return torch.cuda.device_count() if device.type == "cuda" else 1


def device_of(model: nn.Module) -> torch.device:
    """Return where the model's parameters are; the CPU where it has none."""
    return next((p.device for p in model.parameters()), torch.device("cpu"))


@contextmanager
def seeded(seed: int, device: torch.device) -> Iterator[None]:
    """Have PyTorch's random numbers begin at `seed`, and put them back as they were after it.

    So a training is the same whatever was drawn before it, and what is drawn after it is too.
    """
    before = random_state(device)
    torch.manual_seed(seed)
    try:
        yield
    finally:
        set_random_state(before, device)


def random_state(device: torch.device) -> dict[str, Tensor]:
    """Return the states of the random numbers of the CPU and of the device, by kind.

    Each is a tensor of bytes, uint8 (M,), which a file can hold.
    """
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    elif device.type == "mps":
        states["mps"] = torch.mps.get_rng_state()
    return states


def set_random_state(states: dict[str, Tensor], device: torch.device) -> None:
    """Put the random numbers of the CPU and of the device into these states.

    states: as `random_state` returned them, uint8 (M,) by kind.
    """
    torch.set_rng_state(states["cpu"])
    if "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"], device)
    if "mps" in states:
        torch.mps.set_rng_state(states["mps"])
