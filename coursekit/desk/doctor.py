"""What this machine has for the course, in lines that a learner can paste into a question."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib import metadata

from rich.table import Table

from coursekit import __version__
from coursekit.console import print_table

__all__ = ["report"]

NEEDED = ("torch", "torchvision", "numpy", "matplotlib", "scipy", "hypothesis", "jupyterlab")
OPTIONAL = {"d2l": "comparisons with the book are left out; pip install --no-deps d2l==1.0.3"}


def report() -> int:
    """Print the table; return 1 where something is missing that lessons need, else 0."""
    rows = [("coursekit", __version__, ""), *_python(), *_packages(), *_device(), *_data()]
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, found, advice in rows:
        table.add_row(name, found, advice)
    print_table(table)
    return int(any(found == "missing" and name in NEEDED for name, found, _ in rows))


def _python() -> Iterator[tuple[str, str, str]]:
    yield "Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}", ""


def _packages() -> Iterator[tuple[str, str, str]]:
    for name in NEEDED:
        version = _version(name)
        yield name, version, "" if version != "missing" else "see README, By hand"
    for name, advice in OPTIONAL.items():
        version = _version(name)
        yield name, version, "" if version != "missing" else advice


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


def _device() -> Iterator[tuple[str, str, str]]:
    if _version("torch") == "missing":
        return
    import torch

    devices = ["cpu"]
    if torch.cuda.is_available():
        devices.append(f"cuda ({torch.cuda.get_device_name()})")
    if torch.backends.mps.is_available():
        devices.append("mps")
    yield "devices", ", ".join(devices), f"{torch.get_num_threads()} threads"


def _data() -> Iterator[tuple[str, str, str]]:
    from coursekit import data, idx

    try:
        named = data.data_folder()
    except idx.DataError as error:
        yield "COURSEKIT_DATA", "unusable", str(error)
        named = None
    else:
        yield "COURSEKIT_DATA", str(named or "not set"), ""
    cached = data.cache_folder()
    if named is not None and idx.present(named / data.RAW):
        yield "Fashion-MNIST", "real", "in COURSEKIT_DATA"
    elif idx.present(cached / data.RAW):
        yield "Fashion-MNIST", "real", f"in {cached}"
    elif data.offline():
        yield "Fashion-MNIST", "stand-in", "COURSEKIT_OFFLINE is set; unset it to download 30 MB"
    else:
        yield "Fashion-MNIST", "not yet", "lesson 6 downloads 30 MB, or uses the stand-in"
